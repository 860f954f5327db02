"""The columns of sheet `Alokasi`: one declaration reads a cell, writes it and explains it in *Petunjuk*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from operator import attrgetter
from typing import Any

from daerah.kode import DaftarKode
from realisasi.aturan.angka import read_bulat, read_desimal, read_persen, read_rupiah
from realisasi.aturan.formulir_alokasi import TRIWULAN, AturanAlokasi, BarisAlokasi
from realisasi.buku.baca import Sel
from realisasi.buku.kolom import PERSEN, TEKS, IsianSalah, Kolom, choice_column, text_column
from realisasi.models import Alokasi, Kegiatan, Komponen, Parameter, Pelaksanaan, Pembayaran, Sentra

TAHUN_PERTAMA = 2016  # the first TA of DAK Bidang IKM in the published series
UANG = "#,##0"


@dataclass(frozen=True)
class Syarat:
    """What the cells are read against; the caller fetched it from the database."""

    kode: DaftarKode
    tahun: range
    aturan: Callable[[int], AturanAlokasi]

    @classmethod
    def load(cls, *, hari: date) -> Syarat:
        """As of a day. An allocation is announced in the autumn before its TA, so that TA may come in too."""
        return cls(DaftarKode.load(), range(TAHUN_PERTAMA, hari.year + 2), cache(partial(_aturan, hari)))


def _aturan(hari: date, tahun: int) -> AturanAlokasi:
    nilai = Parameter.objects.values_of(tahun, hari=max(hari, date(tahun, 1, 1)))
    return AturanAlokasi(toleransi=int(nilai["rk.toleransi"]), pagu_terkecil=int(nilai["pagu.terkecil"]))


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


def _quarter(name: str, ke: int) -> Callable[[BarisAlokasi], Any]:
    return lambda baris: getattr(baris, name)[ke - 1]


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
        attrgetter("kode_daerah"),
        12,
        TEKS,
    ),
    Kolom("tahun", "Tahun anggaran, misalnya 2024.", _tahun, attrgetter("tahun"), 8),
    text_column("tematik", "Tematik DAK.", Alokasi, 28, kosong=True),
    Kolom(
        "pagu",
        "Pagu alokasi (rupiah penuh), sama di setiap baris daerah itu.",
        _uang,
        attrgetter("pagu"),
        18,
        UANG,
    ),
    text_column("sentra", "Nama sentra IKM.", Sentra, 28, field="nama"),
    text_column("komoditas", "Komoditas sentra.", Sentra, 18, kosong=True),
    text_column("menu", "Menu kegiatan.", Kegiatan, 32),
    text_column("rincian", "Rincian kegiatan.", Kegiatan, 40),
    choice_column("komponen", "Komponen, dari daftar pilihan.", Komponen.values, 18),
    text_column("lokasi", "Desa/kelurahan dan kecamatan.", Kegiatan, 28),
    Kolom("volume", "Volume keluaran, lebih dari 0.", _volume, attrgetter("volume"), 10, "#,##0.##"),
    text_column("satuan", "Satuan volume, misalnya unit, m2, paket.", Kegiatan, 10),
    Kolom(
        "penerima_manfaat",
        "Jumlah penerima manfaat.",
        _orang,
        attrgetter("penerima_manfaat"),
        16,
        UANG,
        kosong=True,
    ),
    Kolom("nilai_rk", "Nilai rencana kegiatan (rupiah penuh).", _uang, attrgetter("nilai_rk"), 18, UANG),
    choice_column("pelaksanaan", "Cara pelaksanaan, dari daftar pilihan.", Pelaksanaan.values, 14),
    choice_column("pembayaran", "Metode pembayaran, dari daftar pilihan.", Pembayaran.values, 14),
    text_column("direktorat_pembina", "Direktorat pembina.", Alokasi, 28, wajib=False),
    *_target_columns(),
)
KOLOM_BERNAMA = {kolom.nama: kolom for kolom in KOLOM}
WAJIB = tuple(kolom.nama for kolom in KOLOM if kolom.wajib)
