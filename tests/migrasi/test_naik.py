"""An upgrade loses nothing: a copy written by the first release is migrated, and every sum is what it was.

Runs the commands that an administrator would run, on a database of its own, on both engines.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.migrasi.isi_rilis_1 import RILIS_1

NAMA = f"uji_migrasi_{os.getpid()}"
# What must not change, each as a statement that both the old and the new tables answer.
JUMLAH = {
    "pagu": "SELECT count(*), sum(jumlah) FROM realisasi_versipagu",
    "rk": "SELECT count(*), sum(nilai) FROM realisasi_versirk",
    "kontrak": "SELECT count(*), sum(nilai_kontrak), count(tanggal_bast) FROM realisasi_paket",
    "penyaluran": "SELECT count(*), sum(jumlah) FROM realisasi_penyaluran",
    "target": "SELECT count(*), sum(keuangan), sum(fisik) FROM realisasi_target",
    "laporan": "SELECT status, count(*) FROM realisasi_laporan GROUP BY status ORDER BY status",
    "diajukan": "SELECT count(*), sum(total_keuangan) FROM realisasi_versilaporan",
    "baris": "SELECT count(*), sum(keuangan), sum(progres_fisik) FROM realisasi_barisversi",
    "rekap": (
        "SELECT tahun, triwulan, posisi, sum(pagu), sum(nilai_kontrak), sum(penyaluran),"
        " sum(realisasi_keuangan), sum(bobot_fisik) FROM realisasi_rekaptriwulan"
        " WHERE berlaku_sampai IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ),
    "wilayah": (
        "SELECT tingkat, kode, tahun, triwulan, posisi, realisasi_keuangan, serapan, rata_rata_kab_kota"
        " FROM realisasi_rekapwilayah WHERE berlaku_sampai IS NULL ORDER BY 1, 2, 3, 4, 5"
    ),
    "riwayat": "SELECT count(*), min(id), max(id) FROM realisasi_riwayat",
    "peristiwa": "SELECT count(*), count(selesai_pada) FROM realisasi_peristiwa",
    "akun": "SELECT count(*) FROM daerah_pengguna",
}


@pytest.fixture
def basis_data(tmp_path, django_db_blocker):
    """The address of an empty database on the engine of the suite; dropped afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'naik.sqlite3'}"
        return
    address = urlsplit(os.environ["DATABASE_URL"])
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAMA}")
    yield urlunsplit(address._replace(path=f"/{NAMA}"))
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NAMA} WITH (FORCE)")


@pytest.fixture
def jalankan(basis_data, tmp_path):
    """Runs Python in the application's folder on that database and returns what it said."""

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": basis_data, "DEMO": "1", "VAR_DIR": str(tmp_path),
                 "DJANGO_SETTINGS_MODULE": "dakikm.settings"},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout[-1500:]}{done.stderr[-3000:]}"
        return done.stdout

    return run


def sums(jalankan):
    """The answers, engine by engine in the same words: numbers as they are, missing as null."""
    return json.loads(jalankan(str(Path(__file__).with_name("jumlah.py")), json.dumps(JUMLAH)))


def test_every_sum_and_every_row_survives_the_upgrade(jalankan):
    for app, name in RILIS_1.items():
        jalankan("manage.py", "migrate", app, name, "--verbosity=0")
    assert jalankan("-m", "tests.migrasi.isi_rilis_1") == "terisi\n"
    before = sums(jalankan)
    assert before["pagu"][0][0] == 21  # the copy is there

    jalankan("manage.py", "migrate", "--verbosity=0")

    assert sums(jalankan) == before
    # Stored figures are what the new release computes from the migrated rows, closed quarters included.
    assert "Rekap cocok; 0 baris menunggu." in jalankan("manage.py", "compute_rekap", "--check")
    jalankan("manage.py", "verify_riwayat")
    jalankan("manage.py", "makemigrations", "--check", "--dry-run")
