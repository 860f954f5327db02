"""The formulir alokasi: sheet `Alokasi`, one row a kegiatan, read into rows or into a list of all its faults.

Nothing is written to the database here. `write_template` writes the same sheet, so that a form that we gave
out and the demonstration data come in through this door as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from realisasi.aturan.formulir_alokasi import (
    TRIWULAN,
    BarisAlokasi,
    by_alokasi,
    check_alokasi,
    find_repeated,
)
from realisasi.buku.baca import Kesalahan, open_sheet
from realisasi.buku.kolom_alokasi import KOLOM, Syarat
from realisasi.buku.tabel import PembacaTabel, write_table

LEMBAR = "Alokasi"
PETUNJUK = (
    "Cara mengisi: satu baris satu kegiatan di lembar Alokasi; judul kolom jangan diubah.",
    "Angka ditulis penuh dalam rupiah. Sel berisi rumus dan sel gabungan ditolak.",
    "Sel yang dikosongkan tidak mengubah isian yang sudah tersimpan.",
)


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
    pembaca = PembacaTabel(open_sheet(source, sheet=LEMBAR), KOLOM, syarat, isi="kegiatan")
    rows = [_row(values, number) for number, values in pembaca.read_rows()]
    _check_rows(pembaca, rows, syarat)
    faults = pembaca.faults()
    return IsiFormulir(() if faults else tuple(rows), faults)


def _check_rows(pembaca: PembacaTabel, baris: list[BarisAlokasi], syarat: Syarat) -> None:
    """Faults between rows."""
    found = list(find_repeated(baris))
    for rows in by_alokasi(baris):
        found += check_alokasi(rows, syarat.aturan(rows[0].tahun), complete=pembaca.complete)
    for temuan in found:
        pembaca.fault_in(temuan.nomor, temuan.kolom, temuan.pesan)


def _row(values: dict[str, Any], number: int) -> BarisAlokasi:
    targets = {
        kind: tuple(values.pop(f"{prefix}_tw{ke}", None) for ke in TRIWULAN)
        for prefix, kind in (("target_keu", "target_keuangan"), ("target_fisik", "target_fisik"))
    }
    stated = {name: value for name, value in values.items() if value is not None}
    return BarisAlokasi(**stated, **targets, nomor=number)


def write_template(rows: Iterable[BarisAlokasi], out: Path | str | IO[bytes]) -> None:
    """Write a formulir alokasi, empty or filled with rows, ready to be read back."""
    write_table(LEMBAR, KOLOM, rows, petunjuk=PETUNJUK).save(out)
