"""Transfers: the list per daerah, and the form of the ministry."""

from datetime import date

import pytest
import time_machine

from daerah import waktu
from realisasi.actions import rekap
from realisasi.actions.peristiwa import compute_open
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Penyaluran, PeriodeTriwulan, Riwayat
from realisasi.rekap.baca import serapan_rows
from tests import pabrik

pytestmark = pytest.mark.django_db
OKTOBER = "2024-10-15 10:00+07:00"
CATAT = "/penyaluran/catat/"


@pytest.fixture(autouse=True)
def oktober():
    with time_machine.travel(OKTOBER, tick=False) as traveller:
        yield traveller


def compute():
    rekap.compute_all(now=waktu.now())


def give(alokasi, tahap, jumlah, hari=date(2024, 7, 22), nomor="0001"):
    return pabrik.make_penyaluran(alokasi, jumlah, hari, tahap=tahap, nomor_sp2d=nomor)


@pytest.fixture
def alokasi(db):
    alokasi = pabrik.make_alokasi(pagu=5_000_000_000)
    pabrik.make_kegiatan(alokasi, nilai_rk=4_000_000_000)
    return alokasi


def isian(penerima, **values):
    filled = {
        "alokasi": penerima.pk,
        "tahap": "I",
        "nomor_sp2d": " 00123  /SP2D ",
        "tanggal_sp2d": "22/07/2024",
        "jumlah": "1.250.000.000",
    }
    return {**filled, **values}


# --- the list -----------------------------------------------------------------------------------------


def test_an_officer_sees_the_own_transfers_against_pagu_and_rk(masuk_sebagai, operator, alokasi):
    give(alokasi, "I", 1_000_000_000)
    give(alokasi, "II", 500_000_000, date(2024, 10, 8), "0002")
    give(pabrik.make_alokasi("52.02"), "I", 777_000_000, nomor="LUAR")
    compute()
    page = masuk_sebagai(operator).get("/penyaluran/").content.decode()
    assert "1.500.000.000" in page
    assert "30,00%" in page  # of pagu
    assert "RK 37,50%" in page
    assert "0002" in page
    assert "8 Okt 2024" in page
    assert "LUAR" not in page
    assert "Catat SP2D" not in page


def test_the_ministry_sees_the_sum_of_its_area(masuk_sebagai, verifikator, alokasi):
    give(alokasi, "I", 1_000_000_000)
    give(pabrik.make_alokasi("52.02", pagu=5_000_000_000), "I", 1_000_000_000)
    compute()
    client = masuk_sebagai(verifikator)
    nation = client.get("/penyaluran/").context
    assert (nation["jumlah"].nama, nation["jumlah"].penyaluran) == ("Nasional", 2_000_000_000)
    province = client.get("/penyaluran/?provinsi=32").context
    assert [row.baris.kode for row in province["baris"]] == ["32.10"]
    assert [stage.jumlah for stage in province["tahap"]] == [1_000_000_000, None, None]


def test_the_total_of_a_filtered_list_is_that_of_the_province(masuk_sebagai, verifikator, alokasi):
    give(alokasi, "I", 1_000_000_000)
    give(pabrik.make_alokasi("32.01"), "I", 5, nomor="2")
    give(pabrik.make_alokasi("52.02"), "I", 9, nomor="3")
    compute()
    context = masuk_sebagai(verifikator).get("/penyaluran/?provinsi=32").context
    assert context["jumlah"].penyaluran == 1_000_000_005


def test_a_transfer_after_the_chosen_quarter_is_not_known_in_it(masuk_sebagai, operator, alokasi):
    give(alokasi, "II", 500_000_000, date(2024, 10, 8), "0002")
    compute()
    client = masuk_sebagai(operator)
    assert "0002" in client.get("/penyaluran/").content.decode()
    page = client.get("/penyaluran/?tahun=2024&triwulan=3").content.decode()
    assert "0002" not in page
    assert "Posisi 30 September 2024" in page


def test_several_sp2d_of_one_tahap_stand_under_their_sum(masuk_sebagai, operator, alokasi):
    give(alokasi, "sekaligus", 100, nomor="A")
    give(alokasi, "sekaligus", 250, nomor="B")
    compute()
    context = masuk_sebagai(operator).get("/penyaluran/").context
    cell = context["baris"][0].tahap[-1]
    assert (cell.jumlah, [row.nomor_sp2d for row in cell.sp2d]) == (350, ["A", "B"])


def test_a_cut_off_that_is_not_certain_says_so(masuk_sebagai, operator, alokasi):
    compute()
    cards = masuk_sebagai(operator).get("/penyaluran/").context["kartu"]
    assert [card["tanda"] for card in cards] == ["", "U", "U"]
    assert "batas 21 Oktober 2024, enam hari lagi" in cards[1]["keterangan"]


def test_a_figure_that_waits_for_its_computation_says_so(masuk_sebagai, verifikator, alokasi):
    compute()
    client = masuk_sebagai(verifikator)
    client.post(CATAT, isian(alokasi))
    assert "sedang dihitung ulang" in client.get("/penyaluran/").content.decode()
    compute()
    assert "sedang dihitung ulang" not in client.get("/penyaluran/").content.decode()


def test_as_many_queries_for_three_daerah_as_for_sixty(
    wilayah, masuk_sebagai, verifikator, django_assert_num_queries, django_assert_max_num_queries
):
    codes = [f"32.{ke:02}" for ke in range(1, 19)] + [f"35.{ke:02}" for ke in range(1, 30)]
    codes += [f"33.{ke:02}" for ke in range(1, 30)]
    client = masuk_sebagai(verifikator)
    for ke, code in enumerate(codes[:3]):
        give(pabrik.make_alokasi(code), "I", 10, nomor=str(ke))
    compute()
    client.get("/penyaluran/")
    with django_assert_max_num_queries(30) as few:
        client.get("/penyaluran/")
    count = len(few)
    for ke, code in enumerate(codes[3:60]):
        give(pabrik.make_alokasi(code), "I", 10, nomor=f"x{ke}")
    compute()
    with django_assert_num_queries(count):
        answer = client.get("/penyaluran/")
    assert len(answer.context["baris"]) == 50


@pytest.mark.parametrize("query", ["provinsi=99", "provinsi=32.10", "triwulan=5"])
def test_a_filter_that_the_list_does_not_offer_is_not_found(masuk_sebagai, verifikator, query):
    assert masuk_sebagai(verifikator).get(f"/penyaluran/?{query}").status_code == 404


# --- the form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", ["verifikator", "admin"])
def test_the_ministry_records_a_transfer_and_reads_it_back(masuk_sebagai, alokasi, persona, request):
    compute()
    client = masuk_sebagai(request.getfixturevalue(persona))
    answer = client.post(CATAT, isian(alokasi), follow=True)
    assert answer.redirect_chain == [("/penyaluran/?tahun=2024", 302)]
    page = answer.content.decode()
    assert "Kab. Majalengka, Rp1.250.000.000, SP2D 00123 /SP2D tanggal 22 Juli 2024" in page
    assert Penyaluran.objects.get().nomor_sp2d == "00123 /SP2D"


def test_the_next_one_can_be_entered_at_once(masuk_sebagai, verifikator, alokasi):
    answer = masuk_sebagai(verifikator).post(CATAT, isian(alokasi, tindakan="lagi"))
    assert answer["Location"] == "/penyaluran/catat/?tahun=2024"


@pytest.mark.parametrize("persona", ["operator", "penyetuju", "provinsi", "pimpinan", "analis", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_form_is_not_there_for_others(masuk_sebagai, alokasi, persona, method, request):
    client = masuk_sebagai(request.getfixturevalue(persona))
    answer = getattr(client, method)(CATAT, isian(alokasi) if method == "post" else {})
    assert answer.status_code == 404
    assert not Penyaluran.objects.exists()


@pytest.mark.parametrize(
    ("values", "kolom", "pesan"),
    [
        ({"alokasi": ""}, "alokasi", "Pilih daerah"),
        ({"alokasi": "999999"}, "alokasi", "Pilih dari daftar"),
        ({"tahap": "IV"}, "tahap", "IV"),
        ({"nomor_sp2d": "   "}, "nomor_sp2d", "Isi nomor"),
        ({"nomor_sp2d": "x" * 61}, "nomor_sp2d", "60"),
        ({"tanggal_sp2d": "07/22/2024"}, "tanggal_sp2d", "bukan tanggal"),
        ({"tanggal_sp2d": "16/10/2024"}, "tanggal_sp2d", "belum terjadi"),
        ({"tanggal_sp2d": "22/07/2023"}, "tanggal_sp2d", "di luar TA 2024"),
        ({"jumlah": "0"}, "jumlah", "lebih dari nol"),
        ({"jumlah": "-5"}, "jumlah", "negatif"),
        ({"jumlah": "1e9"}, "jumlah", "pangkat"),
        ({"jumlah": ""}, "jumlah", "Isi jumlah"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    masuk_sebagai, verifikator, alokasi, values, kolom, pesan
):
    answer = masuk_sebagai(verifikator).post(CATAT, isian(alokasi, **values))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert pesan in " ".join(form.errors[kolom])
    assert str(form[kolom].value()) == values[kolom]
    assert not Penyaluran.objects.exists()
    assert not Riwayat.objects.exists()


def test_a_number_that_is_there_already_is_refused_beside_it(masuk_sebagai, verifikator, alokasi):
    client = masuk_sebagai(verifikator)
    client.post(CATAT, isian(alokasi))
    answer = client.post(CATAT, isian(alokasi, jumlah="5"))
    assert answer.status_code == 422
    assert "sudah tercatat" in " ".join(answer.context["form"].errors["nomor_sp2d"])


def test_only_the_recipients_of_the_year_are_offered(masuk_sebagai, verifikator, alokasi):
    last_year = pabrik.make_alokasi("52.02", 2023)
    client = masuk_sebagai(verifikator)
    page = client.get(f"{CATAT}?tahun=2024").content.decode()
    assert "Kab. Majalengka" in page
    assert "Lombok Tengah" not in page
    assert client.post(f"{CATAT}?tahun=2024", isian(last_year)).status_code == 422
    before = isian(last_year, tanggal_sp2d="21/07/2023")
    assert client.post(f"{CATAT}?tahun=2023", before).status_code == 302


def test_the_link_of_a_row_chooses_its_daerah(masuk_sebagai, verifikator, alokasi):
    page = masuk_sebagai(verifikator).get(f"{CATAT}?alokasi={alokasi.pk}").content.decode()
    assert f'<option value="{alokasi.pk}" selected>' in page


def test_more_than_the_pagu_is_recorded_and_asked_about(masuk_sebagai, verifikator, alokasi):
    compute()
    answer = masuk_sebagai(verifikator).post(CATAT, isian(alokasi, jumlah="5.000.000.001"), follow=True)
    assert "Rp1 di atas pagunya" in answer.content.decode()
    assert Penyaluran.objects.exists()


# --- taking one back ----------------------------------------------------------------------------------


def test_a_wrong_sp2d_is_taken_back_with_a_reason_and_the_figure_follows(masuk_sebagai, verifikator, alokasi):
    wrong = give(alokasi, "I", 1_000_000_000)
    compute()
    browser = masuk_sebagai(verifikator)
    address = f"/penyaluran/{wrong.pk}/hapus/"
    assert "1.000.000.000" in browser.get(address).content.decode()
    assert browser.post(address, {"alasan": " "}).status_code == 422
    assert Penyaluran.objects.exists()

    assert browser.post(address, {"alasan": "Salah daerah."}).status_code == 302
    assert not Penyaluran.objects.known().exists()
    trail = Riwayat.objects.get(aksi="hapus penyaluran")
    assert (trail.sebelum["jumlah"], trail.alasan) == (1_000_000_000, "Salah daerah.")
    compute_open(now=waktu.now())
    assert serapan_rows(verifikator, Triwulan(2024, 3), "nasional")[0].penyaluran == 0


def test_an_sp2d_of_a_closed_year_stays(masuk_sebagai, verifikator, admin, alokasi):
    wrong = give(alokasi, "I", 1_000_000_000)
    PeriodeTriwulan.objects.update(ditutup_pada=waktu.now(), ditutup_oleh=admin)
    response = masuk_sebagai(verifikator).post(f"/penyaluran/{wrong.pk}/hapus/", {"alasan": "Salah."})
    assert response.status_code == 422
    assert Penyaluran.objects.exists()
