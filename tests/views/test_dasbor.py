"""Nasional, Provinsi, Daerah and the list of daerah: who sees them, and that they show the recap's rows."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.html import escape

from daerah import waktu
from daerah.cakupan import NATIONAL, Peran
from realisasi.actions import rekap
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi
from realisasi.rekap.baca import paket_rows, serapan_rows
from tests import dunia, pabrik

pytestmark = pytest.mark.django_db

TW3 = Triwulan(2024, 3)
MINISTRY = sorted(NATIONAL - {Peran.SISTEM})


@pytest.fixture
def hari(settings):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))


@pytest.fixture
def alokasi(hari, verifikator):
    return dunia.make_dunia(verifikator)


@pytest.fixture
def buka(masuk_sebagai, verifikator):
    """Open an address as the ministry, or as the account given."""

    def get(address, pengguna=None, status=200):
        response = masuk_sebagai(pengguna or verifikator).get(address)
        assert response.status_code == status, address
        return response

    return get


def teks(response):
    """What a reader sees: no tags, one blank between words."""
    body = response.content.decode().split('<main id="isi"')[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def cells(response):
    """The table of recipients: per kode its cells, each as its words."""
    table = response.content.decode().split('id="daerah"')[1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S):
        kode = re.search(r'href="/daerah/([\d.]+)/', row).group(1)
        parts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        found[kode] = [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]
    return found


class TestSiapaMelihat:
    @pytest.mark.parametrize("peran", MINISTRY)
    def test_the_ministry_sees_every_area_and_recipient(self, buka, alokasi, peran):
        akun = pabrik.make_pengguna(peran)
        for address in ("/nasional/", "/provinsi/32/", "/provinsi/52/", "/daerah/52.02/", "/daerah/"):
            buka(address, akun)

    def test_a_province_sees_its_wilayah_and_the_recipients_in_it(self, buka, alokasi, provinsi):
        for address in ("/provinsi/32/", "/daerah/32/", "/daerah/32.10/", "/daerah/32.01/"):
            buka(address, provinsi)
        for address in ("/nasional/", "/provinsi/52/", "/daerah/52.02/", "/daerah/?provinsi=52"):
            buka(address, provinsi, 404)
        assert set(cells(buka("/daerah/", provinsi))) == {"32", "32.01", "32.10"}

    @pytest.mark.parametrize("peran", [Peran.OPERATOR, Peran.PENYETUJU])
    def test_an_office_sees_its_own_daerah_and_nothing_else(self, buka, alokasi, peran):
        akun = pabrik.make_pengguna(peran, pabrik.MAJALENGKA)
        buka("/daerah/32.10/", akun)
        for address in ("/nasional/", "/provinsi/32/", "/daerah/", "/daerah/32/", "/daerah/32.01/"):
            assert buka(address, akun, 404).content == buka("/daerah/99.99/", akun, 404).content

    def test_a_recipient_and_the_wilayah_of_its_name_are_two_things(self, buka, alokasi):
        recipient, area = buka("/daerah/32/"), buka("/provinsi/32/")
        assert "Pemerintah Provinsi Jawa Barat: 50,00% pagu terserap" in teks(recipient)
        assert "Di Wilayah Provinsi Jawa Barat, 40,00% pagu terserap" in teks(area)


class TestAngka:
    def test_the_national_page_shows_the_row_of_the_recap(self, buka, alokasi, verifikator):
        (row,) = serapan_rows(verifikator, TW3, "nasional")
        response = buka("/nasional/?tahun=2024&triwulan=3")
        assert response.context["baris"] == row
        said = teks(response)
        for amount in (row.pagu, row.nilai_rk, row.nilai_kontrak, row.penyaluran, row.realisasi_keuangan):
            assert tampilan.rupiah(amount) in said
        # 3.000 + 500 + 100 of 12.000 million; kab/kota 600 of 6.000; the mean of 25 and 10.
        assert "Serapan nasional sekurang-kurangnya 30,00%" in said
        assert "Serapan kabupaten/kota (tertimbang) sekurang-kurangnya 10,00%" in said
        assert "Rata-rata serapan kabupaten/kota 17,50%" in said

    def test_a_figure_says_what_stands_above_and_below_the_line(self, buka, alokasi):
        said = teks(buka("/nasional/"))
        assert "Penyerapan Rp3.600.000.000 dibagi pagu Rp12.000.000.000 = 30,00%" in said
        assert "Penyerapan kab/kota Rp600.000.000 dibagi pagu kab/kota Rp6.000.000.000 = 10,00%" in said
        assert "Rata-rata serapan dua kabupaten/kota = 17,50%" in said
        assert said.count("adalah pembacaan kami") == 3

    def test_every_row_of_the_table_is_a_row_of_the_recap(self, buka, alokasi, verifikator):
        shown = cells(buka("/nasional/?tahun=2024&triwulan=3"))
        rows = serapan_rows(verifikator, TW3, "daerah")
        assert set(shown) == {row.kode for row in rows}
        for row in rows:
            name, pagu, kontrak, penyaluran, serapan, fisik, deviasi, _ = shown[row.kode]
            assert name.startswith(row.nama)
            assert pagu == tampilan.rupiah(row.pagu)
            assert (kontrak, penyaluran) == (
                tampilan.persen(row.kontrak_pagu),
                tampilan.persen(row.penyaluran_pagu),
            )
            assert serapan.startswith(tampilan.persen(row.serapan))
            assert fisik == tampilan.persen(row.progres_fisik)
            assert deviasi == tampilan.beda(row.deviasi_fisik)

    def test_the_province_page_shows_its_own_sum(self, buka, alokasi, verifikator):
        (row,) = serapan_rows(verifikator, TW3, "provinsi", kode="32")
        response = buka("/provinsi/32/")
        assert response.context["baris"] == row
        assert (row.pagu, row.realisasi_keuangan) == (9_000_000_000, 3_600_000_000)
        assert set(cells(response)) == {"32", "32.01", "32.10"}

    def test_a_daerah_shows_its_packages_under_the_same_total(self, buka, alokasi, verifikator):
        response = buka("/daerah/32.01/")
        rows = paket_rows(verifikator, TW3, now=dunia.OKTOBER, daerah="32.01")
        assert sum(row.realisasi_keuangan for row in rows) == response.context["baris"].realisasi_keuangan
        foot = response.content.decode().split("<tfoot>")[1].split("</tfoot>")[0]
        assert "500.000.000" in foot
        assert "30,25%" in foot

    def test_deviation_is_green_yellow_or_red_by_the_rule(self, buka, alokasi):
        for kode, fisik in (("32", 50), ("32.01", 40)):  # reported 55 and 30,25: +5 and -9,75
            pabrik.make_target(alokasi[kode], 3, 1, fisik)
        pabrik.make_target(alokasi["32.10"], 3, 1, "20.01")  # carried: 10
        rekap.compute_all(now=dunia.OKTOBER)
        table = buka("/nasional/").content.decode().split('id="daerah"')[1]
        assert '<span class="nada-baik">▲ 5,00</span>' in table
        assert '<span class="nada-awas">▼ 9,75</span>' in table
        assert '<span class="nada-gawat">▼ 10,01</span>' in table


class TestYangTidakAda:
    def test_who_never_reported_has_a_dash_and_no_percent(self, buka, alokasi):
        _, pagu, _, _, serapan, fisik, deviasi, _ = cells(buka("/nasional/"))["52.02"]
        assert pagu == "3.000.000.000"
        assert (serapan, fisik, deviasi) == ("–", "–", "–")
        assert "Kab. Lombok Tengah: belum ada laporan yang dihitung" in teks(buka("/daerah/52.02/"))

    def test_no_base_gives_a_dash(self, buka, hari, verifikator):
        pabrik.make_alokasi("32.10", pagu=0)
        rekap.compute_all(now=dunia.OKTOBER)
        response = buka("/nasional/")
        assert [kartu.nilai for kartu in response.context["kartu"][:4]] == ["–"] * 4
        assert "0,00%" not in teks(response).split("Daerah lapor")[0]

    def test_a_carried_figure_names_its_quarter(self, buka, alokasi):
        assert cells(buka("/nasional/"))["32.10"][4] == "10,00% angka TW II"
        assert "1 memakai angka TW II; 1 belum pernah lapor" in teks(buka("/nasional/"))
        said = teks(buka("/daerah/32.10/"))
        assert "Kab. Majalengka: 10,00% pagu terserap menurut laporan TW II." in said
        assert "Laporan TW III dikembalikan dan menunggu perbaikan." in said

    def test_a_carried_figure_is_compared_with_nothing_and_draws_no_point(self, buka, alokasi):
        response = buka("/daerah/32.10/")
        assert {kartu.pembanding for kartu in response.context["kartu"]} == {""}
        keuangan = next(deret for deret in response.context["deret"] if deret.kunci == "keuangan")
        assert keuangan.nilai[2] == 10
        assert keuangan.nilai[3:] == [None, None]

    def test_who_is_to_be_called_is_who_does_not_count_yet(self, buka, alokasi):
        waited = buka("/nasional/").context["ditunggu"]
        assert [satu.baris.kode for satu in waited] == ["52.02", "32.10"]  # by pagu
        assert [satu.tanda[0] for satu in waited] == ["BELUM_LAPOR", "DIKEMBALIKAN"]
        said = teks(buka("/nasional/"))
        assert "Laporan dua daerah dengan pagu Rp4,0 miliar belum masuk atau dikembalikan." in said

    def test_before_the_quarter_has_ended_nobody_is_awaited(self, buka, alokasi):
        response = buka("/nasional/?tahun=2024&triwulan=4")
        assert response.context["ditunggu"] == []
        assert "TW IV masih berjalan; menurut laporan terakhir, sekurang-kurangnya 30,00%" in teks(response)
        assert "Siapa yang serapannya terendah?" in teks(response)


class TestPosisi:
    def test_final_counts_verified_reports_only(self, buka, alokasi, verifikator):
        (row,) = serapan_rows(verifikator, TW3, "nasional", posisi="final")
        response = buka("/nasional/?posisi=final")
        assert response.context["baris"] == row
        assert row.realisasi_keuangan == 3_100_000_000
        assert "menurut laporan terverifikasi, sekurang-kurangnya 25,83% pagu terserap" in teks(response)
        assert "Laporan tiga daerah dengan pagu Rp6,0 miliar belum diverifikasi." in teks(response)

    def test_the_switch_names_both_and_marks_the_one_shown(self, buka, alokasi):
        page = buka("/nasional/?tahun=2024&triwulan=3").content.decode()
        links = re.findall(r'<a href="(\?[^"]*posisi=\w+)"( aria-current="true")?>(\w+)</a>', page)
        assert [(name, bool(current)) for _, current, name in links] == [
            ("Sementara", True),
            ("Final", False),
        ]
        assert parse_qs(links[1][0].replace("&amp;", "&")[1:]) == {
            "tahun": ["2024"],
            "triwulan": ["3"],
            "posisi": ["final"],
        }

    def test_a_closed_quarter_is_final_and_has_no_switch(self, buka, alokasi, admin):
        close_triwulan(tw=Triwulan(2024, 2), by=admin, now=dunia.OKTOBER)
        dunia.compute()
        response = buka("/nasional/?tahun=2024&triwulan=2&posisi=sementara")
        assert response.context["baris"].posisi == "final"
        assert response.context["tautan_posisi"] == []
        assert "TW II TA 2024 ditutup dengan sekurang-kurangnya 0,83% pagu terserap." in teks(response)
        assert "ditutup tanpa laporan terverifikasi." in teks(response)


class TestNavigasi:
    @pytest.mark.parametrize("address", ["/nasional/", "/provinsi/32/", "/daerah/32.10/", "/daerah/"])
    def test_the_chosen_quarter_survives_every_link_to_a_figure_page(self, buka, alokasi, address):
        page = buka(f"{address}?tahun=2024&triwulan=2").content.decode()
        links = {
            link.replace("&amp;", "&")
            for link in re.findall(
                r'href="(/(?:nasional|provinsi|daerah|laporan|pengadaan|ekspor)/[^"]*)"', page
            )
        }
        # A link to one object (a report, a paket) carries its quarter itself.
        links = {link for link in links if not re.match(r"/(laporan|pengadaan)/\d+/", link)}
        assert links
        for link in links:
            asked = parse_qs(urlsplit(link).query)
            assert (asked["tahun"], asked["triwulan"]) == (["2024"], ["2"]), link

    def test_the_chosen_position_survives_between_dashboards(self, buka, alokasi):
        page = buka("/nasional/?posisi=final").content.decode()
        links = re.findall(r'href="(/(?:provinsi|daerah)/[\d.]+/[^"]*)"', page)
        assert links
        assert all("posisi=final" in link for link in links)

    def test_nothing_chosen_adds_nothing_to_links(self, buka, alokasi):
        assert 'href="/daerah/32.10/"' in buka("/nasional/").content.decode()

    def test_without_a_choice_the_latest_quarter_that_has_ended_is_shown(self, buka, alokasi):
        assert buka("/nasional/").context["tw"] == TW3

    @pytest.mark.parametrize(
        "query",
        [
            "tahun=1999", "tahun=abc", "tahun=2024x", "tahun=２０２４", "tahun=-2024", "triwulan=5",
            "triwulan=0", "triwulan=III", "posisi=benar", "urut=sandi", "urut=--pagu", "urut=pagu;drop",
        ],
    )  # fmt: skip
    def test_what_does_not_exist_is_not_found(self, buka, alokasi, query):
        buka(f"/nasional/?{query}", status=404)

    @pytest.mark.parametrize("kode", ["99", "99.99", "32.99", "3210", "x", "00"])
    def test_an_area_or_recipient_that_does_not_exist_is_not_found(self, buka, alokasi, kode):
        buka(f"/daerah/{kode}/", status=404)
        buka(f"/provinsi/{kode}/", status=404)

    def test_a_kabupaten_is_no_wilayah(self, buka, alokasi):
        buka("/provinsi/32.10/", status=404)

    @pytest.mark.parametrize("kode", ["99", "32.10", "x"])
    def test_the_list_is_filtered_by_a_province_that_exists(self, buka, alokasi, kode):
        buka(f"/daerah/?provinsi={kode}", status=404)
        assert set(cells(buka("/daerah/?provinsi=52"))) == {"52.02"}


class TestTabel:
    @pytest.mark.parametrize(
        ("urut", "first"),
        [
            ("nama", "32.01"),
            ("-nama", "32"),
            ("pagu", "32.10"),
            ("-pagu", "32"),
            ("serapan", "32.10"),
            ("-serapan", "32"),
            ("-progres_fisik", "32"),
        ],
    )
    def test_it_is_sorted_by_a_column_that_it_names(self, buka, alokasi, urut, first):
        response = buka(f"/daerah/?urut={urut}")
        assert next(iter(cells(response))) == first
        key = urut.removeprefix("-")
        current = [kolom for kolom in response.context["tabel"].kolom if kolom.urut]
        assert [kolom.urut for kolom in current] == ["descending" if urut != key else "ascending"]

    @pytest.mark.parametrize("urut", ["serapan", "-serapan", "progres_fisik", "-progres_fisik"])
    def test_what_has_no_figure_comes_last_in_both_directions(self, buka, alokasi, urut):
        assert list(cells(buka(f"/daerah/?urut={urut}")))[-1] == "52.02"

    def test_a_second_press_turns_the_order_round(self, buka, alokasi):
        heads = {
            kolom.label: kolom.urut_url for kolom in buka("/daerah/?urut=-serapan").context["tabel"].kolom
        }
        assert heads["Serapan"] == "?urut=serapan#daerah"
        assert heads["Daerah"] == "?urut=nama#daerah"

    def test_fifty_rows_make_a_page_and_one_link_shows_all(self, buka, hari, wilayah, verifikator):
        places = [f"33.{nomor:02d}" for nomor in range(1, 30)] + [f"35.{nomor:02d}" for nomor in range(1, 30)]
        for kode in places:
            pabrik.make_alokasi(kode)
        rekap.compute_all(now=dunia.OKTOBER)
        count = Alokasi.objects.count()
        assert count == 58
        assert len(cells(buka("/daerah/"))) == 50
        assert len(cells(buka("/daerah/?halaman=2"))) == 8
        assert len(cells(buka("/daerah/?halaman=semua"))) == 58
        page = buka("/daerah/?urut=nama").content.decode()
        assert 'href="?urut=nama&amp;halaman=semua#daerah"' in page
        assert "1–50 dari 58 daerah" in page

    @pytest.mark.parametrize("halaman", ["0", "99", "x", "-1"])
    def test_a_page_that_does_not_exist_shows_the_nearest(self, buka, alokasi, halaman):
        assert len(cells(buka(f"/daerah/?halaman={halaman}"))) == 4

    def test_the_matrix_says_the_state_of_every_quarter(self, buka, alokasi):
        rows = {row.nama: row.status for row in buka("/nasional/").context["matriks"]}
        assert rows["Kab. Majalengka"] == [
            ("BELUM_LAPOR", "TERLAMBAT"),
            ("DIVERIFIKASI", "TERLAMBAT"),
            ("DIKEMBALIKAN", "TERLAMBAT"),
            (),
        ]
        assert rows["Kab. Lombok Tengah"] == [("BELUM_LAPOR", "TERLAMBAT")] * 3 + [()]

    def test_how_far_the_reports_are_adds_up_to_all_recipients(self, buka, alokasi):
        table = buka("/nasional/").context["perjalanan"]
        assert [row[0].status for row in table.baris] == [
            ("DIVERIFIKASI",),
            ("DIAJUKAN",),
            ("DIKEMBALIKAN",),
            ("BELUM_LAPOR",),
        ]
        assert sum(int(row[1].teks) for row in table.baris) == 4
        assert table.jumlah[2].teks == "Rp12,0 miliar"


def test_only_ikm_is_shown(buka, alokasi):
    pabrik.make_alokasi("33.01", pagu=9_000_000_000, bidang="UJI")
    rekap.compute_all(now=dunia.OKTOBER)
    response = buka("/nasional/")
    assert response.context["baris"].pagu == 12_000_000_000
    assert "33.01" not in cells(response)
    assert "tidak menerima DAK Fisik Bidang IKM" in teks(buka("/daerah/33.01/"))


def test_a_year_without_allocation_says_so(buka, hari):
    assert "Belum ada alokasi" in teks(buka("/nasional/"))
    assert "Tidak ada daerah penerima" in teks(buka("/daerah/"))


def test_what_an_office_typed_is_never_markup(buka, alokasi):
    paket = alokasi["32.01"].kegiatan_set.get().paket_set.get()
    paket.nama = "<script>alert(1)</script>"
    paket.save()
    page = buka("/daerah/32.01/").content.decode()
    assert escape(paket.nama) in page
    assert paket.nama not in page
