"""The quarterly course of one allocation: what every package reports at the end of each triwulan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from realisasi.actions.laporan import IsianBaris
from realisasi.aturan.triwulan import Triwulan
from realisasi.contoh import kosakata
from realisasi.contoh.bagi import dice, split
from realisasi.contoh.kegiatan import AlokasiContoh, KegiatanContoh
from realisasi.contoh.kontrak import Kontrak, workday
from realisasi.contoh.pagu import Bagian, Nasib
from realisasi.contoh.penyaluran import Transfer
from realisasi.models import KodeMasalah, Komponen

SEBELUM_BAST = 9700  # hundredths of a percent: work stays below this until it is handed over
MENDAHULUI = (200, 1300)  # how far work may run ahead of its payment, in hundredths of a percent

# Share of the money received that is spent by the end of TW I, II, III, in percent.
TERPAKAI = {1: (20, 60), 2: (25, 75), 3: (74, 95)}
TERPAKAI_BARU = (15, 50)  # when the last transfer came less than two weeks before
TERPAKAI_MACET = (58, 72)  # below the gate of the next tahap


@dataclass(frozen=True)
class Kemajuan:
    """Rows per triwulan (TW I first), one per kegiatan, and the BAST of what was finished."""

    isian: tuple[tuple[IsianBaris, ...], ...]
    bast: tuple[date | None, ...]

    def nothing_happened(self, ke: int) -> bool:
        """Whether a quarter brought no progress at all, so that its report is nihil."""
        return all(
            row.keuangan == 0 and row.progres_fisik == 0 and row.volume_selesai == 0
            for row in self.isian[ke - 1]
        )


def unfold(
    alokasi: AlokasiContoh, bagian: Bagian, kontrak: Sequence[Kontrak | None], transfers: Sequence[Transfer]
) -> Kemajuan:
    """The course of the whole TA; it ends with exactly what the contracts say is paid."""
    acak = dice("kemajuan", alokasi.tahun, alokasi.daerah.kode)
    paid = _payments(alokasi, bagian, kontrak, transfers, acak)
    bast = tuple(
        _handover(alokasi.tahun, alokasi.by_bast(k), c, [p[ke] for p in paid], acak)
        for ke, (k, c) in enumerate(zip(alokasi.kegiatan, kontrak, strict=True))
    )
    per_paket = [
        _rows(alokasi.tahun, k, c, [p[ke] for p in paid], bast[ke], bagian, acak)
        for ke, (k, c) in enumerate(zip(alokasi.kegiatan, kontrak, strict=True))
    ]
    return Kemajuan(isian=tuple(zip(*per_paket, strict=True)), bast=bast)


def _payments(
    alokasi: AlokasiContoh,
    bagian: Bagian,
    kontrak: Sequence[Kontrak | None],
    transfers: Sequence[Transfer],
    acak: Random,
) -> list[list[int]]:
    """Cumulative payments per quarter and package, never above what the daerah has received."""
    paid = [[0] * len(kontrak)]
    for tw in Triwulan(alokasi.tahun, 1).semua[:3]:
        caps = [
            max(0, _payable(alokasi, k, c, tw, acak) - before)
            for k, c, before in zip(alokasi.kegiatan, kontrak, paid[-1], strict=True)
        ]
        budget = _spent(bagian, transfers, tw, acak) - sum(paid[-1])
        bobot = [cap * acak.randint(2, 5) for cap in caps]
        more = split(max(0, min(budget, sum(caps))), bobot, caps=caps)
        paid.append([_worth_paying(*amounts) for amounts in zip(kontrak, paid[-1], more, strict=True)])
    return [*paid[1:], [c.dibayar if c else 0 for c in kontrak]]


def _worth_paying(kontrak: Kontrak | None, before: int, more: int) -> int:
    """Nobody pays a first sliver of a contract."""
    return before if kontrak is None or (before + more) * 50 < kontrak.nilai else before + more


def _spent(bagian: Bagian, transfers: Sequence[Transfer], tw: Triwulan, acak: Random) -> int:
    """How much of the money received by the end of a quarter has been spent."""
    received = [t for t in transfers if t.tanggal <= tw.akhir]
    if not received:
        return 0
    early = sum(t.jumlah for t in received if t.tanggal <= tw.akhir - timedelta(days=14))
    late = sum(t.jumlah for t in received) - early
    share = TERPAKAI_MACET if bagian.nasib is Nasib.TANPA_TAHAP_2 else TERPAKAI[tw.ke]
    return early * acak.randint(*share) // 100 + late * acak.randint(*TERPAKAI_BARU) // 100


def _payable(
    alokasi: AlokasiContoh, kegiatan: KegiatanContoh, kontrak: Kontrak | None, tw: Triwulan, acak: Random
) -> int:
    """The most that can have been paid on a package by the end of a quarter before the last."""
    if kontrak is None or alokasi.by_bast(kegiatan):
        return 0
    days = (tw.akhir - kontrak.tanggal).days
    if days < 12:
        return 0
    if days < 45:
        return kontrak.dibayar * 30 // 100  # an advance
    small = kegiatan.nilai_rk * 100 < alokasi.nilai_rk * 8
    # Supervision runs as long as the works it supervises.
    if small and kegiatan.komponen is not Komponen.PENUNJANG and kontrak.tuntas and days > 70:
        return kontrak.dibayar
    return kontrak.dibayar * acak.randint(70, 86) // 100


def _handover(
    tahun: int, by_bast: bool, kontrak: Kontrak | None, paid: Sequence[int], acak: Random
) -> date | None:
    """BAST in the quarter in which the last payment falls; none for what is never finished."""
    if kontrak is None or not kontrak.tuntas:
        return None
    if by_bast:
        return kontrak.selesai
    tw = next(tw for tw in Triwulan(tahun, 1).semua if paid[tw.ke - 1] == kontrak.nilai)
    first = max(tw.awal + timedelta(days=9), kontrak.tanggal + timedelta(days=60))
    last = min(tw.akhir - timedelta(days=3), kontrak.selesai)
    return workday(first + timedelta(days=acak.randint(0, max(0, (last - first).days))))


def _rows(
    tahun: int,
    kegiatan: KegiatanContoh,
    kontrak: Kontrak | None,
    paid: Sequence[int],
    bast: date | None,
    bagian: Bagian,
    acak: Random,
) -> list[IsianBaris]:
    """The four cumulative rows of one package."""
    rows: list[IsianBaris] = []
    fisik = 0
    for tw, keuangan in zip(Triwulan(tahun, 1).semua, paid, strict=True):
        done = bast is not None and bast <= tw.akhir
        fisik = 10_000 if done else _work(kontrak, keuangan, fisik, tw, acak)
        kode, penjelasan = _problem(kontrak, keuangan, tw, bagian, acak)
        rows.append(
            IsianBaris(
                keuangan=keuangan,
                volume_selesai=_delivered(kegiatan, fisik),
                progres_fisik=Decimal(fisik).scaleb(-2),
                kode_masalah=kode,
                penjelasan=penjelasan,
            )
        )
    return rows


def _work(kontrak: Kontrak | None, keuangan: int, before: int, tw: Triwulan, acak: Random) -> int:
    """Progress in hundredths of a percent: somewhat ahead of payment, and moving while a contract runs."""
    if kontrak is None or kontrak.mulai > tw.akhir:
        return 0
    paid = keuangan * 10_000 // kontrak.nilai
    days = (tw.akhir - kontrak.mulai).days
    ahead = acak.randint(*MENDAHULUI) if days > 25 else acak.randint(0, 200)
    return min(max(paid + ahead, before + acak.randint(40, 160)), max(SEBELUM_BAST, before))


def _delivered(kegiatan: KegiatanContoh, fisik: int) -> Decimal:
    """Output handed over or countable: whole units, square metres from half way on."""
    if fisik == 10_000:
        return Decimal(kegiatan.volume)
    return Decimal(kegiatan.volume * max(0, fisik - 1500) // 10_000)


def _problem(
    kontrak: Kontrak | None, keuangan: int, tw: Triwulan, bagian: Bagian, acak: Random
) -> tuple[int | None, str]:
    """(kode masalah, penjelasan) where something is in the way."""
    if tw.ke >= 2 and (kontrak is None or (not kontrak.didanai and kontrak.tanggal > tw.akhir)):
        return KodeMasalah.TENDER, kosakata.PENJELASAN[KodeMasalah.TENDER]
    if kontrak is not None and not kontrak.didanai and tw.ke >= 3:
        return KodeMasalah.TENDER, kosakata.PENJELASAN_TANPA_DANA
    if kontrak is not None and not kontrak.tuntas and tw.ke >= 3:
        return KodeMasalah.KONTRAK, kosakata.PENJELASAN[KodeMasalah.KONTRAK]
    if bagian.nasib is not Nasib.LANCAR and acak.randint(1, 12) == 1:
        kode = acak.choice((KodeMasalah.JUKNIS, KodeMasalah.SK_PELAKSANA, KodeMasalah.SP2D, KodeMasalah.LAIN))
        return kode, kosakata.PENJELASAN[kode]
    return None, ""
