from decimal import Decimal
from itertools import combinations

import pytest

from realisasi.gambar import petak

AMBANG = (20, 40, 60, 80)


@pytest.mark.parametrize(
    ("nilai", "kelas"),
    [
        ("19.99", "k1"),
        ("20", "k2"),
        ("59.99", "k3"),
        ("60", "k4"),
        ("80", "k5"),
        ("104", "k5"),
        ("0", "k1"),
        (None, "arsir"),
    ],
)
def test_a_class_begins_at_its_threshold_and_nothing_is_not_zero(nilai, kelas):
    assert petak.kelas(nilai and Decimal(nilai), AMBANG) == kelas


def test_the_legend_prints_the_thresholds():
    assert [kata for _, kata in petak.legend(AMBANG)] == [
        "di bawah 20%",
        "20–40%",
        "40–60%",
        "60–80%",
        "80% ke atas",
        "belum ada angka",
        "tanpa alokasi",
    ]


@pytest.mark.parametrize("susunan", [petak.LEBAR, petak.SEMPIT])
def test_all_38_provinces_have_a_place_of_their_own_inside_the_picture(susunan):
    daftar = petak.draw([], AMBANG, susunan)
    assert len(daftar) == 38
    assert all(satu.x >= 0 and satu.x + susunan.lebar_petak <= susunan.lebar for satu in daftar)
    assert all(satu.y >= 0 and satu.y + susunan.tinggi_petak <= susunan.tinggi for satu in daftar)
    assert all((satu.x, satu.y) != (lain.x, lain.y) for satu, lain in combinations(daftar, 2))


def test_a_province_without_allocation_differs_from_one_without_a_figure():
    daftar = petak.draw([petak.Isi("53", "Nusa Tenggara Timur", None, "/provinsi/53/")], AMBANG, petak.LEBAR)
    kelas = {satu.nama: satu.kelas for satu in daftar}
    assert (kelas["NTT"], kelas["NTB"]) == ("arsir", "tanpa")
