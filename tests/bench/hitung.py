"""Computation: one alokasi and everything, against the bare statement that adds up the same rows."""

from datetime import timedelta

from django.db import connection, transaction

from daerah import waktu
from realisasi import pemicu
from realisasi.actions import rekap
from realisasi.actions.fakta import put
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, RekapTriwulan, RekapWilayah, TahunAnggaran, VersiPagu
from realisasi.rekap import kueri
from realisasi.rekap.hitung import points
from tests.bench.alat import alternate, few, replay, times, ukuran

TAHUN = Triwulan(2024, 1)
TABEL = ", ".join(model._meta.db_table for model in (RekapTriwulan, RekapWilayah))
DATAR, SASARAN = 1.2, 1.5


def measure(kali):
    now = waktu.now()
    yield from of_one(kali, now)
    rekap.compute_all(now=now)
    again, bare = alternate(lambda: rekap.compute_all(now=now), lambda: add_up(now), kali=few(kali))
    yield ukuran(
        "hitung semua, tanpa perubahan", again, bare, terhadap="CREATE TABLE AS per TA", sasaran=SASARAN
    )
    pemicu.remove()  # emptying is what the guards forbid
    scratch, bare = alternate(
        lambda: rekap.compute_all(now=now), lambda: insert(now), kali=few(kali) // 2 or 1, siap=empty
    )
    empty()
    rekap.compute_all(now=now)
    pemicu.install()
    yield ukuran(
        "hitung semua, dari nol", scratch, bare, terhadap="INSERT SELECT per TA (daerah)", sasaran=SASARAN
    )


def of_one(kali, now):
    unchanged, bare = alternate(lambda: compute(now), lambda: fetch(now), kali=kali)
    more = {"terhadap": "pernyataan SQL-nya", "sasaran_tumbuh": DATAR}
    yield ukuran("hitung satu alokasi, tanpa perubahan", unchanged, bare, **more)
    changed = times(lambda: compute(now), kali=kali, siap=lambda: change(now))
    yield ukuran("hitung satu alokasi, pagu berubah", changed, bare, **more)


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


def fetch(now):
    with connection.cursor() as cursor:
        cursor.execute(*kueri.fresh_sql(one(), points(TAHUN.semua, now)))
        cursor.fetchall()


def per_year(now):
    """The equivalent single statement of each TA: of every alokasi what `compute_all` compares."""
    for tahun in TahunAnggaran.objects.values_list("tahun", flat=True):
        quarters = points(Triwulan(tahun, 1).semua, now)
        yield tahun, *kueri.fresh_sql(Alokasi.objects.filter(tahun=tahun), quarters)


def add_up(now):
    """The rows are put where a later statement could read them: somewhere they have to go."""
    with connection.cursor() as cursor:
        for _, sql, params in per_year(now):
            cursor.execute(f"CREATE TEMPORARY TABLE ukur AS {sql}", params)
            cursor.execute("DROP TABLE ukur")


def insert(now):
    """Straight into the table of figures with its indexes; areas, which follow from it, are not counted."""
    columns = ", ".join(kueri.KOLOM)
    with connection.cursor() as cursor:
        for tahun, sql, params in per_year(now):
            cursor.execute(
                f"INSERT INTO {RekapTriwulan._meta.db_table} (tahun, berlaku_dari, {columns}) "
                f"SELECT %s, %s, {columns} FROM ({sql}) semua",
                [tahun, now, *params],
            )


def empty():
    """Take every stored figure away: what a new installation begins with."""
    replay([f"TRUNCATE {TABEL}"])
