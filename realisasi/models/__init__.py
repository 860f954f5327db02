"""Rows. Callers import from here."""

from realisasi.models.alokasi import (
    Alokasi,
    Bidang,
    Penyaluran,
    PeriodeTriwulan,
    TahunAnggaran,
    Target,
    VersiPagu,
)
from realisasi.models.kegiatan import (
    KeadaanPaket,
    Kegiatan,
    Komponen,
    Paket,
    Pelaksanaan,
    Pembayaran,
    Sentra,
    VersiRK,
)
from realisasi.models.laporan import (
    BarisLaporan,
    BarisVersi,
    CatatanSel,
    KodeMasalah,
    Laporan,
    Posisi,
    StatusLaporan,
    VersiLaporan,
)
from realisasi.models.parameter import Parameter, Tanda
from realisasi.models.pekerjaan import Peristiwa
from realisasi.models.rekap import AMOUNTS, RekapTriwulan, RekapWilayah
from realisasi.models.riwayat import Riwayat

__all__ = [
    "AMOUNTS",
    "Alokasi",
    "BarisLaporan",
    "BarisVersi",
    "Bidang",
    "CatatanSel",
    "KeadaanPaket",
    "Kegiatan",
    "KodeMasalah",
    "Komponen",
    "Laporan",
    "Paket",
    "Parameter",
    "Pelaksanaan",
    "Pembayaran",
    "Penyaluran",
    "PeriodeTriwulan",
    "Peristiwa",
    "Posisi",
    "RekapTriwulan",
    "RekapWilayah",
    "Riwayat",
    "Sentra",
    "StatusLaporan",
    "TahunAnggaran",
    "Tanda",
    "Target",
    "VersiLaporan",
    "VersiPagu",
    "VersiRK",
]
