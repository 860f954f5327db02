"""Reports: saving and submitting, one after the other and eight at a time."""

import statistics
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.db import connection

from daerah import waktu
from daerah.cakupan import Peran
from daerah.models import Pengguna
from realisasi.actions import laporan as aksi
from realisasi.models import Alokasi
from tests.bench.alat import ukuran

KE = 4  # has begun on the day of the demonstration, and nobody has reported it
SEKALIGUS = 8


def measure(kali):
    """The other half is left to the threads; of each alokasi there is one report to send."""
    alokasi = list(Alokasi.objects.ikm().filter(tahun=2024).select_related("daerah").order_by("pk"))
    half = len(alokasi) // 2
    yield from rows("satu per satu", [run(one) for one in alokasi[:half]], workers=1)
    started = perf_counter()
    with ThreadPoolExecutor(SEKALIGUS) as pool:
        found = list(pool.map(run_in_thread, alokasi[half:]))
    elapsed = perf_counter() - started
    yield from rows(f"{SEKALIGUS} sekaligus", found, workers=SEKALIGUS, elapsed=elapsed)


def run(alokasi):
    """Milliseconds of a save and of a submission."""
    by = Pengguna.objects.get(peran=Peran.OPERATOR, daerah=alokasi.daerah)
    now = waktu.now()
    laporan = aksi.start(alokasi=alokasi, triwulan=KE, by=by, now=now)
    rows = {row.paket_id: aksi.IsianBaris() for row in laporan.baris.all()}
    isian = aksi.Isian(versi=laporan.versi, baris=rows, nihil=True, alasan_nihil="Uji beban.")
    started = perf_counter()
    laporan = aksi.save(laporan_id=laporan.pk, isian=isian, by=by, now=now)
    saved = perf_counter()
    aksi.submit(laporan_id=laporan.pk, versi=laporan.versi, by=by, now=now)
    return (saved - started) * 1000, (perf_counter() - saved) * 1000


def run_in_thread(alokasi):
    try:
        return run(alokasi)
    finally:
        connection.close()


def rows(how, found, *, workers, elapsed=None):
    for name, values in zip(("simpan", "ajukan"), zip(*found, strict=True), strict=True):
        p95 = statistics.quantiles(values, n=20)[-1]
        rate = workers * 1000 / statistics.mean(values)
        note = f"p95 {p95:.0f} ms, {rate:.0f} per detik"
        if elapsed and name == "ajukan":
            note += f"; simpan + ajukan {len(found) / elapsed:.0f} per detik"
        yield ukuran(f"laporan: {name}, {how}", values, catatan=note)
