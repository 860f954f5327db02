"""The second factor of ministry accounts."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.pabrik import SANDI

DUA_LANGKAH = "/akun/dua-langkah/"


@pytest.fixture(autouse=True)
def wajib(settings):
    settings.WAJIB_TOTP = True


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as travel:
        yield travel


def code_of(device):
    device.refresh_from_db()
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


def sign_in(client, username="verifikator"):
    return client.post("/masuk/", {"username": username, "password": SANDI}, follow=True)


def enrol(client, akun):
    client.get(DUA_LANGKAH)
    return client.post(DUA_LANGKAH, {"kode_verifikasi": code_of(TOTPDevice.objects.get(user=akun))})


def test_a_ministry_account_must_set_up_its_device_before_anything_else(client, verifikator):
    page = sign_in(client)
    assert page.request["PATH_INFO"] == DUA_LANGKAH
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode()
    assert "Menu utama" not in page.content.decode()
    assert client.get("/akun/")["Location"] == f"{DUA_LANGKAH}?next=%2Fakun%2F"
    assert client.get("/api/v1/schema/").status_code == 403


def test_the_right_code_sets_it_up_and_shows_ten_recovery_codes_once(client, verifikator):
    sign_in(client)
    page = enrol(client, verifikator).content.decode()
    assert len(set(re.findall(r"<code>([a-z2-7]{8})</code>", page))) == 10
    assert client.get("/akun/").status_code == 200
    assert client.get("/api/v1/schema/").status_code == 200
    assert "<code>" not in client.get(DUA_LANGKAH, follow=True).content.decode()


def test_a_wrong_code_sets_nothing_up(client, verifikator):
    sign_in(client)
    client.get(DUA_LANGKAH)
    answer = client.post(DUA_LANGKAH, {"kode_verifikasi": "000000"})
    assert answer.status_code == 422
    assert "tidak cocok" in answer.content.decode()
    assert not TOTPDevice.objects.get().confirmed
    assert client.get("/akun/").status_code == 302


def test_the_next_sign_in_asks_for_a_code_and_never_shows_the_secret_again(client, verifikator, clock):
    sign_in(client)
    enrol(client, verifikator)
    clock.shift(timedelta(minutes=1))
    again = Client()
    page = sign_in(again)
    assert '<svg class="qr"' not in page.content.decode()
    device = TOTPDevice.objects.get()
    answer = again.post(DUA_LANGKAH, {"kode_verifikasi": code_of(device), "next": "/akun/"})
    assert answer["Location"] == "/akun/"
    assert again.get("/akun/").status_code == 200


def test_a_code_works_once(client, verifikator, clock):
    sign_in(client)
    enrol(client, verifikator)
    again = Client()
    sign_in(again)
    assert again.post(DUA_LANGKAH, {"kode_verifikasi": code_of(TOTPDevice.objects.get())}).status_code == 422


def test_a_recovery_code_works_once(client, verifikator, clock):
    sign_in(client)
    kode = re.search(r"<code>([a-z2-7]{8})</code>", enrol(client, verifikator).content.decode())[1]
    for expected in (302, 422):
        again = Client()
        sign_in(again)
        answer = again.post(DUA_LANGKAH, {"kode_verifikasi": f"{kode[:4]}-{kode[4:].upper()}"})
        assert answer.status_code == expected


def test_new_recovery_codes_end_the_old_ones(client, verifikator, clock):
    sign_in(client)
    old = re.findall(r"<code>([a-z2-7]{8})</code>", enrol(client, verifikator).content.decode())
    new = re.findall(r"<code>([a-z2-7]{8})</code>", client.post("/akun/dua-langkah/kode/").content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)
    again = Client()
    sign_in(again)
    assert again.post(DUA_LANGKAH, {"kode_verifikasi": old[0]}).status_code == 422


def test_guessing_is_slowed_down(client, verifikator, clock):
    sign_in(client)
    enrol(client, verifikator)
    clock.shift(timedelta(minutes=1))
    again = Client()
    sign_in(again)
    for _ in range(5):
        answer = again.post(DUA_LANGKAH, {"kode_verifikasi": "000000"})
        clock.shift(timedelta(seconds=20))
    right = again.post(DUA_LANGKAH, {"kode_verifikasi": code_of(TOTPDevice.objects.get())})
    assert "Tunggu" in answer.content.decode()
    assert right.status_code in (302, 422)


def test_the_device_of_somebody_else_does_not_count(client, verifikator, admin):
    sign_in(client)
    enrol(client, verifikator)
    other = Client()
    sign_in(other, "admin")
    other.get(DUA_LANGKAH)
    code = code_of(TOTPDevice.objects.get(user=verifikator))
    assert other.post(DUA_LANGKAH, {"kode_verifikasi": code}).status_code == 422


def test_a_foreign_next_is_not_followed(client, verifikator):
    sign_in(client)
    enrol(client, verifikator)
    assert client.get(f"{DUA_LANGKAH}?next=https://jahat.example/")["Location"] == "/"


def test_officers_of_a_daerah_need_none(client, operator):
    sign_in(client, "operator")
    assert client.get("/akun/").status_code == 200
    assert client.get(DUA_LANGKAH).status_code == 404


def test_no_second_factor_where_it_is_switched_off(client, verifikator, settings):
    settings.WAJIB_TOTP = False
    sign_in(client)
    assert client.get("/akun/").status_code == 200
