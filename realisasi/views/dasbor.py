"""Nasional, Provinsi, Daerah: the same blocks in three scopes. Fetch, choose columns, show."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Peran, Wewenang, can, sees_nation
from daerah.models import Daerah
from realisasi.aturan import tampilan
from realisasi.gambar.petak import Isi
from realisasi.gambar.tabel import Kolom, Sel, Tabel
from realisasi.models import KodeMasalah, Penyaluran, PeriodeTriwulan, Posisi, RekapWilayah
from realisasi.rekap.baca import (
    DAERAH,
    NASIONAL,
    PROVINSI,
    BarisPaket,
    BarisSerapan,
    paket_rows,
    serapan_rows,
    serapan_series,
)
from realisasi.rekap.kolom import KOLOM_PAKET, kolom
from realisasi.rekap.lapor import reporting
from realisasi.views import blok, penerima
from realisasi.views.periode import periode
from realisasi.views.saringan import chosen, provinces

AMBANG_PETA = (20, 40, 60, 80)


@require_safe
def nasional(request: HttpRequest) -> HttpResponse:
    if not sees_nation(request.user):
        raise Http404
    context = _area(request, NASIONAL, RekapWilayah.KODE_NASIONAL)
    context |= {"judul": "Nasional", "jalur": "Seluruh Indonesia"}
    if context["baris"]:
        tiles = serapan_rows(
            request.user, context["tw"], PROVINSI, posisi=context["posisi"], pada=periode(request).pada
        )
        context["peta"] = [
            Isi(tile.kode, tile.nama, tile.serapan, reverse("provinsi", args=[tile.kode]) + context["query"])
            for tile in tiles
        ]
        context["ambang"] = AMBANG_PETA
    return render(request, "dasbor/wilayah.html", context)


@require_safe
def provinsi(request: HttpRequest, kode: str) -> HttpResponse:
    wilayah = get_object_or_404(Daerah.objects.wilayah_visible_to(request.user), pk=kode)
    context = _area(request, PROVINSI, wilayah.kode, provinsi=wilayah.kode)
    context |= {"judul": wilayah.nama_wilayah, "jalur": "Pemerintah provinsi dan kab/kota di wilayahnya"}
    return render(request, "dasbor/wilayah.html", context)


@require_safe
def daerah_daftar(request: HttpRequest) -> HttpResponse:
    """Every recipient in scope, sortable; officers have exactly one and no list."""
    if not (sees_nation(request.user) or request.user.peran == Peran.PROVINSI):
        raise Http404
    tw, posisi, query = periode(request).tw, _posisi(request), _query(request)
    places = list(provinces(request))
    kode = chosen(request, "provinsi", {place.kode for place in places})
    rows = serapan_rows(request.user, tw, DAERAH, posisi=posisi, pada=periode(request).pada, provinsi=kode)
    context = {
        "tw": tw,
        "tahu": periode(request).tahu,
        "query": query,
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
        "provinsi": places if len(places) > 1 else [],
        "provinsi_terpilih": kode,
        "posisi": rows[0].posisi if rows else "",
        **penerima.listing(penerima.read(request, tw, rows, query)),
    }
    return render(request, "dasbor/daftar.html", context)


@require_safe
def daerah(request: HttpRequest, kode: str) -> HttpResponse:
    found = get_object_or_404(Daerah.objects.visible_to(request.user).select_related("induk"), pk=kode)
    context = _area(request, DAERAH, found.kode)
    context |= {"judul": found.nama_lengkap, "jalur": found.induk.nama if found.induk else "Provinsi"}
    baris = context["baris"]
    if baris:
        pada = periode(request).pada
        packages = paket_rows(
            request.user, baris.tw, posisi=baris.posisi, pada=pada, now=waktu.now(), daerah=found.kode
        )
        context |= {
            "paket": _packages(packages, baris),
            "penyaluran": Penyaluran.objects.visible_to(request.user)
            .known(pada)
            .filter(alokasi=baris.alokasi_id, tanggal_sp2d__lte=periode(request).tahu.hari),
        }
    return render(request, "dasbor/daerah.html", context)


def _posisi(request: HttpRequest) -> str | None:
    return chosen(request, "posisi", Posisi.values) or None


def _query(request: HttpRequest) -> str:
    """What links between dashboards append: the quarter and the position, where they were chosen."""
    query, posisi = periode(request).query_pada, _posisi(request)
    if not posisi:
        return query
    return f"{query}&posisi={posisi}" if query else f"?posisi={posisi}"


def _area(request: HttpRequest, tingkat: str, kode: str, *, provinsi: str | None = None) -> dict[str, Any]:
    """What all three pages show: sentence, chain, figures, Kurva-S, and below the daerah of an area."""
    tw, posisi, query = periode(request).tw, _posisi(request), _query(request)
    tahu, pada = periode(request).tahu, periode(request).pada
    series = serapan_series(request.user, tw.tahun, tingkat, kode, posisi=posisi, pada=pada)
    baris = blok.of_quarter(series, tw.ke)
    context: dict[str, Any] = {
        "tw": tw,
        "posisi": posisi,
        "baris": baris,
        "query": query,
        "tahu": tahu,
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
    }
    if baris is None:
        return context
    last_year = blok.year_before(request.user, tw.tahun, tingkat, kode, posisi=posisi, pada=pada)
    schedule = list(PeriodeTriwulan.objects.filter(tahun=tw.tahun))
    closed = {quarter.triwulan for quarter in schedule if quarter.was_closed(pada)}
    context |= {
        "rantai": blok.chain(baris),
        "kartu": blok.cards(baris, blok.of_quarter(last_year, tw.ke)),
        "deret": blok.lines(series, last_year, tw.tahun),
        "hari_ini": tahu.hari if tahu.hari.year == tw.tahun else None,
        "tautan_posisi": [] if tw.ke in closed else _position_links(request, baris),
        "sebagian_bertarget": baris.jumlah_bertarget < baris.jumlah_daerah,
    }
    if tingkat == DAERAH:
        return context | _own_reports(request, baris, schedule, is_closed=tw.ke in closed)
    rows = serapan_rows(request.user, tw, DAERAH, posisi=posisi, pada=pada, provinsi=provinsi)
    members = penerima.read(request, tw, rows, query)
    return context | {
        "kalimat": blok.sentence(baris, hari=tahu.hari, is_closed=tw.ke in closed),
        "perjalanan": penerima.progress(members),
        **penerima.awaited(members),
        **penerima.listing(members),
    }


def _own_reports(
    request: HttpRequest, baris: BarisSerapan, schedule: list[PeriodeTriwulan], *, is_closed: bool
) -> dict[str, Any]:
    """A recipient's sentence names the state of its report; below, all four quarters."""
    tahu = periode(request).tahu
    found = reporting(
        request.user, baris.tahun, now=waktu.now(), pada=tahu.pada, alokasi=[baris.alokasi_id or 0]
    )
    state = found[baris.alokasi_id or 0]
    deadlines = {quarter.triwulan: quarter.tenggat for quarter in schedule}
    return {
        "kalimat": blok.sentence(
            baris, hari=tahu.hari, is_closed=is_closed, status_laporan=state[baris.triwulan].status
        ),
        "lapor": [
            (tw, state[tw.ke], penerima.signs(state[tw.ke]), deadlines.get(tw.ke)) for tw in baris.tw.semua
        ],
    }


def _position_links(request: HttpRequest, baris: BarisSerapan) -> list[tuple[str, str, bool]]:
    """(name, address, current) of the two positions; a closed quarter has only one."""
    links = []
    for posisi in (Posisi.SEMENTARA, Posisi.FINAL):
        query = request.GET.copy()
        query["posisi"] = posisi.value
        links.append((posisi.label, f"?{query.urlencode()}", baris.posisi == posisi))
    return links


def _packages(rows: list[BarisPaket], baris: BarisSerapan) -> Tabel:
    """The packages, and under them the recipient's own figures: what stands above is the sum of these."""
    amounts = kolom(KOLOM_PAKET, "nilai_rk", "nilai_kontrak", "realisasi_keuangan")
    rates = kolom(KOLOM_PAKET, "persen_keuangan", "progres_fisik")
    total = (
        *(Sel(tampilan.rupiah(getattr(baris, column.key))) for column in amounts),
        Sel(),
        Sel(tampilan.persen(baris.progres_fisik)),
    )
    return Tabel(
        judul="Kegiatan dan paket",
        kolom=[
            Kolom("Paket"),
            *(Kolom(column.label, column.satuan.value, is_angka=True) for column in (*amounts, *rates)),
            Kolom("Volume selesai", "dari volume", is_angka=True),
            Kolom("BAST"),
            Kolom("Masalah"),
        ],
        baris=[
            [_package_name(row), *(Sel(c.as_text(row)) for c in (*amounts, *rates)), *_package_rest(row)]
            for row in rows
        ],
        jumlah=[Sel("Jumlah"), *total, Sel(), Sel(), Sel()],
        utuh=True,
    )


def _package_name(row: BarisPaket) -> Sel:
    return Sel(row.paket, url=reverse("paket", args=[row.paket_id]), sub=f"{row.komponen} · {row.sentra}")


def _package_rest(row: BarisPaket) -> tuple[Sel, Sel, Sel]:
    problem = KodeMasalah(row.kode_masalah).label if row.kode_masalah else ""
    return (
        Sel(tampilan.desimal(row.volume_selesai), sub=f"{tampilan.desimal(row.volume)} {row.satuan}"),
        Sel(tampilan.tanggal_pendek(row.tanggal_bast)),
        Sel(f"{row.kode_masalah} {problem}", sub=row.penjelasan) if problem else Sel(tampilan.KOSONG),
    )
