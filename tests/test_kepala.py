"""Security headers on every answer: pages, refusals, faults, redirects, files, the API."""

import pytest
from django.test import Client

ALAMAT = ["/masuk/", "/akun/", "/nihil/", "/status/", "/api/v1/schema/", "/static/css/app.css", "/keluar/"]


@pytest.fixture
def klien(settings, operator):
    settings.SECURE_HSTS_SECONDS = 31536000
    client = Client(raise_request_exception=False)
    client.force_login(operator)
    return client


@pytest.mark.parametrize("address", ALAMAT)
def test_every_answer_carries_the_headers(klien, address):
    answer = klien.get(address, secure=True)
    answer.close()  # a static file
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("address", ["/masuk/", "/akun/", "/nihil/", "/api/v1/schema/", "/akun/lupa-sandi/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_cache_keeps_a_private_page(klien, address, signed_in):
    client = klien if signed_in else Client()
    control = client.get(address)["Cache-Control"]
    assert "no-store" in control
    assert "private" in control


def test_static_files_may_be_kept(klien):
    answer = klien.get("/static/css/app.css")
    answer.close()
    assert "no-store" not in answer["Cache-Control"]


def test_plain_http_is_sent_to_https(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/masuk/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/masuk/")
    assert "Content-Security-Policy" in answer


def test_the_health_check_is_not_sent_to_https(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/status/").status_code == 200


def test_cookies_are_kept_from_scripts_and_other_sites(klien):
    klien.get("/masuk/")
    session = klien.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
