"""When reports are written, sent and judged: one script a report, cut off at the day of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.contoh.bagi import dice
from realisasi.contoh.pagu import Nasib
from realisasi.contoh.penerima import SELALU

HARI_TUTUP = 61  # a quarter is closed this long after its end
MALAM = time(23, 55)  # of the nightly computation: what a day brought is known at its end
MALAM_TERAKHIR = 28
TENGGAT = 14  # days; only decides who is drawn as late
# Days after the quarter on which a daerah was let in late, and until which.
HARI_DISPENSASI, AKHIR_DISPENSASI = 13, 28


class Aksi(Enum):
    """A press of a button."""

    ISI = auto()
    AJUKAN = auto()
    TARIK = auto()
    MULAI = auto()
    KEMBALIKAN = auto()
    VERIFIKASI = auto()
    BUKA = auto()


class Alur(Enum):
    """The way of one report. Those after `BELUM` are where it stands in the quarter that is under way."""

    TEPAT = auto()
    TERLAMBAT = auto()
    DIKEMBALIKAN = auto()
    DITARIK = auto()
    DIBUKA = auto()
    TIDAK_LAPOR = auto()
    BELUM = auto()
    KONSEP = auto()
    DIAJUKAN = auto()
    DIAJUKAN_TERLAMBAT = auto()
    SEDANG = auto()
    SEDANG_DIKEMBALIKAN = auto()
    SEDANG_DIBUKA = auto()


class Babak(NamedTuple):
    """An act and how many days after the one before it (the first: after the quarter's end)."""

    aksi: Aksi
    paling_cepat: int
    paling_lambat: int


@dataclass(frozen=True)
class Skrip:
    """The acts of one way. Up to the `salah`-th of them the figures hold a slip, which is then put right."""

    babak: tuple[Babak, ...] = ()
    salah: int = 0


KIRIM = Babak(Aksi.AJUKAN, 0, 2)
PERIKSA = (Babak(Aksi.MULAI, 1, 4), Babak(Aksi.VERIFIKASI, 0, 2))
ULANG = (Babak(Aksi.ISI, 1, 8), Babak(Aksi.AJUKAN, 0, 1), *PERIKSA)
# In the quarter that is under way everything has to fit into the two weeks before the deadline.
PERIKSA_SEGERA = (Babak(Aksi.MULAI, 1, 2), Babak(Aksi.VERIFIKASI, 0, 1))

SKRIP = {
    Alur.TEPAT: Skrip((Babak(Aksi.ISI, 1, 8), KIRIM, *PERIKSA_SEGERA)),
    Alur.TERLAMBAT: Skrip((Babak(Aksi.ISI, 15, 34), KIRIM, *PERIKSA)),
    Alur.DIKEMBALIKAN: Skrip(
        (Babak(Aksi.ISI, 2, 10), KIRIM, Babak(Aksi.MULAI, 1, 4), Babak(Aksi.KEMBALIKAN, 0, 1), *ULANG),
        salah=4,
    ),
    Alur.DITARIK: Skrip((Babak(Aksi.ISI, 2, 8), KIRIM, Babak(Aksi.TARIK, 0, 0), *ULANG), salah=3),
    Alur.DIBUKA: Skrip((Babak(Aksi.ISI, 2, 9), KIRIM, *PERIKSA, Babak(Aksi.BUKA, 6, 16), *ULANG), salah=5),
    Alur.TIDAK_LAPOR: Skrip(),
    Alur.BELUM: Skrip(),
    Alur.KONSEP: Skrip((Babak(Aksi.ISI, 6, 13),)),
    Alur.DIAJUKAN: Skrip((Babak(Aksi.ISI, 7, 12), Babak(Aksi.AJUKAN, 0, 1))),
    Alur.DIAJUKAN_TERLAMBAT: Skrip((Babak(Aksi.ISI, 13, 14), Babak(Aksi.AJUKAN, 1, 1))),
    Alur.SEDANG: Skrip((Babak(Aksi.ISI, 4, 8), KIRIM, Babak(Aksi.MULAI, 1, 3))),
    Alur.SEDANG_DIKEMBALIKAN: Skrip(
        (Babak(Aksi.ISI, 2, 6), KIRIM, Babak(Aksi.MULAI, 1, 3), Babak(Aksi.KEMBALIKAN, 0, 2)), salah=4
    ),
    Alur.SEDANG_DIBUKA: Skrip(
        (Babak(Aksi.ISI, 1, 3), KIRIM, *PERIKSA_SEGERA, Babak(Aksi.BUKA, 2, 4)), salah=5
    ),
}

# Reports of every 60 that went another way than the smooth one, in a quarter that is over.
SELINGAN = ((Alur.TERLAMBAT, 7), (Alur.DIKEMBALIKAN, 5), (Alur.DITARIK, 1), (Alur.DIBUKA, 1))
TIDAK_LAPOR = {1: 3, 2: 2, 3: 2, 4: 0}
# Where reports stand in the quarter that is under way; all others are verified.
BERJALAN = (
    (Alur.BELUM, 3),
    (Alur.KONSEP, 3),
    (Alur.DIAJUKAN, 6),
    (Alur.DIAJUKAN_TERLAMBAT, 2),
    (Alur.SEDANG, 3),
    (Alur.SEDANG_DIKEMBALIKAN, 2),
    (Alur.SEDANG_DIBUKA, 1),
)
TIDAK_PERNAH = 2


@dataclass(frozen=True)
class Langkah:
    """One act on one report. `salah`: the figures of this act still hold the slip that is put right later."""

    waktu: datetime
    aksi: Aksi
    salah: bool


@dataclass(frozen=True)
class Kalender:
    """Which quarters are over, under way and closed as of a day."""

    hari: date

    @property
    def sampai(self) -> datetime:
        """The last instant of the story: half an hour into the day, so that nothing lies in its future."""
        return datetime.combine(self.hari, time(0, 30), tzinfo=WIB)

    @property
    def berjalan(self) -> Triwulan | None:
        """The quarter whose reports are coming in: the last that ended, unless its TA is over and closed."""
        ini = Triwulan.of(self.hari)
        last = ini.sebelumnya or Triwulan(ini.tahun - 1, 4)
        is_current = last.tahun == self.hari.year or (self.hari - last.akhir).days < HARI_TUTUP
        return last if is_current else None

    def nights(self, tahun: int) -> Iterator[datetime]:
        """When figures were computed: every night of the last weeks, before that once a month."""
        monthly = {date(tahun + (ke - 1) // 12, (ke - 1) % 12 + 1, 1) for ke in range(2, 15)}
        recent = {self.hari - timedelta(days=n) for n in range(MALAM_TERAKHIR)}
        nights = monthly | (recent if tahun == self.hari.year else set())
        for hari in sorted(nights):
            yield datetime.combine(hari, MALAM, tzinfo=WIB)

    def ended(self, tahun: int) -> list[Triwulan]:
        return [tw for tw in Triwulan(tahun, 1).semua if tw.akhir < self.hari]

    def closing(self, tw: Triwulan) -> datetime | None:
        """When a quarter was closed; None while it is under way."""
        at = datetime.combine(tw.akhir + timedelta(days=HARI_TUTUP), time(9), tzinfo=WIB)
        return at if tw != self.berjalan and at <= self.sampai else None


def choose_ways(
    kodes: Sequence[str], nasib: dict[str, Nasib], tahun: int, kalender: Kalender
) -> dict[tuple[str, int], Alur]:
    """The way of every report of a TA, by (kode, quarter)."""
    lain = [kode for kode in kodes if kode not in SELALU]
    underway = kalender.berjalan if kalender.berjalan and kalender.berjalan.tahun == tahun else None
    silent = dice("tidak pernah", tahun).sample(
        [k for k in lain if nasib[k] is not Nasib.MACET], TIDAK_PERNAH
    )
    ways = {}
    for tw in kalender.ended(tahun):
        is_underway = tw == underway
        drawn = _draw(lain, nasib, tw, BERJALAN if is_underway else _past(tw))
        for kode in kodes:
            ways[kode, tw.ke] = drawn.get(kode, Alur.TEPAT)
        if underway:
            ways |= {(kode, tw.ke): Alur.TIDAK_LAPOR for kode in silent}
        if is_underway:
            # The daerah of the guides still have it before them. 35 belongs to those who are done.
            ways |= {(kode, tw.ke): Alur.BELUM for kode in SELALU & set(kodes) if "." in kode}
    return ways


def _past(tw: Triwulan) -> tuple[tuple[Alur, int], ...]:
    return (*SELINGAN, (Alur.TIDAK_LAPOR, TIDAK_LAPOR[tw.ke]))


def _draw(
    kodes: Sequence[str], nasib: dict[str, Nasib], tw: Triwulan, jumlah: Sequence[tuple[Alur, int]]
) -> dict[str, Alur]:
    # The one without any contract reports nihil in time: that case must not get lost among the silent.
    calon = [kode for kode in kodes if nasib[kode] is not Nasib.MACET]
    drawn = iter(dice("alur", tw.tahun, tw.ke).sample(calon, sum(n for _, n in jumlah)))
    return {next(drawn): alur for alur, n in jumlah for _ in range(n)}


def steps(alur: Alur, kode: str, tw: Triwulan, zona: ZoneInfo, sampai: datetime) -> Iterator[Langkah]:
    """The acts on one report up to an instant, each after the one before."""
    acak = dice("langkah", tw.tahun, tw.ke, kode)
    before = datetime.combine(tw.akhir, time(16), tzinfo=zona)
    skrip = SKRIP[alur]
    for ke, (aksi, paling_cepat, paling_lambat) in enumerate(skrip.babak):
        daerah = aksi in (Aksi.ISI, Aksi.AJUKAN, Aksi.TARIK)
        waktu = _moment(before, acak.randint(paling_cepat, paling_lambat), zona if daerah else WIB, acak)
        if alur is Alur.DIAJUKAN_TERLAMBAT and aksi is Aksi.AJUKAN:
            waktu = _just_late(tw, acak)
        if waktu > sampai:
            return
        yield Langkah(waktu, aksi, salah=ke < skrip.salah)
        before = waktu


def _moment(before: datetime, days: int, zona: ZoneInfo, acak: Random) -> datetime:
    """Office hours so many days later; on the same day a while later."""
    if days == 0:
        return before + timedelta(minutes=acak.randint(4, 55), seconds=acak.randint(0, 59))
    local = before.astimezone(zona).date() + timedelta(days=days)
    return datetime.combine(
        local, time(acak.randint(8, 15), acak.randint(0, 59), acak.randint(0, 59)), tzinfo=zona
    )


def _just_late(tw: Triwulan, acak: Random) -> datetime:
    """Minutes after the deadline's midnight, as it happens."""
    day = tw.akhir + timedelta(days=TENGGAT + 1)
    return datetime.combine(day, time(0, acak.randint(2, 27)), tzinfo=WIB)
