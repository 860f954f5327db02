"""Who may ask the API, and that every refusal has one shape."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from daerah.cakupan import Peran
from daerah.models import TokenAkses
from tests.pabrik import make_pengguna

SKEMA = "/api/v1/schema/"


def give_token(akun, *, masa=timedelta(days=30)):
    return TokenAkses.issue(pengguna=akun, label="uji", masa=masa, saat=timezone.now())


def ask(client, secret, path=SKEMA, keyword="Token"):
    return client.get(path, headers={"Authorization": f"{keyword} {secret}"})


def test_a_token_reads_in_the_name_of_its_account(client, analis):
    token, secret = give_token(analis)
    assert ask(client, secret).status_code == 200
    token.refresh_from_db()
    assert token.terakhir_dipakai is not None


def test_last_use_is_written_once_a_minute(client, analis):
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as clock:
        token, secret = give_token(analis)
        seen = []
        for seconds in (0, 30, 40):
            clock.shift(timedelta(seconds=seconds))
            ask(client, secret)
            token.refresh_from_db()
            seen.append(token.terakhir_dipakai)
    assert seen[0] == seen[1] < seen[2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: setattr(token, "dicabut", timezone.now()),
        lambda token: setattr(token, "kedaluwarsa", token.dibuat + timedelta(microseconds=1)),
        lambda token: setattr(token.pengguna, "is_active", False),
        lambda token: setattr(token.pengguna, "selesai_bertugas", date(2020, 1, 1)),
    ],
    ids=["revoked", "expired", "inactive", "off duty"],
)
def test_a_token_that_ended_is_refused_like_an_unknown_one(client, analis, spoil):
    token, secret = give_token(analis)
    spoil(token)
    token.save()
    token.pengguna.save()
    refused, unknown = ask(client, secret), ask(client, "x" * 43)
    assert refused.status_code == unknown.status_code == 401
    assert refused.json() == unknown.json()
    assert refused["WWW-Authenticate"] == "Token"


def test_an_account_that_lost_the_right_loses_its_tokens(client, db):
    _, secret = give_token(make_pengguna(Peran.OPERATOR))
    assert ask(client, secret).status_code == 401


def test_a_token_in_the_address_is_not_read(client, analis):
    _, secret = give_token(analis)
    assert client.get(f"{SKEMA}?token={secret}").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token ", "Token é", "Token a b", "Bearer x", "Basic dTpw"])
def test_a_strange_header_is_refused_not_a_fault(client, db, header):
    answer = client.get(SKEMA, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["kode"] == "belum_masuk"


def test_nobody_gets_401_in_our_shape(client, db):
    answer = client.get(SKEMA)
    assert answer.status_code == 401
    assert set(answer.json()) == {"kode", "pesan", "rincian"}


def test_the_session_works_too(masuk_sebagai, operator):
    schema = masuk_sebagai(operator).get(SKEMA)
    assert schema.status_code == 200
    assert schema.json()["openapi"].startswith("3.")


def test_a_session_without_its_second_factor_is_refused(masuk_sebagai, analis, settings):
    settings.WAJIB_TOTP = True
    client = masuk_sebagai(analis)
    assert client.get(SKEMA).status_code == 403
    assert client.get(SKEMA).json()["kode"] == "dilarang"
    _, secret = give_token(analis)
    assert ask(Client(), secret).status_code == 200, "a token was made by a verified session"


@pytest.mark.parametrize(
    ("ask_so", "status", "kode"),
    [
        (lambda c: c.get("/api/v1/tidak-ada/"), 404, "tidak_ditemukan"),
        (lambda c: c.delete(SKEMA), 405, "metode_salah"),
        (lambda c: c.get(SKEMA, headers={"Accept": "text/csv"}), 406, "bentuk_tidak_dilayani"),
    ],
)
def test_every_refusal_has_one_shape(masuk_sebagai, analis, ask_so, status, kode):
    answer = ask_so(masuk_sebagai(analis))
    assert answer.status_code == status
    assert answer.json()["kode"] == kode
    assert answer.json()["pesan"]
    assert answer.json()["rincian"] == {}


def test_too_many_requests_say_so(masuk_sebagai, analis, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.UserRateThrottle.THROTTLE_RATES", {"user": "2/min"})
    client = masuk_sebagai(analis)
    answers = [client.get(SKEMA) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["kode"] == "terlalu_sering"
    assert answers[-1]["Retry-After"]
