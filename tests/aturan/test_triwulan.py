"""The quarter: its days, and the day on which its amounts are read."""

from datetime import date, time

import pytest

from realisasi.aturan.triwulan import WIB, Triwulan


@pytest.mark.parametrize(
    ("ke", "awal", "akhir"),
    [
        (1, date(2024, 1, 1), date(2024, 3, 31)),
        (2, date(2024, 4, 1), date(2024, 6, 30)),
        (3, date(2024, 7, 1), date(2024, 9, 30)),
        (4, date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_first_and_last_day(ke, awal, akhir):
    tw = Triwulan(2024, ke)
    assert (tw.awal, tw.akhir) == (awal, akhir)
    assert Triwulan.of(awal) == Triwulan.of(akhir) == tw


@pytest.mark.parametrize("ke", [0, 5])
def test_there_is_no_other_quarter(ke):
    with pytest.raises(ValueError, match="tidak ada"):
        Triwulan(2024, ke)


@pytest.mark.parametrize(
    ("hari", "expected"),
    [
        (date(2025, 2, 1), date(2024, 9, 30)),  # over: its last day
        (date(2024, 8, 5), date(2024, 8, 5)),  # running: today
        (date(2024, 2, 1), date(2024, 2, 1)),  # not begun: today too
        (date(2023, 12, 1), date(2024, 1, 1)),  # its TA not begun: the first pagu
    ],
)
def test_amounts_are_read_on_the_last_day_or_today(hari, expected):
    assert Triwulan(2024, 3).posisi(hari) == expected


@pytest.mark.parametrize(
    ("hari", "ke"),
    [
        (date(2024, 1, 1), 1),
        (date(2024, 3, 31), 1),
        (date(2024, 4, 1), 1),
        (date(2024, 7, 1), 2),
        (date(2024, 10, 15), 3),
        (date(2026, 1, 1), 4),
    ],
)
def test_the_page_opens_on_the_latest_quarter_that_has_ended(hari, ke):
    assert Triwulan.last_reported(2024, hari) == Triwulan(2024, ke)


def test_the_deadline_is_an_instant_in_wib():
    deadline = Triwulan(2024, 3).tenggat(14, time(23, 59))
    assert deadline.isoformat() == "2024-10-14T23:59:00+07:00"
    assert deadline.tzinfo == WIB
