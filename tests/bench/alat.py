"""What every measure uses: a clock, a row of the table, statements that can be run again."""

import statistics
from dataclasses import dataclass
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Ukuran:
    """One line: medians in milliseconds, and the ratio of the two. `sasaran`: the most that it should be."""

    nama: str
    milidetik: float
    pembanding: float | None = None
    terhadap: str = ""
    sasaran: float | None = None
    catatan: str = ""

    @property
    def rasio(self):
        return self.milidetik / self.pembanding if self.pembanding else None


def median(act, *, kali, siap=None):
    """The median of several runs in milliseconds; `siap` prepares each run and is not counted."""
    return statistics.median(times(act, kali=kali, siap=siap))


def times(act, *, kali, siap=None):
    found = []
    for _ in range(kali):
        if siap:
            siap()
        started = perf_counter()
        act()
        found.append((perf_counter() - started) * 1000)
    return found


def alternate(first, second, *, kali):
    """Medians of two acts that are run in turns, so that what else the machine does hits both."""
    pairs = [(times(first, kali=1)[0], times(second, kali=1)[0]) for _ in range(kali)]
    return tuple(statistics.median(side) for side in zip(*pairs, strict=True))


def statements(act):
    """The SQL that an act sends, as it was sent."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def replay(sql):
    """Send statements again and fetch their rows, with nothing around it."""
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
