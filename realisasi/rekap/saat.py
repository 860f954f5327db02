"""When a figure is read: the quarter, the day of its amounts, and the instant whose knowledge is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import PeriodeTriwulan, Posisi


@dataclass(frozen=True)
class Saat:
    """A quarter as it was known at an instant (`pada`; None: now).

    `hari`: the day on which amounts are read. `tahu`: up to when recorded facts are known to it; a quarter
    that was closed by then keeps what was known at its closing.
    """

    tw: Triwulan
    hari: date
    pada: datetime | None
    ditutup: datetime | None

    @property
    def tahu(self) -> datetime | None:
        return self.ditutup or self.pada

    def posisi(self, asked: str | None = None) -> str:
        """A closed quarter has final only; otherwise what was asked for, *sementara* by default."""
        return Posisi.FINAL if self.ditutup else asked or Posisi.SEMENTARA


def saat_of(tw: Triwulan, *, now: datetime, pada: datetime | None = None) -> Saat:
    """The moment of one quarter."""
    closed = closings_of(tw.tahun).get(tw.ke)
    hari = tw.posisi((pada or now).astimezone(WIB).date())
    return Saat(tw, hari, pada, closed if closed and _by(closed, pada) else None)


def closed_by(tahun: int, pada: datetime | None) -> set[int]:
    """The quarters of a TA that were closed by an instant (None: now)."""
    return {ke for ke, closed in closings_of(tahun).items() if _by(closed, pada)}


def closings_of(tahun: int) -> dict[int, datetime]:
    """When the closed quarters of a TA were closed."""
    closed = PeriodeTriwulan.objects.filter(tahun=tahun, ditutup_pada__isnull=False)
    return {row.triwulan: row.ditutup_pada for row in closed if row.ditutup_pada}


def _by(moment: datetime, pada: datetime | None) -> bool:
    return pada is None or moment <= pada


def end_of(hari: date) -> datetime:
    """The last instant of a day, WIB: what is known «per» a day is known by then."""
    return datetime.combine(hari + timedelta(days=1), time(), tzinfo=WIB) - timedelta(microseconds=1)


def known_on(hari: date, *, today: date) -> datetime | None:
    """What a past day's figures are read by: its last instant; None for today, whose figures still move."""
    return None if hari >= today else end_of(hari)
