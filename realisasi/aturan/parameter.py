"""Names of the rules that Parameter rows hold, with their unit and meaning (page *Aturan dan Sumber*)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from realisasi.aturan.pemeriksaan import Batas
from realisasi.aturan.triwulan import Jadwal, Triwulan


class Satuan(Enum):
    """How a value is written in the row (JSON), read and shown."""

    RUPIAH = "rupiah"
    PERSEN = "persen"
    BILANGAN = "bilangan"
    TANGGAL = "tanggal"
    HARI_BULAN = "hari_bulan"
    JAM = "jam"
    JEDA = "jeda"  # days, or TIDAK_ADA
    SAKLAR = "saklar"


# Of a JEDA: the rule sets nothing.
TIDAK_ADA = "tidak ada"


@dataclass(frozen=True)
class Aturan:
    """One kind of rule."""

    kunci: str
    label: str
    satuan: Satuan
    penjelasan: str


ATURAN: dict[str, Aturan] = {
    rule.kunci: rule
    for rule in (
        Aturan("lapor.hari", "Tenggat laporan triwulan", Satuan.BILANGAN, "Hari sesudah akhir triwulan."),
        Aturan("lapor.jam", "Jam tenggat laporan", Satuan.JAM, "Waktu WIB."),
        Aturan("lapor.dibuka", "Pembukaan masa lapor", Satuan.JEDA, "Hari sesudah akhir triwulan, pukul 00.00 WIB, paling lambat sehari sebelum tenggat. Tidak ada: sejak hari pertama triwulan."),
        Aturan("lapor.batas", "Batas lapor", Satuan.JEDA, "Hari sesudah akhir triwulan, pada jam tenggat, tidak pernah sebelum tenggat. Sesudahnya laporan terkunci tanpa dispensasi. Tidak ada: terlambat pun diterima sampai triwulan ditutup."),
        Aturan("lapor.wajib_penyetuju", "Pengajuan hanya oleh penyetuju", Satuan.SAKLAR, "Mati: operator boleh mengajukan."),
        Aturan("periksa.selisih_fisik_keuangan", "Selisih fisik dan keuangan", Satuan.PERSEN, "Poin persen; di atasnya diminta alasan."),
        Aturan("periksa.faktor_ribuan", "Dugaan salah satuan", Satuan.BILANGAN, "Realisasi dikali angka ini masih di bawah kontrak: diduga ribuan."),
        Aturan("periksa.akhir_kontrak", "Akhir kontrak terlambat", Satuan.HARI_BULAN, "Kontrak yang berakhir sesudahnya diminta alasan."),
        Aturan("rk.toleransi", "Toleransi RK di atas pagu", Satuan.RUPIAH, "Pembulatan; di atasnya formulir alokasi ditolak."),
        Aturan("pagu.terkecil", "Pagu terkecil yang wajar", Satuan.RUPIAH, "Lebih kecil diduga ditulis dalam ribuan; formulir alokasi ditolak."),
        Aturan("penunjang.maksimal", "Biaya penunjang paling banyak", Satuan.PERSEN, "Persen pagu."),
        Aturan("salur.pagu_sekaligus", "Pagu yang disalurkan sekaligus", Satuan.RUPIAH, "Sampai dengan jumlah ini: sekaligus menurut kontrak."),
        Aturan("salur.basis_rk", "Basis penyaluran nilai RK", Satuan.SAKLAR, "Hidup: nilai RK bertahap; mati: pagu bertahap."),
        Aturan("salur.uji_nilai_kontrak", "Uji terhadap nilai kontrak", Satuan.SAKLAR, "Mati: 25% dan 45% dari basis tanpa uji."),
        Aturan("salur.tahap_1", "Besar Tahap Penyaluran I", Satuan.PERSEN, "Persen basis."),
        Aturan("salur.tahap_2", "Besar Tahap Penyaluran II", Satuan.PERSEN, "Persen basis."),
        Aturan("syarat.serapan_tahap_2", "Serapan dana diterima untuk Tahap Penyaluran II", Satuan.PERSEN, "Paling sedikit."),
        Aturan("syarat.serapan_tahap_3", "Serapan dana diterima untuk Tahap Penyaluran III", Satuan.PERSEN, "Paling sedikit, dari tahap I dan II."),
        Aturan("syarat.keluaran_tahap_3", "Capaian keluaran untuk Tahap Penyaluran III", Satuan.PERSEN, "Paling sedikit."),
        Aturan("batas.tahap_1", "Batas Tahap Penyaluran I", Satuan.TANGGAL, "Hari terakhir dokumen diterima KPPN."),
        Aturan("batas.tahap_2", "Batas Tahap Penyaluran II", Satuan.TANGGAL, "Hari terakhir dokumen diterima KPPN."),
        Aturan("batas.tahap_3", "Batas Tahap Penyaluran III", Satuan.TANGGAL, "Hari terakhir dokumen diterima KPPN."),
        Aturan("batas.bast", "Batas sekaligus menurut BAST", Satuan.TANGGAL, "Hari terakhir dokumen diterima KPPN."),
        Aturan("batas.jam", "Jam batas penyaluran", Satuan.JAM, "Waktu WIB."),
        Aturan("warna.deviasi_kuning", "Deviasi kuning sampai", Satuan.PERSEN, "Poin di bawah target; lebih rendah lagi merah."),
    )
}  # fmt: skip


def batas_pemeriksaan(nilai: Mapping[str, Any], tahun: int) -> Batas:
    """The limits of the checks on a report, from the rows of one TA."""
    return Batas(
        selisih_fisik_keuangan=Decimal(str(nilai["periksa.selisih_fisik_keuangan"])),
        faktor_ribuan=int(nilai["periksa.faktor_ribuan"]),
        akhir_kontrak=date.fromisoformat(f"{tahun}-{nilai['periksa.akhir_kontrak']}"),
    )


def batas_deviasi(nilai: Mapping[str, Any]) -> Decimal:
    """How many points below its target a figure is still yellow, not red."""
    return Decimal(str(nilai["warna.deviasi_kuning"]))


# The rules from which the schedule of a quarter is made, and the longest time that one of them may span.
ATURAN_JADWAL = ("lapor.hari", "lapor.jam", "lapor.dibuka", "lapor.batas")
HARI_TERBANYAK = 366


def jadwal_triwulan(nilai: Mapping[str, Any], tw: Triwulan) -> Jadwal:
    """The schedule that these rules give a quarter."""
    jam = time.fromisoformat(nilai["lapor.jam"])
    tenggat = tw.tenggat(int(nilai["lapor.hari"]), jam)
    dibuka, batas = (_jeda(nilai[kunci]) for kunci in ("lapor.dibuka", "lapor.batas"))
    return Jadwal(
        # A quarter is open for a day at least before its reports are late.
        dibuka_pada=tw.mulai if dibuka is None else min(tw.tenggat(dibuka, time()), tenggat - timedelta(1)),
        tenggat=tenggat,
        batas_lapor=None if batas is None else max(tw.tenggat(batas, jam), tenggat),
    )


def _jeda(nilai: Any) -> int | None:
    return None if nilai == TIDAK_ADA else int(nilai)
