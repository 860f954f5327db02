"""The whole plan: allocations of every TA and, in order of time, everything that happens to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from daerah.models import Daerah
from realisasi.actions.laporan import IsianBaris
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.contoh.bagi import dice
from realisasi.contoh.kegiatan import PAGU_SEKALIGUS, AlokasiContoh, draft_alokasi
from realisasi.contoh.kemajuan import Kemajuan, unfold
from realisasi.contoh.kontrak import Kontrak, sign
from realisasi.contoh.langkah import (
    AKHIR_DISPENSASI,
    HARI_DISPENSASI,
    Alur,
    Kalender,
    Langkah,
    choose_ways,
    steps,
)
from realisasi.contoh.pagu import Bagian, Nasib, divide
from realisasi.contoh.penerima import KEBANJIRAN, SELALU, choose
from realisasi.contoh.penyaluran import Transfer, transfer

TAHUN_PERTAMA = 2022
JUMLAH_CAMPURAN = 2  # allocations whose machines are paid by BAST
SALAH_FISIK = Decimal(6)  # points by which a slip overstates the work
LEBIH_FISIK_PALING_BANYAK = Decimal(19)  # beyond this the form would ask for a reason


@dataclass(frozen=True, kw_only=True)
class Perjalanan:
    """One allocation with all that happens to it in its year."""

    alokasi: AlokasiContoh
    bagian: Bagian
    kontrak: tuple[Kontrak | None, ...]
    transfers: tuple[Transfer, ...]
    kemajuan: Kemajuan
    alur: dict[int, Alur]

    @property
    def kunci(self) -> tuple[int, str]:
        return self.alokasi.tahun, self.alokasi.daerah.kode

    def slip(self, ke: int) -> int | None:
        """The package whose progress an officer overstates before it is put right."""
        for paket, (row, kontrak) in enumerate(zip(self.kemajuan.isian[ke - 1], self.kontrak, strict=True)):
            if kontrak and 0 < row.progres_fisik < 100 and self._overstated(row, kontrak) > row.progres_fisik:
                return paket
        return None

    def isian(self, ke: int, *, salah: bool) -> tuple[IsianBaris, ...]:
        """The rows of a report, right or with the slip."""
        rows = self.kemajuan.isian[ke - 1]
        paket = self.slip(ke) if salah else None
        kontrak = None if paket is None else self.kontrak[paket]
        if paket is None or kontrak is None:
            return rows
        wrong = replace(rows[paket], progres_fisik=self._overstated(rows[paket], kontrak))
        return (*rows[:paket], wrong, *rows[paket + 1 :])

    def _overstated(self, row: IsianBaris, kontrak: Kontrak) -> Decimal:
        paid = Decimal(row.keuangan * 100 // kontrak.nilai)
        return min(row.progres_fisik + SALAH_FISIK, paid + LEBIH_FISIK_PALING_BANYAK, Decimal(99))


@dataclass(frozen=True)
class Pembukaan:
    """A TA begins: its formulir alokasi is imported."""

    waktu: datetime
    tahun: int
    perjalanan: tuple[Perjalanan, ...]


@dataclass(frozen=True)
class Penandatanganan:
    waktu: datetime
    perjalanan: Perjalanan
    paket: int


@dataclass(frozen=True)
class SerahTerima:
    waktu: datetime
    perjalanan: Perjalanan
    paket: int


@dataclass(frozen=True)
class PenyaluranMasuk:
    waktu: datetime
    perjalanan: Perjalanan
    transfer: Transfer


@dataclass(frozen=True)
class AksiLaporan:
    waktu: datetime
    perjalanan: Perjalanan
    ke: int
    langkah: Langkah


@dataclass(frozen=True)
class Kelonggaran:
    """The ministry lets a daerah report a quarter later."""

    waktu: datetime
    perjalanan: Perjalanan
    ke: int
    sampai: datetime


@dataclass(frozen=True)
class Penutupan:
    waktu: datetime
    triwulan: Triwulan


@dataclass(frozen=True)
class Penghitungan:
    """A night in which figures followed what had happened."""

    waktu: datetime
    tahun: int


Kejadian = (
    Pembukaan
    | Penandatanganan
    | SerahTerima
    | PenyaluranMasuk
    | AksiLaporan
    | Kelonggaran
    | Penutupan
    | Penghitungan
)


def plan_year(daerah: Sequence[Daerah], tahun: int, kalender: Kalender) -> tuple[Perjalanan, ...]:
    """All allocations of a TA. Amounts do not depend on the day; only the reports' ways do."""
    bagian = divide(choose(daerah, tahun), tahun)
    nasib = {b.daerah.kode: b.nasib for b in bagian}
    ways = choose_ways(list(nasib), nasib, tahun, kalender)
    campuran = _by_bast(bagian, tahun)
    return tuple(
        _journey(
            b, tahun, b.daerah.kode in campuran, {ke: a for (k, ke), a in ways.items() if k == b.daerah.kode}
        )
        for b in bagian
    )


def _by_bast(bagian: Sequence[Bagian], tahun: int) -> set[str]:
    calon = [
        b.daerah.kode
        for b in bagian
        if b.nasib is Nasib.LANCAR and b.pagu > PAGU_SEKALIGUS and b.daerah.kode not in SELALU
    ]
    return set(dice("campuran", tahun).sample(calon, JUMLAH_CAMPURAN))


def _journey(bagian: Bagian, tahun: int, campuran: bool, alur: dict[int, Alur]) -> Perjalanan:
    alokasi = draft_alokasi(bagian, tahun, campuran=campuran)
    kontrak = sign(alokasi, bagian)
    transfers = transfer(alokasi, bagian, kontrak)
    kemajuan = unfold(alokasi, bagian, kontrak, transfers)
    return Perjalanan(
        alokasi=alokasi, bagian=bagian, kontrak=kontrak, transfers=transfers, kemajuan=kemajuan, alur=alur
    )


def build(daerah: Sequence[Daerah], hari: date) -> list[Kejadian]:
    """Everything that has happened by a day, in order of time.

    Raises:
        ValueError: before the first TA.
    """
    if hari.year < TAHUN_PERTAMA:
        raise ValueError(f"data contoh dimulai 1 Januari {TAHUN_PERTAMA}")
    kalender = Kalender(hari)
    found: list[Kejadian] = []
    for tahun in range(TAHUN_PERTAMA, hari.year + 1):
        perjalanan = plan_year(daerah, tahun, kalender)
        found.append(Pembukaan(datetime(tahun, 1, 1, tzinfo=WIB), tahun, perjalanan))
        found += [event for p in perjalanan for event in _events(p, kalender)]
        closings = ((tw, kalender.closing(tw)) for tw in kalender.ended(tahun))
        found += [Penutupan(at, tw) for tw, at in closings if at]
        found += [Penghitungan(at, tahun) for at in kalender.nights(tahun)]
    # Sorting keeps the order of what happens at the same instant.
    return sorted((event for event in found if event.waktu <= kalender.sampai), key=lambda event: event.waktu)


def _events(perjalanan: Perjalanan, kalender: Kalender) -> Iterator[Kejadian]:
    for ke, kontrak in enumerate(perjalanan.kontrak):
        if kontrak:
            yield Penandatanganan(_at(kontrak.tanggal, 10), perjalanan, ke)
        bast = perjalanan.kemajuan.bast[ke]
        if bast:
            yield SerahTerima(_at(bast, 15), perjalanan, ke)
    for transfers in perjalanan.transfers:
        yield PenyaluranMasuk(_at(transfers.tanggal, 13), perjalanan, transfers)
    alokasi = perjalanan.alokasi
    for ke, alur in perjalanan.alur.items():
        tw = Triwulan(alokasi.tahun, ke)
        for langkah in steps(alur, alokasi.daerah.kode, tw, alokasi.daerah.tz, kalender.sampai):
            yield AksiLaporan(langkah.waktu, perjalanan, ke, langkah)
        if alur is Alur.BELUM and alokasi.daerah.kode == KEBANJIRAN:
            asked, until = (tw.akhir + timedelta(days=n) for n in (HARI_DISPENSASI, AKHIR_DISPENSASI))
            yield Kelonggaran(_at(asked, 14), perjalanan, ke, _at(until, 17))


def _at(hari: date, jam: int) -> datetime:
    return datetime.combine(hari, time(jam), tzinfo=WIB)
