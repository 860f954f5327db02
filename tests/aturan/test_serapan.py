"""The only division: exact, rounded once, half up, and no rate without a base."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realisasi.aturan import serapan


@pytest.mark.parametrize(
    ("pembilang", "basis", "expected"),
    [
        (8846, 10000, "88.46"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (88455, 100000, "88.46"),  # exactly half: up
        (884549, 1000000, "88.45"),
        (5, 100000, "0.01"),
        (0, 7, "0.00"),
        (21, 20, "105.00"),  # above 100 is shown as it is
        (349_417_000_000, 395_000_000_000, "88.46"),
    ],
)
def test_a_rate_is_rounded_half_up_once(pembilang, basis, expected):
    assert serapan.persen_dari(pembilang, basis) == Decimal(expected)


@pytest.mark.parametrize(("pembilang", "basis"), [(None, 100), (5, 0), (5, None), (0, 0), (None, None)])
def test_no_base_or_nothing_reported_gives_no_rate(pembilang, basis):
    assert serapan.persen_dari(pembilang, basis) is None


@given(st.lists(st.fractions(min_value=0, max_value=2, max_denominator=10**6), min_size=1, max_size=60))
def test_the_mean_is_exact(rates):
    assert serapan.rata_rata(rates) == sum(rates, Fraction(0)) / len(rates)


def test_the_mean_of_nothing_is_no_rate():
    assert serapan.rata_rata([]) is None


def test_who_never_reported_is_left_out_of_the_mean_and_zero_is_not():
    assert serapan.rata_rata_serapan([(50, 100), (None, 100), (0, 100)]) == Decimal("25.00")


def test_a_mean_that_ends_on_a_half_is_rounded_from_the_exact_value():
    # 1/3 + 2/3 + 0.0001 -> mean 33,3366…; a mean of rounded rates would differ.
    assert serapan.rata_rata_serapan([(1, 3), (2, 3), (1, 10_000)]) == Decimal("33.34")
    assert serapan.rata_rata_serapan([(10_001, 20_000), (10_000, 20_000)]) == Decimal("50.00")
    assert serapan.rata_rata_serapan([(10_002, 20_000), (10_000, 20_000)]) == Decimal("50.01")


@pytest.mark.parametrize(
    ("selesai", "volume", "expected"),
    [("1", "2", 500_000), ("3", "2", 1_000_000), ("1", "3", 333_333), ("2", "3", 666_667), ("0", "2", 0)],
)
def test_delivered_volume_counts_up_to_its_target(selesai, volume, expected):
    assert serapan.capaian_sejuta(Decimal(selesai), Decimal(volume)) == expected


def test_delivered_volume_that_nobody_reported_is_not_zero():
    assert serapan.capaian_sejuta(None, Decimal(2)) is None


def amounts(**changes):
    zero = dict.fromkeys(
        ("pagu", "nilai_rk", "nilai_kontrak", "penyaluran", "bobot", "pagu_lapor", "pagu_kab_kota"), 0
    )
    missing = dict.fromkeys(
        (
            "realisasi_keuangan",
            "bobot_fisik",
            "bobot_keluaran",
            "target_keuangan",
            "bobot_target",
            "realisasi_kab_kota",
        )
    )
    return serapan.Serapan(**{**zero, **missing, **changes})


RATES = [
    name
    for name, member in vars(serapan.Serapan).items()
    if isinstance(member, property) and name != "sisa_kas"
]


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_is_a_dash_where_nothing_is_known(rate):
    assert getattr(amounts(), rate) is None


def test_each_rate_stands_on_the_base_in_its_name():
    row = amounts(
        pagu=1000,
        nilai_rk=900,
        nilai_kontrak=800,
        penyaluran=500,
        realisasi_keuangan=400,
        bobot=800,
        bobot_fisik=800 * 4550,
        bobot_keluaran=800 * 250_000,
        target_keuangan=500,
        bobot_target=800 * 5000,
        pagu_lapor=700,
        pagu_kab_kota=600,
        realisasi_kab_kota=300,
    )
    assert {name: str(getattr(row, name)) for name in RATES} == {
        "serapan": "40.00",
        "serapan_kontrak": "50.00",
        "serapan_diterima": "80.00",
        "penyaluran_pagu": "50.00",
        "penyaluran_rk": "55.56",
        "penyaluran_kontrak": "62.50",
        "rk_pagu": "90.00",
        "kontrak_pagu": "80.00",
        "progres_fisik": "45.50",
        "capaian_keluaran": "25.00",
        "target_serapan": "50.00",
        "target_fisik": "50.00",
        "capaian_target_keuangan": "80.00",
        "capaian_target_fisik": "91.00",
        "deviasi_fisik": "-4.50",
        "serapan_kab_kota": "50.00",
        "cakupan_pagu": "70.00",
    }
    assert row.sisa_kas == 100
