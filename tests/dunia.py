"""Recipients that report through the actions themselves: for tests of figures and of pages that show them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions import peristiwa, rekap
from realisasi.models import Paket
from tests import pabrik

OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)
AKHIR = datetime(2025, 2, 1, 3, tzinfo=UTC)


def make_penerima(kode, pagu=1_000_000_000, kontrak=800_000_000, *, now=OKTOBER):
    """An alokasi with one contracted paket worth its whole RK, and its operator."""
    alokasi = pabrik.make_alokasi(kode, pagu=pagu)
    kegiatan = pabrik.make_kegiatan(alokasi, nilai_rk=pagu)
    pabrik.make_paket(kegiatan, kontrak=kontrak, tanggal_kontrak=date(2024, 5, 2), selesai=date(2024, 12, 1))
    pabrik.make_penyaluran(alokasi, pagu, date(2024, 3, 1))
    pabrik.make_pengguna(Peran.OPERATOR, kode)
    rekap.compute_all(now=now)  # as an import would
    return alokasi


def report(alokasi, ke, keuangan, fisik="10", now=OKTOBER):
    """Fill in and submit a quarter."""
    by = alokasi.daerah.pengguna_set.filter(peran=Peran.OPERATOR).first()
    laporan = aksi.start(alokasi=alokasi, triwulan=ke, by=by, now=now)
    row = aksi.IsianBaris(
        keuangan=keuangan, progres_fisik=Decimal(fisik), volume_selesai=Decimal(0), alasan="Uji."
    )
    baris = {paket.pk: row for paket in Paket.objects.filter(kegiatan__alokasi=alokasi)}
    laporan = aksi.save(
        laporan_id=laporan.pk, isian=aksi.Isian(versi=laporan.versi, baris=baris), by=by, now=now
    )
    aksi.submit(laporan_id=laporan.pk, versi=laporan.versi, by=by, now=now)
    return laporan


def verify(laporan, by, now=OKTOBER):
    aksi.begin_verification(laporan_id=laporan.pk, by=by, now=now)
    aksi.verify(laporan_id=laporan.pk, by=by, now=now)


def send_back(laporan, by, alasan="Periksa lagi.", now=OKTOBER):
    aksi.return_for_fix(laporan_id=laporan.pk, alasan=alasan, catatan=[], by=by, now=now)


def compute(now=OKTOBER):
    """What the worker would do with the open events."""
    peristiwa.compute_open(now=now)


def make_dunia(verifikator):
    """Four recipients of TA 2024 on 15 October, one in each situation a figure can be in.

    Pemerintah Provinsi Jawa Barat verified for TW III, Bogor submitted, Majalengka returned and so at its
    verified TW II, Lombok Tengah never reported. Gives the alokasi by kode.
    """
    pagu = {"32": 6_000_000_000, "32.01": 2_000_000_000, "32.10": 1_000_000_000, "52.02": 3_000_000_000}
    alokasi = {kode: make_penerima(kode, jumlah, jumlah // 10 * 9) for kode, jumlah in pagu.items()}
    verify(report(alokasi["32"], 3, 3_000_000_000, "55"), verifikator)
    report(alokasi["32.01"], 3, 500_000_000, "30.25")
    verify(report(alokasi["32.10"], 2, 100_000_000), verifikator)
    send_back(report(alokasi["32.10"], 3, 400_000_000), verifikator, "Bukti SP2D belum ada.")
    compute()
    return alokasi
