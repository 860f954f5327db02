"""The quarter of a tahun anggaran: its days, its names, its last instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True, order=True)
class Triwulan:
    """One quarter, `Triwulan(2024, 3)` being TW III of TA 2024.

    Raises:
        ValueError: when `ke` is not 1 to 4.
    """

    tahun: int
    ke: int

    def __post_init__(self) -> None:
        if self.ke not in ROMAN:
            raise ValueError(f"triwulan {self.ke} tidak ada")

    @classmethod
    def of(cls, hari: date) -> Triwulan:
        """The quarter in which a day lies."""
        return cls(hari.year, (hari.month + 2) // 3)

    @property
    def label(self) -> str:
        return f"TW {ROMAN[self.ke]}"

    @property
    def awal(self) -> date:
        return date(self.tahun, 3 * self.ke - 2, 1)

    @property
    def akhir(self) -> date:
        return (
            date(self.tahun + 1, 1, 1) if self.ke == 4 else date(self.tahun, 3 * self.ke + 1, 1)
        ) - timedelta(1)

    @property
    def semua(self) -> tuple[Triwulan, ...]:
        """The four quarters of its TA."""
        return tuple(Triwulan(self.tahun, ke) for ke in ROMAN)

    @property
    def sampai_ini(self) -> tuple[Triwulan, ...]:
        """The quarters of its TA up to and including itself, the latest first."""
        return tuple(Triwulan(self.tahun, ke) for ke in range(self.ke, 0, -1))

    @property
    def seterusnya(self) -> tuple[Triwulan, ...]:
        """Itself and the later quarters of its TA."""
        return tuple(Triwulan(self.tahun, ke) for ke in range(self.ke, 5))

    @property
    def sebelumnya(self) -> Triwulan | None:
        """The quarter before it in the same TA; TW I has none."""
        return Triwulan(self.tahun, self.ke - 1) if self.ke > 1 else None

    def posisi(self, hari: date) -> date:
        """The day on which its amounts are read: its last day or today, whichever is earlier.

        A TA that has not begun is read on its first day, when its first pagu takes effect. Source: the
        rule "Which amounts belong to a TW" (pagu, RK, kontrak and penyaluran effective on the last day).
        """
        return max(min(self.akhir, hari), date(self.tahun, 1, 1))

    @property
    def mulai(self) -> datetime:
        """Its first instant, WIB."""
        return datetime.combine(self.awal, time(), tzinfo=WIB)

    def tenggat(self, hari_sesudah: int, jam: time) -> datetime:
        """The reporting deadline: so many days after its end, at this hour WIB."""
        return datetime.combine(self.akhir + timedelta(days=hari_sesudah), jam, tzinfo=WIB)

    @classmethod
    def last_reported(cls, tahun: int, hari: date) -> Triwulan:
        """The latest quarter of this TA that has ended by this day; TW I if none has."""
        ended = [tw for tw in cls(tahun, 4).sampai_ini if tw.akhir < hari]
        return ended[0] if ended else cls(tahun, 1)


@dataclass(frozen=True, kw_only=True)
class Jadwal:
    """When reports of a quarter are taken, are late, and are no longer taken (None: never so)."""

    dibuka_pada: datetime
    tenggat: datetime
    batas_lapor: datetime | None
