"""The list of packages and the page of one paket."""

from datetime import date

import pytest
import time_machine

from realisasi.models import Paket, Riwayat
from realisasi.rekap.pengadaan import packages_on, summarise
from tests import pabrik

pytestmark = pytest.mark.django_db
OKTOBER = "2024-10-15 10:00+07:00"


@pytest.fixture(autouse=True)
def oktober():
    with time_machine.travel(OKTOBER, tick=False):
        yield


@pytest.fixture
def alokasi(db):
    return pabrik.make_alokasi()


def make_packages(alokasi, count, **values):
    return [pabrik.make_paket(pabrik.make_kegiatan(alokasi), **values) for _ in range(count)]


def isian(paket, **values):
    filled = {
        "versi": paket.versi,
        "metode": "tender",
        "penyedia": "CV Contoh",
        "nomor_kontrak": "12/KTR",
        "nilai_kontrak": "Rp 950.000.000,-",
        "tanggal_kontrak": "2/5/2024",
        "mulai": "06/05/2024",
        "selesai": "30/11/2024",
        "tanggal_bast": "",
    }
    return {**filled, **values}


# --- the list -----------------------------------------------------------------------------------------


def test_an_officer_sees_the_own_packages_and_what_they_add_up_to(masuk_sebagai, operator, alokasi):
    pabrik.make_paket(pabrik.make_kegiatan(alokasi), kontrak=950_000_000, nama="Rumah bambu")
    pabrik.make_paket(pabrik.make_kegiatan(alokasi, nilai_rk=400_000_000), nama="Mesin serut")
    pabrik.make_paket(pabrik.make_kegiatan(pabrik.make_alokasi("52.02")), nama="Tenun asing")
    page = masuk_sebagai(operator).get("/pengadaan/").content.decode()
    assert "1 dari 2 paket" in page
    assert "Rumah bambu" in page
    assert "Belum terkontrak" in page
    assert "1.400.000.000" in page  # RK of both
    assert "Rp50,0 juta" in page  # Sisa Tender: of the contracted one alone
    assert "Tenun asing" not in page


def test_a_contract_after_the_chosen_quarter_is_not_known_in_it(masuk_sebagai, operator, alokasi):
    pabrik.make_paket(pabrik.make_kegiatan(alokasi), kontrak=9, tanggal_kontrak=date(2024, 10, 1))
    client = masuk_sebagai(operator)
    assert "1 dari 1 paket" in client.get("/pengadaan/").content.decode()
    page = client.get("/pengadaan/?tahun=2024&triwulan=3").content.decode()
    assert "0 dari 1 paket" in page
    assert "Posisi 30 September 2024" in page


def test_the_ministry_filters_by_province_komponen_and_state(masuk_sebagai, verifikator, alokasi):
    pabrik.make_paket(pabrik.make_kegiatan(alokasi, komponen="IPAL"), nama="Kolam limbah")
    pabrik.make_paket(pabrik.make_kegiatan(pabrik.make_alokasi("52.02")), nama="Tenun", kontrak=9)
    client = masuk_sebagai(verifikator)
    for query in ("provinsi=32", "komponen=IPAL", "keadaan=BELUM_TERKONTRAK"):
        page = client.get(f"/pengadaan/?{query}").content.decode()
        assert "Kolam limbah" in page, query
        assert "Tenun" not in page, query


@pytest.mark.parametrize("query", ["provinsi=99", "provinsi=32.10", "komponen=x", "keadaan=x", "tahun=1999"])
def test_a_filter_that_the_list_does_not_offer_is_not_found(masuk_sebagai, verifikator, alokasi, query):
    assert masuk_sebagai(verifikator).get(f"/pengadaan/?{query}").status_code == 404


def test_a_province_filters_by_its_own_wilayah_only(masuk_sebagai, provinsi, alokasi):
    client = masuk_sebagai(provinsi)
    assert client.get("/pengadaan/?provinsi=32").status_code == 200
    pabrik.make_daerah("52.02")
    assert client.get("/pengadaan/?provinsi=52").status_code == 404


def test_an_empty_list_says_what_comes_next(masuk_sebagai, operator):
    page = masuk_sebagai(operator).get("/pengadaan/").content.decode()
    assert "formulir alokasi" in page


def test_fifty_packages_a_page_and_as_many_queries_for_three_as_for_sixty(
    masuk_sebagai, verifikator, alokasi, django_assert_num_queries, django_assert_max_num_queries
):
    make_packages(alokasi, 3)
    client = masuk_sebagai(verifikator)
    client.get("/pengadaan/")
    with django_assert_max_num_queries(30) as few:
        client.get("/pengadaan/")
    make_packages(alokasi, 57)
    with django_assert_num_queries(len(few)):
        answer = client.get("/pengadaan/")
    assert len(answer.context["halaman"]) == 50
    assert len(client.get("/pengadaan/?halaman=2").context["halaman"]) == 10


def test_sums_do_not_depend_on_the_page(verifikator, alokasi):
    make_packages(alokasi, 60, kontrak=1_000)
    found = summarise(packages_on(verifikator, tahun=2024, hari=date(2024, 10, 15)))
    assert (found.jumlah, found.terkontrak, found.nilai_kontrak) == (60, 60, 60_000)


def test_nothing_contracted_has_no_sisa_tender(verifikator, alokasi):
    make_packages(alokasi, 1)
    assert summarise(packages_on(verifikator, tahun=2024, hari=date(2024, 10, 15))).sisa_tender is None


# --- one paket ----------------------------------------------------------------------------------------


def test_the_own_office_records_a_contract(masuk_sebagai, operator, alokasi):
    (paket,) = make_packages(alokasi, 1)
    client = masuk_sebagai(operator)
    answer = client.post(f"/pengadaan/{paket.pk}/", isian(paket), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/pengadaan/{paket.pk}/", 302)]
    assert "Nilai kontrak Rp950.000.000." in page  # echoed
    assert "Tanggal kontrak: – → 2 Mei 2024" in page  # its trail
    paket.refresh_from_db()
    assert (paket.nilai_kontrak, paket.tanggal_kontrak) == (950_000_000, date(2024, 5, 2))


@pytest.mark.parametrize(
    ("values", "kolom", "pesan"),
    [
        ({"nilai_kontrak": "1,234,567.89"}, "nilai_kontrak", "koma"),
        ({"nilai_kontrak": ""}, "nilai_kontrak", "diisi bersama"),
        ({"tanggal_kontrak": "05/13/2024"}, "tanggal_kontrak", "bukan tanggal"),
        ({"tanggal_kontrak": "16/10/2024"}, "tanggal_kontrak", "belum terjadi"),
        ({"tanggal_kontrak": "2/5/24"}, "tanggal_kontrak", "bukan tanggal"),
        ({"selesai": "1/5/2024"}, "selesai", "sebelum tanggal mulai"),
        ({"tanggal_bast": "1/5/2024"}, "tanggal_bast", "mendahului"),
        ({"metode": "lelang"}, "metode", "lelang"),
        ({"penyedia": "x" * 201}, "penyedia", "200"),
        ({"versi": "x"}, "versi", "Muat ulang"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    masuk_sebagai, operator, alokasi, values, kolom, pesan
):
    (paket,) = make_packages(alokasi, 1)
    answer = masuk_sebagai(operator).post(f"/pengadaan/{paket.pk}/", isian(paket, **values))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert pesan in " ".join(form.errors[kolom])
    assert form[kolom].value() == values[kolom]
    assert form["nomor_kontrak"].value() == "12/KTR"
    assert Paket.objects.get().versi == 1


def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(
    masuk_sebagai, operator, penyetuju, alokasi
):
    (paket,) = make_packages(alokasi, 1)
    client = masuk_sebagai(penyetuju)
    client.post(f"/pengadaan/{paket.pk}/", isian(paket, penyedia="PT Lain"))
    client = masuk_sebagai(operator)
    answer = client.post(f"/pengadaan/{paket.pk}/", isian(paket))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [(b.label, b.diketik, b.tersimpan) for b in answer.context["beda"]] == [
        ("Penyedia", "CV Contoh", "PT Lain")
    ]
    assert "penyetuju" in page
    assert answer.context["form"]["penyedia"].value() == "CV Contoh"
    assert Paket.objects.get().penyedia == "PT Lain"
    # A second press is a decision.
    again = {field.name: field.value() or "" for field in answer.context["form"]}
    assert client.post(f"/pengadaan/{paket.pk}/", again).status_code == 302
    assert Paket.objects.get().penyedia == "CV Contoh"


def test_a_contract_in_thousands_or_above_its_rk_is_asked_about(masuk_sebagai, operator, alokasi):
    (paket,) = make_packages(alokasi, 1)
    client = masuk_sebagai(operator)
    small = client.post(f"/pengadaan/{paket.pk}/", isian(paket, nilai_kontrak="950.000"), follow=True)
    assert "dalam ribuan" in small.content.decode()
    paket.refresh_from_db()
    large = client.post(f"/pengadaan/{paket.pk}/", isian(paket, nilai_kontrak="1.200.000.000"), follow=True)
    assert "melebihi nilai RK" in large.content.decode()


@pytest.mark.parametrize("persona", ["provinsi", "verifikator", "pimpinan", "auditor", "admin"])
def test_the_others_read_only(masuk_sebagai, alokasi, persona, request):
    (paket,) = make_packages(alokasi, 1, kontrak=950_000_000)
    client = masuk_sebagai(request.getfixturevalue(persona))
    page = client.get(f"/pengadaan/{paket.pk}/").content.decode()
    assert "950.000.000" in page
    assert '<form method="post" class="formulir"' not in page
    assert client.post(f"/pengadaan/{paket.pk}/", isian(paket)).status_code == 403
    assert not Riwayat.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_paket_answers_like_a_missing_one(masuk_sebagai, orang_luar, alokasi, method):
    (paket,) = make_packages(alokasi, 1)
    client = masuk_sebagai(orang_luar)
    foreign = getattr(client, method)(f"/pengadaan/{paket.pk}/", isian(paket) if method == "post" else {})
    missing = getattr(client, method)("/pengadaan/99999999999999999999/")
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code == 404


def test_extra_posted_fields_change_nothing(masuk_sebagai, operator, alokasi):
    (paket,) = make_packages(alokasi, 1)
    other = pabrik.make_kegiatan(alokasi)
    extra = isian(paket, kegiatan=other.pk, nama="Lain", id=99)
    masuk_sebagai(operator).post(f"/pengadaan/{paket.pk}/", extra)
    saved = Paket.objects.get()
    assert (saved.kegiatan_id, saved.nama) == (paket.kegiatan_id, paket.nama)


def test_one_paket_costs_as_many_queries_with_a_long_trail(
    masuk_sebagai, operator, alokasi, django_assert_num_queries, django_assert_max_num_queries
):
    (paket,) = make_packages(alokasi, 1)
    client = masuk_sebagai(operator)
    client.post(f"/pengadaan/{paket.pk}/", isian(paket), follow=True)
    with django_assert_max_num_queries(20) as few:
        client.get(f"/pengadaan/{paket.pk}/")
    count = len(few)
    for ke in range(5):
        paket.refresh_from_db()
        client.post(f"/pengadaan/{paket.pk}/", isian(paket, penyedia=f"CV {ke}"))
    client.get(f"/pengadaan/{paket.pk}/")  # takes the messages
    with django_assert_num_queries(count):
        client.get(f"/pengadaan/{paket.pk}/")
