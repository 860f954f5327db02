"""The calendar: read by the ministry, closed by the admin."""

import pytest
import time_machine

from realisasi.models import PeriodeTriwulan, StatusLaporan
from tests import pabrik

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def oktober():
    with time_machine.travel("2024-10-05 10:00+07:00", tick=False):
        yield


@pytest.fixture
def alokasi(db):
    return pabrik.make_alokasi()


def quarter(ke):
    return PeriodeTriwulan.objects.get(tahun=2024, triwulan=ke)


@pytest.mark.parametrize("persona", ["verifikator", "pimpinan", "analis", "auditor", "admin"])
def test_the_ministry_sees_where_each_quarter_stands(masuk_sebagai, alokasi, persona, request):
    pabrik.make_laporan(alokasi, 3, status=StatusLaporan.DIAJUKAN)
    pabrik.make_laporan(pabrik.make_alokasi("52.02"), 3, status=StatusLaporan.DIVERIFIKASI)
    pabrik.make_alokasi("32.01")
    answer = masuk_sebagai(request.getfixturevalue(persona)).get("/jadwal/")
    rows = answer.context["baris"]
    assert [row.keadaan for row in rows] == ["LEWAT_TENGGAT", "LEWAT_TENGGAT", "MASA_LAPOR", "MASA_LAPOR"]
    third = rows[2]
    assert (third.daerah, third.lapor, third.diverifikasi, third.menunggu) == (3, 2, 1, 1)
    page = answer.content.decode()
    assert "Kamis, 10 Oktober 2024, pukul 23.59 WIB" in page
    assert ("Tutup TW III" in page) == (persona == "admin")
    assert "Tutup TW IV" not in page


@pytest.mark.parametrize("persona", ["operator", "penyetuju", "provinsi"])
def test_the_calendar_is_not_there_for_officers(masuk_sebagai, alokasi, persona, request):
    client = masuk_sebagai(request.getfixturevalue(persona))
    assert client.get("/jadwal/").status_code == 404
    assert client.post("/jadwal/tutup/", {"periode": quarter(1).pk}).status_code == 404


def test_the_admin_closes_a_quarter(masuk_sebagai, admin, alokasi):
    answer = masuk_sebagai(admin).post("/jadwal/tutup/", {"periode": quarter(2).pk}, follow=True)
    assert answer.redirect_chain == [("/jadwal/?tahun=2024", 302)]
    assert "TW II TA 2024 ditutup" in answer.content.decode()
    assert answer.context["baris"][1].keadaan == "DITUTUP"
    assert "oleh admin" in answer.content.decode()
    assert quarter(2).is_closed


def test_waiting_reports_ask_for_a_reason_beside_the_field(masuk_sebagai, admin, alokasi):
    pabrik.make_laporan(alokasi, 2, status=StatusLaporan.DIAJUKAN)
    client = masuk_sebagai(admin)
    answer = client.post("/jadwal/tutup/", {"periode": quarter(2).pk, "alasan": " "})
    assert answer.status_code == 422
    assert "1 laporan masih" in " ".join(answer.context["baris"][1].form.errors["alasan"])
    assert not quarter(2).is_closed
    client.post("/jadwal/tutup/", {"periode": quarter(2).pk, "alasan": "Batas pelaporan LKPP."})
    assert quarter(2).alasan == "Batas pelaporan LKPP."


def test_a_reason_that_is_too_long_is_kept(masuk_sebagai, admin, alokasi):
    answer = masuk_sebagai(admin).post("/jadwal/tutup/", {"periode": quarter(2).pk, "alasan": "x" * 501})
    assert answer.status_code == 422
    assert answer.context["baris"][1].form["alasan"].value() == "x" * 501


def test_a_quarter_that_runs_or_is_closed_is_refused_in_words(masuk_sebagai, admin, alokasi):
    client = masuk_sebagai(admin)
    assert "belum berakhir" in client.post("/jadwal/tutup/", {"periode": quarter(4).pk}).content.decode()
    client.post("/jadwal/tutup/", {"periode": quarter(1).pk})
    again = client.post("/jadwal/tutup/", {"periode": quarter(1).pk})
    assert (again.status_code, "sudah ditutup" in again.content.decode()) == (422, True)


@pytest.mark.parametrize("periode", ["", "x", "99999", "9" * 30, "-1"])
def test_an_unknown_quarter_is_not_found(masuk_sebagai, admin, alokasi, periode):
    assert masuk_sebagai(admin).post("/jadwal/tutup/", {"periode": periode}).status_code == 404


@pytest.mark.parametrize("persona", ["verifikator", "pimpinan", "auditor"])
def test_others_of_the_ministry_do_not_close(masuk_sebagai, alokasi, persona, request):
    client = masuk_sebagai(request.getfixturevalue(persona))
    assert client.post("/jadwal/tutup/", {"periode": quarter(1).pk}).status_code == 404
    assert not quarter(1).is_closed


def test_closing_takes_a_post(masuk_sebagai, admin, alokasi):
    assert masuk_sebagai(admin).get("/jadwal/tutup/").status_code == 405


def test_a_year_without_alokasi_says_what_comes_next(masuk_sebagai, admin):
    assert "formulir alokasi" in masuk_sebagai(admin).get("/jadwal/").content.decode()


def test_as_many_queries_for_three_daerah_as_for_sixty(
    wilayah, masuk_sebagai, admin, django_assert_num_queries, django_assert_max_num_queries
):
    codes = [f"35.{ke:02}" for ke in range(1, 30)] + [f"33.{ke:02}" for ke in range(1, 30)]
    for code in codes[:3]:
        pabrik.make_laporan(pabrik.make_alokasi(code), 3, status=StatusLaporan.DIAJUKAN)
    client = masuk_sebagai(admin)
    client.get("/jadwal/")
    with django_assert_max_num_queries(20) as few:
        client.get("/jadwal/")
    count = len(few)
    for code in codes[3:]:
        pabrik.make_laporan(pabrik.make_alokasi(code), 3, status=StatusLaporan.DIAJUKAN)
    with django_assert_num_queries(count):
        client.get("/jadwal/")
