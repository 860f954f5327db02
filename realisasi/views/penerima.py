"""The recipients of a scope: sortable table, who has reported, whom to call, how far the reports are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse

from daerah import waktu
from realisasi.aturan import tampilan
from realisasi.aturan.parameter import batas_deviasi
from realisasi.aturan.serapan import persen_dari
from realisasi.aturan.triwulan import Triwulan
from realisasi.gambar.tabel import Kolom, Sel, Tabel
from realisasi.models import Parameter, StatusLaporan
from realisasi.rekap.baca import BarisSerapan
from realisasi.rekap.kolom import KOLOM_WILAYAH, kolom
from realisasi.rekap.lapor import BELUM_LAPOR, StatusLapor, reporting
from realisasi.templatetags.grafik import BarisMatriks
from realisasi.views.periode import periode

PER_HALAMAN = 50
SEMUA = "semua"  # ?halaman=semua: every row on one page, to be printed
TERATAS = 5
# The way of a report, from done to not begun.
PERJALANAN = (
    StatusLaporan.DIVERIFIKASI,
    StatusLaporan.SEDANG_DIVERIFIKASI,
    StatusLaporan.DIAJUKAN,
    StatusLaporan.DIKEMBALIKAN,
    StatusLaporan.KONSEP,
    BELUM_LAPOR,
)


@dataclass(frozen=True)
class Urutan:
    """A column of the table by which it may be sorted."""

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
        Urutan("deviasi_fisik", "Deviasi fisik", "poin"),
    )
}
KOLOM_TABEL = kolom(KOLOM_WILAYAH, "pagu", "kontrak_pagu", "penyaluran_pagu", "serapan", "progres_fisik")
URUTAN_BAWAAN = "-pagu"


@dataclass(frozen=True)
class Ditunggu:
    """A recipient whose report does not count yet."""

    baris: BarisSerapan
    keadaan: StatusLapor

    @property
    def tanda(self) -> tuple[str, ...]:
        return signs(self.keadaan)


@dataclass(frozen=True)
class Penerima:
    """The rows of a scope and the state of their reports, read once for all the blocks that show them."""

    request: HttpRequest
    tw: Triwulan
    baris: list[BarisSerapan]
    keadaan: dict[int, dict[int, StatusLapor]]
    query: str

    def state(self, row: BarisSerapan) -> StatusLapor:
        return self.keadaan.get(row.alokasi_id or 0, {}).get(self.tw.ke, StatusLapor(None))

    def url(self, row: BarisSerapan) -> str:
        return reverse("daerah", args=[row.kode]) + self.query


def read(request: HttpRequest, tw: Triwulan, rows: list[BarisSerapan], query: str) -> Penerima:
    states = reporting(request.user, tw.tahun, now=waktu.now(), pada=periode(request).pada)
    return Penerima(request, tw, rows, states, query)


def awaited(penerima: Penerima) -> dict[str, Any]:
    """Whom to call, the largest pagu first; before the quarter has ended nobody."""
    ended = penerima.tw.akhir < periode(penerima.request).tahu.hari
    silent = [
        Ditunggu(row, penerima.state(row)) for row in penerima.baris if ended and not row.jumlah_daerah_lapor
    ]
    silent.sort(key=lambda satu: -satu.baris.pagu)
    known = [row for row in penerima.baris if row.serapan is not None]
    return {
        "ditunggu": silent[:TERATAS],
        # Where nobody is awaited, the list turns to those who lag.
        "terendah": [] if silent else sorted(known, key=lambda row: (row.serapan, row.kode))[:TERATAS],
        "jumlah_ditunggu": len(silent),
        "pagu_ditunggu": sum(satu.baris.pagu for satu in silent),
    }


def progress(penerima: Penerima) -> Tabel:
    """How many reports of the quarter stand where, and how much pagu they speak for."""
    groups: dict[str, list[BarisSerapan]] = {}
    for row in penerima.baris:
        groups.setdefault(penerima.state(row).status or "", []).append(row)
    shown = [status for status in (*PERJALANAN, "") if groups.get(status)]
    return Tabel(
        judul=f"Laporan {penerima.tw.label} menurut status",
        kolom=[Kolom("Status"), Kolom("Daerah", is_angka=True), Kolom("Pagu", is_angka=True)],
        baris=[_progress_row(penerima, status, groups[status]) for status in shown],
        jumlah=[
            Sel("Jumlah"),
            Sel(tampilan.rupiah(len(penerima.baris))),
            Sel(tampilan.miliar(sum(row.pagu for row in penerima.baris))),
        ],
        ringkas=True,
    )


def _progress_row(penerima: Penerima, status: str, rows: list[BarisSerapan]) -> list[Sel]:
    lead = "&" if penerima.query else "?"
    return [
        Sel(status=(status,)) if status else Sel("Belum waktunya"),
        Sel(
            tampilan.rupiah(len(rows)),
            url=f"{reverse('laporan')}{penerima.query}{lead}status={status}" if status else "",
            batang=persen_dari(len(rows), len(penerima.baris)),
        ),
        Sel(tampilan.miliar(sum(row.pagu for row in rows))),
    ]


def listing(penerima: Penerima) -> dict[str, Any]:
    """One page of the table and of the matrix. Sorted here: rates are no columns of the database."""
    order = penerima.request.GET.get("urut", URUTAN_BAWAAN)
    if order.removeprefix("-") not in URUTAN:
        raise Http404
    page = _page(_sorted(penerima.baris, order), penerima.request.GET.get("halaman"))
    limit = _deviation_limit(penerima.tw, periode(penerima.request).tahu.hari)
    return {
        "halaman": page,
        "tabel": Tabel(
            judul="Daerah penerima",
            kolom=[
                *(_header(penerima.request, urutan, order) for urutan in URUTAN.values()),
                Kolom(f"Laporan {penerima.tw.label}"),
            ],
            baris=[_cells(penerima, row, limit) for row in page],
            utuh=True,
            sebaris=True,
        ),
        "ambang_deviasi": limit,
        "matriks": [
            BarisMatriks(
                row.nama,
                penerima.url(row),
                [signs(state) for state in penerima.keadaan.get(row.alokasi_id or 0, {}).values()]
                or [()] * 4,
            )
            for row in page
        ],
    }


def _page(rows: list[BarisSerapan], asked: str | None) -> Page[BarisSerapan]:
    if asked == SEMUA:
        return Paginator(rows, max(len(rows), 1)).get_page(1)
    return Paginator(rows, PER_HALAMAN).get_page(asked)


def _sorted(rows: list[BarisSerapan], order: str) -> list[BarisSerapan]:
    """Sorted by an allowed key; what has no figure comes last in both directions."""
    key = order.removeprefix("-")
    known = [row for row in rows if getattr(row, key) is not None]
    missing = [row for row in rows if getattr(row, key) is None]
    return (
        sorted(known, key=lambda row: (getattr(row, key), row.kode), reverse=order.startswith("-")) + missing
    )


def _deviation_limit(tw: Triwulan, hari: date) -> Decimal:
    return batas_deviasi(Parameter.objects.values_of(tw.tahun, hari=hari))


def _header(request: HttpRequest, urutan: Urutan, order: str) -> Kolom:
    current = order.removeprefix("-") == urutan.kunci
    query = request.GET.copy()
    # Amounts are first wanted from the largest down, names from A on; a second press turns them round.
    first = urutan.kunci if urutan.kunci == "nama" else f"-{urutan.kunci}"
    second = urutan.kunci if first.startswith("-") else f"-{urutan.kunci}"
    query["urut"] = second if order == first else first
    query.pop("halaman", None)
    direction = ("descending" if order.startswith("-") else "ascending") if current else ""
    return Kolom(
        urutan.label,
        urutan.satuan,
        is_angka=urutan.kunci != "nama",
        urut_url=f"?{query.urlencode()}#daerah",
        urut=direction,
    )


def _cells(penerima: Penerima, row: BarisSerapan, limit: Decimal) -> list[Sel]:
    text = {column.key: column.as_text(row) for column in KOLOM_TABEL}
    place = row.daerah.induk.nama if row.daerah and row.daerah.induk else ""
    carried = f"angka {tampilan.tw(row.dibawa_dari)}" if row.dibawa_dari else ""
    sign = signs(penerima.state(row))
    return [
        Sel(row.nama, url=penerima.url(row), sub=place),
        Sel(text["pagu"]),
        Sel(text["kontrak_pagu"]),
        Sel(text["penyaluran_pagu"]),
        Sel(text["serapan"], batang=row.serapan, sub=carried),
        Sel(text["progres_fisik"]),
        Sel(tampilan.beda(row.deviasi_fisik), nada=_tone(row.deviasi_fisik, limit)),
        Sel(status=sign) if sign else Sel(tampilan.KOSONG),
    ]


def _tone(deviasi: Decimal | None, limit: Decimal) -> str:
    if deviasi is None:
        return ""
    if deviasi >= 0:
        return "baik"
    return "awas" if deviasi >= -limit else "gawat"


def signs(state: StatusLapor) -> tuple[str, ...]:
    """The badges of a report's state; none where nothing is due. A lock is said where it stops somebody."""
    if state.status is None:
        return ()
    return (state.status, *(sign for sign in state.tanda if sign != "TERKUNCI" or state.di_daerah))
