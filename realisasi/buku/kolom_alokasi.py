"""The columns of sheet `Alokasi`: one declaration reads a cell, writes it and explains it in *Petunjuk*."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from daerah.kode import DaftarKode
from realisasi.aturan.angka import read_bulat, read_desimal, read_persen, read_rupiah
from realisasi.aturan.formulir_alokasi import TRIWULAN, AturanAlokasi, BarisAlokasi
from realisasi.buku.baca import Sel
from realisasi.models import Alokasi, Kegiatan, Komponen, Pelaksanaan, Pembayaran, Sentra

TEKS, UANG, PERSEN = "@", "#,##0", "0.00"


@dataclass(frozen=True)
class Syarat:
    """What the cells are read against; the caller fetched it from the database."""

    kode: DaftarKode
    tahun: range
    aturan: Callable[[int], AturanAlokasi]


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
    baca: Callable[[Sel, Syarat], Any]
    nilai: Callable[[BarisAlokasi], Any]
    lebar: int = 14
    format: str = "General"
    kosong: bool = False  # a cell may be empty
    wajib: bool = True  # the column must be there
    pilihan: tuple[str, ...] = ()

    def read(self, cell: Sel | None, syarat: Syarat) -> Any:
        """The value of a cell; None when it is empty and may be.

        Raises:
            ValueError: IsianSalah, AngkaSalah or KodeSalah, each with its `pesan`.
        """
        value = None if cell is None else self._read_filled(cell, syarat)
        if value in (None, "") and self.wajib and not self.kosong:
            raise IsianSalah(f"Kolom {self.nama} kosong. Isi: {self.arti}")
        return value

    def _read_filled(self, cell: Sel, syarat: Syarat) -> Any:
        if cell.masalah:
            raise IsianSalah(cell.masalah)
        if cell.persen and self.format != PERSEN:
            raise IsianSalah(
                "Sel berformat persen di kolom yang bukan persen. Ubah formatnya, periksa angkanya."
            )
        return self.baca(cell, syarat)


def _text(cell: Sel, syarat: Syarat, *, most: int) -> str:
    if not isinstance(cell.nilai, str):
        raise IsianSalah(
            f"“{cell.nilai}” berupa angka atau tanggal, padahal harus teks. Format sel sebagai Teks."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in cell.nilai).split())
    if len(text) > most:
        raise IsianSalah(f"Teks sepanjang {len(text)} huruf, paling banyak {most}. Ringkas isinya.")
    return text


def _choice(cell: Sel, syarat: Syarat, *, choices: Sequence[str]) -> str:
    text = re.sub(r"\s*/\s*", "/", " ".join(str(cell.nilai).split())).casefold()
    for choice in choices:
        if choice.casefold() == text:
            return choice
    raise IsianSalah(f"“{str(cell.nilai)[:40]}” tidak dikenal. Pilih salah satu: {', '.join(choices)}.")


def _kode(cell: Sel, syarat: Syarat) -> str:
    return syarat.kode.recipient(cell.nilai).kode


def _tahun(cell: Sel, syarat: Syarat) -> int:
    tahun = read_bulat(cell.nilai)
    if tahun not in syarat.tahun:
        raise IsianSalah(
            f"“{cell.nilai}” bukan tahun anggaran yang dapat dimuat. "
            f"Isi {syarat.tahun[0]} sampai {syarat.tahun[-1]}."
        )
    return tahun


def _uang(cell: Sel, syarat: Syarat) -> int | None:
    return read_rupiah(cell.nilai)


def _volume(cell: Sel, syarat: Syarat) -> Decimal:
    volume = read_desimal(cell.nilai)
    if not volume or volume >= 10**12:
        raise IsianSalah(f"Volume “{cell.nilai}” tidak wajar. Isi angka lebih dari 0, misalnya 1 atau 12,5.")
    return volume


def _orang(cell: Sel, syarat: Syarat) -> int | None:
    orang = read_bulat(cell.nilai)
    if orang is not None and orang >= 10**9:
        raise IsianSalah(f"Penerima manfaat “{cell.nilai}” tidak wajar. Isi jumlah orang, misalnya 120.")
    return orang


def _persen(cell: Sel, syarat: Syarat) -> Decimal | None:
    if cell.persen and isinstance(cell.nilai, int | float):
        # Shown as 72,5%, Excel keeps 0.725: what the sender saw is meant.
        return read_persen(Decimal(repr(cell.nilai)) * 100)
    return read_persen(cell.nilai)


def _own(name: str) -> Callable[[BarisAlokasi], Any]:
    return lambda baris: getattr(baris, name)


def _quarter(name: str, ke: int) -> Callable[[BarisAlokasi], Any]:
    return lambda baris: getattr(baris, name)[ke - 1]


def _text_column(
    nama: str, arti: str, model: type[Any], lebar: int, *, field: str = "", **kwargs: Any
) -> Kolom:
    most = model._meta.get_field(field or nama).max_length
    return Kolom(nama, arti, partial(_text, most=most), _own(nama), lebar, TEKS, **kwargs)


def _choice_column(nama: str, arti: str, choices: Sequence[str], lebar: int) -> Kolom:
    return Kolom(
        nama, arti, partial(_choice, choices=choices), _own(nama), lebar, TEKS, pilihan=tuple(choices)
    )


def _target_columns() -> list[Kolom]:
    keuangan = [
        Kolom(
            f"target_keu_tw{ke}", f"Target keuangan kumulatif s.d. TW {ke} (rupiah penuh).",
            _uang, _quarter("target_keuangan", ke), 18, UANG, wajib=False,
        )
        for ke in TRIWULAN
    ]  # fmt: skip
    fisik = [
        Kolom(
            f"target_fisik_tw{ke}", f"Target progres fisik kumulatif s.d. TW {ke} (0–100).",
            _persen, _quarter("target_fisik", ke), 16, PERSEN, wajib=False,
        )
        for ke in TRIWULAN
    ]  # fmt: skip
    return keuangan + fisik


KOLOM: tuple[Kolom, ...] = (
    Kolom(
        "kode_daerah",
        "Kode Kemendagri sebagai teks: 32.10, provinsi 32.",
        _kode,
        _own("kode_daerah"),
        12,
        TEKS,
    ),
    Kolom("tahun", "Tahun anggaran, misalnya 2024.", _tahun, _own("tahun"), 8),
    _text_column("tematik", "Tematik DAK.", Alokasi, 28, kosong=True),
    Kolom(
        "pagu", "Pagu alokasi (rupiah penuh), sama di setiap baris daerah itu.", _uang, _own("pagu"), 18, UANG
    ),
    _text_column("sentra", "Nama sentra IKM.", Sentra, 28, field="nama"),
    _text_column("komoditas", "Komoditas sentra.", Sentra, 18, kosong=True),
    _text_column("menu", "Menu kegiatan.", Kegiatan, 32),
    _text_column("rincian", "Rincian kegiatan.", Kegiatan, 40),
    _choice_column("komponen", "Komponen, dari daftar pilihan.", Komponen.values, 18),
    _text_column("lokasi", "Desa/kelurahan dan kecamatan.", Kegiatan, 28),
    Kolom("volume", "Volume keluaran, lebih dari 0.", _volume, _own("volume"), 10, "#,##0.##"),
    _text_column("satuan", "Satuan volume, misalnya unit, m2, paket.", Kegiatan, 10),
    Kolom(
        "penerima_manfaat",
        "Jumlah penerima manfaat.",
        _orang,
        _own("penerima_manfaat"),
        16,
        UANG,
        kosong=True,
    ),
    Kolom("nilai_rk", "Nilai rencana kegiatan (rupiah penuh).", _uang, _own("nilai_rk"), 18, UANG),
    _choice_column("pelaksanaan", "Cara pelaksanaan, dari daftar pilihan.", Pelaksanaan.values, 14),
    _choice_column("pembayaran", "Metode pembayaran, dari daftar pilihan.", Pembayaran.values, 14),
    _text_column("direktorat_pembina", "Direktorat pembina.", Alokasi, 28, wajib=False),
    *_target_columns(),
)
KOLOM_BERNAMA = {kolom.nama: kolom for kolom in KOLOM}
WAJIB = tuple(kolom.nama for kolom in KOLOM if kolom.wajib)
