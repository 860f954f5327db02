"""`make bench`: every measure runs, the table marks what misses its goal, and PostgreSQL is asked for."""

import subprocess
import sys
from dataclasses import asdict

import pytest

from daerah import waktu
from daerah.cakupan import Peran
from daerah.models import Pengguna
from realisasi.actions.rekap import find_differences
from tests import pabrik
from tests.bench import berkas, halaman, hitung, lapor
from tests.bench.__main__ import ROOT, table
from tests.bench.alat import ukuran
from tests.bench.muat import HARI
from tests.dunia import make_dunia

MESIN = {"prosesor": "X", "inti": 2}


def scale(number, runs, bare, **more):
    row = ukuran("halaman", runs, bare, terhadap="SQL", **more)
    return {
        "skala": number,
        "alokasi": number * 50,
        "muat_detik": 1.0,
        "ukuran": [{**asdict(row), "rasio": row.rasio}],
    }


def lines(*scales):
    said = table({"mesin": MESIN, "kali": 1, "muat_detik": 60, "skala": scales}).splitlines()
    return said[5:]


def test_a_ratio_above_its_goal_at_any_scale_is_marked():
    _, ratio = lines(scale(1, [15.0], [10.0], sasaran=2.0), scale(100, [30.0], [10.0], sasaran=2.0))
    assert ratio.split()[2:] == ["1.50x", "3.00x", "sasaran", "2.0x", "TIDAK", "TERCAPAI"]


def test_a_growth_above_its_goal_is_marked():
    time, _ = lines(*(scale(n, [ms], [10.0], sasaran_tumbuh=1.2) for n, ms in ((1, 10.0), (100, 13.0))))
    assert time.split()[-5:] == ["1.30x", "sasaran", "1.2x", "TIDAK", "TERCAPAI"]


def test_what_is_within_its_goals_is_not():
    said = lines(scale(1, [15.0], [10.0], sasaran=2.0, sasaran_tumbuh=1.2))
    assert [line.split("  ")[-1] for line in said] == ["sasaran 1.2x", "sasaran 2.0x"]
    assert "TIDAK" not in "".join(said)


def test_a_median_comes_with_its_spread():
    row = ukuran("halaman", [9.0, 10.0, 11.0, 10.0, 10.0], [5.0, 5.0])
    assert (row.milidetik, row.sebar, row.rasio) == (10.0, 5.0, 2.0)


def test_it_says_that_it_needs_postgresql():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench"],
        cwd=ROOT,
        env={"PATH": "", "DATABASE_URL": "sqlite:///x.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PostgreSQL: set DATABASE_URL=postgres://" in done.stderr


@pytest.mark.usefixtures("butuh_postgres", "wilayah")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_measure_runs_and_leaves_the_figures_right(verifikator, monkeypatch, settings):
    """In a small world, once each: what it measures is there, and its times are positive."""
    monkeypatch.setattr("realisasi.actions.peristiwa.send", lambda *args: None)
    settings.DEMO, settings.ROOT_URLCONF = True, settings.ROOT_URLCONF
    waktu.set_demo_day(HARI)
    make_dunia(verifikator)
    pabrik.make_pengguna(Peran.PIMPINAN, username="pimpinan")
    Pengguna.objects.filter(daerah="32.10").update(username="operator.32.10")

    found = [row for part in (halaman, berkas, hitung, lapor) for row in part.measure(1)]
    assert len({row.nama for row in found}) == len(found) >= 12
    assert all(row.milidetik > 0 for row in found)
    held = {row.nama: row.sasaran for row in found if row.sasaran}
    assert held == {
        "halaman Nasional": 2.0,
        "hitung semua, tanpa perubahan": 1.5,
        "hitung semua, dari nol": 1.5,
    }
    assert all(row.rasio > 0 for row in found if row.terhadap)
    waiting = find_differences(now=waktu.now())  # the reports just sent are not computed yet
    assert all(row.menunggu for row in waiting)
