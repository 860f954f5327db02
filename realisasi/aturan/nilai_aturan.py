"""The value of a rule, by its Satuan: read from what was typed, kept as JSON, shown, and checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from realisasi.aturan import tampilan
from realisasi.aturan.angka import read_bulat, read_persen, read_rupiah
from realisasi.aturan.parameter import TIDAK_ADA, Satuan

TAHUN_KABISAT = 2024  # a day of the month is checked in a leap year, so that 29 February passes
CONTOH_TANGGAL = "Tulis hari/bulan/tahun, misalnya 22/07/2024."
CONTOH_HARI_BULAN = "Tulis hari/bulan, misalnya 31/12."
CONTOH_JAM = "Tulis jam.menit dari 00.00 sampai 23.59, misalnya 17.00."
CONTOH_JEDA = f"Tulis jumlah hari, misalnya 30, atau “{TIDAK_ADA}”."
HIDUP, MATI = "hidup", "mati"


class NilaiSalah(ValueError):
    """A value that cannot be read; `pesan` is meant for the person who typed it."""

    def __init__(self, pesan: str) -> None:
        super().__init__(pesan)
        self.pesan = pesan


def read_nilai(satuan: Satuan, teks: str) -> Any:
    """What a row of this unit stores for a typed text; None when nothing was typed.

    Raises:
        NilaiSalah, AngkaSalah: it cannot be read for sure.
    """
    bare = teks.strip()
    return READ[satuan](bare) if bare else None


def write_nilai(satuan: Satuan, nilai: Any) -> str:
    """The stored value as a page prints it."""
    return WRITE[satuan](nilai)


def fits(satuan: Satuan, nilai: Any) -> bool:
    """Whether a stored value is what its unit says; a row that is not would fail wherever it is read."""
    try:
        return nilai is not None and bool(READ[satuan](WRITE[satuan](nilai)) == nilai)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False


def read_tanggal(teks: str) -> date | None:
    """The day in «22/07/2024», «22-7-2024», «2024-07-22» or «22 Juli 2024»; None if it is none of them."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", teks, flags=re.ASCII):
        return _day(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", teks, flags=re.ASCII):
        return _day(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})\s+(\w+)\s+(\d{4})", teks, flags=re.ASCII):
        return _day(found[3], MONTHS.get(found[2].lower(), 0), found[1])
    return None


MONTHS = {
    short: ke for ke, name in enumerate(tampilan.BULAN, start=1) for short in (name.lower(), name[:3].lower())
}


def _day(tahun: str | int, bulan: str | int, hari: str | int) -> date | None:
    try:
        return date(int(tahun), int(bulan), int(hari))
    except ValueError:
        return None


def _read_persen(teks: str) -> int | str | None:
    found = read_persen(teks)
    if found is None:
        return None
    # A whole percent stays a number; the others are text, since a JSON number would be a float.
    return int(found) if found == int(found) else str(found.normalize())


def _read_tanggal(teks: str) -> str:
    found = read_tanggal(teks)
    if found is None:
        raise NilaiSalah(f"“{teks}” bukan tanggal. {CONTOH_TANGGAL}")
    return found.isoformat()


def _read_hari_bulan(teks: str) -> str:
    found = re.fullmatch(r"(\d{1,2})(?:[/.-](\d{1,2})|\s+([A-Za-z]+))", teks, flags=re.ASCII)
    day = found and _day(TAHUN_KABISAT, found[2] or MONTHS.get(found[3].lower(), 0), found[1])
    if not day:
        raise NilaiSalah(f"“{teks}” bukan hari dan bulan. {CONTOH_HARI_BULAN}")
    return f"{day:%m-%d}"


def _read_jam(teks: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?:\s*WIB)?", teks, flags=re.ASCII | re.IGNORECASE)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise NilaiSalah(f"“{teks}” bukan jam. {CONTOH_JAM}")
    return f"{int(found[1]):02}:{found[2]}"


def _read_jeda(teks: str) -> int | str:
    if teks.lower() == TIDAK_ADA:
        return TIDAK_ADA
    if not re.fullmatch(r"\d{1,4}", teks, flags=re.ASCII):
        raise NilaiSalah(f"“{teks}” bukan jumlah hari. {CONTOH_JEDA}")
    return int(teks)


def _read_saklar(teks: str) -> bool:
    if teks.lower() not in (HIDUP, MATI):
        raise NilaiSalah(f"“{teks}” bukan pilihan. Pilih hidup atau mati.")
    return teks.lower() == HIDUP


def _write_hari_bulan(nilai: str) -> str:
    bulan, hari = nilai.split("-")
    return f"{int(hari)} {tampilan.BULAN[int(bulan) - 1]}"


READ: dict[Satuan, Callable[[str], Any]] = {
    Satuan.RUPIAH: read_rupiah,
    Satuan.PERSEN: _read_persen,
    Satuan.BILANGAN: read_bulat,
    Satuan.TANGGAL: _read_tanggal,
    Satuan.HARI_BULAN: _read_hari_bulan,
    Satuan.JAM: _read_jam,
    Satuan.JEDA: _read_jeda,
    Satuan.SAKLAR: _read_saklar,
}
WRITE: dict[Satuan, Callable[[Any], str]] = {
    Satuan.RUPIAH: tampilan.rp,
    Satuan.PERSEN: lambda nilai: tampilan.desimal(Decimal(str(nilai))) + "%",
    Satuan.BILANGAN: tampilan.rupiah,
    Satuan.TANGGAL: lambda nilai: tampilan.tanggal(date.fromisoformat(nilai)),
    Satuan.HARI_BULAN: _write_hari_bulan,
    Satuan.JAM: lambda nilai: f"{time.fromisoformat(nilai):%H.%M} WIB",
    Satuan.JEDA: str,
    Satuan.SAKLAR: lambda nilai: {True: "Hidup", False: "Mati"}[nilai],
}
