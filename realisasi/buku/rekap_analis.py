"""The analysts' workbook: the same rows and columns as page and API, streamed row by row.

Money is whole rupiah, a rate the two-digit percent that every door shows, a code text, a missing figure an
empty cell. Text stays text, whatever it begins with. The same data gives the same bytes: nothing in the file
tells when it was made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.conf import settings
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from daerah.models import Pengguna
from realisasi.aturan.tampilan import tanggal
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Posisi
from realisasi.rekap.baca import (
    DAERAH,
    NASIONAL,
    PROVINSI,
    BarisSerapan,
    paket_rows,
    serapan_rows,
)
from realisasi.rekap.kolom import KOLOM_KEGIATAN, KOLOM_PAKET, KOLOM_WILAYAH, Kolom, Satuan
from realisasi.rekap.saat import Saat, saat_of

# Excel cuts longer texts off with a complaint about a damaged file.
TEXT_MOST = 32_767
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
HEADER_ROW = 4  # from 0: three lines of title and an empty one stand above

FORMATS = {
    Satuan.NOMOR: "0",
    Satuan.BILANGAN: "#,##0",
    Satuan.DESIMAL: "#,##0.00",
    Satuan.RUPIAH: "#,##0",
    Satuan.PERSEN: "#,##0.00",
    Satuan.POIN: "#,##0.00",
    Satuan.TANGGAL: "dd-mm-yyyy",
    Satuan.WAKTU: "dd-mm-yyyy hh:mm",
}
WIDTHS = {Satuan.TEKS: 24, Satuan.NOMOR: 9, Satuan.RUPIAH: 20, Satuan.WAKTU: 17}
# Text columns whose content is much shorter or longer than most.
TEXT_WIDTHS = {
    **dict.fromkeys(("kode", "asal", "satuan"), 9),
    **dict.fromkeys(("tingkat", "posisi", "pelaksanaan", "pembayaran"), 12),
    **dict.fromkeys(("menu", "rincian", "paket", "penjelasan"), 40),
}
HEADER_HEIGHT = 48  # points: three lines
PAPER_A3 = 8
# A unit that the reader needs beside the figure; the others only say how it is written.
UNITS = {Satuan.RUPIAH: "Rp", Satuan.PERSEN: "%", Satuan.POIN: "poin", Satuan.WAKTU: "WIB"}


@dataclass(frozen=True)
class Lembar:
    """One sheet: its columns as declared, its rows as read."""

    nama: str
    isi: str
    kolom: Sequence[Kolom]
    baris: Iterable[Any]


@dataclass(frozen=True)
class Keterangan:
    """One line of sheet *Kamus*."""

    lembar: str
    judul: str
    key: str
    satuan: str
    penjelasan: str


KAMUS = (
    Kolom("lembar", "Lembar", Satuan.TEKS, ""),
    Kolom("judul", "Judul kolom", Satuan.TEKS, ""),
    Kolom("key", "Nama di API", Satuan.TEKS, ""),
    Kolom("satuan", "Satuan", Satuan.TEKS, ""),
    Kolom("penjelasan", "Penjelasan", Satuan.TEKS, ""),
)


def write_rekap(
    out: IO[bytes],
    *,
    user: Any,
    tw: Triwulan,
    now: datetime,
    posisi: str | None = None,
    pada: datetime | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Write what the account may see of a quarter, in the position of its pages, as known at `pada`.

    `progress` is told before each sheet how many of them are written, and which comes next.
    """
    saat = saat_of(tw, now=now, pada=pada)
    position = saat.posisi(posisi)
    nasional = serapan_rows(user, tw, NASIONAL, posisi=position, pada=pada)
    provinsi = serapan_rows(user, tw, PROVINSI, posisi=position, pada=pada)
    daerah = serapan_rows(user, tw, DAERAH, posisi=position, pada=pada)
    paket = paket_rows(user, tw, posisi=position, pada=pada, now=now)
    lembar = [
        Lembar("Nasional", "seluruh penerima alokasi", KOLOM_WILAYAH, nasional),
        Lembar("Provinsi", "jumlah per wilayah provinsi", KOLOM_WILAYAH, provinsi),
        Lembar("Daerah", "penerima alokasi", KOLOM_WILAYAH, daerah),
        # A kegiatan is one paket, so one reading serves both sheets.
        Lembar("Kegiatan", "kegiatan menurut RK", KOLOM_KEGIATAN, paket),
        Lembar("Paket", "paket pengadaan", KOLOM_PAKET, paket),
    ]
    heading = _heading(saat, position, [*nasional, *provinsi, *daerah])
    lembar.append(Lembar("Kamus", "arti setiap kolom", KAMUS, list(_dictionary(lembar))))
    # The rows wait in files until the end; in a folder of their own, a failure leaves none behind.
    with TemporaryDirectory() as folder:
        buku = Buku(out, tw, folder)
        for ke, satu in enumerate(lembar):
            if progress:
                progress(ke, len(lembar), f"Menulis lembar {satu.nama}")
            buku.write_sheet(satu, heading)
        buku.close()


def rekap_name(saat: Saat, posisi: str) -> str:
    """«rekap-dak-ikm-2024-tw3-final.xlsx»: the name of the file says what it holds."""
    known = f"-per-{saat.pada.astimezone(WIB):%Y-%m-%d}" if saat.pada else ""
    return f"rekap-dak-ikm-{saat.tw.tahun}-tw{saat.tw.ke}-{saat.posisi(posisi)}{known}.xlsx"


def closing_book(tw: Triwulan, moment: datetime) -> bytes:
    """The nation's workbook as a closing keeps it: what was known at its moment, the same whenever made."""
    out = BytesIO()
    write_rekap(out, user=Pengguna.objects.sistem(), tw=tw, now=moment, pada=moment)
    return out.getvalue()


def _heading(saat: Saat, posisi: str, widest: list[BarisSerapan]) -> tuple[str, str]:
    """What the figures are of, and what they rest on: the coverage of the widest area in scope."""
    contoh = "DATA CONTOH, bukan angka sebenarnya. " if settings.DEMO else ""
    of = f"{contoh}TA {saat.tw.tahun} {saat.tw.label}, angka kumulatif, posisi {Posisi(posisi).label.lower()}"
    known = f" Sebagaimana diketahui pada {tanggal(saat.pada)}." if saat.pada else ""
    rests = f"{widest[0].nama}: {widest[0].cakupan}" if widest else "Belum ada alokasi dalam cakupan."
    return f"{of}, jumlah per {tanggal(saat.hari)}.{known}", rests


def _dictionary(lembar: Iterable[Lembar]) -> Iterable[Keterangan]:
    for satu in lembar:
        for kolom in satu.kolom:
            unit = kolom.satuan.value or "teks"
            yield Keterangan(satu.nama, _title(kolom), kolom.key, unit, kolom.penjelasan)


def _title(kolom: Kolom) -> str:
    unit = UNITS.get(kolom.satuan)
    return f"{kolom.label}, {unit}" if unit else kolom.label


class Buku:
    """An XlsxWriter workbook that keeps one row in memory and turns no text into anything else."""

    def __init__(self, out: IO[bytes], tw: Triwulan, folder: str) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.book = Workbook(out, options)
        # The real moment would make two files of the same data differ.
        self.book.set_properties(
            {
                "title": f"Rekap DAK IKM TA {tw.tahun} {tw.label}",
                "created": datetime.combine(tw.awal, time(0)),
            }
        )
        self.judul = self.book.add_format({"bold": True, "font_size": 14})
        self.kepala = self.book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        )
        self.formats = {unit: self.book.add_format({"num_format": code}) for unit, code in FORMATS.items()}
        self.teks = self.book.add_format({"num_format": "@"})

    def write_sheet(self, lembar: Lembar, heading: tuple[str, str]) -> None:
        sheet = self.book.add_worksheet(lembar.nama)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        self._set_page(sheet)
        for number, kolom in enumerate(lembar.kolom):
            width = TEXT_WIDTHS.get(kolom.key) or WIDTHS.get(kolom.satuan, 13)
            sheet.set_column(number, number, width, self._format(kolom))
        title = f"Rekap DAK Fisik Bidang IKM: {lembar.nama} ({lembar.isi})"
        for number, line in enumerate((title, *heading)):
            write_text(sheet, number, 0, line, None if number else self.judul)
        for number, kolom in enumerate(lembar.kolom):
            write_text(sheet, HEADER_ROW, number, _title(kolom), self.kepala)
        last = HEADER_ROW
        for last, row in enumerate(lembar.baris, start=HEADER_ROW + 1):
            for number, kolom in enumerate(lembar.kolom):
                self._write(sheet, last, number, kolom, row)
        sheet.autofilter(HEADER_ROW, 0, last, len(lembar.kolom) - 1)

    def _set_page(self, sheet: Worksheet) -> None:
        """On paper: all columns side by side, the titles on every page."""
        sheet.set_row(HEADER_ROW, HEADER_HEIGHT)
        sheet.set_landscape()
        sheet.set_paper(PAPER_A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def close(self) -> None:
        self.book.close()

    def _format(self, kolom: Kolom) -> Format:
        return self.formats.get(kolom.satuan, self.teks)

    def _write(self, sheet: Worksheet, row: int, column: int, kolom: Kolom, source: Any) -> None:
        value = kolom.value(source)
        form = self._format(kolom)
        if value is None or value == "":
            return
        if isinstance(value, str):
            write_text(sheet, row, column, value, form)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.astimezone(WIB).replace(tzinfo=None), form)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, form)
        else:
            sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value, form)


def write_text(sheet: Worksheet, row: int, column: int, text: str, form: Format | None) -> None:
    """A text as text: never a formula or a link, without control characters, as long as Excel allows."""
    sheet.write_string(row, column, CONTROL.sub("", text)[:TEXT_MOST], form)
