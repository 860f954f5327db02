from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from realisasi.aturan.kalimat import DITUNGGU, Keadaan, compose
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import StatusLaporan
from realisasi.rekap.lapor import BELUM_LAPOR

BIASA = Keadaan(
    subjek="Secara nasional,",
    tw=Triwulan(2024, 3),
    hari=date(2024, 10, 15),
    is_final=False,
    is_closed=False,
    pagu=405_455_518_000,
    serapan=Decimal("33.76"),
    sekurang=False,
    belum=0,
    pagu_belum=0,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Secara nasional, 33,76% pagu terserap sampai TW III TA 2024."),
        ({"subjek": ""}, "33,76% pagu terserap sampai TW III TA 2024."),
        (
            {"sekurang": True, "belum": 12, "pagu_belum": 112_500_000_000},
            ("Secara nasional, sekurang-kurangnya 33,76% pagu terserap sampai TW III TA 2024. "
            "Laporan dua belas daerah dengan pagu Rp112,5 miliar belum masuk atau dikembalikan."),
        ),
        (
            {"is_final": True, "belum": 20, "pagu_belum": 150_000_000_000},
            ("Secara nasional, menurut laporan terverifikasi, 33,76% pagu terserap sampai TW III TA 2024. "
            "Laporan 20 daerah dengan pagu Rp150,0 miliar belum diverifikasi."),
        ),
        (
            {"tw": Triwulan(2024, 4), "belum": 57, "pagu_belum": 1},
            "Secara nasional, TW IV masih berjalan; menurut laporan terakhir, 33,76% pagu terserap.",
        ),
        (
            {"serapan": None, "belum": 57, "pagu_belum": 405_455_518_000},
            ("Secara nasional, belum ada laporan yang dihitung sampai TW III TA 2024. "
            "Laporan 57 daerah dengan pagu Rp405,5 miliar belum masuk atau dikembalikan."),
        ),
        (
            {"serapan": None, "is_final": True, "subjek": ""},
            "Belum ada laporan terverifikasi sampai TW III TA 2024.",
        ),
        (
            {"serapan": None, "tw": Triwulan(2024, 4), "belum": 57},
            "Secara nasional, TW IV TA 2024 masih berjalan; belum ada laporan yang dihitung.",
        ),
        (
            {"serapan": None, "tw": Triwulan(2025, 1), "belum": 57},
            "Secara nasional, TA 2025 belum dimulai; pagu Rp405,5 miliar sudah ditetapkan.",
        ),
        (
            {"tw": Triwulan(2023, 4), "is_closed": True, "is_final": True, "serapan": Decimal("88.46")},
            "Secara nasional, TA 2023 ditutup dengan 88,46% pagu terserap.",
        ),
        (
            {
                "tw": Triwulan(2024, 2), "is_closed": True, "is_final": True, "sekurang": True, "belum": 2,
                "pagu_belum": 14_200_000_000,
            },
            ("Secara nasional, TW II TA 2024 ditutup dengan sekurang-kurangnya 33,76% pagu terserap. "
            "Dua daerah dengan pagu Rp14,2 miliar ditutup tanpa laporan terverifikasi."),
        ),
        (
            {"tw": Triwulan(2024, 1), "is_closed": True, "is_final": True, "serapan": None},
            "Secara nasional, TW I TA 2024 ditutup tanpa laporan terverifikasi.",
        ),
        (
            {"subjek": "Kab. Majalengka:", "dibawa_dari": 2, "belum": 1, "status_laporan": "DIKEMBALIKAN"},
            ("Kab. Majalengka: 33,76% pagu terserap menurut laporan TW II. "
            "Laporan TW III dikembalikan dan menunggu perbaikan."),
        ),
        (
            {"subjek": "Kab. Karawang:", "serapan": None, "belum": 1, "status_laporan": "BELUM_LAPOR"},
            ("Kab. Karawang: belum ada laporan yang dihitung sampai TW III TA 2024. "
            "Laporan TW III belum masuk."),
        ),
    ],
)  # fmt: skip
def test_the_sentence_reads_like_indonesian_in_every_case(changes, said):
    assert str(compose(replace(BIASA, **changes))) == said


def test_every_status_that_can_be_waited_for_has_its_words():
    assert set(DITUNGGU) == {BELUM_LAPOR, *StatusLaporan.values}
