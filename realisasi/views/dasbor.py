"""Nasional, Provinsi, Daerah: the same blocks in three scopes. Fetch, choose columns, show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Peran, Wewenang, can, sees_nation
from daerah.models import Daerah
from realisasi.aturan import tampilan
from realisasi.aturan.serapan import selisih
from realisasi.aturan.triwulan import Triwulan
from realisasi.gambar.kurva import Deret
from realisasi.gambar.petak import Isi
from realisasi.gambar.rantai import MataRantai
from realisasi.gambar.tabel import Kolom as KolomTabel
from realisasi.gambar.tabel import Sel, Tabel
from realisasi.models import Penyaluran, Posisi, RekapWilayah
from realisasi.rekap.baca import (
    DAERAH,
    NASIONAL,
    PROVINSI,
    BarisSerapan,
    paket_rows,
    serapan_rows,
    serapan_series,
)
from realisasi.rekap.kolom import KOLOM_PAKET, KOLOM_WILAYAH, kolom
from realisasi.rekap.lapor import StatusLapor, reporting
from realisasi.templatetags.grafik import BarisMatriks
from realisasi.views.periode import periode

PER_HALAMAN = 50
AMBANG_PETA = (20, 40, 60, 80)
TERATAS = 6
BREAK_YEAR = 2019  # the programme's own figures change their scope here; a line may not cross it


@dataclass(frozen=True)
class Urutan:
    """A column of the daerah table by which it may be sorted."""

    kunci: str
    label: str
    satuan: str = ""


URUTAN = {
    urutan.kunci: urutan
    for urutan in (
        Urutan("nama", "Daerah"),
        Urutan("pagu", "Pagu", "Rp"),
        Urutan("kontrak_pagu", "Kontrak", "% pagu"),
        Urutan("penyaluran_pagu", "Penyaluran", "% pagu"),
        Urutan("serapan", "Serapan", "% pagu"),
        Urutan("progres_fisik", "Fisik", "%"),
        Urutan("deviasi_fisik", "Deviasi", "poin"),
    )
}
URUTAN_BAWAAN = "-pagu"


@require_safe
def nasional(request: HttpRequest) -> HttpResponse:
    if not sees_nation(request.user):
        raise Http404
    context = _area(request, NASIONAL, RekapWilayah.KODE_NASIONAL)
    context["judul"] = "Nasional"
    tw, posisi = context["tw"], context["posisi"]
    provinces = serapan_rows(request.user, tw, PROVINSI, posisi=posisi)
    context["peta"] = [Isi(p.kode, p.nama, p.serapan, _url("provinsi", request, p.kode)) for p in provinces]
    context["ambang"] = AMBANG_PETA
    return render(request, "dasbor/wilayah.html", context)


@require_safe
def provinsi(request: HttpRequest, kode: str) -> HttpResponse:
    wilayah = get_object_or_404(Daerah.objects.wilayah_visible_to(request.user), pk=kode)
    context = _area(request, PROVINSI, wilayah.kode, provinsi=wilayah.kode)
    context |= {"judul": wilayah.nama_wilayah, "wilayah": wilayah}
    return render(request, "dasbor/wilayah.html", context)


@require_safe
def daerah_daftar(request: HttpRequest) -> HttpResponse:
    """Every recipient in scope, sortable; officers have exactly one and no list."""
    if not (sees_nation(request.user) or request.user.peran == Peran.PROVINSI):
        raise Http404
    tw, posisi = periode(request).tw, _posisi(request)
    kode = _provinsi(request)
    rows = serapan_rows(request.user, tw, DAERAH, posisi=posisi, provinsi=kode)
    context = {
        "tw": tw,
        "query": periode(request).query,
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
        "provinsi": Daerah.objects.wilayah_visible_to(request.user),
        "provinsi_terpilih": kode,
        **_recipients(request, rows, tw),
    }
    return render(request, "dasbor/daftar.html", context)


@require_safe
def daerah(request: HttpRequest, kode: str) -> HttpResponse:
    found = get_object_or_404(Daerah.objects.visible_to(request.user).select_related("induk"), pk=kode)
    context = _area(request, DAERAH, found.kode)
    tw, baris = context["tw"], context["baris"]
    context |= {"judul": found.nama_lengkap, "jalur": found.induk.nama if found.induk else "Penerima alokasi"}
    if baris:
        packages = paket_rows(request.user, tw, posisi=context["posisi"], now=waktu.now(), daerah=kode)
        state = reporting(request.user, tw.tahun, now=waktu.now(), alokasi=[baris.alokasi_id])
        context |= {
            "paket": _packages(packages),
            "lapor": [(ke_tw, state[baris.alokasi_id][ke_tw.ke]) for ke_tw in tw.semua],
            "penyaluran": Penyaluran.objects.visible_to(request.user).filter(alokasi=baris.alokasi_id),
        }
    return render(request, "dasbor/daerah.html", context)


def _posisi(request: HttpRequest) -> str | None:
    asked = request.GET.get("posisi")
    if asked and asked not in Posisi.values:
        raise Http404
    return asked


def _provinsi(request: HttpRequest) -> str:
    asked = request.GET.get("provinsi", "")
    if asked and not Daerah.objects.provinsi().filter(pk=asked).exists():
        raise Http404
    return asked


def _area(request: HttpRequest, tingkat: str, kode: str, *, provinsi: str | None = None) -> dict[str, Any]:
    """What all three pages show: sentence, chain, figures, Kurva-S, and below the daerah of an area."""
    tw, posisi = periode(request).tw, _posisi(request)
    series = serapan_series(request.user, tw.tahun, tingkat, kode, posisi=posisi)
    last_year = serapan_series(request.user, tw.tahun - 1, tingkat, kode, posisi=posisi)
    baris = _of_quarter(series, tw.ke)
    context: dict[str, Any] = {
        "tw": tw,
        "posisi": posisi,
        "baris": baris,
        "query": periode(request).query,
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
    }
    if baris is None:
        return context
    comparable = last_year if tw.tahun != BREAK_YEAR else []
    context |= {
        **area_blocks(series, tw.ke, comparable),
        "deret": _lines(series, comparable, tw.tahun),
        "hari_ini": waktu.today() if waktu.today().year == tw.tahun else None,
        "tautan_posisi": _position_links(request, baris),
    }
    if tingkat != DAERAH:
        rows = serapan_rows(request.user, tw, DAERAH, posisi=posisi, provinsi=provinsi)
        context |= _recipients(request, rows, tw)
    return context


def area_blocks(
    series: list[BarisSerapan], ke: int, last_year: list[BarisSerapan] | None = None
) -> dict[str, Any]:
    """Row, chain and cards of one quarter, compared with the same quarter of last year where given."""
    baris = _of_quarter(series, ke)
    if baris is None:
        return {"baris": None}
    return {"baris": baris, "rantai": _chain(baris), "kartu": _cards(baris, _of_quarter(last_year or [], ke))}


def _of_quarter(series: list[BarisSerapan], ke: int) -> BarisSerapan | None:
    return next((row for row in series if row.triwulan == ke), None)


def _chain(baris: BarisSerapan) -> list[MataRantai]:
    to_come = baris.nilai_kontrak - baris.penyaluran
    return [
        MataRantai("pagu", "Pagu", baris.pagu, Decimal(100) if baris.pagu else None),
        MataRantai("rk", "Nilai RK", baris.nilai_rk, baris.rk_pagu),
        MataRantai("kontrak", "Kontrak", baris.nilai_kontrak, baris.kontrak_pagu),
        MataRantai(
            "salur",
            "Penyaluran ke RKUD",
            baris.penyaluran,
            baris.penyaluran_pagu,
            f"{tampilan.miliar(to_come)} kontrak belum disalurkan" if to_come > 0 else "",
        ),
        MataRantai(
            "serap", "Penyerapan", baris.realisasi_keuangan, baris.serapan, _cash_note(baris.sisa_kas)
        ),
    ]


def _cash_note(sisa: int | None) -> str:
    if not sisa:
        return ""
    if sisa < 0:
        return f"{tampilan.miliar(-sisa)} ditalangi daerah"
    return f"{tampilan.miliar(sisa)} masih di kas daerah"


CARDS = {
    NASIONAL: (
        ("serapan", "Serapan nasional"),
        ("serapan_kab_kota", ""),
        ("rata_rata_kab_kota", ""),
        ("progres_fisik", ""),
    ),
    PROVINSI: (
        ("serapan", "Serapan wilayah"),
        ("serapan_kab_kota", ""),
        ("rata_rata_kab_kota", ""),
        ("progres_fisik", ""),
    ),
    DAERAH: (
        ("serapan", "Serapan"),
        ("serapan_diterima", ""),
        ("progres_fisik", ""),
        ("capaian_keluaran", ""),
    ),
}


def _cards(baris: BarisSerapan, lalu: BarisSerapan | None) -> list[dict[str, Any]]:
    """The headline rates, each with its explanation and the same quarter of last year."""
    cards = []
    for key, name in CARDS[baris.tingkat]:
        column = kolom(KOLOM_WILAYAH, key)[0]
        value = column.value(baris)
        cards.append(
            {
                "nama": name or column.label,
                "nilai": column.as_text(baris),
                "selisih": selisih(value, column.value(lalu)) if lalu else None,
                "pembanding": f"{baris.tw.label} {baris.tahun - 1}" if lalu else "",
                "sekurang": baris.sekurang_kurangnya and value is not None,
                "asal": _origin(column.penjelasan, baris),
            }
        )
    return cards


def _origin(rumus: str, baris: BarisSerapan) -> dict[str, Any]:
    return {
        "rumus": rumus,
        "dasar": f"Pagu {tampilan.rp(baris.pagu)}, posisi {baris.posisi} {baris.tw.label} TA {baris.tahun}",
        "cakupan": baris.cakupan,
        "sumber": "Laporan triwulan daerah; pagu Kemenkeu; kontrak OMSPAN/SPSE; penyaluran OMSPAN.",
        "dihitung_pada": baris.dihitung_pada,
    }


def _lines(series: list[BarisSerapan], last_year: list[BarisSerapan], tahun: int) -> list[Deret]:
    """Kurva-S in percent of pagu. A quarter nobody reported has no point: carried figures are no progress."""
    reported = {row.triwulan: row for row in series if row.jumlah_daerah_lapor}
    planned = {row.triwulan: row for row in series}
    before = {row.triwulan: row for row in last_year if row.jumlah_daerah_lapor}
    lines = [
        Deret("rencana", "Target", _points(planned, "target_serapan")),
        Deret("fisik", "Fisik", _points(reported, "progres_fisik")),
        Deret("keuangan", "Keuangan", _points(reported, "serapan")),
    ]
    if before:
        lines.append(Deret("lalu", f"Keuangan {tahun - 1}", _points(before, "serapan")))
    return lines


def _points(rows: dict[int, BarisSerapan], rate: str) -> list[Decimal | None]:
    known = [getattr(rows[ke], rate) if ke in rows else None for ke in (1, 2, 3, 4)]
    return [Decimal(0) if any(value is not None for value in known) else None, *known]


def _position_links(request: HttpRequest, baris: BarisSerapan) -> list[tuple[str, str, bool]]:
    """(name, address, current) of the two positions; a closed quarter has only one."""
    links = []
    for posisi in Posisi:
        query = request.GET.copy()
        query["posisi"] = posisi.value
        links.append((posisi.label, f"?{query.urlencode()}", baris.posisi == posisi))
    return links


def _recipients(request: HttpRequest, rows: list[BarisSerapan], tw: Triwulan) -> dict[str, Any]:
    """Table, matrix and the silent ones. Sorted here: rates are no columns of the database."""
    order = request.GET.get("urut", URUTAN_BAWAAN)
    if order.removeprefix("-") not in URUTAN:
        raise Http404
    page = Paginator(_sorted(rows, order), PER_HALAMAN).get_page(request.GET.get("halaman"))
    state = reporting(request.user, tw.tahun, now=waktu.now())
    silent = [row for row in rows if not row.jumlah_daerah_lapor and _owes(state, row, tw.ke)]
    return {
        "halaman": page,
        "tabel": _table(request, page, state, order, tw.ke),
        "matriks": [
            BarisMatriks(
                row.nama,
                _url("daerah", request, row.kode),
                [state[row.alokasi_id][ke].status for ke in (1, 2, 3, 4)],
            )
            for row in page
        ],
        "belum_lapor": sorted(silent, key=lambda row: -row.pagu)[:TERATAS],
        "jumlah_belum_lapor": len(silent),
        "pagu_belum_lapor": sum(row.pagu for row in silent),
    }


def _owes(state: dict[int, dict[int, StatusLapor]], row: BarisSerapan, ke: int) -> bool:
    return row.alokasi_id in state and state[row.alokasi_id][ke].status is not None


def _sorted(rows: list[BarisSerapan], order: str) -> list[BarisSerapan]:
    """Sorted by an allowed key; what has no figure comes last in both directions."""
    key = order.removeprefix("-")
    known = [row for row in rows if getattr(row, key) is not None]
    missing = [row for row in rows if getattr(row, key) is None]
    return (
        sorted(known, key=lambda row: (getattr(row, key), row.kode), reverse=order.startswith("-")) + missing
    )


def _table(
    request: HttpRequest,
    page: Page[BarisSerapan],
    state: dict[int, dict[int, StatusLapor]],
    order: str,
    ke: int,
) -> Tabel:
    return Tabel(
        judul="Daerah penerima",
        kolom=[
            *(_header(request, urutan, order) for urutan in URUTAN.values()),
            KolomTabel(f"Laporan {tampilan.tw(ke)}"),
        ],
        baris=[_cells(request, row, state.get(row.alokasi_id, {}).get(ke)) for row in page],
    )


def _header(request: HttpRequest, urutan: Urutan, order: str) -> KolomTabel:
    current = order.removeprefix("-") == urutan.kunci
    query = request.GET.copy()
    # Amounts are first wanted from the largest down, names from A on; a second press turns them round.
    first = urutan.kunci if urutan.kunci == "nama" else f"-{urutan.kunci}"
    second = urutan.kunci if first.startswith("-") else f"-{urutan.kunci}"
    query["urut"] = second if order == first else first
    query.pop("halaman", None)
    direction = ("descending" if order.startswith("-") else "ascending") if current else ""
    return KolomTabel(
        urutan.label,
        urutan.satuan,
        is_angka=urutan.kunci != "nama",
        urut_url=f"?{query.urlencode()}",
        urut=direction,
    )


def _cells(request: HttpRequest, row: BarisSerapan, state: StatusLapor | None) -> list[Sel]:
    text = {column.key: column.as_text(row) for column in KOLOM_WILAYAH}
    place = row.daerah.induk.nama if row.daerah and row.daerah.induk else "Provinsi"
    carried = f"angka {tampilan.tw(row.dibawa_dari)}" if row.dibawa_dari else ""
    status = state.status if state else None
    return [
        Sel(row.nama, url=_url("daerah", request, row.kode), sub=place),
        Sel(text["pagu"]),
        Sel(text["kontrak_pagu"]),
        Sel(text["penyaluran_pagu"]),
        Sel(text["serapan"], batang=row.serapan, sub=carried),
        Sel(text["progres_fisik"]),
        Sel(text["deviasi_fisik"]),
        Sel(status=(status, *_flags(state))) if status else Sel(tampilan.KOSONG),
    ]


def _flags(state: StatusLapor | None) -> tuple[str, ...]:
    if state is None:
        return ()
    return tuple(name for name, on in (("TERLAMBAT", state.terlambat), ("NIHIL", state.nihil)) if on)


def _packages(rows: list[Any]) -> Tabel:
    columns = kolom(
        KOLOM_PAKET,
        "nilai_rk",
        "nilai_kontrak",
        "realisasi_keuangan",
        "persen_keuangan",
        "volume_selesai",
        "progres_fisik",
        "tanggal_bast",
        "kode_masalah",
    )
    return Tabel(
        judul="Kegiatan dan paket",
        kolom=[KolomTabel("Paket"), *(KolomTabel(c.label, c.satuan.value, c.is_number) for c in columns)],
        baris=[
            [
                Sel(
                    row.paket,
                    url=reverse("paket", args=[row.paket_id]),
                    sub=f"{row.komponen} · {row.sentra} · {tampilan.desimal(row.volume)} {row.satuan}",
                ),
                *(Sel(column.as_text(row)) for column in columns),
            ]
            for row in rows
        ],
    )


def _url(name: str, request: HttpRequest, kode: str) -> str:
    return reverse(name, args=[kode]) + periode(request).query
