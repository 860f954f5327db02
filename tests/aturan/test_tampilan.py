from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realisasi.aturan import tampilan

PENULIS = (
    tampilan.rupiah,
    tampilan.tambahan,
    tampilan.rp,
    tampilan.miliar,
    tampilan.desimal,
    tampilan.persen,
    tampilan.poin,
    tampilan.tw,
    tampilan.bilangan,
    tampilan.tanggal,
    tampilan.tanggal_pendek,
    tampilan.waktu,
    tampilan.waktu_pendek,
)


@pytest.mark.parametrize("penulis", PENULIS)
def test_what_is_missing_is_a_dash_and_never_a_zero(penulis):
    assert penulis(None) == "–"


@pytest.mark.parametrize("penulis", [tampilan.rupiah, tampilan.desimal, tampilan.persen, tampilan.poin])
def test_a_float_or_a_text_is_refused(penulis):
    for bukan in (0.1, "12", ""):
        with pytest.raises(TypeError):
            penulis(bukan)


@pytest.mark.parametrize(
    ("nilai", "teks"), [(0, "0"), (999, "999"), (12_345_678, "12.345.678"), (-1_500, "-1.500")]
)
def test_rupiah_is_grouped_by_dots(nilai, teks):
    assert tampilan.rupiah(nilai) == teks


def test_an_increment_always_shows_its_sign():
    assert [tampilan.tambahan(n) for n in (1_500, 0, -1_500)] == ["+1.500", "+0", "-1.500"]


def test_rp_carries_its_unit():
    assert tampilan.rp(12_345_678) == "Rp12.345.678"
    assert tampilan.rp(-500) == "-Rp500"


@given(st.integers(min_value=0, max_value=10**18))
def test_no_digit_of_an_amount_is_ever_lost(nilai):
    assert int(tampilan.rupiah(nilai).replace(".", "")) == nilai


@pytest.mark.parametrize(
    ("nilai", "teks"),
    [
        (0, "Rp0"),
        (750_000, "Rp750.000"),
        (850_000_000, "Rp850,0 juta"),
        (999_949_999, "Rp999,9 juta"),
        (999_950_000, "Rp1,0 miliar"),
        (395_000_000_000, "Rp395,0 miliar"),
        (1_249_999_999_999, "Rp1,2 triliun"),
        (4_321_000_000_000_000, "Rp4.321,0 triliun"),
        (-3_850_000_000, "-Rp3,9 miliar"),
    ],
)
def test_the_short_form_picks_the_unit_that_suits(nilai, teks):
    assert tampilan.miliar(nilai) == teks


@pytest.mark.parametrize(
    ("nilai", "teks"),
    [
        (Decimal("88.455"), "88,46%"),
        (Decimal("88.4549"), "88,45%"),
        (Fraction(2, 3), "0,67%"),
        (Fraction(1, 8) + 88, "88,13%"),
        (0, "0,00%"),
        (100, "100,00%"),
        (Decimal("1234.5"), "1.234,50%"),
        (Decimal("-3.125"), "-3,13%"),
        (Fraction(-25, 8), "-3,13%"),
        (Decimal("-0.001"), "0,00%"),
    ],
)
def test_a_rate_has_two_digits_halves_up(nilai, teks):
    assert tampilan.persen(nilai) == teks


def test_a_rate_may_be_asked_with_one_digit():
    assert tampilan.persen(Decimal("91.25"), 1) == "91,3%"


@pytest.mark.parametrize(
    ("nilai", "teks", "arah"),
    [
        (Decimal("3.2"), "▲ 3,20 poin", "naik"),
        (Decimal("-14.2"), "▼ 14,20 poin", "turun"),
        (Decimal("0.004"), "= 0,00 poin", "tetap"),
        (Decimal("-0.004"), "= 0,00 poin", "tetap"),
    ],
)
def test_a_difference_shows_its_direction(nilai, teks, arah):
    assert tampilan.poin(nilai) == teks
    assert tampilan.arah(nilai) == arah


@pytest.mark.parametrize(
    ("nilai", "digit", "teks"),
    [
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal(240), None, "240"),
        (1000, None, "1.000"),
        (Decimal("72.5"), 2, "72,50"),
        (Decimal("0.125"), 2, "0,13"),
    ],
)
def test_a_volume_shows_the_decimals_it_has(nilai, digit, teks):
    assert tampilan.desimal(nilai, digit) == teks


def test_triwulan_is_roman():
    assert [tampilan.tw(ke) for ke in (1, 2, 3, 4)] == ["TW I", "TW II", "TW III", "TW IV"]


def test_small_counts_are_words():
    assert [tampilan.bilangan(n) for n in (0, 6, 12, 13, 1056)] == ["nol", "enam", "dua belas", "13", "1.056"]


def test_dates_are_indonesian():
    assert tampilan.tanggal(date(2024, 7, 22)) == "22 Juli 2024"
    assert tampilan.tanggal_pendek(date(2024, 8, 1)) == "1 Agu 2024"


class TestWaktu:
    batas = datetime(2024, 7, 22, 10, 0, tzinfo=UTC)
    malam = datetime(2024, 10, 14, 16, 59, tzinfo=UTC)

    def test_the_central_hour_comes_first_and_the_own_hour_behind(self):
        assert tampilan.waktu(self.batas) == "Senin, 22 Juli 2024, pukul 17.00 WIB"
        assert tampilan.waktu(self.batas, "WIT") == "Senin, 22 Juli 2024, pukul 17.00 WIB (19.00 WIT)"

    def test_an_hour_that_falls_on_the_next_day_says_so(self):
        assert tampilan.waktu(self.malam, "WIT") == (
            "Senin, 14 Oktober 2024, pukul 23.59 WIB (Selasa, 15 Oktober 2024, 01.59 WIT)"
        )

    def test_the_short_form_is_in_the_own_zone(self):
        assert tampilan.waktu_pendek(self.batas) == "22 Jul 2024 17.00 WIB"
        assert tampilan.waktu_pendek(self.malam, "WITA") == "15 Okt 2024 00.59 WITA"


@pytest.mark.parametrize(
    ("sampai", "teks"),
    [
        (date(2024, 10, 21), "enam hari lagi"),
        (date(2024, 10, 15), "hari ini"),
        (date(2024, 10, 13), "lewat dua hari"),
        (date(2024, 12, 15), "61 hari lagi"),
    ],
)
def test_the_distance_of_a_date_is_said_in_words(sampai, teks):
    assert tampilan.sisa_hari(sampai, date(2024, 10, 15)) == teks


class TestCakupan:
    def test_a_full_quarter_is_short(self):
        assert (
            tampilan.cakupan(lapor=56, daerah=56, persen_pagu=100) == "56 dari 56 daerah lapor (100,0% pagu)"
        )

    def test_what_was_carried_forward_is_named(self):
        kalimat = tampilan.cakupan(lapor=48, daerah=56, persen_pagu=Decimal("91.3"), dibawa={2: 8})
        assert kalimat == "48 dari 56 daerah lapor (91,3% pagu); 8 memakai angka TW II"

    def test_figures_of_several_quarters_and_the_silent_are_named(self):
        kalimat = tampilan.cakupan(
            lapor=48, daerah=56, persen_pagu=Decimal("91.3"), dibawa={1: 2, 2: 4}, belum_pernah=2
        )
        assert kalimat.endswith("; 4 memakai angka TW II, 2 memakai angka TW I; 2 belum pernah lapor")

    def test_without_a_base_there_is_no_percentage(self):
        assert tampilan.cakupan(lapor=0, daerah=0, persen_pagu=None) == "0 dari 0 daerah lapor (– pagu)"
