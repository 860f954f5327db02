"""Columns, declared once: tables, workbook, API, dictionary sheet and "Dari mana angka ini?" read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any

from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import WIB


class Satuan(Enum):
    TEKS = ""
    NOMOR = "nomor"  # a number that names something: no thousands, no unit
    BILANGAN = "buah"
    DESIMAL = "volume"
    RUPIAH = "Rp"
    PERSEN = "%"
    POIN = "poin"
    TANGGAL = "tanggal"
    WAKTU = "waktu"


@dataclass(frozen=True)
class Kolom:
    """One column: its outside name, its label on screen and in Excel, its unit and what it means."""

    key: str
    label: str
    satuan: Satuan
    penjelasan: str
    get: Callable[[Any], Any] | None = None
    # Keys of the amounts above and below the line of a rate: what a page states and an analyst checks.
    pecahan: tuple[str, str] | None = None

    def value(self, row: Any) -> Any:
        """The figure as Python has it: int rupiah, Decimal percent, None where there is none."""
        return self.get(row) if self.get else attrgetter(self.key)(row)

    def as_json(self, row: Any) -> Any:
        """As the API gives it: integers, percent as text with two digits, times with offset, null."""
        value = self.value(row)
        if isinstance(value, Decimal):
            return f"{value:.2f}"
        if isinstance(value, datetime):
            return value.astimezone(WIB).isoformat(timespec="seconds")
        return value.isoformat() if isinstance(value, date) else value

    def as_text(self, row: Any) -> str:
        """As a page prints it."""
        return TEXT[self.satuan](self.value(row))

    @property
    def is_number(self) -> bool:
        return self.satuan in {Satuan.BILANGAN, Satuan.DESIMAL, Satuan.RUPIAH, Satuan.PERSEN, Satuan.POIN}


TEXT: dict[Satuan, Callable[[Any], str]] = {
    Satuan.TEKS: lambda value: tampilan.KOSONG if value in (None, "") else str(value),
    Satuan.NOMOR: lambda value: tampilan.KOSONG if value is None else str(value),
    Satuan.BILANGAN: tampilan.rupiah,
    Satuan.DESIMAL: tampilan.desimal,
    Satuan.RUPIAH: tampilan.rupiah,
    Satuan.PERSEN: tampilan.persen,
    Satuan.POIN: tampilan.poin,
    Satuan.TANGGAL: tampilan.tanggal_pendek,
    Satuan.WAKTU: tampilan.waktu_pendek,
}

# Said with each of the three serapan figures: two were published, their formulas were not.
PEMBACAAN = (
    "Untuk TA 2023 kementerian mengumumkan serapan 88,46% dan rata-rata kabupaten/kota 93,23% tanpa rumusnya; "
    "membaca yang pertama sebagai rasio jumlah dan yang kedua sebagai rata-rata sederhana adalah pembacaan kami."
)

T, B, R, P = Satuan.TEKS, Satuan.BILANGAN, Satuan.RUPIAH, Satuan.PERSEN

# The rows of api/v1/serapan/, in the order of the contract.
KOLOM_SERAPAN: tuple[Kolom, ...] = (
    Kolom("tahun", "Tahun anggaran", Satuan.NOMOR, "Tahun anggaran (TA)."),
    Kolom("triwulan", "Triwulan", Satuan.NOMOR, "Triwulan I sampai IV; angka kumulatif sampai akhir triwulan."),
    Kolom("tingkat", "Tingkat", T, "nasional, provinsi (Wilayah, jumlah pemerintah provinsi dan kab/kota) atau daerah (penerima)."),
    Kolom("kode", "Kode", T, "Kode Kemendagri (teks); nasional 00."),
    Kolom("nama", "Nama", T, "Nama wilayah atau penerima."),
    Kolom("posisi", "Posisi", T, "final: hanya laporan terverifikasi; sementara: juga yang sedang diajukan."),
    Kolom("jumlah_daerah", "Jumlah daerah", B, "Penerima alokasi dalam cakupan."),
    Kolom("jumlah_daerah_lapor", "Daerah lapor", B, "Daerah yang laporannya untuk triwulan ini dihitung."),
    Kolom("jumlah_dibawa", "Daerah dengan angka dibawa", B, "Daerah yang memakai angka triwulan sebelumnya dalam TA yang sama."),
    Kolom("pagu", "Pagu", R, "Alokasi menurut APBN, versi yang berlaku pada akhir triwulan; basis selalu seluruh pagu cakupan."),
    Kolom("pagu_lapor", "Pagu daerah lapor", R, "Pagu daerah yang melaporkan triwulan ini."),
    Kolom("nilai_rk", "Nilai RK", R, "Rencana kegiatan yang disepakati daerah dan K/L (KRISNA)."),
    Kolom("nilai_kontrak", "Nilai kontrak", R, "Kontrak, surat pesanan atau swakelola yang sudah ditandatangani (OMSPAN, SPSE)."),
    Kolom("penyaluran", "Penyaluran ke RKUD", R, "SP2D KPPN: uang masuk ke rekening kas umum daerah (OMSPAN)."),
    Kolom("realisasi_keuangan", "Penyerapan", R, "Realisasi keuangan: SP2D daerah, uang keluar dari RKUD ke penyedia (buku daerah)."),
    Kolom("serapan", "Serapan (terhadap pagu)", P, "Penyerapan dibagi pagu; untuk wilayah dan nasional jumlah dibagi jumlah seluruh penerima, bukan rata-rata.", pecahan=("realisasi_keuangan", "pagu")),
    Kolom("serapan_kontrak", "Serapan terhadap kontrak", P, "Penyerapan dibagi nilai kontrak.", pecahan=("realisasi_keuangan", "nilai_kontrak")),
    Kolom("serapan_diterima", "Serapan dana diterima", P, "Penyerapan dibagi penyaluran; syarat Tahap Penyaluran II dan III.", pecahan=("realisasi_keuangan", "penyaluran")),
    Kolom("progres_fisik", "Progres fisik", P, "Jumlah (bobot x progres) dibagi jumlah bobot; bobot = nilai kontrak, atau nilai RK sebelum kontrak (pembacaan kami)."),
    Kolom("serapan_kab_kota", "Serapan kabupaten/kota (tertimbang)", P, f"Jumlah penyerapan kab/kota dibagi jumlah pagu kab/kota, tanpa pemerintah provinsi. {PEMBACAAN}", pecahan=("realisasi_kab_kota", "pagu_kab_kota")),
    Kolom("rata_rata_kab_kota", "Rata-rata serapan kabupaten/kota", P, f"Rata-rata sederhana serapan kab/kota; yang belum pernah lapor pada TA ini tidak ikut. {PEMBACAAN}"),
    Kolom("dihitung_pada", "Dihitung pada", Satuan.WAKTU, "Saat angka ini mulai berlaku."),
)  # fmt: skip

# Further amounts and rates of the same rows; pages and workbook show them, the API's row keeps its contract.
KOLOM_RASIO: tuple[Kolom, ...] = (
    Kolom("pagu_kab_kota", "Pagu kab/kota", R, "Pagu penerima kabupaten dan kota dalam cakupan."),
    Kolom("realisasi_kab_kota", "Penyerapan kab/kota", R, "Penyerapan penerima kabupaten dan kota dalam cakupan."),
    Kolom("rk_pagu", "RK terhadap pagu", P, "Nilai RK dibagi pagu.", pecahan=("nilai_rk", "pagu")),
    Kolom("kontrak_pagu", "Kontrak terhadap pagu", P, "Nilai kontrak dibagi pagu.", pecahan=("nilai_kontrak", "pagu")),
    Kolom("penyaluran_pagu", "Penyaluran terhadap pagu", P, "Penyaluran dibagi pagu.", pecahan=("penyaluran", "pagu")),
    Kolom("penyaluran_rk", "Penyaluran terhadap RK", P, "Penyaluran dibagi nilai RK.", pecahan=("penyaluran", "nilai_rk")),
    Kolom("penyaluran_kontrak", "Penyaluran terhadap kontrak", P, "Penyaluran dibagi nilai kontrak.", pecahan=("penyaluran", "nilai_kontrak")),
    Kolom("capaian_keluaran", "Capaian keluaran", P, "Volume selesai dibagi volume target per kegiatan, paling tinggi 100%, ditimbang seperti progres fisik (belum dipastikan)."),
    Kolom("target_keuangan", "Target keuangan", R, "Target kumulatif triwulan ini."),
    Kolom("capaian_target_keuangan", "Capaian target keuangan", P, "Penyerapan dibagi target keuangan triwulan ini.", pecahan=("realisasi_keuangan", "target_keuangan")),
    Kolom("target_fisik", "Target fisik", P, "Target progres fisik kumulatif, ditimbang."),
    Kolom("capaian_target_fisik", "Capaian target fisik", P, "Progres fisik dibagi target fisik."),
    Kolom("deviasi_fisik", "Deviasi fisik", Satuan.POIN, "Progres fisik dikurangi target fisik."),
    Kolom("sisa_kas", "Sisa DAK di RKUD", R, "Penyaluran dikurangi penyerapan; minus berarti daerah menalangi."),
)  # fmt: skip

KOLOM_WILAYAH = (*KOLOM_SERAPAN, *KOLOM_RASIO)

KOLOM_DAERAH: tuple[Kolom, ...] = (
    Kolom("kode", "Kode", T, "Kode Kemendagri."),
    Kolom("nama", "Nama", T, "Nama tanpa awalan."),
    Kolom("nama_lengkap", "Nama lengkap", T, "Nama sebagai penerima."),
    Kolom("jenis", "Jenis", T, "provinsi, kabupaten atau kota."),
    Kolom("kode_provinsi", "Kode provinsi", T, "Kode Kemendagri provinsinya."),
    Kolom("zona_waktu", "Zona waktu", T, "WIB, WITA atau WIT."),
    Kolom("kode_bps", "Kode BPS", T, "Kode BPS."),
    Kolom("kode_lama", "Kode lama", T, "Kode sebelum pemekaran 2022, bila berbeda."),
)

# One row a paket: planning, contract, realisation. A kegiatan's row is the sum of its paket.
_DAERAH = (
    Kolom("tahun", "Tahun anggaran", Satuan.NOMOR, "Tahun anggaran (TA)."),
    Kolom("triwulan", "Triwulan", Satuan.NOMOR, "Triwulan; angka kumulatif."),
    Kolom("kode", "Kode daerah", T, "Kode Kemendagri penerima."),
    Kolom("nama", "Daerah", T, "Penerima alokasi."),
    Kolom("posisi", "Posisi", T, "final atau sementara."),
    Kolom("asal", "Asal angka", T, "Triwulan laporan yang dipakai; kosong bila belum pernah lapor."),
    Kolom("sentra", "Sentra", T, "Sentra IKM."),
    Kolom("menu", "Menu kegiatan", T, "Menu kegiatan RK."),
    Kolom("rincian", "Rincian kegiatan", T, "Rincian kegiatan RK."),
    Kolom("komponen", "Komponen", T, "Komponen sentra."),
    Kolom("lokasi", "Lokasi", T, "Lokasi kegiatan."),
    Kolom("volume", "Volume", Satuan.DESIMAL, "Volume target; volume bersatuan berbeda tidak dijumlahkan."),
    Kolom("satuan", "Satuan", T, "Satuan volume."),
    Kolom("penerima_manfaat", "Penerima manfaat", B, "Jumlah penerima manfaat."),
    Kolom("pelaksanaan", "Pelaksanaan", T, "swakelola atau kontraktual."),
    Kolom("pembayaran", "Metode pembayaran", T, "sekaligus atau bertahap."),
    Kolom("nilai_rk", "Nilai RK", R, "Nilai RK yang berlaku pada akhir triwulan."),
    Kolom("nilai_kontrak", "Nilai kontrak", R, "Kontrak yang sudah ditandatangani pada akhir triwulan."),
)  # fmt: skip
_REALISASI = (
    Kolom("realisasi_keuangan", "Realisasi keuangan", R, "SP2D daerah kumulatif."),
    Kolom("persen_keuangan", "Keuangan terhadap RK", P, "Realisasi keuangan dibagi nilai RK."),
    Kolom("volume_selesai", "Volume selesai", Satuan.DESIMAL, "Keluaran yang sudah diserahkan."),
    Kolom("persen_volume", "Volume selesai terhadap volume", P, "Volume selesai dibagi volume."),
    Kolom("progres_fisik", "Progres fisik", P, "Kemajuan pekerjaan menurut laporan."),
)
KOLOM_KEGIATAN: tuple[Kolom, ...] = (*_DAERAH, *_REALISASI)
KOLOM_PAKET: tuple[Kolom, ...] = (
    *_DAERAH,
    Kolom("paket", "Paket", T, "Paket pengadaan."),
    Kolom("metode", "Metode pengadaan", T, "Cara pengadaan."),
    Kolom("penyedia", "Penyedia", T, "Penyedia atau pelaksana."),
    Kolom("nomor_kontrak", "Nomor kontrak", T, "Nomor kontrak atau surat pesanan."),
    Kolom("tanggal_kontrak", "Tanggal kontrak", Satuan.TANGGAL, "Tanggal tanda tangan."),
    Kolom("mulai", "Mulai", Satuan.TANGGAL, "Mulai kerja."),
    Kolom("selesai", "Selesai menurut kontrak", Satuan.TANGGAL, "Akhir kontrak."),
    Kolom("tanggal_bast", "BAST", Satuan.TANGGAL, "Berita acara serah terima."),
    *_REALISASI,
    Kolom("kode_masalah", "Kode masalah", Satuan.NOMOR, "Kodefikasi masalah 1 sampai 11."),
    Kolom("penjelasan", "Penjelasan masalah", T, "Penjelasan masalah."),
)


def kolom(daftar: tuple[Kolom, ...], *keys: str) -> tuple[Kolom, ...]:
    """Some columns of a list, in the order asked for."""
    by_key = {column.key: column for column in daftar}
    return tuple(by_key[key] for key in keys)
