"""Components as a page uses them; the page of all components must also obey the strict content policy."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from realisasi.gambar import lambang
from realisasi.models.laporan import StatusLaporan
from realisasi.views import gaya


def render(teks, **isi):
    request = RequestFactory().get(isi.pop("alamat", "/daerah/"))
    return Template("{% load grafik komponen %}" + teks).render(RequestContext(request, isi))


@pytest.fixture
def halaman_gaya():
    kerangka = {
        "menu": [{"label": "Nasional", "url": "/nasional/", "aktif": True, "lencana": 6}],
        "tahun": 2024,
        "triwulan": 3,
        "tahun_tersedia": [2024, 2023],
        "demo": True,
        "demo_hari": date(2024, 10, 15),
        "zona": "WIB",
    }
    request = RequestFactory().get("/gaya/?urut=nama&tahun=2023")
    return render_to_string("gaya.html", gaya.context() | {"kerangka": kerangka}, request)


class TestAngka:
    def test_filters_need_no_load(self):
        isi = {"a": 12_345_678, "b": None, "c": Decimal("88.455")}
        assert Template("{{ a|rp }} {{ b|persen }} {{ c|persen }} {{ c|persen:1 }}").render(Context(isi)) == (
            "Rp12.345.678 – 88,46% 88,5%"
        )


class TestStatus:
    def test_every_state_says_its_word_and_has_its_icon(self):
        for kode, satu in lambang.SEMUA.items():
            teks = render("{% status kode %}", kode=kode)
            assert satu.kata in teks
            assert f"#i-{satu.ikon}" in teks

    def test_every_icon_exists(self):
        sprite = render_to_string("components/ikon.html")
        assert {f'id="i-{satu.ikon}"' in sprite for satu in lambang.SEMUA.values()} == {True}

    def test_words_are_those_of_the_model(self):
        kata = {kode: satu.kata for kode, satu in lambang.LAPORAN.items() if kode != "BELUM_LAPOR"}
        assert kata == dict(StatusLaporan.choices)


class TestKartu:
    def test_a_card_sees_nothing_but_what_it_is_given(self):
        teks = render("{% kartu 'Serapan' '61,20%' %}", asal={"rumus": "dari halaman"}, selisih=Decimal(3))
        assert "dari halaman" not in teks
        assert "poin" not in teks

    def test_a_missing_comparison_is_said(self):
        assert "belum ada pembanding TW III 2023" in render("{% kartu 'S' '1' pembanding='TW III 2023' %}")

    def test_a_lower_bound_says_so(self):
        assert "sekurang-kurangnya" in render("{% kartu 'S' '61,20%' sekurang=True %}")


class TestBatang:
    def test_no_rate_draws_no_bar(self):
        assert render("{% batang None %}").strip() == ""

    def test_a_bar_is_full_beyond_a_hundred_and_marked(self):
        teks = render("{% batang nilai %}", nilai=Decimal("104.5"))
        assert 'width="100.00"' in teks
        assert "lewat" in teks


class TestHalaman:
    def test_page_links_keep_the_query(self):
        teks = render(
            '{% include "components/halaman.html" with satuan="daerah" %}',
            alamat="/daerah/?tahun=2023&urut=nama&halaman=2",
            halaman=Paginator(range(200), 50).page(2),
        )
        assert "?tahun=2023&amp;urut=nama&amp;halaman=3" in teks
        assert "51–100 dari 200 daerah" in teks

    def test_one_page_needs_no_links(self):
        assert "<nav" not in render(
            '{% include "components/halaman.html" %}', halaman=Paginator(range(9), 50).page(1)
        )


class TestGaya:
    def test_nothing_inline_that_the_content_policy_forbids(self, halaman_gaya):
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src)|javascript:", halaman_gaya)

    def test_coordinates_never_carry_a_decimal_comma(self, halaman_gaya):
        for nilai in re.findall(r'\s(?:x|y|cx|cy|width|height|d|viewBox)="([^"]*)"', halaman_gaya):
            assert "," not in nilai

    def test_every_chart_has_its_table_behind(self, halaman_gaya):
        gambar = re.findall(
            r'<(?:dl class="rantai"|div class="wadah-grafik"|ul class="matriks")', halaman_gaya
        )
        assert halaman_gaya.count('<details class="tabel-grafik">') == len(gambar) == 5

    def test_identifiers_are_unique_and_references_lead_somewhere(self, halaman_gaya):
        nama = re.findall(r'\sid="([^"]+)"', halaman_gaya)
        assert len(nama) == len(set(nama))
        tujuan = re.findall(r'\s(?:for|aria-labelledby|popovertarget)="([^"]+)"', halaman_gaya)
        tujuan += [
            satu for isi in re.findall(r'aria-describedby="([^"]+)"', halaman_gaya) for satu in isi.split()
        ]
        assert set(tujuan) <= set(nama)

    def test_the_period_form_keeps_other_parameters(self, halaman_gaya):
        formulir = halaman_gaya[halaman_gaya.index('class="periode"') :]
        assert '<input type="hidden" name="urut" value="nama">' in formulir[: formulir.index("</form>")]
        assert 'type="hidden" name="tahun"' not in formulir[: formulir.index("</form>")]

    def test_the_page_is_small(self, halaman_gaya):
        assert len(halaman_gaya.encode()) < 120_000


@pytest.mark.parametrize("nama", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_render_without_any_context(nama):
    assert "Ke Beranda" in render_to_string(f"{nama}.html")


def test_an_error_shows_its_reference():
    assert "7F3A21C9" in render_to_string("500.html", {"nomor": "7F3A21C9"})


def test_an_expired_form_can_be_sent_again():
    isi = {"isian": [("keuangan", "1.000")], "alamat": "/laporan/7/", "csrf_token": "abc"}
    teks = render_to_string("403_csrf.html", isi)
    assert 'name="keuangan" value="1.000"' in teks
    assert 'action="/laporan/7/"' in teks
