"""Rates of the five amounts: the only division in the project.

SQL and callers add rupiah; here, once, a ratio is taken and rounded (half up, two digits). A zero or missing
base, or a missing amount above it, gives no rate (None, a dash), never 0 and never 100; above 100 is shown as
it is. Source: "Ratios, each with its base in its name" (domain section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

SEPERSERATUS_PERSEN = 10_000  # a ratio of 1 in hundredths of a percent
SEJUTA = 1_000_000
LANGKAH = 10**24  # steps of a ratio of 1 in which a mean is added up


def rasio(pembilang: int | None, basis: int | None) -> Fraction | None:
    """The exact ratio (0–1 and above), or None where there is no base or nothing to put above it."""
    if pembilang is None or not basis:
        return None
    return Fraction(pembilang, basis)


def persen(nilai: Fraction | None) -> Decimal | None:
    """A ratio as percent with two digits, rounded half up once: what every door shows."""
    if nilai is None:
        return None
    return _percent(nilai.numerator, nilai.denominator)


def persen_dari(pembilang: int | None, basis: int | None) -> Decimal | None:
    """Percent (two digits) of two amounts, e.g. a row's realisasi keuangan over its nilai RK."""
    if pembilang is None or not basis:
        return None
    return _percent(pembilang, basis)


def _percent(above: int, below: int) -> Decimal:
    """Rounded half up (below zero half down); the base is above zero."""
    rounded = (2 * abs(above) * SEPERSERATUS_PERSEN + below) // (2 * below)
    return Decimal(rounded if above >= 0 else -rounded).scaleb(-2)


def rata_rata(nilai: Sequence[Fraction]) -> Fraction | None:
    """The simple mean, exact; None of nothing.

    Added in a tree of unreduced fractions: a plain running sum would reduce ever longer numbers.
    """
    if not nilai:
        return None
    terms = [(n.numerator, n.denominator) for n in nilai]
    while len(terms) > 1:
        pairs = [(a * d + c * b, b * d) for (a, b), (c, d) in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[2 * len(pairs) :]
    top, bottom = terms[0]
    return Fraction(top, bottom * len(nilai))


def rata_rata_serapan(pasangan: Iterable[tuple[int | None, int]]) -> Decimal | None:
    """*Rata-rata serapan kabupaten/kota* (percent): mean over (realisasi, pagu) of those that have a rate."""
    known = [(above, below) for above, below in pasangan if above is not None and below]
    if not known:
        return None
    if len(known) == 1:
        return _percent(*known[0])
    # Each rate, cut off, is less than one step too low. Where both ends round to the same percent, so does
    # the mean; only where it lies on a half is the slow sum of fractions needed.
    low = sum(above * LANGKAH // below for above, below in known)
    ends = {_percent(end, LANGKAH * len(known)) for end in (low, low + len(known))}
    if len(ends) == 1:
        return ends.pop()
    return persen(rata_rata([Fraction(above, below) for above, below in known]))


def capaian_sejuta(selesai: Decimal | None, volume: Decimal | None) -> int | None:
    """Delivered over target volume of one row, capped at 1, in whole millionths (half up)."""
    if selesai is None or not volume:
        return None
    share = min(Fraction(selesai) / Fraction(volume), Fraction(1)) * SEJUTA
    return (2 * share.numerator + share.denominator) // (2 * share.denominator)


def selisih(nilai: Decimal | None, pembanding: Decimal | None) -> Decimal | None:
    """Difference in points of two shown percents; None where either is missing."""
    return None if nilai is None or pembanding is None else nilai - pembanding


@dataclass(frozen=True, kw_only=True)
class Serapan:
    """The amounts of one daerah or one group (whole rupiah) and every rate that follows from them (percent).

    `realisasi_keuangan` is None where nothing was ever reported. `bobot_fisik` and `bobot_target` are sums of
    rupiah times hundredths of a percent, `bobot_keluaran` of rupiah times millionths.
    """

    pagu: int
    nilai_rk: int
    nilai_kontrak: int
    penyaluran: int
    realisasi_keuangan: int | None
    bobot: int
    bobot_fisik: int | None
    bobot_keluaran: int | None
    target_keuangan: int | None
    bobot_target: int | None
    pagu_lapor: int
    pagu_kab_kota: int
    realisasi_kab_kota: int | None

    @property
    def serapan(self) -> Decimal | None:
        """The headline: penyerapan / pagu."""
        return persen_dari(self.realisasi_keuangan, self.pagu)

    @property
    def serapan_kontrak(self) -> Decimal | None:
        return persen_dari(self.realisasi_keuangan, self.nilai_kontrak)

    @property
    def serapan_diterima(self) -> Decimal | None:
        """Penyerapan / penyaluran: the legal gate of Tahap Penyaluran II and III."""
        return persen_dari(self.realisasi_keuangan, self.penyaluran)

    @property
    def penyaluran_pagu(self) -> Decimal | None:
        return persen_dari(self.penyaluran, self.pagu)

    @property
    def penyaluran_rk(self) -> Decimal | None:
        return persen_dari(self.penyaluran, self.nilai_rk)

    @property
    def penyaluran_kontrak(self) -> Decimal | None:
        return persen_dari(self.penyaluran, self.nilai_kontrak)

    @property
    def rk_pagu(self) -> Decimal | None:
        return persen_dari(self.nilai_rk, self.pagu)

    @property
    def kontrak_pagu(self) -> Decimal | None:
        """The mid-year readiness figure."""
        return persen_dari(self.nilai_kontrak, self.pagu)

    @property
    def progres_fisik(self) -> Decimal | None:
        return persen_dari(self.bobot_fisik, self.bobot * SEPERSERATUS_PERSEN)

    @property
    def capaian_keluaran(self) -> Decimal | None:
        return persen_dari(self.bobot_keluaran, self.bobot * SEJUTA)

    @property
    def target_serapan(self) -> Decimal | None:
        """Target keuangan / pagu: the *rencana* of the Kurva-S."""
        return persen_dari(self.target_keuangan, self.pagu)

    @property
    def target_fisik(self) -> Decimal | None:
        return persen_dari(self.bobot_target, self.bobot * SEPERSERATUS_PERSEN)

    @property
    def capaian_target_keuangan(self) -> Decimal | None:
        return persen_dari(self.realisasi_keuangan, self.target_keuangan)

    @property
    def capaian_target_fisik(self) -> Decimal | None:
        return persen_dari(self.bobot_fisik, self.bobot_target)

    @property
    def deviasi_fisik(self) -> Decimal | None:
        """Progres fisik minus its target, in points."""
        return selisih(self.progres_fisik, self.target_fisik)

    @property
    def serapan_kab_kota(self) -> Decimal | None:
        """*Serapan kabupaten/kota (tertimbang)*: ratio of sums over kab/kota only."""
        return persen_dari(self.realisasi_kab_kota, self.pagu_kab_kota)

    @property
    def cakupan_pagu(self) -> Decimal | None:
        """Share of the pagu whose daerah reported this quarter."""
        return persen_dari(self.pagu_lapor, self.pagu)

    @property
    def sisa_kas(self) -> int | None:
        """*Sisa DAK di RKUD*: penyaluran minus penyerapan (negative when the daerah pre-financed)."""
        return None if self.realisasi_keuangan is None else self.penyaluran - self.realisasi_keuangan
