"""Rows. Callers import from here."""

from realisasi.models.alokasi import (
    Alokasi,
    Bidang,
    Penyaluran,
    Target,
    VersiPagu,
)
from realisasi.models.jadwal import Dispensasi, PeriodeTriwulan, TahunAnggaran
from realisasi.models.kegiatan import (
    KeadaanPaket,
    Kegiatan,
    Komponen,
    KontrakTerdahulu,
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
from realisasi.models.pekerjaan import Denyut, Pekerjaan, Peristiwa
from realisasi.models.rekap import AMOUNTS, RekapTriwulan, RekapWilayah
from realisasi.models.riwayat import KepalaRiwayat, KepalaTersegel, Riwayat, SegelRiwayat

__all__ = [
    "AMOUNTS",
    "Alokasi",
    "BarisLaporan",
    "BarisVersi",
    "Bidang",
    "CatatanSel",
    "Denyut",
    "Dispensasi",
    "KeadaanPaket",
    "Kegiatan",
    "KepalaRiwayat",
    "KepalaTersegel",
    "KodeMasalah",
    "Komponen",
    "KontrakTerdahulu",
    "Laporan",
    "Paket",
    "Parameter",
    "Pekerjaan",
    "Pelaksanaan",
    "Pembayaran",
    "Penyaluran",
    "PeriodeTriwulan",
    "Peristiwa",
    "Posisi",
    "RekapTriwulan",
    "RekapWilayah",
    "Riwayat",
    "SegelRiwayat",
    "Sentra",
    "StatusLaporan",
    "TahunAnggaran",
    "Tanda",
    "Target",
    "VersiLaporan",
    "VersiPagu",
    "VersiRK",
]
