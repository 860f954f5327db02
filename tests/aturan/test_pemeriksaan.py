"""Every check of a report with a table of cases: what passes, what is found, and at which cell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from realisasi.aturan.pemeriksaan import Baris, Batas, Nilai, Tingkat, check_baris, check_laporan

BATAS = Batas(selisih_fisik_keuangan=Decimal(20), faktor_ribuan=1000, akhir_kontrak=date(2024, 12, 31))
JUTA = 1_000_000


def nilai(keuangan=500 * JUTA, fisik="50", volume="0"):
    return Nilai(
        keuangan=keuangan,
        progres_fisik=None if fisik is None else Decimal(fisik),
        volume_selesai=None if volume is None else Decimal(volume),
    )


# A row with which nothing is wrong: half paid, half built, under contract.
WAJAR = Baris(
    paket=7,
    nilai=nilai(),
    kode_masalah=None,
    penjelasan="",
    alasan="",
    nilai_rk=1_000 * JUTA,
    nilai_kontrak=1_000 * JUTA,
    selesai=date(2024, 12, 31),
    ada_bast=False,
)


def found(baris, batas=BATAS):
    return {(finding.kode, finding.kolom) for finding in check_baris(baris, batas)}


def test_an_ordinary_row_has_no_findings():
    assert found(WAJAR) == set()


KASUS = {
    # (change of the ordinary row): what is found
    "keuangan left empty": ({"nilai": nilai(None)}, {("keuangan_kosong", "keuangan")}),
    "keuangan zero is an answer": ({"nilai": nilai(0, "0")}, set()),
    "progress left empty": ({"nilai": nilai(fisik=None)}, {("fisik_kosong", "progres_fisik")}),
    "volume left empty is allowed": ({"nilai": nilai(volume=None)}, set()),
    "paid exactly the contract": (
        {"nilai": nilai(1_000 * JUTA, "100"), "ada_bast": True},
        set(),
    ),
    "one rupiah above the contract": (
        {"nilai": nilai(1_000 * JUTA + 1, "100"), "ada_bast": True},
        {("melebihi_kontrak", "keuangan")},
    ),
    "code without explanation": ({"kode_masalah": 6}, {("masalah_tanpa_penjelasan", "penjelasan")}),
    "blank explanation": (
        {"kode_masalah": 6, "penjelasan": "  "},
        {("masalah_tanpa_penjelasan", "penjelasan")},
    ),
    "code with explanation": ({"kode_masalah": 6, "penjelasan": "Tender ulang"}, set()),
    "keuangan fell by a rupiah": (
        {"sebelumnya": nilai(500 * JUTA + 1)},
        {("keuangan_turun", "keuangan")},
    ),
    "progress fell": ({"sebelumnya": nilai(fisik="50.01")}, {("progres_fisik_turun", "progres_fisik")}),
    "volume fell": ({"sebelumnya": nilai(volume="1")}, {("volume_selesai_turun", "volume_selesai")}),
    "all three fell": (
        {"sebelumnya": nilai(600 * JUTA, "60", "1")},
        {
            ("keuangan_turun", "keuangan"),
            ("progres_fisik_turun", "progres_fisik"),
            ("volume_selesai_turun", "volume_selesai"),
        },
    ),
    "unchanged for one quarter": ({"sebelumnya": nilai()}, set()),
    "unchanged for two quarters while the contract runs": (
        {"sebelumnya": nilai(), "dua_sebelumnya": nilai(), "kontrak_dua_sebelumnya": True},
        {("tidak_bergerak", "progres_fisik")},
    ),
    "unchanged, but the contract has only begun": (
        {"sebelumnya": nilai(), "dua_sebelumnya": nilai(), "kontrak_dua_sebelumnya": False},
        set(),
    ),
    "unchanged after BAST": (
        {
            "sebelumnya": nilai(),
            "dua_sebelumnya": nilai(),
            "kontrak_dua_sebelumnya": True,
            "ada_bast": True,
        },
        set(),
    ),
    "moved a quarter ago": (
        {"sebelumnya": nilai(), "dua_sebelumnya": nilai(1), "kontrak_dua_sebelumnya": True},
        set(),
    ),
    "unchanged before a contract": (
        {
            "nilai": nilai(0, "0"),
            "nilai_kontrak": None,
            "sebelumnya": nilai(0, "0"),
            "dua_sebelumnya": nilai(0, "0"),
        },
        set(),
    ),
    "paid without a contract": ({"nilai_kontrak": None}, {("tanpa_kontrak", "keuangan")}),
    "nothing paid, no contract": ({"nilai": nilai(0, "0"), "nilai_kontrak": None}, set()),
    "contract equal to RK": ({"nilai_rk": 1_000 * JUTA}, set()),
    "contract above RK": ({"nilai_rk": 1_000 * JUTA - 1}, {("kontrak_melebihi_rk", "keuangan")}),
    "RK unknown": ({"nilai_rk": None}, set()),
    "typed in thousands": (
        {"nilai": nilai(JUTA, "0")},
        {("mungkin_ribuan", "keuangan")},
    ),
    "just above a thousandth": ({"nilai": nilai(JUTA + 1, "0")}, set()),
    "money 20 points ahead": ({"nilai": nilai(700 * JUTA, "50")}, set()),
    "money more than 20 points ahead": (
        {"nilai": nilai(700 * JUTA + 100_000, "50")},
        {("keuangan_mendahului", "keuangan")},
    ),
    "work 20 points ahead": ({"nilai": nilai(300 * JUTA, "50")}, set()),
    "work more than 20 points ahead": (
        {"nilai": nilai(300 * JUTA, "50.01")},
        {("fisik_mendahului", "progres_fisik")},
    ),
    "work ahead of the first payment": ({"nilai": nilai(0, "50")}, set()),
    "100% without BAST": (
        {"nilai": nilai(900 * JUTA, "100")},
        {("tanpa_bast", "progres_fisik")},
    ),
    "99,99% without BAST": ({"nilai": nilai(900 * JUTA, "99.99")}, set()),
    "contract ends in January": (
        {"selesai": date(2025, 1, 1)},
        {("lewat_tahun", "progres_fisik")},
    ),
}


@pytest.mark.parametrize(("change", "expected"), KASUS.values(), ids=KASUS.keys())
def test_each_check_finds_its_case_and_nothing_else(change, expected):
    assert found(replace(WAJAR, **change)) == expected


def test_what_blocks_comes_before_what_asks():
    baris = replace(WAJAR, nilai=nilai(None, None), selesai=date(2025, 1, 1))
    levels = [finding.tingkat for finding in check_baris(baris, BATAS)]
    assert levels == [Tingkat.TOLAK, Tingkat.TOLAK, Tingkat.ALASAN]


def test_a_reason_answers_what_asks_but_never_what_blocks():
    baris = replace(WAJAR, nilai=nilai(1_000 * JUTA + 1, "70"), alasan="Sesuai adendum")
    answered = {finding.kode: finding.menghalangi for finding in check_baris(baris, BATAS)}
    assert answered == {"melebihi_kontrak": True, "keuangan_mendahului": False}


def test_a_blank_reason_answers_nothing():
    baris = replace(WAJAR, sebelumnya=nilai(600 * JUTA), alasan="   ")
    assert [finding.menghalangi for finding in check_baris(baris, BATAS)] == [True]


def test_the_message_says_what_was_found_what_was_expected_and_what_to_do():
    finding = next(check_baris(replace(WAJAR, nilai=nilai(1_100 * JUTA, "100"), ada_bast=True), BATAS))
    assert finding.paket == 7
    assert "Rp1.100.000.000" in finding.pesan
    assert "Rp1.000.000.000" in finding.pesan
    assert "Perbaiki angkanya" in finding.pesan


def test_the_limits_are_arguments():
    strict = replace(BATAS, selisih_fisik_keuangan=Decimal(5))
    baris = replace(WAJAR, nilai=nilai(560 * JUTA, "50"))
    assert found(baris) == set()
    assert found(baris, strict) == {("keuangan_mendahului", "keuangan")}


@pytest.mark.parametrize(
    ("total", "received", "reason", "expected"),
    [(100, 100, "", []), (101, 100, "", [True]), (101, 100, "Dana talangan", [False]), (0, 0, "", [])],
)
def test_money_spent_beyond_what_was_received_needs_a_reason(total, received, reason, expected):
    findings = list(check_laporan(total_keuangan=total, penyaluran=received, alasan=reason))
    assert [finding.menghalangi for finding in findings] == expected
    assert all(finding.kolom == "catatan" and finding.paket is None for finding in findings)
