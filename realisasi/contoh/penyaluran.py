"""Transfers of one allocation, by the rule of the tahap (domain section 3) and a plausible calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from realisasi.contoh.bagi import dice
from realisasi.contoh.kegiatan import PAGU_SEKALIGUS, AlokasiContoh
from realisasi.contoh.kontrak import Kontrak, workday
from realisasi.contoh.pagu import Bagian, Nasib
from realisasi.models import Penyaluran

Tahap = Penyaluran.Tahap


@dataclass(frozen=True, kw_only=True)
class Transfer:
    tahap: Tahap
    nomor_sp2d: str
    tanggal: date
    jumlah: int


@dataclass(frozen=True)
class Dasar:
    """What the rule asks for: base, accepted contracts, need until finished."""

    basis: int
    kontrak: int
    kebutuhan: int


def transfer(
    alokasi: AlokasiContoh, bagian: Bagian, kontrak: Sequence[Kontrak | None]
) -> tuple[Transfer, ...]:
    """Every SP2D of the TA, in order of time."""
    acak = dice("penyaluran", alokasi.tahun, alokasi.daerah.kode)
    funded = [(k, c) for k, c in zip(alokasi.kegiatan, kontrak, strict=True) if c and c.didanai]
    if not funded:
        return ()
    if alokasi.pagu <= PAGU_SEKALIGUS:
        paid = [(Tahap.SEKALIGUS, _at_once_day(c, acak), c.nilai) for _, c in funded]
    else:
        bertahap = [c for k, c in funded if not alokasi.by_bast(k)]
        paid = _by_stage(bagian, bertahap, _dasar(alokasi, bertahap, acak), acak)
        # A kegiatan paid sekaligus gets its whole contract once it is handed over.
        paid += [
            (Tahap.SEKALIGUS, workday(c.selesai + timedelta(days=acak.randint(8, 16))), c.nilai)
            for k, c in funded
            if alokasi.by_bast(k)
        ]
    paid.sort(key=lambda row: (row[1], row[0]))
    return tuple(
        Transfer(tahap=tahap, nomor_sp2d=_number(alokasi, ke, acak), tanggal=day, jumlah=jumlah)
        for ke, (tahap, day, jumlah) in enumerate(paid, start=1)
        if jumlah > 0
    )


def _dasar(alokasi: AlokasiContoh, bertahap: Sequence[Kontrak], acak: Random) -> Dasar:
    nilai_kontrak = sum(c.nilai for c in bertahap)
    dibayar = sum(c.dibayar for c in bertahap)
    # Part of what stays unfinished is still asked for: it ends as Sisa DAK di RKUD.
    kebutuhan = dibayar + (nilai_kontrak - dibayar) * acak.randint(0, 40) // 100
    sekaligus = sum(k.nilai_rk for k in alokasi.kegiatan if alokasi.by_bast(k))
    basis = (alokasi.nilai_rk if alokasi.tahun >= 2024 else alokasi.pagu) - sekaligus
    return Dasar(basis=basis, kontrak=nilai_kontrak, kebutuhan=kebutuhan)


def _by_stage(
    bagian: Bagian, kontrak: Sequence[Kontrak], dasar: Dasar, acak: Random
) -> list[tuple[Tahap, date, int]]:
    pertama, kedua, ketiga = _amounts(dasar, bagian)
    tahun = kontrak[0].tanggal.year
    september = acak.randint(1, 100) <= 70
    kedua_pada = date(tahun, 9, acak.randint(1, 19)) if september else date(tahun, 10, acak.randint(3, 28))
    return [
        (Tahap.I, _first_day(kontrak, dasar, acak), pertama),
        (Tahap.II, workday(kedua_pada), kedua),
        (Tahap.III, workday(date(tahun, 12, acak.randint(5, 22))), ketiga),
    ]


def _amounts(dasar: Dasar, bagian: Bagian) -> tuple[int, int, int]:
    """Rupiah of tahap I, II, III, rounded down; a stage that was missed takes the later ones with it."""
    basis, batas = dasar.basis, min(dasar.kontrak, dasar.basis)
    pertama = min(basis * 25 // 100, batas)
    if bagian.nasib is Nasib.TANPA_TAHAP_2:
        return pertama, 0, 0
    kedua = min(basis * 45 // 100, batas - pertama)
    if bagian.nasib is Nasib.TANPA_TAHAP_3:
        return pertama, kedua, 0
    return pertama, kedua, max(0, min(dasar.kebutuhan, batas) - pertama - kedua)


def _first_day(kontrak: Sequence[Kontrak], dasar: Dasar, acak: Random) -> date:
    """Some two weeks after the contracts pass a quarter of the base."""
    total, passed = 0, kontrak[0].tanggal
    for c in sorted(kontrak, key=lambda c: c.tanggal):
        total, passed = total + c.nilai, c.tanggal
        if total * 4 > dasar.basis:
            break
    return workday(min(passed + timedelta(days=acak.randint(9, 24)), date(passed.year, 7, 31)))


def _at_once_day(kontrak: Kontrak, acak: Random) -> date:
    day = kontrak.tanggal + timedelta(days=acak.randint(9, 18))
    return workday(max(day, date(day.year, 4, 11)))  # not before April


def _number(alokasi: AlokasiContoh, ke: int, acak: Random) -> str:
    """Fifteen digits like the treasury's; the daerah and a running number keep it unique."""
    kode = alokasi.daerah.kode.replace(".", "").ljust(4, "0")
    return f"{alokasi.tahun % 100:02}{kode}{ke:02}{acak.randint(0, 9_999_999):07}"
