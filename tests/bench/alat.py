"""What every measure uses: a clock, a row of the table, statements that can be run again."""

import statistics
from dataclasses import dataclass
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Ukuran:
    """One line: the median in milliseconds, beside that of what it is held against.

    `sebar`: half the distance between the quartiles, in percent of the median. `sasaran`: the most that the
    ratio should be, `sasaran_tumbuh`: the most that it should grow from the smallest scale to the largest.
    """

    nama: str
    milidetik: float
    sebar: float
    pembanding: float | None = None
    terhadap: str = ""
    sasaran: float | None = None
    sasaran_tumbuh: float | None = None
    catatan: str = ""

    @property
    def rasio(self):
        return self.milidetik / self.pembanding if self.pembanding else None


def ukuran(nama, runs, bare=None, **more):
    """A line of the runs of an act and of what it is held against (milliseconds)."""
    median = statistics.median(runs)
    low, _, high = statistics.quantiles(runs, n=4) if len(runs) > 1 else runs * 3
    return Ukuran(nama, median, (high - low) / median * 50, statistics.median(bare) if bare else None, **more)


def times(act, *, kali, siap=None):
    """Milliseconds of each run; `siap` prepares it and is not counted."""
    found = []
    for _ in range(kali):
        if siap:
            siap()
        started = perf_counter()
        act()
        found.append((perf_counter() - started) * 1000)
    return found


def alternate(first, second, *, kali, siap=None):
    """The runs of two acts in turns, so that what else the machine does hits both."""
    pairs = [(times(first, kali=1, siap=siap)[0], times(second, kali=1, siap=siap)[0]) for _ in range(kali)]
    return tuple(list(side) for side in zip(*pairs, strict=True))


def few(kali):
    """Runs of what takes seconds."""
    return min(kali, max(kali // 3, 3))


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
