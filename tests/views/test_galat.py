"""When something goes wrong: what the user sees, what the log keeps, and that a stranger learns nothing."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils.module_loading import import_string

from tests.pabrik import SANDI


def fail(*args):
    raise RuntimeError("rahasia-dalam-galat")


def refuse(request):
    raise PermissionDenied("rahasia-dalam-galat")


def suspect(request):
    raise SuspiciousOperation("rahasia-dalam-galat\nERROR palsu")


def take(request):
    return HttpResponse(f"diterima {request.POST['nilai']}")


urlpatterns = [
    path("rusak/", fail),
    path("api/v1/rusak/", fail),
    path("dilarang/", refuse),
    path("aneh/", suspect),
    path("terima/", take),
    path("", include("dakikm.urls")),
]
handler400 = "realisasi.views.galat.bad_request"
handler403 = "realisasi.views.galat.forbidden"
handler404 = "realisasi.views.galat.not_found"
handler500 = "realisasi.views.galat.server_error"


@pytest.fixture
def klien(settings, operator):
    """Signed in, with the real answers to faults and with CSRF checked."""
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(operator)
    return client


def test_a_fault_shows_a_number_that_is_in_the_log_and_nothing_else(klien, caplog):
    page = klien.get("/rusak/")
    assert page.status_code == 500
    assert "rahasia" not in page.content.decode()
    [record] = [record for record in caplog.records if record.name == "realisasi.views.galat"]
    nomor = record.args[0]
    assert nomor in page.content.decode()
    assert any(record.exc_info for record in caplog.records), "the cause is in the log as well"


def test_two_faults_have_two_numbers(klien, caplog):
    pages = {klien.get("/rusak/").content for _ in range(2)}
    assert len(pages) == 2


def test_a_fault_of_the_error_page_itself_still_shows_the_number(klien, caplog, monkeypatch):
    monkeypatch.setattr("realisasi.views.galat.render_to_string", fail)
    page = klien.get("/rusak/")
    nomor = next(record.args[0] for record in caplog.records if record.name == "realisasi.views.galat")
    assert page.status_code == 500
    assert nomor in page.content.decode()


def test_a_fault_of_the_api_is_json(klien):
    answer = klien.get("/api/v1/rusak/")
    assert answer.status_code == 500
    assert answer.json()["kode"] == "galat_server"
    assert "rahasia" not in answer.content.decode()


@pytest.mark.parametrize(("address", "status"), [("/dilarang/", 403), ("/aneh/", 400), ("/nihil/", 404)])
def test_a_refusal_has_a_page_without_the_reason(klien, address, status):
    page = klien.get(address)
    assert page.status_code == status
    assert "<h1>" in page.content.decode()
    assert "rahasia" not in page.content.decode()


def test_every_missing_page_looks_the_same(klien):
    assert klien.get("/nihil/").content == klien.get("/laporan/nihil/123/").content


def test_a_missing_page_of_the_api_is_json(klien):
    assert klien.get("/api/v1/nihil/").json()["kode"] == "tidak_ditemukan"


ISIAN = {"nilai": "1.234.567 & <b>", "catatan": ["a", "b"], "password": SANDI, "csrfmiddlewaretoken": "lama"}


def test_an_expired_form_comes_back_filled_and_can_be_sent_again(klien):
    page = klien.post("/terima/?tab=2", ISIAN, headers={"Origin": "http://testserver"})
    text = page.content.decode()
    assert page.status_code == 403
    assert 'name="nilai" value="1.234.567 &amp; &lt;b&gt;"' in text
    assert text.count('name="catatan"') == 2
    assert 'action="/terima/?tab=2"' in text
    assert SANDI not in text
    assert "lama" not in text.split("<form")[1]
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = klien.post(
        "/terima/?tab=2",
        {"nilai": "1.234.567", "csrfmiddlewaretoken": token},
        headers={"Origin": "http://testserver"},
    )
    assert again.content.decode() == "diterima 1.234.567"


@pytest.mark.parametrize("origin", ["https://jahat.example", "null", "http://testserver.jahat.example", None])
def test_what_another_site_posted_is_not_offered_for_sending(klien, origin):
    headers = {"Origin": origin} if origin else {}
    text = klien.post("/terima/", ISIAN, headers=headers).content.decode()
    assert "1.234.567" not in text
    assert "<form" not in text


def test_an_expired_form_without_origin_is_known_by_its_referer(klien):
    page = klien.post("/terima/", ISIAN, headers={"Referer": "http://testserver/laporan/1/"})
    assert "1.234.567" in page.content.decode()


def test_a_write_without_token_does_not_reach_the_api(klien):
    answer = klien.post("/api/v1/schema/", {}, content_type="application/json")
    assert answer.status_code in (403, 405)
    assert answer.json()["kode"] in ("dilarang", "metode_salah")


def test_logs_cannot_be_forged(settings):
    formatter = _formatter_class(settings)("%(levelname)s %(message)s")
    forged = "a\r\nERROR palsu\x1b[31m\u2028x"
    record = logging.LogRecord("uji", logging.INFO, "", 0, "nama %s", (forged,), None)
    line = formatter.format(record)
    assert "\n" not in line
    assert "\r" not in line
    assert "\x1b" not in line
    assert "\\x0d\\x0aERROR palsu" in line


def test_the_lines_of_a_traceback_are_visibly_its_own(settings):
    formatter = _formatter_class(settings)("%(levelname)s %(message)s")
    try:
        suspect(None)
    except SuspiciousOperation as exc:
        cause = (SuspiciousOperation, exc, exc.__traceback__)
        record = logging.LogRecord("uji", logging.ERROR, "", 0, "gagal", (), cause)
    lines = formatter.format(record).splitlines()
    assert lines[0] == "ERROR gagal"
    assert any("ERROR palsu" in line for line in lines)
    assert all(line.startswith("    | ") for line in lines[1:])


def _formatter_class(settings):
    return import_string(settings.LOGGING["formatters"]["baris"]["()"])
