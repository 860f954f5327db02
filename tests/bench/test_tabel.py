"""The table of `make bench`: medians, ratios with their goal, growth; and only where it can be measured."""

import subprocess
import sys

from django.conf import settings

from tests.bench.__main__ import table

MESIN = {"prosesor": "X", "inti": 2}


def scale(number, page, ratio):
    measured = {"nama": "halaman", "milidetik": page, "pembanding": 10.0, "terhadap": "SQL", "sasaran": 2.0}
    return {
        "skala": number,
        "alokasi": number * 50,
        "muat_detik": 1.0,
        "ukuran": [{**measured, "catatan": "", "rasio": ratio}],
    }


def test_a_ratio_above_its_goal_at_any_scale_is_marked():
    said = table({"mesin": MESIN, "kali": 1, "skala": [scale(1, 15.0, 1.5), scale(100, 30.0, 3.0)]})
    assert "2.00x" in said.splitlines()[4]  # growth
    assert "1.50x" in said
    assert "3.00x  sasaran 2.0x  TIDAK TERCAPAI" in said


def test_a_ratio_within_its_goal_is_not():
    said = table({"mesin": MESIN, "kali": 1, "skala": [scale(1, 15.0, 1.5)]})
    assert "1.50x  sasaran 2.0x\n" in said


def test_it_says_that_it_needs_postgresql():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench"],
        cwd=settings.BASE_DIR,
        env={"PATH": "", "DATABASE_URL": "sqlite:///x.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PostgreSQL: set DATABASE_URL=postgres://" in done.stderr
