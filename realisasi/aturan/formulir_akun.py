"""What the rows of a formulir akun must agree on, among themselves and with the accounts that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from realisasi.aturan.formulir_alokasi import TemuanBaris

PROVINSI = "provinsi"


@dataclass(frozen=True, kw_only=True)
class BarisAkun:
    """One account as the workbook says it should be."""

    username: str
    nama: str
    surel: str
    peran: str
    kode_daerah: str | None = None
    jabatan: str = ""
    telepon: str = ""
    mulai_bertugas: date | None = None
    selesai_bertugas: date | None = None
    nomor: int = field(default=0, compare=False)  # its row in the sheet


@dataclass(frozen=True, kw_only=True)
class AkunLain:
    """What the rows are held against, fetched from the database before."""

    pemilik_surel: Mapping[str, str]  # address in small letters -> username
    pengunggah: str
    peran_pengunggah: str
    hari: date
    peran_daerah: Collection[str]  # the roles that act for a daerah


def check_akun(rows: Iterable[BarisAkun], lain: AkunLain) -> Iterator[TemuanBaris]:
    """Every fault that a single cell does not show."""
    rows = list(rows)
    for row in rows:
        yield from _check_place(row, lain)
        yield from _check_duty(row)
        yield from _check_owner(row, lain)
    yield from _check_repeated(rows, "username")
    yield from _check_repeated(rows, "surel")


def _check_place(row: BarisAkun, lain: AkunLain) -> Iterator[TemuanBaris]:
    kode = row.kode_daerah
    if row.peran not in lain.peran_daerah:
        if kode:
            yield _at(row, "kode_daerah", f"Peran {row.peran} berlaku nasional. Kosongkan kode daerahnya.")
    elif not kode:
        yield _at(row, "kode_daerah", f"Peran {row.peran} harus punya kode daerah, misalnya 32.10.")
    elif row.peran == PROVINSI and "." in kode:
        yield _at(
            row, "kode_daerah", f"{kode} bukan provinsi. Pembina provinsi memakai dua angka, misalnya 32."
        )


def _check_duty(row: BarisAkun) -> Iterator[TemuanBaris]:
    mulai, selesai = row.mulai_bertugas, row.selesai_bertugas
    if mulai and selesai and selesai < mulai:
        yield _at(row, "selesai_bertugas", "Selesai bertugas lebih awal daripada mulai. Periksa keduanya.")


def _check_owner(row: BarisAkun, lain: AkunLain) -> Iterator[TemuanBaris]:
    owner = lain.pemilik_surel.get(row.surel.casefold(), row.username)
    if owner != row.username:
        yield _at(
            row, "surel", f"{row.surel} sudah dipakai akun {owner}. Tiap akun memakai surelnya sendiri."
        )
    if row.username != lain.pengunggah:
        return
    # Whoever uploads the file must not lock the door behind themselves by a slip.
    if row.peran != lain.peran_pengunggah:
        yield _at(row, "peran", "Ini akun Anda sendiri: perannya tidak dapat Anda ubah. Minta admin lain.")
    if row.selesai_bertugas and row.selesai_bertugas < lain.hari:
        yield _at(
            row, "selesai_bertugas", "Ini akun Anda sendiri: masa tugas yang sudah lewat akan menutupnya."
        )


def _check_repeated(rows: list[BarisAkun], kolom: str) -> Iterator[TemuanBaris]:
    """Two rows with one name are two truths; two with one mailbox are a shared account."""
    first: dict[str, int] = {}
    for row in rows:
        value = getattr(row, kolom).casefold()
        if value in first:
            yield _at(row, kolom, f"“{value}” sudah ada di baris {first[value]}. Tiap akun harus berbeda.")
        first.setdefault(value, row.nomor)


def _at(row: BarisAkun, kolom: str, pesan: str) -> TemuanBaris:
    return TemuanBaris(row.nomor, kolom, pesan)
