"""The one door for uploaded workbooks: a sheet as rows of cells, or a refusal that says what to do.

Formulas are read as formulas: a value that Excel cached may be older than the cells it was computed from, so
a formula is a fault of its cell, never a figure. Error cells are faults as well. Nothing here knows a form.
"""

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from realisasi.buku.penjaga import (
    START_OVER,
    Batas,
    BukuDitolak,
    SheetScan,
    address,
    check_archive,
    check_file,
    check_parts,
)

Nilai = str | int | float | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True)
class Kesalahan:
    """One fault of a workbook, with the place to look at and what to do there."""

    sheet: str
    sel: str
    pesan: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.sel}: {self.pesan}"


@dataclass(frozen=True, slots=True)
class Sel:
    """A filled cell; with `masalah` its value must not be used."""

    alamat: str
    nilai: Nilai
    masalah: str = ""
    persen: bool = False  # shown as a percentage: 0.725 on file, 72,5% on the screen


Baris = dict[int, Sel]  # by column number from 1; empty cells are absent


@dataclass(frozen=True)
class Lembar:
    """A sheet read whole, within the limits; iterating gives (row number, cells) of the rows with content."""

    nama: str
    baris: tuple[tuple[int, Baris], ...]
    gabungan: tuple[str, ...]  # merged ranges: only the form knows whether they are its own

    def __iter__(self) -> Iterator[tuple[int, Baris]]:
        return iter(self.baris)


def open_sheet(
    source: Path | str | IO[bytes], *, sheet: str, limits: Batas | None = None, hidden: bool = False
) -> Lembar:
    """Read one sheet of an uploaded workbook; `hidden` is for sheets that our own forms hide.

    Raises:
        BukuDitolak: with one Indonesian sentence and what to do.
    """
    if isinstance(source, Path | str):
        with Path(source).open("rb") as file:
            return _read(file, str(source), sheet, limits or Batas(), hidden=hidden)
    return _read(source, str(getattr(source, "name", None) or ""), sheet, limits or Batas(), hidden=hidden)


def _read(file: Any, name: str, sheet: str, batas: Batas, *, hidden: bool) -> Lembar:
    check_file(file, name, batas)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(archive, batas)
            scans = check_parts(archive, batas)
        file.seek(0)
        # openpyxl warns about every extension it drops (validations, slicers): no business of the reader.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read_sheet(file, sheet, batas, scans, hidden=hidden)
    except BukuDitolak:
        raise
    except Exception as exc:
        # A damaged file makes zipfile, expat and openpyxl raise a dozen kinds of error; all mean the same.
        raise BukuDitolak(f"Berkas rusak atau bukan buku kerja Excel yang utuh. {START_OVER}") from exc


def _read_sheet(file: Any, sheet: str, batas: Batas, scans: dict[str, SheetScan], *, hidden: bool) -> Lembar:
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        worksheet = _find(book.worksheets, sheet, hidden=hidden)
        # The path is private in openpyxl, but the only tie between a sheet's name and its part.
        scan = scans.get(worksheet._worksheet_path)
        if scan is None:
            raise BukuDitolak(f"Susunan berkas tidak wajar (lembar {sheet} tidak di tempatnya). {START_OVER}")
        if scan.beyond:
            raise BukuDitolak(
                f"Sel {scan.beyond} di lembar {sheet} terisi, padahal paling banyak {batas.baris} baris dan "
                f"{batas.kolom} kolom yang dibaca. Hapus isinya atau bagi berkasnya, lalu unggah lagi."
            )
        worksheet.reset_dimensions()  # the file may announce fewer rows than it holds
        rows = worksheet.iter_rows(max_row=batas.baris, max_col=batas.kolom)
        return Lembar(worksheet.title, tuple(_filled_rows(rows)), tuple(scan.merged))
    finally:
        book.close()


def _find(worksheets: list[Any], sheet: str, *, hidden: bool) -> ReadOnlyWorksheet:
    # Excel itself does not tell "alokasi" from "Alokasi".
    found = next((ws for ws in worksheets if ws.title.strip().casefold() == sheet.casefold()), None)
    if found is None:
        names = ", ".join(f"“{ws.title[:31]}”" for ws in worksheets[:8])
        raise BukuDitolak(
            f"Lembar “{sheet}” tidak ada; yang ada: {names}. Pakai formulir asli atau ganti nama lembarnya."
        )
    if found.sheet_state != "visible" and not hidden:
        raise BukuDitolak(
            f"Lembar “{sheet}” tersembunyi. Tampilkan dahulu (klik kanan pada tab lembar > Tampilkan), "
            "periksa isinya, simpan, lalu unggah lagi."
        )
    return found


def _filled_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Baris]]:
    for number, row in enumerate(rows, start=1):
        cells = {
            column: _cell(number, column, cell)
            for column, cell in enumerate(row, start=1)
            if cell.value is not None and not (isinstance(cell.value, str) and not cell.value.strip())
        }
        if cells:
            yield number, cells


def _cell(row: int, column: int, cell: Any) -> Sel:
    where = address(row, column)
    if cell.data_type == "f":
        formula = _short(cell.value) if isinstance(cell.value, str) else "=…"
        repair = "Ganti dengan nilainya: salin sel, lalu tempel sebagai nilai."
        return Sel(where, None, f"Sel berisi rumus {formula}. {repair}")
    if cell.data_type == "e":
        return Sel(where, None, f"Sel berisi galat {_short(str(cell.value))}. Isi dengan nilai yang benar.")
    is_number = cell.data_type == "n"
    return Sel(where, cell.value, persen=is_number and "%" in (cell.number_format or ""))


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
