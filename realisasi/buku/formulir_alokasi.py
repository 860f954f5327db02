"""The formulir alokasi: sheet `Alokasi`, one row a kegiatan, read into rows or into a list of all its faults.

Nothing is written to the database here. `write_template` writes the same sheet, so that a form that we gave
out and the demonstration data come in through this door as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from daerah.kode import KodeSalah
from realisasi.aturan.angka import AngkaSalah
from realisasi.aturan.formulir_alokasi import (
    TRIWULAN,
    BarisAlokasi,
    by_alokasi,
    check_alokasi,
    find_repeated,
)
from realisasi.buku.baca import Baris, Kesalahan, Lembar, open_sheet
from realisasi.buku.kolom_alokasi import KOLOM, KOLOM_BERNAMA, WAJIB, IsianSalah, Kolom, Syarat
from realisasi.buku.penjaga import address

LEMBAR = "Alokasi"
# The last row that the drop-down lists of an empty form reach.
BARIS_TERAKHIR = 3000


@dataclass(frozen=True)
class IsiFormulir:
    """A formulir alokasi as read: either rows or faults, never both."""

    baris: tuple[BarisAlokasi, ...]
    kesalahan: tuple[Kesalahan, ...]


def read_formulir(source: Path | str | IO[bytes], *, syarat: Syarat) -> IsiFormulir:
    """Read an uploaded formulir alokasi; every fault that can be told is told at once.

    Raises:
        BukuDitolak: when the file cannot be read as a workbook at all.
    """
    return Pembaca(open_sheet(source, sheet=LEMBAR), syarat).read()


class Pembaca:
    """One reading of one sheet: collects faults while it goes."""

    def __init__(self, lembar: Lembar, syarat: Syarat) -> None:
        self.lembar = lembar
        self.syarat = syarat
        self.kesalahan: list[Kesalahan] = []
        self.kolom: dict[str, int] = {}
        self.baris: list[BarisAlokasi] = []

    def read(self) -> IsiFormulir:
        isi = list(self.lembar)
        header = isi.pop(0)[1] if isi and isi[0][0] == 1 else {}
        if self._read_header(header):
            self._read_rows(isi, last_column=max(header))
        # In the order of the sheet, for somebody who goes through it from the top.
        faults = sorted(self.kesalahan, key=lambda fault: coordinate_to_tuple(fault.sel))
        return IsiFormulir(() if faults else tuple(self.baris), tuple(faults))

    def _read_header(self, header: Baris) -> bool:
        """Learns where each column is; False when row 1 is no header at all."""
        names = {column: str(cell.nilai or "(rumus)").strip() for column, cell in header.items()}
        if not set(names.values()) & KOLOM_BERNAMA.keys():
            self._fault("A1", f"Baris 1 harus berisi judul kolom: {', '.join(WAJIB)}.")
            return False
        for column, name in names.items():
            if name not in KOLOM_BERNAMA:
                self._fault(header[column].alamat, f"Kolom “{name[:40]}” tidak dikenal. {_repair(name)}")
            elif name in self.kolom:
                self._fault(header[column].alamat, f"Kolom {name} ada dua kali. Hapus salah satu.")
            else:
                self.kolom[name] = column
        missing = [name for name in WAJIB if name not in self.kolom]
        if missing:
            self._fault(
                "A1", f"Kolom tidak ada di baris 1: {', '.join(missing)}. Tambahkan judul dan isinya."
            )
        return True

    def _read_rows(self, isi: list[tuple[int, Baris]], *, last_column: int) -> None:
        for merged in self.lembar.gabungan:
            self._fault(merged.partition(":")[0], f"Sel {merged} digabung. Pisahkan, lalu isi setiap selnya.")
        if not isi:
            self._fault("A2", "Belum ada baris kegiatan. Isi mulai dari baris 2.")
        for number, cells in isi:
            for column in [column for column in cells if column > last_column]:
                self._fault(cells[column].alamat, "Isi di luar kolom formulir (tanpa judul). Hapus isinya.")
            if row := self._read_row(number, cells):
                self.baris.append(row)
        self._check_rows(complete=len(self.baris) == len(isi))

    def _read_row(self, number: int, cells: Baris) -> BarisAlokasi | None:
        """The row, or None when any of its cells is at fault or has no column."""
        values: dict[str, Any] = {}
        for name, column in self.kolom.items():
            try:
                values[name] = KOLOM_BERNAMA[name].read(cells.get(column), self.syarat)
            except (AngkaSalah, IsianSalah, KodeSalah) as fault:
                self._fault(address(number, column), fault.pesan)
        whole = values.keys() == self.kolom.keys() and values.keys() >= set(WAJIB)
        return _row(values, number) if whole else None

    def _check_rows(self, *, complete: bool) -> None:
        """Faults between rows; a sum that lacks a row would only mislead."""
        found = list(find_repeated(self.baris))
        for rows in by_alokasi(self.baris):
            found += check_alokasi(rows, self.syarat.aturan(rows[0].tahun), complete=complete)
        for temuan in found:
            self._fault(address(temuan.nomor, self.kolom[temuan.kolom]), temuan.pesan)

    def _fault(self, sel: str, pesan: str) -> None:
        self.kesalahan.append(Kesalahan(self.lembar.nama, sel, pesan))


def _row(values: dict[str, Any], number: int) -> BarisAlokasi:
    targets = {
        kind: tuple(values.pop(f"{prefix}_tw{ke}", None) for ke in TRIWULAN)
        for prefix, kind in (("target_keu", "target_keuangan"), ("target_fisik", "target_fisik"))
    }
    stated = {name: value for name, value in values.items() if value is not None}
    return BarisAlokasi(**stated, **targets, nomor=number)


def _repair(name: str) -> str:
    close = get_close_matches(name.lower().replace(" ", "_"), KOLOM_BERNAMA, n=1, cutoff=0.7)
    return f"Maksudnya {close[0]}? Ganti judulnya." if close else "Hapus kolom itu."


# --- writing ---------------------------------------------------------------------------------------

KEPALA = Font(bold=True, color="FFFFFF")
LATAR = PatternFill("solid", fgColor="1F4E79")


def write_template(rows: Iterable[BarisAlokasi], out: Path | str | IO[bytes]) -> None:
    """Write a formulir alokasi, empty or filled with rows, ready to be read back."""
    book = Workbook()
    _write_rows(book.active, rows)
    _write_petunjuk(book.create_sheet("Petunjuk"))
    book.save(out)


def _write_rows(sheet: Worksheet, rows: Iterable[BarisAlokasi]) -> None:
    sheet.title = LEMBAR
    sheet.freeze_panes = "B2"
    for column, kolom in enumerate(KOLOM, start=1):
        _write_header(sheet, column, kolom)
    for number, row in enumerate(rows, start=2):
        for column, kolom in enumerate(KOLOM, start=1):
            value = kolom.nilai(row)
            if value in (None, ""):
                continue
            cell = sheet.cell(number, column, value)
            cell.number_format = kolom.format
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


def _write_petunjuk(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["C"].width = 12
    sheet.append(["Cara mengisi: satu baris satu kegiatan di lembar Alokasi; judul kolom jangan diubah."])
    sheet.append(["Angka ditulis penuh dalam rupiah. Sel berisi rumus dan sel gabungan ditolak."])
    sheet.append(["Sel yang dikosongkan tidak mengubah isian yang sudah tersimpan."])
    sheet.append([])
    sheet.append(["Kolom", "Isi", "Keterangan"])
    for cell in sheet[5]:
        cell.font, cell.fill = KEPALA, LATAR
    for kolom in KOLOM:
        needed = "wajib" if kolom.wajib and not kolom.kosong else "boleh kosong"
        choices = f" Pilihan: {', '.join(kolom.pilihan)}." if kolom.pilihan else ""
        sheet.append([kolom.nama, kolom.arti + choices, needed])
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
