from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realisasi.gambar import kurva

NILAI = st.one_of(st.none(), st.decimals(min_value=0, max_value=140, places=2))
EMPAT_GARIS = st.lists(st.tuples(NILAI, NILAI, NILAI, NILAI, NILAI), min_size=1, max_size=4)


def deret(*nilai, nama="Keuangan"):
    return kurva.Deret("keuangan", nama, nilai)


@pytest.mark.parametrize("bingkai", [kurva.LEBAR, kurva.SEMPIT])
@given(daftar=EMPAT_GARIS)
def test_names_of_lines_never_overlap_and_stay_in_the_frame(bingkai, daftar):
    gambar = kurva.draw([deret(*nilai) for nilai in daftar], None, bingkai)
    for satu, lain in combinations(gambar.label, 2):
        assert not satu.is_beside(lain) or abs(satu.y - lain.y) >= bingkai.tinggi_label - 0.001
    assert all(0 <= label.y <= bingkai.dasar - bingkai.tinggi_label for label in gambar.label)


@pytest.mark.parametrize("bingkai", [kurva.LEBAR, kurva.SEMPIT])
@given(daftar=EMPAT_GARIS)
def test_room_is_made_for_the_longest_name(bingkai, daftar):
    gambar = kurva.draw([deret(*nilai, nama="Keuangan 2023") for nilai in daftar], None, bingkai)
    assert all(label.x + label.panjang <= bingkai.lebar for label in gambar.label)


def test_a_quarter_without_a_figure_leaves_a_gap():
    garis = kurva.draw([deret(0, 10, None, 60, 90)], None, kurva.LEBAR).garis[0]
    assert len(garis.ruas) == 2
    assert [titik.judul.rpartition(": ")[2] for titik in garis.titik] == [
        "0,00%",
        "10,00%",
        "60,00%",
        "90,00%",
    ]


def test_a_line_without_any_figure_has_no_name_and_no_point():
    gambar = kurva.draw([deret(None, None, None, None, None)], None, kurva.LEBAR)
    assert gambar.label == []
    assert gambar.garis[0].titik == []


def test_a_name_stands_at_the_last_known_figure():
    label = kurva.draw([deret(0, 5, Decimal("32.7"), None, None)], None, kurva.LEBAR).label[0]
    assert (label.nama, label.nilai) == ("Keuangan", "32,70%")


def test_what_goes_beyond_a_hundred_is_shown_as_it_is():
    sumbu = kurva.draw([deret(0, 20, 60, 104, 110)], None, kurva.LEBAR).sumbu_y
    assert [garis.judul for garis in sumbu][-1] == "125%"


def test_the_line_of_today_stands_between_its_quarters():
    gambar = kurva.draw([deret(0, 0, 0, 0, 0)], date(2024, 10, 15), kurva.LEBAR)
    akhir_tw3, akhir_tahun = (float(tanda.x) for tanda in gambar.sumbu_x[-2:])
    assert akhir_tw3 < float(gambar.kini.x) < akhir_tahun
    assert gambar.kini.judul == "15 Okt"


def test_the_picture_is_said_in_one_sentence():
    kalimat = kurva.describe([deret(0, 5, 35, 79, 100, nama="Rencana"), deret(0, 2, None, None, None)])
    assert kalimat == "Rencana 100,00% pada TW IV; Keuangan 2,00% pada TW I"
