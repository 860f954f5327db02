"""Computation: one alokasi and everything, against the bare statement that adds up the same rows."""

from datetime import timedelta

from django.db import connection, transaction

from daerah import waktu
from realisasi import pemicu
from realisasi.actions import rekap
from realisasi.actions.fakta import put
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, RekapTriwulan, RekapWilayah, TahunAnggaran, VersiPagu
from realisasi.rekap.hitung import points
from realisasi.rekap.kueri import fresh_sql
from tests.bench.alat import Ukuran, median, replay

TAHUN = Triwulan(2024, 1)


def measure(kali):
    now = waktu.now()
    bare = median(lambda: fetch(one(), TAHUN, now), kali=kali)
    unchanged = median(lambda: compute(now), kali=kali)
    changed = median(lambda: compute(now), kali=kali, siap=lambda: change(now))
    yield Ukuran("hitung satu alokasi, tanpa perubahan", unchanged, bare, "pernyataan SQL-nya")
    yield Ukuran("hitung satu alokasi, pagu berubah", changed, bare, "pernyataan SQL-nya")
    rekap.compute_all(now=now)
    bare = median(lambda: add_up_everything(now), kali=max(kali // 3, 3))
    again = median(lambda: rekap.compute_all(now=now), kali=max(kali // 3, 3))
    yield Ukuran("hitung semua, tanpa perubahan", again, bare, "CREATE TABLE AS per TA", sasaran=1.5)
    scratch = median(lambda: rekap.compute_all(now=now), kali=1, siap=empty)
    yield Ukuran("hitung semua, dari nol", scratch, bare, "CREATE TABLE AS per TA")


def one():
    return Alokasi.objects.ikm().filter(daerah="32.10", tahun=TAHUN.tahun)


def compute(now):
    rekap.compute_alokasi(alokasi_id=one().get().pk, mulai=TAHUN, now=now)


def change(now):
    """Another pagu, a rupiah more each time, recorded as a correction."""
    current = VersiPagu.objects.known().filter(alokasi=one().get()).latest("berlaku_dari")
    with transaction.atomic():
        corrected = VersiPagu(
            alokasi=current.alokasi, jumlah=current.jumlah + 1, berlaku_dari=current.berlaku_dari
        )
        put(corrected, keys=("alokasi_id", "berlaku_dari"), now=now + timedelta(microseconds=current.pk))


def fetch(alokasi, first, now):
    sql, params = fresh_sql(alokasi, points(first.semua, now))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.fetchall()


def add_up_everything(now):
    """The equivalent single statement of each TA: the same sums, put where a later one could read them."""
    with connection.cursor() as cursor:
        for tahun in TahunAnggaran.objects.values_list("tahun", flat=True):
            sql, params = fresh_sql(
                Alokasi.objects.filter(tahun=tahun), points(Triwulan(tahun, 1).semua, now)
            )
            cursor.execute(f"CREATE TEMPORARY TABLE ukur AS {sql}", params)
            cursor.execute("DROP TABLE ukur")


def empty():
    """Take every stored figure away, past the guards: what a new installation begins with."""
    pemicu.remove()
    tables = ", ".join(model._meta.db_table for model in (RekapTriwulan, RekapWilayah))
    replay([f"TRUNCATE {tables}", "ANALYZE"])
    pemicu.install()
