"""The formulir akun: sheet `Akun`, one row an account, read into rows or into a list of all its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from daerah.cakupan import Peran
from daerah.kode import DaftarKode
from daerah.models import Pengguna
from realisasi.aturan.formulir_akun import AkunLain, BarisAkun, check_akun
from realisasi.buku.baca import Kesalahan, Sel, open_sheet
from realisasi.buku.kolom import TEKS, IsianSalah, Kolom, choice_column, read_text, text_column
from realisasi.buku.penjaga import Batas
from realisasi.buku.tabel import BARIS_TERAKHIR, PembacaTabel, write_table

LEMBAR = "Akun"
TANGGAL = "dd/mm/yyyy"
PETUNJUK = (
    "Cara mengisi: satu baris satu akun di lembar Akun; judul kolom jangan diubah.",
    "Kode daerah dan telepon ditulis sebagai teks, supaya angka nol tidak hilang.",
    "Akun yang sudah ada diperbarui menurut baris ini; sel kosong mengosongkan isiannya.",
    "Akun baru menerima tautan aktivasi lewat surel. Akun tidak pernah dihapus lewat berkas ini.",
)
# Who can sign in by the name of a person or an office; `sistem` belongs to the commands.
PERAN = tuple(peran for peran in Peran.values if peran != Peran.SISTEM)


@dataclass(frozen=True)
class SyaratAkun:
    """What the cells and rows are read against; the caller fetched it from the database."""

    kode: DaftarKode
    lain: AkunLain


@dataclass(frozen=True)
class IsiAkun:
    """A formulir akun as read: either rows or faults, never both."""

    baris: tuple[BarisAkun, ...]
    kesalahan: tuple[Kesalahan, ...]


def _username(cell: Sel, syarat: SyaratAkun) -> str:
    username = read_text(cell, syarat, most=150)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,}", username, flags=re.ASCII):
        raise IsianSalah(
            f"“{username[:40]}” tidak dapat dipakai. Tulis huruf kecil, angka, titik, garis bawah atau "
            "tanda hubung, sedikitnya tiga, misalnya operator.32.10."
        )
    if username == Peran.SISTEM:
        raise IsianSalah("Nama “sistem” dipakai oleh aplikasi sendiri. Pilih nama lain.")
    return username


def _surel(cell: Sel, syarat: SyaratAkun) -> str:
    surel = read_text(cell, syarat, most=254)
    try:
        validate_email(surel)
    except ValidationError as exc:
        raise IsianSalah(
            f"“{surel[:40]}” bukan alamat surel. Tulis lengkap, misalnya nama@contoh.go.id."
        ) from exc
    return surel


def _kode(cell: Sel, syarat: SyaratAkun) -> str:
    return syarat.kode.recipient(cell.nilai).kode


def _telepon(cell: Sel, syarat: SyaratAkun) -> str:
    telepon = read_text(cell, syarat, most=20)
    if not re.fullmatch(r"\+?[0-9][0-9 ()-]{5,}", telepon, flags=re.ASCII):
        raise IsianSalah(f"“{telepon}” bukan nomor telepon. Tulis sebagai teks, misalnya 0812-3456-7890.")
    return telepon


def _tanggal(cell: Sel, syarat: SyaratAkun) -> date:
    """A date cell, or a text whose order of day, month and year cannot be mistaken."""
    if isinstance(cell.nilai, datetime | date):
        return cell.nilai.date() if isinstance(cell.nilai, datetime) else cell.nilai
    text = str(cell.nilai).strip()
    for pattern, order in ((r"(\d{4})-(\d\d)-(\d\d)", (1, 2, 3)), (r"(\d\d?)/(\d\d?)/(\d{4})", (3, 2, 1))):
        if found := re.fullmatch(pattern, text, flags=re.ASCII):
            return _date(*(int(found[part]) for part in order), text=text)
    raise _bukan_tanggal(text)


def _date(year: int, month: int, day: int, *, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as exc:
        raise _bukan_tanggal(text) from exc


def _bukan_tanggal(text: str) -> IsianSalah:
    return IsianSalah(f"“{text[:30]}” bukan tanggal. Tulis hari/bulan/tahun, misalnya 31/12/2024.")


def _date_column(nama: str, arti: str) -> Kolom:
    return Kolom(nama, arti, _tanggal, attrgetter(nama), 16, TANGGAL, kosong=True)


def _teks(
    nama: str, arti: str, baca: Callable[[Sel, Any], Any], lebar: int, *, kosong: bool = False
) -> Kolom:
    return Kolom(nama, arti, baca, attrgetter(nama), lebar, TEKS, kosong=kosong)


KOLOM: tuple[Kolom, ...] = (
    _teks("username", "Nama pengguna, huruf kecil, misalnya operator.32.10.", _username, 22),
    text_column("nama", "Nama lengkap pemegang akun.", Pengguna, 30, field="first_name"),
    _teks("surel", "Alamat surel dinas pemegang akun.", _surel, 32),
    choice_column("peran", "Peran, dari daftar pilihan.", PERAN, 14),
    _teks("kode_daerah", "Kode Kemendagri untuk peran daerah dan provinsi: 32.10.", _kode, 12, kosong=True),
    text_column("jabatan", "Jabatan.", Pengguna, 28, kosong=True),
    _teks("telepon", "Nomor telepon sebagai teks.", _telepon, 18, kosong=True),
    _date_column("mulai_bertugas", "Hari pertama bertugas."),
    _date_column("selesai_bertugas", "Hari terakhir bertugas; kosong bila belum ditentukan."),
)


def read_formulir(source: Path | str | IO[bytes], *, syarat: SyaratAkun) -> IsiAkun:
    """Read an uploaded formulir akun; every fault that can be told is told at once.

    Raises:
        BukuDitolak: when the file cannot be read as a workbook at all.
    """
    lembar = open_sheet(source, sheet=LEMBAR, limits=Batas(baris=BARIS_TERAKHIR))
    pembaca = PembacaTabel(lembar, KOLOM, syarat, isi="akun")
    rows = [_row(values, number) for number, values in pembaca.read_rows()]
    for temuan in check_akun(rows, syarat.lain):
        pembaca.fault_in(temuan.nomor, temuan.kolom, temuan.pesan)
    faults = pembaca.faults()
    return IsiAkun(() if faults else tuple(rows), faults)


def _row(values: dict[str, Any], number: int) -> BarisAkun:
    stated = {name: value for name, value in values.items() if value is not None}
    return BarisAkun(**stated, nomor=number)


def write_template(rows: Iterable[BarisAkun], out: Path | str | IO[bytes]) -> None:
    """Write a formulir akun, empty or filled with rows, ready to be read back."""
    write_table(LEMBAR, KOLOM, rows, petunjuk=PETUNJUK).save(out)
