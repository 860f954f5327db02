"""Blocks of a dashboard: sentence, chain of the five amounts, cards, Kurva-S; from rows to what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from realisasi.aturan import kalimat, tampilan
from realisasi.aturan.serapan import selisih
from realisasi.gambar.kurva import Deret
from realisasi.gambar.rantai import MataRantai
from realisasi.models import Posisi
from realisasi.rekap.baca import DAERAH, NASIONAL, PROVINSI, BarisSerapan, serapan_series
from realisasi.rekap.kolom import KOLOM_WILAYAH, PEMBACAAN, Kolom, kolom

BREAK_YEAR = 2019  # the programme's own figures change their scope here; nothing is compared across it
SUMBER = "Laporan triwulan daerah; pagu Kemenkeu; kontrak OMSPAN/SPSE; penyaluran OMSPAN."
# The ratio of sums has a name of its own at every level; elsewhere the column's name stands.
SERAPAN_NAMA = {NASIONAL: "Serapan nasional", PROVINSI: "Serapan wilayah", DAERAH: "Serapan"}
CARDS = {
    NASIONAL: ("serapan", "serapan_kab_kota", "rata_rata_kab_kota", "progres_fisik"),
    PROVINSI: ("serapan", "serapan_kab_kota", "rata_rata_kab_kota", "progres_fisik"),
    DAERAH: ("serapan", "serapan_diterima", "progres_fisik", "capaian_keluaran"),
}
# A mean leaves out who never reported; every other rate has all of them in its base.
NEVER_A_LOWER_BOUND = ("rata_rata_kab_kota",)


@dataclass(frozen=True)
class Asal:
    """The panel "Dari mana angka ini?": what a figure rests on."""

    rumus: str
    hitungan: str
    dasar: str
    cakupan: str
    catatan: str
    sumber: str
    dihitung_pada: datetime
    riwayat: str = ""


@dataclass(frozen=True, kw_only=True)
class Kartu:
    """One headline figure, already written."""

    nama: str
    nilai: str
    keterangan: str = ""
    selisih: Decimal | None = None
    pembanding: str = ""
    sekurang: bool = False
    asal: Asal | None = None


def of_quarter(series: Iterable[BarisSerapan], ke: int) -> BarisSerapan | None:
    return next((row for row in series if row.triwulan == ke), None)


def year_before(
    user: Any,
    tahun: int,
    tingkat: str,
    kode: str,
    *,
    posisi: str | None = None,
    pada: datetime | None = None,
) -> list[BarisSerapan]:
    """The series to compare a TA with."""
    if tahun == BREAK_YEAR:
        return []
    return serapan_series(user, tahun - 1, tingkat, kode, posisi=posisi, pada=pada)


def sentence(
    baris: BarisSerapan, *, hari: date, is_closed: bool, status_laporan: str | None = None
) -> kalimat.Kalimat:
    """What the page says first. `status_laporan`: the state of a single recipient's report."""
    subjects = {NASIONAL: "Secara nasional,", PROVINSI: f"Di {baris.nama},", DAERAH: f"{baris.nama}:"}
    return kalimat.compose(
        kalimat.Keadaan(
            subjek=subjects[baris.tingkat],
            tw=baris.tw,
            hari=hari,
            is_final=baris.posisi == Posisi.FINAL,
            is_closed=is_closed,
            pagu=baris.pagu,
            serapan=baris.serapan,
            sekurang=baris.sekurang_kurangnya,
            belum=baris.jumlah_daerah - baris.jumlah_daerah_lapor,
            pagu_belum=baris.pagu - baris.pagu_lapor,
            dibawa_dari=baris.dibawa_dari,
            status_laporan=status_laporan,
        )
    )


def chain(baris: BarisSerapan) -> list[MataRantai]:
    """The five amounts; each note says what lies between an amount and the one before it."""
    recipients = "" if baris.tingkat == DAERAH else f"{tampilan.rupiah(baris.jumlah_daerah)} daerah penerima"
    return [
        MataRantai("pagu", "Pagu", baris.pagu, Decimal(100) if baris.pagu else None, recipients),
        MataRantai(
            "rk",
            "Nilai RK",
            baris.nilai_rk,
            baris.rk_pagu,
            _between(baris.pagu - baris.nilai_rk, "pagu tidak masuk RK", "RK di atas pagu"),
        ),
        MataRantai(
            "kontrak",
            "Kontrak",
            baris.nilai_kontrak,
            baris.kontrak_pagu,
            _between(
                baris.nilai_rk - baris.nilai_kontrak,
                "RK belum dikontrakkan atau sisa tender",
                "kontrak di atas RK",
            ),
        ),
        MataRantai(
            "salur",
            "Penyaluran ke RKUD",
            baris.penyaluran,
            baris.penyaluran_pagu,
            _between(
                baris.nilai_kontrak - baris.penyaluran,
                "kontrak belum disalurkan",
                "disalurkan di atas kontrak",
            ),
        ),
        MataRantai(
            "serap",
            "Penyerapan",
            baris.realisasi_keuangan,
            baris.serapan,
            _between(baris.sisa_kas, "masih di kas daerah", "ditalangi daerah"),
        ),
    ]


def _between(rest: int | None, left: str, over: str) -> str:
    if not rest:
        return ""
    return f"{tampilan.miliar(abs(rest))} {left if rest > 0 else over}"


def cards(baris: BarisSerapan, lalu: BarisSerapan | None = None) -> list[Kartu]:
    """The headline rates, each with its explanation and, where given, the same quarter of last year."""
    found = [_card(column, baris, lalu) for column in kolom(KOLOM_WILAYAH, *CARDS[baris.tingkat])]
    return found if baris.tingkat == DAERAH else [*found, _reported_card(baris)]


def _card(column: Kolom, baris: BarisSerapan, lalu: BarisSerapan | None) -> Kartu:
    value = column.value(baris)
    # A figure carried forward is no progress: beside last year's quarter it would look like a fall.
    if not baris.jumlah_daerah_lapor:
        lalu = None
    return Kartu(
        nama=SERAPAN_NAMA[baris.tingkat] if column.key == "serapan" else column.label,
        nilai=column.as_text(baris),
        keterangan=f"angka {tampilan.tw(baris.dibawa_dari)}" if baris.dibawa_dari else "",
        selisih=selisih(value, column.value(lalu)) if lalu else None,
        pembanding=f"{baris.tw.label} {baris.tahun - 1}" if lalu else "",
        sekurang=_is_lower_bound(column.key, baris) and value is not None,
        asal=_origin(column, baris),
    )


def _is_lower_bound(key: str, baris: BarisSerapan) -> bool:
    if key in NEVER_A_LOWER_BOUND:
        return False
    return baris.jumlah_kab_kota_diam > 0 if key == "serapan_kab_kota" else baris.sekurang_kurangnya


def _reported_card(baris: BarisSerapan) -> Kartu:
    share = tampilan.persen(baris.cakupan_pagu)
    return Kartu(
        nama=f"Daerah lapor {baris.tw.label}",
        nilai=f"{tampilan.rupiah(baris.jumlah_daerah_lapor)} dari {tampilan.rupiah(baris.jumlah_daerah)}",
        keterangan=f"{share} pagu",
    )


def _origin(column: Kolom, baris: BarisSerapan) -> Asal:
    has_reading = column.key == "serapan" and baris.tingkat != DAERAH
    return Asal(
        rumus=column.penjelasan,
        hitungan=_calculation(column, baris),
        dasar=f"Posisi {baris.posisi} {baris.tw.label} TA {baris.tahun}, kumulatif sejak awal tahun",
        cakupan=baris.cakupan[0].upper() + baris.cakupan[1:],
        catatan=PEMBACAAN if has_reading else "",
        sumber=SUMBER,
        riwayat=_history_url(baris),
        dihitung_pada=baris.dihitung_pada,
    )


def _history_url(baris: BarisSerapan) -> str:
    """Of a recipient every version of its figures; of an area what changed in it."""
    of = f"{reverse('perubahan')}?tahun={baris.tahun}&triwulan={baris.triwulan}"
    return f"{of}&posisi={baris.posisi}&kode={baris.kode}" if baris.tingkat == DAERAH else of


def _calculation(column: Kolom, baris: BarisSerapan) -> str:
    """The figures above and below the line, so that anybody can check with a pocket calculator."""
    result = column.as_text(baris)
    if column.pecahan:
        above, below = kolom(KOLOM_WILAYAH, *column.pecahan)
        return (
            f"{above.label} {tampilan.rp(above.value(baris))} dibagi "
            f"{below.label[0].lower()}{below.label[1:]} {tampilan.rp(below.value(baris))} = {result}"
        )
    if column.key == "rata_rata_kab_kota":
        return f"Rata-rata serapan {tampilan.bilangan(baris.jumlah_kab_kota_lapor)} kabupaten/kota = {result}"
    return f"Jumlah bobot seluruh paket {tampilan.rp(baris.bobot)}; hasilnya {result}"


def lines(series: list[BarisSerapan], last_year: list[BarisSerapan], tahun: int) -> list[Deret]:
    """Kurva-S in percent of pagu. A quarter nobody reported has no point: carried figures are no progress."""
    reported = {row.triwulan: row for row in series if row.jumlah_daerah_lapor}
    planned = {row.triwulan: row for row in series}
    before = {row.triwulan: row for row in last_year if row.jumlah_daerah_lapor}
    found = [
        Deret("rencana", "Target", _points(planned, "target_serapan")),
        Deret("fisik", "Fisik", _points(reported, "progres_fisik")),
        Deret("keuangan", "Keuangan", _points(reported, "serapan")),
    ]
    if before:
        found.append(
            Deret("lalu", f"Keuangan {tahun - 1}", _points(before, "serapan"), singkat=str(tahun - 1))
        )
    return found


def _points(rows: dict[int, BarisSerapan], rate: str) -> list[Decimal | None]:
    known = [getattr(rows[ke], rate) if ke in rows else None for ke in (1, 2, 3, 4)]
    return [Decimal(0) if any(value is not None for value in known) else None, *known]
