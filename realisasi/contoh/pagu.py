"""Pagu of a TA and how much of it is absorbed in the end, meeting the published figures exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from daerah.models import Daerah
from realisasi.contoh.bagi import dice, split
from realisasi.contoh.penerima import SELALU

JUTA = 1_000_000
BASIS_POINT = 10_000  # absorption is planned in hundredths of a percent


class Nasib(Enum):
    """How an allocation ends."""

    LANCAR = auto()
    CUKUP = auto()
    TERSENDAT = auto()
    TANPA_TAHAP_3 = auto()
    TANPA_TAHAP_2 = auto()
    MACET = auto()  # no contract by the cut-off, so no transfer at all


# Absorption of pagu by the end, in hundredths of a percent.
RENTANG = {
    Nasib.LANCAR: (9430, 9880),
    Nasib.CUKUP: (8700, 9300),
    Nasib.TERSENDAT: (7150, 7900),
    Nasib.TANPA_TAHAP_3: (6000, 6750),
    Nasib.TANPA_TAHAP_2: (2000, 2400),
    Nasib.MACET: (0, 0),
}
RENTANG_PEMPROV = (5800, 8000)


@dataclass(frozen=True)
class Acuan:
    """The figures that a TA must come to. None: not published, so left to chance."""

    pagu: int
    serapan: int | None = None
    rata_rata: int | None = None
    bernasib: tuple[tuple[Nasib, int], ...] = (
        (Nasib.CUKUP, 5),
        (Nasib.TERSENDAT, 2),
        (Nasib.TANPA_TAHAP_3, 1),
        (Nasib.TANPA_TAHAP_2, 1),
        (Nasib.MACET, 1),
    )


# Serapan 2022 and everything of 2023 are published (daerah/data/seri_nasional.csv), the rest is invented.
ACUAN = {
    2022: Acuan(
        pagu=370_418_265_000,
        serapan=8272,
        rata_rata=8704,
        bernasib=(
            (Nasib.CUKUP, 9),
            (Nasib.TERSENDAT, 4),
            (Nasib.TANPA_TAHAP_3, 2),
            (Nasib.TANPA_TAHAP_2, 2),
            (Nasib.MACET, 1),
        ),
    ),
    2023: Acuan(
        pagu=395_000_000_000,
        serapan=8846,
        rata_rata=9323,
        bernasib=((Nasib.CUKUP, 5), (Nasib.TERSENDAT, 2), (Nasib.TANPA_TAHAP_2, 1)),
    ),
}


@dataclass(frozen=True)
class Bagian:
    """What one daerah gets and what it will have absorbed at the end of the TA, in rupiah."""

    daerah: Daerah
    pagu: int
    realisasi: int
    nasib: Nasib


def divide(penerima: Sequence[Daerah], tahun: int) -> list[Bagian]:
    """Pagu and final absorption of every recipient of a TA."""
    acuan = ACUAN.get(tahun) or Acuan(pagu=_pagu_lain(tahun))
    pagu = _pagu(penerima, acuan.pagu, tahun)
    kab_kota = [d for d in penerima if d.induk_id]
    pemprov = [d for d in penerima if not d.induk_id]
    nasib = _nasib(kab_kota, pagu, acuan, tahun)
    serap = _serap_kab_kota(kab_kota, nasib, acuan, tahun)
    akhir = {d.kode: pagu[d.kode] * serap[d.kode] // BASIS_POINT for d in kab_kota}
    akhir |= _akhir_pemprov(pemprov, pagu, acuan, sum(akhir.values()), tahun)
    return [Bagian(d, pagu[d.kode], akhir[d.kode], nasib.get(d.kode, Nasib.TERSENDAT)) for d in penerima]


def _pagu_lain(tahun: int) -> int:
    return dice("pagu nasional", tahun).randint(396_000, 408_000) * JUTA + 518_000


def _pagu(penerima: Sequence[Daerah], total: int, tahun: int) -> dict[str, int]:
    """Whole thousands, summing up exactly: a few small, a few big, the rest 3–15 miliar."""
    acak = dice("pagu", tahun)
    kab_kota = [d.kode for d in penerima if d.induk_id and d.kode not in SELALU]
    khusus = acak.sample(kab_kota, 5)
    pagu = {kode: acak.randint(620_000, 990_000) * 1000 for kode in khusus[:3]}
    pagu |= {kode: acak.randint(16_000_000, 24_000_000) * 1000 for kode in khusus[3:]}
    for d in penerima:
        if not d.induk_id:
            pagu[d.kode] = acak.randint(7_500_000, 15_500_000) * 1000
    biasa = [d.kode for d in penerima if d.kode not in pagu]
    bobot = [acak.randint(100, 300) for _ in biasa]
    # Chance divides what lies above a floor of 3 miliar, which keeps everybody in the usual range.
    dasar = 3_000_000
    sisa = (total - sum(pagu.values())) // 1000 - dasar * len(biasa)
    pagu |= {k: (dasar + s) * 1000 for k, s in zip(biasa, split(sisa, [b * b for b in bobot]), strict=True)}
    return pagu


def _nasib(kab_kota: Sequence[Daerah], pagu: dict[str, int], acuan: Acuan, tahun: int) -> dict[str, Nasib]:
    """Trouble falls on middling allocations, so that one unlucky giant does not carry the nation."""
    biasa = [d.kode for d in kab_kota if d.kode not in SELALU and 1000 * JUTA < pagu[d.kode] < 15_000 * JUTA]
    terkena = dice("nasib", tahun).sample(biasa, sum(jumlah for _, jumlah in acuan.bernasib))
    nasib = {d.kode: Nasib.LANCAR for d in kab_kota}
    for kind, jumlah in acuan.bernasib:
        for _ in range(jumlah):
            nasib[terkena.pop()] = kind
    return nasib


def _serap_kab_kota(
    kab_kota: Sequence[Daerah], nasib: dict[str, Nasib], acuan: Acuan, tahun: int
) -> dict[str, int]:
    acak = dice("serap", tahun)
    serap = {d.kode: acak.randint(*RENTANG[nasib[d.kode]]) for d in kab_kota}
    if acuan.rata_rata is not None:
        lancar = [d.kode for d in kab_kota if nasib[d.kode] is Nasib.LANCAR]
        _shift(serap, lancar, acuan.rata_rata * len(kab_kota), acak)
    return serap


def _shift(serap: dict[str, int], kodes: list[str], total: int, acak: Random) -> None:
    """Move the smooth ones by the same little until the sum, hence the mean, is exact."""
    berubah = total - sum(serap.values())
    langkah, sisa = divmod(berubah, len(kodes))
    lebih = set(acak.sample(kodes, sisa))
    for kode in kodes:
        serap[kode] += langkah + (kode in lebih)


def _akhir_pemprov(
    pemprov: Sequence[Daerah], pagu: dict[str, int], acuan: Acuan, kab_kota: int, tahun: int
) -> dict[str, int]:
    acak = dice("serap pemprov", tahun)
    serap = {d.kode: acak.randint(*RENTANG_PEMPROV) for d in pemprov}
    akhir = {kode: pagu[kode] * serap[kode] // BASIS_POINT for kode in serap}
    if acuan.serapan is None:
        return akhir
    # What the nation lacks to its published figure falls to the provinces, by their planned shares.
    # Rounded up: never a rupiah below the published percentage.
    kurang = -(-acuan.pagu * acuan.serapan // BASIS_POINT) - kab_kota
    shares = split(kurang, list(akhir.values()), caps=[pagu[kode] * 9 // 10 for kode in akhir])
    return dict(zip(akhir, shares, strict=True))
