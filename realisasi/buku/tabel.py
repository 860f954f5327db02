"""A sheet with titles in row 1: read by its columns into rows or all its faults at once, and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from daerah.kode import KodeSalah
from realisasi.aturan.angka import AngkaSalah
from realisasi.buku.baca import Baris, Kesalahan, Lembar
from realisasi.buku.kolom import IsianSalah, Kolom
from realisasi.buku.penjaga import address

# The last row that the drop-down lists of an empty form reach.
BARIS_TERAKHIR = 3000


class PembacaTabel:
    """One reading of one sheet: collects faults while it goes."""

    def __init__(self, lembar: Lembar, kolom: Sequence[Kolom], syarat: Any, *, isi: str) -> None:
        self.lembar = lembar
        self.syarat = syarat
        self.isi = isi  # what a row is, for the message about a form without any
        self.dikenal = {satu.nama: satu for satu in kolom}
        self.wajib = tuple(satu.nama for satu in kolom if satu.wajib)
        self.kesalahan: list[Kesalahan] = []
        self.kolom: dict[str, int] = {}
        self.complete = False  # whether every row could be read: a sum that lacks one would only mislead

    def read_rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and values of each row that could be read whole."""
        isi = list(self.lembar)
        header = isi.pop(0)[1] if isi and isi[0][0] == 1 else {}
        if not self._read_header(header):
            return
        self._refuse_merged_and_empty(isi)
        read = 0
        for number, cells in isi:
            for column in [column for column in cells if column > max(header)]:
                self.fault(cells[column].alamat, "Isi di luar kolom formulir (tanpa judul). Hapus isinya.")
            values = self._read_row(number, cells)
            if values is not None:
                read += 1
                yield number, values
        self.complete = read == len(isi)

    def faults(self) -> tuple[Kesalahan, ...]:
        """In the order of the sheet, for somebody who goes through it from the top."""
        return tuple(sorted(self.kesalahan, key=lambda fault: coordinate_to_tuple(fault.sel)))

    def fault(self, sel: str, pesan: str) -> None:
        self.kesalahan.append(Kesalahan(self.lembar.nama, sel, pesan))

    def fault_in(self, number: int, kolom: str, pesan: str) -> None:
        """A fault of the cell in a row and a named column."""
        self.fault(address(number, self.kolom[kolom]), pesan)

    def _read_header(self, header: Baris) -> bool:
        """Learns where each column is; False when row 1 is no header at all."""
        names = {column: str(cell.nilai or "(rumus)").strip() for column, cell in header.items()}
        if not set(names.values()) & self.dikenal.keys():
            self.fault("A1", f"Baris 1 harus berisi judul kolom: {', '.join(self.wajib)}.")
            return False
        for column, name in names.items():
            if name not in self.dikenal:
                self.fault(header[column].alamat, f"Kolom “{name[:40]}” tidak dikenal. {self._repair(name)}")
            elif name in self.kolom:
                self.fault(header[column].alamat, f"Kolom {name} ada dua kali. Hapus salah satu.")
            else:
                self.kolom[name] = column
        missing = [name for name in self.wajib if name not in self.kolom]
        if missing:
            self.fault("A1", f"Kolom tidak ada di baris 1: {', '.join(missing)}. Tambahkan judul dan isinya.")
        return True

    def _refuse_merged_and_empty(self, isi: list[tuple[int, Baris]]) -> None:
        for merged in self.lembar.gabungan:
            self.fault(merged.partition(":")[0], f"Sel {merged} digabung. Pisahkan, lalu isi setiap selnya.")
        if not isi:
            self.fault("A2", f"Belum ada baris {self.isi}. Isi mulai dari baris 2.")

    def _read_row(self, number: int, cells: Baris) -> dict[str, Any] | None:
        """The values, or None when any cell is at fault or has no column."""
        values: dict[str, Any] = {}
        for name, column in self.kolom.items():
            try:
                values[name] = self.dikenal[name].read(cells.get(column), self.syarat)
            except (AngkaSalah, IsianSalah, KodeSalah) as fault:
                self.fault(address(number, column), fault.pesan)
        whole = values.keys() == self.kolom.keys() and values.keys() >= set(self.wajib)
        return values if whole else None

    def _repair(self, name: str) -> str:
        close = get_close_matches(name.lower().replace(" ", "_"), self.dikenal, n=1, cutoff=0.7)
        return f"Maksudnya {close[0]}? Ganti judulnya." if close else "Hapus kolom itu."


# --- writing ---------------------------------------------------------------------------------------

KEPALA = Font(bold=True, color="FFFFFF")
LATAR = PatternFill("solid", fgColor="1F4E79")


def write_table(
    lembar: str, kolom: Sequence[Kolom], rows: Iterable[Any], *, petunjuk: Sequence[str]
) -> Workbook:
    """A form, empty or filled with rows, ready to be read back, with a sheet that explains its columns."""
    book = Workbook()
    _write_rows(book.active, lembar, kolom, rows)
    _write_petunjuk(book.create_sheet("Petunjuk"), kolom, petunjuk)
    return book


def _write_rows(sheet: Worksheet, lembar: str, kolom: Sequence[Kolom], rows: Iterable[Any]) -> None:
    sheet.title = lembar
    sheet.freeze_panes = "B2"
    for column, satu in enumerate(kolom, start=1):
        _write_header(sheet, column, satu)
    for number, row in enumerate(rows, start=2):
        for column, satu in enumerate(kolom, start=1):
            value = satu.nilai(row)
            if value in (None, ""):
                continue
            cell = sheet.cell(number, column, value)
            cell.number_format = satu.format
            if isinstance(value, str):
                cell.data_type = "s"  # a text that starts with "=" must not become a formula


def _write_header(sheet: Worksheet, column: int, kolom: Kolom) -> None:
    letter = get_column_letter(column)
    cell = sheet.cell(1, column, kolom.nama)
    cell.font, cell.fill = KEPALA, LATAR
    sheet.column_dimensions[letter].width = kolom.lebar
    # The whole column, so that a code typed into an empty form stays the text 32.10.
    sheet.column_dimensions[letter].number_format = kolom.format
    if kolom.pilihan:
        choices = DataValidation(type="list", formula1=f'"{",".join(kolom.pilihan)}"', allow_blank=True)
        sheet.add_data_validation(choices)
        choices.add(f"{letter}2:{letter}{BARIS_TERAKHIR}")


def _write_petunjuk(sheet: Worksheet, kolom: Sequence[Kolom], petunjuk: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["C"].width = 12
    for line in petunjuk:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Kolom", "Isi", "Keterangan"])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = KEPALA, LATAR
    for satu in kolom:
        needed = "wajib" if satu.wajib and not satu.kosong else "boleh kosong"
        choices = f" Pilihan: {', '.join(satu.pilihan)}." if satu.pilihan else ""
        sheet.append([satu.nama, satu.arti + choices, needed])
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
