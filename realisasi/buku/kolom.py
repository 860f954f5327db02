"""A column of a workbook form: one declaration reads a cell, writes it and explains it in *Petunjuk*."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from realisasi.buku.baca import Sel

TEKS, PERSEN = "@", "0.00"


class IsianSalah(ValueError):
    """A cell whose content does not fit its column."""

    def __init__(self, pesan: str) -> None:
        super().__init__(pesan)
        self.pesan = pesan


@dataclass(frozen=True)
class Kolom:
    """One column: its name, what to write in it, how a cell is read, how it looks in a new form."""

    nama: str
    arti: str
    # The second argument is what the form's cells are read against, fetched from the database before.
    baca: Callable[[Sel, Any], Any]
    nilai: Callable[[Any], Any]
    lebar: int = 14
    format: str = "General"
    kosong: bool = False  # a cell may be empty
    wajib: bool = True  # the column must be there
    pilihan: tuple[str, ...] = ()

    def read(self, cell: Sel | None, syarat: Any) -> Any:
        """The value of a cell; None when it is empty and may be.

        Raises:
            ValueError: IsianSalah, AngkaSalah or KodeSalah, each with its `pesan`.
        """
        value = None if cell is None else self._read_filled(cell, syarat)
        if value in (None, "") and self.wajib and not self.kosong:
            raise IsianSalah(f"Kolom {self.nama} kosong. Isi: {self.arti}")
        return value

    def _read_filled(self, cell: Sel, syarat: Any) -> Any:
        if cell.masalah:
            raise IsianSalah(cell.masalah)
        if cell.persen and self.format != PERSEN:
            raise IsianSalah(
                "Sel berformat persen di kolom yang bukan persen. Ubah formatnya, periksa angkanya."
            )
        return self.baca(cell, syarat)


def read_text(cell: Sel, syarat: Any, *, most: int) -> str:
    if not isinstance(cell.nilai, str):
        raise IsianSalah(
            f"“{cell.nilai}” berupa angka atau tanggal, padahal harus teks. Format sel sebagai Teks."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in cell.nilai).split())
    if len(text) > most:
        raise IsianSalah(f"Teks sepanjang {len(text)} huruf, paling banyak {most}. Ringkas isinya.")
    return text


def _choice(cell: Sel, syarat: Any, *, choices: Sequence[str]) -> str:
    text = re.sub(r"\s*/\s*", "/", " ".join(str(cell.nilai).split())).casefold()
    for choice in choices:
        if choice.casefold() == text:
            return choice
    raise IsianSalah(f"“{str(cell.nilai)[:40]}” tidak dikenal. Pilih salah satu: {', '.join(choices)}.")


def text_column(
    nama: str, arti: str, model: type[Any], lebar: int, *, field: str = "", **kwargs: Any
) -> Kolom:
    """A text as long as the field of a model allows; the field has the name of the column or `field`."""
    most = model._meta.get_field(field or nama).max_length
    return Kolom(nama, arti, partial(read_text, most=most), attrgetter(nama), lebar, TEKS, **kwargs)


def choice_column(nama: str, arti: str, choices: Sequence[str], lebar: int) -> Kolom:
    reader = partial(_choice, choices=choices)
    return Kolom(nama, arti, reader, attrgetter(nama), lebar, TEKS, pilihan=tuple(choices))
