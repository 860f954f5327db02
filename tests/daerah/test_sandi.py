"""Passwords: forgotten, set by a mailed link, changed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from daerah.surat import send_password_links
from tests.pabrik import SANDI, make_pengguna

BARU = "kata-sandi-baru-77"


def link_in(surat):
    return re.search(r"http://testserver(/akun/atur-sandi/\S+)", surat.body)[1]


def open_link(client, path):
    """The form behind a mailed link; the token moves from the address to the session."""
    return client.get(path, follow=True)


def set_password(client, path, password=BARU):
    page = open_link(client, path)
    return client.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def test_a_forgotten_password_is_set_by_a_mailed_link(client, operator):
    client.post("/akun/lupa-sandi/", {"surel": operator.email.upper()})
    [surat] = mail.outbox
    assert surat.to == [operator.email]
    assert "tautan" in surat.body.lower()
    assert set_password(client, link_in(surat))["Location"] == "/masuk/"
    operator.refresh_from_db()
    assert operator.check_password(BARU)


def test_known_and_unknown_addresses_answer_alike(client, operator):
    known = client.post("/akun/lupa-sandi/", {"surel": operator.email})
    unknown = client.post("/akun/lupa-sandi/", {"surel": "tidak.ada@contoh.test"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_asking_ten_times_sends_one_mail(client, operator):
    for _ in range(10):
        client.post("/akun/lupa-sandi/", {"surel": operator.email})
    assert len(mail.outbox) == 1


def test_no_link_for_who_may_not_sign_in(client, db):
    make_pengguna(email="a@contoh.test", is_active=False)
    make_pengguna(email="b@contoh.test", selesai_bertugas="2020-01-01")
    for surel in ("a@contoh.test", "b@contoh.test"):
        client.post("/akun/lupa-sandi/", {"surel": surel})
    assert mail.outbox == []


def test_a_mail_server_that_is_down_shows_nothing_to_a_stranger(client, operator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post("/akun/lupa-sandi/", {"surel": operator.email})
    assert answer["Location"] == "/akun/lupa-sandi/terkirim/"


def test_what_is_not_an_address_is_said_beside_the_field(client, db):
    answer = client.post("/akun/lupa-sandi/", {"surel": "bukan surel"})
    assert answer.status_code == 422
    assert "nama@contoh.go.id" in answer.content.decode()
    assert "bukan surel" in answer.content.decode()


def test_a_link_works_once_and_for_three_days(client, operator):
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as clock:
        client.post("/akun/lupa-sandi/", {"surel": operator.email})
        path = link_in(mail.outbox[0])
        clock.shift(timedelta(days=3, minutes=1))
        assert "tidak berlaku lagi" in open_link(client, path).content.decode()
        clock.shift(timedelta(minutes=-2))
        set_password(client, path)
        assert "tidak berlaku lagi" in open_link(Client(), path).content.decode()


def test_a_link_does_not_open_for_an_account_that_was_deactivated(client, operator):
    send_password_links([operator], alamat="http://testserver/")
    operator.is_active = False
    operator.save()
    assert "tidak berlaku lagi" in open_link(client, link_in(mail.outbox[0])).content.decode()


def test_an_account_without_password_gets_an_activation_mail(client, db):
    akun = make_pengguna(password=None, first_name="Siti")
    send_password_links([akun], alamat="http://testserver/")
    [surat] = mail.outbox
    assert "Aktifkan" in surat.subject
    assert "Siti" in surat.body
    set_password(client, link_in(surat))
    akun.refresh_from_db()
    assert akun.check_password(BARU)


@pytest.mark.parametrize(
    ("password", "word"), [("pendek", "12"), ("q1w2e3r4t5y6", "umum"), ("operatoroper", "mirip")]
)
def test_a_weak_password_is_refused_with_the_reason(client, operator, password, word):
    send_password_links([operator], alamat="http://testserver/")
    answer = set_password(client, link_in(mail.outbox[0]), password)
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_changing_the_password_ends_the_sessions_elsewhere(client, operator):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post("/masuk/", {"username": "operator", "password": SANDI})
    answer = client.post(
        "/akun/sandi/", {"old_password": SANDI, "new_password1": BARU, "new_password2": BARU}
    )
    assert answer["Location"] == "/akun/"
    assert client.get("/akun/").status_code == 200
    assert elsewhere.get("/akun/").status_code == 302


def test_a_wrong_old_password_changes_nothing(masuk_sebagai, operator):
    answer = masuk_sebagai(operator).post(
        "/akun/sandi/", {"old_password": "salah", "new_password1": BARU, "new_password2": BARU}
    )
    assert answer.status_code == 422
    operator.refresh_from_db()
    assert operator.check_password(SANDI)
