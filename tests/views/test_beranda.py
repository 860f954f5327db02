"""`/`: each role starts where its work is."""

import re
from datetime import date

import pytest

from daerah import waktu
from daerah.cakupan import NATIONAL, Peran
from realisasi.actions import rekap
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import PeriodeTriwulan
from tests import dunia, pabrik

pytestmark = pytest.mark.django_db


@pytest.fixture
def hari(settings):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))


@pytest.fixture
def alokasi(hari, verifikator):
    return dunia.make_dunia(verifikator)


@pytest.fixture
def beranda(masuk_sebagai):
    def get(pengguna, query=""):
        response = masuk_sebagai(pengguna).get(f"/{query}")
        assert response.status_code == 200
        return response

    return get


def teks(response):
    body = response.content.decode().split('<main id="isi"')[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def menu(response):
    body = response.content.decode().split('id="menu"')[1].split("</nav>")[0]
    return [re.sub(r"<[^>]+>.*", "", label).strip() for label in re.findall(r"<li><a[^>]*>(.*?)</a>", body)]


class TestKantor:
    def test_it_says_first_what_was_sent_back_and_why(self, beranda, alokasi, operator, admin):
        close_triwulan(tw=Triwulan(2024, 1), by=admin, now=dunia.OKTOBER)  # nothing to do about it any more
        said = teks(beranda(operator))
        assert "Laporan TW III dikembalikan untuk diperbaiki" in said
        assert "Bukti SP2D belum ada." in said
        assert "Perbaiki TW III" in said

    def test_one_press_starts_the_oldest_report_that_is_missing(self, beranda, alokasi, orang_luar, client):
        response = beranda(orang_luar)
        assert "Laporan TW I belum diisi ; tenggatnya lewat 188 hari" in teks(response)
        form = re.search(
            r'<form method="post" action="/laporan/mulai/">(.*?)</form>', response.content.decode()
        )
        fields = dict(re.findall(r'name="(alokasi|triwulan)" value="(\d+)"', form.group(1)))
        assert fields == {"alokasi": str(alokasi["52.02"].pk), "triwulan": "1"}
        assert "utama" in form.group(1)
        started = client.post("/laporan/mulai/", fields)
        assert started.status_code == 302

    def test_a_deadline_is_told_in_the_zone_of_the_office(self, beranda, alokasi, orang_luar):
        PeriodeTriwulan.objects.filter(tahun=2024).update(
            tenggat=PeriodeTriwulan.objects.get(tahun=2024, triwulan=3).tenggat
        )
        assert "pukul 23.59 WIB (Jumat, 11 Oktober 2024, 00.59 WITA)" in teks(beranda(orang_luar))

    def test_what_is_with_the_ministry_asks_nothing_of_the_office(self, beranda, alokasi):
        office = alokasi["32.01"].daerah.pengguna_set.get()
        for ke in (1, 2):  # submitted and verified, so that only TW III is under way
            close_triwulan(
                tw=Triwulan(2024, ke), by=pabrik.make_pengguna(Peran.ADMIN), now=dunia.OKTOBER, alasan="Uji."
            )
        response = beranda(office)
        assert "Tidak ada yang menunggu Anda; laporan ada di kementerian." in teks(response)
        assert "Mulai mengisi" not in teks(response)
        assert "Berikutnya: laporan TW IV" in teks(response)

    def test_it_shows_its_own_figures(self, beranda, alokasi, operator):
        response = beranda(operator)
        assert response.context["baris"].kode == "32.10"
        assert "Serapan 10,00% angka TW II" in teks(response)
        assert 'href="/daerah/32.10/"' in response.content.decode()

    def test_it_names_nobody_else(self, beranda, alokasi, operator, penyetuju):
        for akun in (operator, penyetuju):
            page = beranda(akun).content.decode()
            assert "Bogor" not in page
            assert "Lombok" not in page
            assert "/nasional/" not in page

    def test_a_year_without_allocation_says_whom_to_ask(self, beranda, hari, operator):
        assert "Tidak ada alokasi untuk TA 2024." in teks(beranda(operator))


class TestKementerian:
    def test_a_verifikator_sees_first_what_waits_for_it(self, beranda, alokasi, verifikator):
        response = beranda(verifikator)
        assert "1 laporan menunggu verifikasi." in teks(response)
        assert [versi.laporan.alokasi for versi in response.context["antrean"]] == [alokasi["32.01"]]
        laporan = response.context["antrean"][0].laporan_id
        assert f'href="/verifikasi/{laporan}/"' in response.content.decode()

    @pytest.mark.parametrize("peran", sorted(NATIONAL - {Peran.SISTEM, Peran.VERIFIKATOR}))
    def test_the_others_see_where_the_nation_stands_and_whom_to_call(self, beranda, alokasi, peran):
        response = beranda(pabrik.make_pengguna(peran))
        said = teks(response)
        assert "Secara nasional, sekurang-kurangnya 30,00% pagu terserap sampai TW III TA 2024." in said
        assert "Laporan dua daerah dengan pagu Rp4,0 miliar belum masuk atau dikembalikan." in said
        assert [satu.baris.kode for satu in response.context["ditunggu"]] == ["52.02", "32.10"]
        assert 'href="/verifikasi/' not in response.content.decode().split('<main id="isi"')[1]

    def test_a_province_sees_its_wilayah_only(self, beranda, alokasi, provinsi):
        response = beranda(provinsi)
        assert "Di Wilayah Provinsi Jawa Barat, 40,00% pagu terserap" in teks(response)
        assert [satu.baris.kode for satu in response.context["ditunggu"]] == ["32.10"]
        assert "Lombok" not in response.content.decode()
        assert 'href="/provinsi/32/"' in response.content.decode()

    def test_it_says_the_same_figure_as_the_dashboard(self, beranda, alokasi, pimpinan, client):
        shown = beranda(pimpinan).context["baris"]
        assert client.get("/nasional/").context["baris"] == shown

    def test_the_chosen_quarter_stays_chosen(self, beranda, alokasi, pimpinan):
        response = beranda(pimpinan, "?tahun=2024&triwulan=2")
        assert response.context["tw"] == Triwulan(2024, 2)
        assert 'href="/nasional/?tahun=2024&amp;triwulan=2"' in response.content.decode()

    @pytest.mark.parametrize("query", ["?tahun=1999", "?triwulan=9", "?tahun=x"])
    def test_a_quarter_that_does_not_exist_is_not_found(self, masuk_sebagai, alokasi, pimpinan, query):
        assert masuk_sebagai(pimpinan).get(f"/{query}").status_code == 404

    @pytest.mark.parametrize(("peran", "may"), [(Peran.VERIFIKATOR, True), (Peran.PIMPINAN, False)])
    def test_before_any_allocation_who_may_import_is_shown_the_way(self, beranda, hari, peran, may):
        response = beranda(pabrik.make_pengguna(peran))
        assert "Belum ada alokasi untuk TA 2024." in teks(response)
        main = response.content.decode().split('<main id="isi"')[1]
        assert ('href="/impor/"' in main) is may

    def test_when_everybody_has_reported_it_shows_who_absorbed_least(self, beranda, hari, verifikator):
        penerima = dunia.make_penerima("32.10")
        dunia.report(penerima, 3, 400_000_000)
        dunia.compute()
        response = beranda(verifikator)
        assert response.context["ditunggu"] == []
        assert "Siapa yang serapannya terendah?" in teks(response)
        assert "Kab. Majalengka 40,00%" in teks(response)


@pytest.mark.parametrize(
    ("peran", "entries"),
    [
        (Peran.OPERATOR, {"Beranda", "Pengadaan", "Penyaluran", "Laporan Triwulan", "Aturan", "Bantuan"}),
        (Peran.PROVINSI, {"Daerah", "Unduh Data", "Akun"}),
        (Peran.VERIFIKATOR, {"Nasional", "Daerah", "Verifikasi", "Unggah Data", "Unduh Data"}),
        (Peran.PIMPINAN, {"Nasional", "Daerah", "Verifikasi", "Unduh Data"}),
        (Peran.ADMIN, {"Nasional", "Unggah Data", "Akun"}),
    ],
)
def test_the_menu_holds_the_rooms_of_the_role(beranda, alokasi, peran, entries):
    shown = set(menu(beranda(pabrik.make_pengguna(peran))))
    assert entries <= shown
    if peran == Peran.OPERATOR:
        assert shown == entries
    if peran == Peran.PIMPINAN:
        assert not shown & {"Unggah Data", "Akun"}


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/").headers["Location"].startswith("/masuk/")


def test_the_sentence_of_a_year_that_has_not_begun(beranda, settings, verifikator):
    settings.DEMO = True
    waktu.set_demo_day(date(2023, 12, 20))
    pabrik.make_alokasi("32.10", pagu=1_000_000_000)
    rekap.compute_all(now=waktu.now())
    said = teks(beranda(verifikator, "?tahun=2024&triwulan=1"))
    assert "Secara nasional, TA 2024 belum dimulai; pagu Rp1,0 miliar sudah ditetapkan." in said
