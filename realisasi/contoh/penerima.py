"""Who gets an allocation in which tahun anggaran."""

from __future__ import annotations

from collections.abc import Sequence

from daerah.models import Daerah
from realisasi.contoh.bagi import dice

# In every TA: the two daerah that guides and checks walk through, and one provincial government.
SELALU = frozenset({"32.10", "52.02", "35"})
# The one of them that is hit by a flood.
KEBANJIRAN = "52.02"
# Daerah with a published case: invented figures beside their names would be taken for the real ones.
KASUS_TERBIT = frozenset(
    {"35.26", "21.04", "11.07", "13.05", "13.10", "36.73", "63.03", "52.03", "35.76", "12.08"}
)

# Kabupaten/kota a province may have at most in one TA.
PORSI = {
    "11": 1, "12": 2, "13": 2, "14": 1, "15": 1, "16": 2, "17": 1, "18": 2, "19": 1,
    "32": 6, "33": 6, "34": 2, "35": 6, "36": 1, "51": 2, "52": 3, "53": 3,
    "61": 1, "63": 1, "64": 1, "71": 2, "73": 3, "74": 1, "75": 1, "81": 1, "82": 1, "91": 1, "96": 1,
}  # fmt: skip
# Provinces of which one kab/kota may be left out in a year; the others keep their number.
BOLEH_KURANG = (
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
    "36",
    "61",
    "63",
    "64",
    "71",
    "74",
    "75",
)
CALON_PEMPROV = ("12", "13", "16", "18", "33", "51", "53", "64", "73", "81", "94")

# (kab/kota, pemerintah provinsi); 2023 is published: 56 daerah.
JUMLAH = {2022: (51, 9), 2023: (48, 8)}
JUMLAH_LAIN = (50, 7)


def choose(daerah: Sequence[Daerah], tahun: int) -> list[Daerah]:
    """The recipients of a TA by kode; most stay for a few years, some change every year."""
    by_kode = {d.kode: d for d in daerah}
    kab_kota, pemprov = JUMLAH.get(tahun, JUMLAH_LAIN)
    porsi = dict(PORSI)
    for provinsi in dice("kurang", tahun).sample(BOLEH_KURANG, sum(PORSI.values()) - kab_kota):
        porsi[provinsi] -= 1
    chosen = [
        kode for provinsi, jumlah in porsi.items() for kode in _members(daerah, provinsi, tahun)[:jumlah]
    ]
    chosen += ["35", *dice("pemprov", tahun).sample(CALON_PEMPROV, pemprov - 1)]
    return [by_kode[kode] for kode in sorted(chosen)]


def _members(daerah: Sequence[Daerah], provinsi: str, tahun: int) -> list[str]:
    """Kab/kota of a province in this year's order of turn, the constant ones first."""
    kodes = [d.kode for d in daerah if d.induk_id == provinsi and d.kode not in KASUS_TERBIT]
    fixed = [kode for kode in kodes if kode in SELALU]
    turning = sorted(kode for kode in kodes if kode not in SELALU)
    dice("giliran", provinsi).shuffle(turning)
    start = tahun % len(turning)
    return [*fixed, *turning[start:], *turning[:start]]
