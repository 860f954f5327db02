"""Fills the database of DATABASE_URL: the demonstration data once, or one copy of it up to a scale."""

from datetime import date
from time import perf_counter

from django.core.management import call_command
from django.db import transaction

from daerah.models import Daerah, Pengguna
from realisasi.actions.rekap import compute_all
from realisasi.contoh.langkah import Kalender
from realisasi.contoh.massal import fill_bidang
from realisasi.contoh.rencana import Pembukaan, build
from tests.bench.alat import replay

HARI = date(2024, 10, 15)


def load():
    """The demonstration data, through the doors of real input."""
    call_command("migrate", verbosity=0)
    call_command("load_wilayah", verbosity=0)
    call_command("load_demo", f"--today={HARI}", verbosity=0)


def fill_up(scale):
    """Add the test bidang of a scale, as `load_demo --scale` does; returns the seconds it took."""
    started = perf_counter()
    opened = [event for event in build(list(Daerah.objects.all()), HARI) if isinstance(event, Pembukaan)]
    akun = {account.username: account for account in Pengguna.objects.all()}
    kalender = Kalender(HARI)
    with transaction.atomic():
        fill_bidang(opened, jumlah=scale - 1, akun=akun, kalender=kalender)
        compute_all(now=kalender.sampai)
    replay(["ANALYZE"])
    return perf_counter() - started
