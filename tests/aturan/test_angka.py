from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realisasi.aturan import tampilan
from realisasi.aturan.angka import AngkaSalah, read_bulat, read_desimal, read_persen, read_rupiah

NBSP, NARROW, ZERO_WIDTH = "\u00a0", "\u202f", "\u200b"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.234.567", 1234567),
        ("1234567", 1234567),
        ("1.234.567,00", 1234567),
        ("Rp 1.000.000,-", 1000000),
        ("Rp1.000.000", 1000000),
        ("Rp. 1.000.000.-", 1000000),
        ("rp1.000.000", 1000000),
        (f"Rp{NBSP}1.000.000{NBSP}", 1000000),
        (f"{NARROW} 1.234 {ZERO_WIDTH}", 1234),
        ("1.234 .567", 1234567),
        ("0", 0),
        ("395.000.000.000", 395000000000),
        ("999.999.999.999.999", 999999999999999),
        ("", None),
        (f" {NBSP}\t", None),
        (None, None),
        (1234567, 1234567),
        (1234567.0, 1234567),
        (Decimal("1234567.00"), 1234567),
        (0, 0),
    ],
)
def test_rupiah_is_read_as_it_was_meant(typed, expected):
    assert read_rupiah(typed) == expected


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1,234,567.89", "koma sebagai pemisah ribuan"),
        ("1,234,567", "koma sebagai pemisah ribuan"),
        ("1,234", "koma sebagai pemisah ribuan"),
        ("1e9", "bentuk pangkat"),
        ("1E+09", "bentuk pangkat"),
        ("NaN", "tidak terbaca"),
        ("inf", "tidak terbaca"),
        ("１２３４", "aksara lain"),
        ("١٢٣", "aksara lain"),
        ("1.000²", "aksara lain"),
        ("1234567890123456", "lebih dari 15 angka"),
        ("1.234.567.890.123.456", "lebih dari 15 angka"),
        ("1.23.456", "tidak memisahkan tepat tiga angka"),
        ("1.5", "tidak memisahkan tepat tiga angka"),
        ("1234.567", "tidak memisahkan tepat tiga angka"),
        ("1.234567", "tidak memisahkan tepat tiga angka"),
        ("1.234,50", "memuat pecahan"),
        ("1234,5", "memuat pecahan"),
        ("0123", "diawali angka nol"),
        ("1 234 567", "tidak terbaca"),
        ("1_000", "tidak terbaca"),
        ("0x10", "tidak terbaca"),
        ("1.000 juta", "singkatan"),
        ("3 miliar", "singkatan"),
        ("$1.000", "tidak terbaca"),
        ("Rp", "tidak terbaca"),
        ("seribu", "tidak terbaca"),
        ("-", "Kosongkan bila tidak ada"),
        ("–", "Kosongkan bila tidak ada"),
        ("-1.000", "negatif"),
        ("−1.000", "negatif"),
        ("(1.000)", "negatif"),
        ("Rp -1.000", "negatif"),
        (-5, "negatif"),
        (1234.5, "bukan bilangan bulat"),
        (1e15, "lebih dari 15 angka"),
        (10**15, "lebih dari 15 angka"),
        (float("nan"), "bukan angka"),
        (float("inf"), "bukan angka"),
        (True, "bukan angka"),
        (b"1", "bukan angka"),
    ],
)
def test_rupiah_that_may_be_misread_is_refused_with_what_was_found(typed, reason):
    with pytest.raises(AngkaSalah, match=reason) as refusal:
        read_rupiah(typed)
    assert str(typed).removeprefix("Rp ") in refusal.value.pesan
    assert refusal.value.pesan == str(refusal.value)


def test_message_says_what_is_expected():
    with pytest.raises(AngkaSalah, match=r"misalnya 1\.234\.567"):
        read_rupiah("1,234")


def test_minus_is_read_where_it_is_allowed():
    assert read_rupiah("-1.000", minus=True) == -1000
    assert read_rupiah(-1000, minus=True) == -1000
    assert read_desimal("−2,5", minus=True) == Decimal("-2.50")
    with pytest.raises(AngkaSalah):
        read_rupiah("(1.000)", minus=True)


def test_message_stays_one_short_line_whatever_was_typed():
    with pytest.raises(AngkaSalah) as refusal:
        read_rupiah("satu\n\x00dua " * 500)
    assert "\n" not in refusal.value.pesan
    assert "\x00" not in refusal.value.pesan
    assert len(refusal.value.pesan) < 200


@pytest.mark.parametrize(("typed", "expected"), [("1.250", 1250), (" 7 ", 7), (2024.0, 2024), ("", None)])
def test_count_is_read_like_an_amount(typed, expected):
    assert read_bulat(typed) == expected


@pytest.mark.parametrize("typed", ["Rp5", "1,5", 1.5, "-1", "1e3"])
def test_count_that_is_none_is_refused(typed):
    with pytest.raises(AngkaSalah, match=r"misalnya 1\.250"):
        read_bulat(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("72,5", "72.50"),
        ("72.5", "72.50"),
        ("72.55", "72.55"),
        ("72,500000", "72.50"),
        ("0,5", "0.50"),
        ("100", "100.00"),
        ("1.234.567,89", "1234567.89"),
        ("1.234,5", "1234.50"),
        ("1234.5", "1234.50"),
        (f"{NBSP}72,5 ", "72.50"),
        (72.5, "72.50"),
        (0.1 + 0.2, "0.30"),
        (72, "72.00"),
        (Decimal("72.5"), "72.50"),
    ],
)
def test_decimal_is_read_with_two_digits(typed, expected):
    assert str(read_desimal(typed)) == expected


@pytest.mark.parametrize("blank", [None, "", " ", NBSP])
def test_blank_decimal_is_missing_not_zero(blank):
    assert read_desimal(blank) is None
    assert read_persen(blank) is None


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1.234", "bermakna ganda"),
        ("1,234", "bermakna ganda"),
        ("12.345", "bermakna ganda"),
        ("1,234.5", "tidak terbaca"),
        ("1,234,567.89", "tidak terbaca"),
        ("0.125", "tidak terbaca"),
        ("0,125", "paling banyak 2 angka"),
        ("72,555", "bermakna ganda"),
        ("1234,567", "paling banyak 2 angka"),
        (",5", "tidak terbaca"),
        ("5,", "tidak terbaca"),
        ("01,5", "tidak terbaca"),
        ("7２,5", "aksara lain"),
        ("1e2", "bentuk pangkat"),
        ("72,5%", "tidak terbaca"),
        ("-1", "negatif"),
        ("1234567890123456", "lebih dari 15 angka"),
        (72.555, "paling banyak 2 angka"),
        (-1.0, "negatif"),
        (False, "bukan angka"),
    ],
)
def test_decimal_that_may_be_misread_is_refused(typed, reason):
    with pytest.raises(AngkaSalah, match=reason):
        read_desimal(typed)


def test_whole_number_is_asked_for_where_no_decimals_are_allowed():
    assert read_desimal("12,0", digits=0) == 12
    with pytest.raises(AngkaSalah, match="bilangan bulat"):
        read_desimal("12,5", digits=0)


@pytest.mark.parametrize(
    ("typed", "expected"), [("72,5%", "72.50"), ("72,5 %", "72.50"), (100, "100.00"), ("0", "0.00")]
)
def test_percent_may_carry_its_sign(typed, expected):
    assert str(read_persen(typed)) == expected


@pytest.mark.parametrize("typed", ["100,01", "101%", 725, "72,5%%", "%"])
def test_percent_outside_its_range_or_shape_is_refused(typed):
    with pytest.raises(AngkaSalah):
        read_persen(typed)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_every_amount_shown_is_read_back_as_the_same_amount(amount):
    assert read_rupiah(tampilan.rupiah(amount)) == amount
    assert read_rupiah(tampilan.rp(amount)) == amount


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_every_decimal_shown_is_read_back_as_the_same_decimal(number):
    assert read_desimal(tampilan.desimal(number, 2)) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_message_never_a_crash(text):
    for read in (read_rupiah, read_desimal, read_persen):
        with suppress(AngkaSalah):
            read(text)


@given(st.one_of(st.floats(), st.integers(), st.booleans()))
def test_any_cell_is_a_number_or_a_message_never_a_crash(value):
    for read in (read_rupiah, read_desimal, read_persen):
        with suppress(AngkaSalah):
            read(value)
