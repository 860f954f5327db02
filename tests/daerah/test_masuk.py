"""Signing in and out, and when a session ends."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from daerah.cakupan import Peran
from tests.pabrik import SANDI, make_pengguna

MASUK = "/masuk/"


def sign_in(client, username="operator", password=SANDI, **more):
    return client.post(MASUK, {"username": username, "password": password, **more})


def test_the_sign_in_page_has_labels_and_a_link_for_a_forgotten_password(client, db):
    page = client.get(MASUK).content.decode()
    assert "Nama pengguna" in page
    assert "Kata sandi" in page
    assert reverse("lupa_sandi") in page


def test_right_password_leads_to_the_page_that_was_asked_for(client, operator):
    answer = sign_in(client, next="/akun/")
    assert (answer.status_code, answer["Location"]) == (302, "/akun/")


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)"])
def test_a_foreign_next_is_not_followed(client, operator, target):
    assert sign_in(client, next=target)["Location"] == "/"


def test_unknown_wrong_inactive_and_off_duty_look_alike(client, operator):
    yesterday = timezone.localdate() - timedelta(days=1)
    make_pengguna(username="nonaktif", is_active=False)
    make_pengguna(username="purnatugas", selesai_bertugas=yesterday)
    make_pengguna(username="kelak", mulai_bertugas=date(2999, 1, 1))
    answers = [
        sign_in(client, username, password)
        for username, password in [
            ("operator", "salah"),
            ("tidak-ada", SANDI),
            ("nonaktif", SANDI),
            ("purnatugas", SANDI),
            ("kelak", SANDI),
        ]
    ]
    assert {answer.status_code for answer in answers} == {422}
    faults = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(faults) == 1
    assert "tidak cocok" in str(faults)


def test_the_account_of_the_system_cannot_sign_in(client, db):
    make_pengguna(Peran.SISTEM, username="sistem", password=None)
    assert sign_in(client, "sistem", "").status_code == 422


def test_eight_failures_lock_this_name_from_this_address_only(client, operator, penyetuju):
    answers = [sign_in(client, password="salah").status_code for _ in range(8)]
    assert answers == [422] * 7 + [429]
    locked = sign_in(client)
    assert locked.status_code == 429
    assert "15 menit" in locked.content.decode()
    elsewhere = client.post(MASUK, {"username": "operator", "password": SANDI}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302, "a stranger must not lock a daerah out"
    client.logout()
    assert sign_in(client, "penyetuju").status_code == 302, "an office is one address"


def test_the_lock_ends_after_a_quarter_of_an_hour(client, operator):
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as clock:
        for _ in range(8):
            sign_in(client, password="salah")
        assert sign_in(client).status_code == 429
        clock.shift(timedelta(minutes=16))
        assert sign_in(client).status_code == 302


def test_behind_the_proxy_the_last_forwarded_address_counts(client, operator, settings):
    settings.DI_BELAKANG_PROKSI = True
    for i in range(8):  # the client may write what it likes before what the proxy appends
        client.post(
            MASUK,
            {"username": "operator", "password": "salah"},
            headers={"X-Forwarded-For": f"10.0.0.{i}, 198.51.100.7"},
        )
    same = client.post(
        MASUK,
        {"username": "operator", "password": SANDI},
        headers={"X-Forwarded-For": "10.9.9.9, 198.51.100.7"},
    )
    other = client.post(
        MASUK,
        {"username": "operator", "password": SANDI},
        headers={"X-Forwarded-For": "198.51.100.8"},
    )
    assert (same.status_code, other.status_code) == (429, 302)


def test_signing_out_needs_a_post_and_ends_the_session(client, operator):
    sign_in(client)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/")["Location"] == MASUK
    assert client.get("/akun/").status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(119, 200), (121, 302)])
def test_a_session_left_alone_for_two_hours_ends(client, operator, minutes, status):
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=minutes))
        assert client.get("/akun/").status_code == status


def test_a_session_in_use_ends_after_twelve_hours(client, operator):
    with time_machine.travel("2024-10-15 03:00Z", tick=False) as clock:
        sign_in(client)
        for _ in range(12):
            clock.shift(timedelta(hours=1))
            assert client.get("/akun/").status_code == 200
        clock.shift(timedelta(minutes=1))
        ended = client.get("/akun/")
        assert ended["Location"] == "/masuk/?next=/akun/"
        assert "Sesi Anda berakhir" in client.get(ended["Location"]).content.decode()


def test_a_form_sent_after_the_session_ended_is_kept_until_signed_in_again(client, operator):
    sign_in(client)
    client.post("/keluar/")
    page = client.post("/akun/sandi/", {"catatan": "panjang & lebar", "old_password": SANDI})
    text = page.content.decode()
    assert page.status_code == 403
    assert 'name="catatan" value="panjang &amp; lebar"' in text
    assert SANDI not in text
    sign_in(client)
    assert client.post("/akun/sandi/", {"catatan": "panjang & lebar"}).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"selesai_bertugas": date(2020, 1, 1)},
    ],
)
def test_deactivation_and_the_end_of_duty_end_open_sessions(client, operator, change):
    sign_in(client)
    for name, value in change.items():
        setattr(operator, name, value)
    operator.save()
    assert client.get("/akun/").status_code == 302


def test_admin_login_leads_to_the_one_sign_in_page(client, db):
    assert client.get("/admin/login/?next=/akun/")["Location"] == "/masuk/?next=/akun/"


def test_the_own_account_shows_office_zone_and_dates(client, db):
    akun = make_pengguna(
        daerah="52.02", jabatan="Kepala Bidang", mulai_bertugas=date(2024, 1, 2), first_name="Budi"
    )
    client.force_login(akun)
    page = client.get("/akun/").content.decode()
    for part in ("Budi", "Kepala Bidang", "Kab. Lombok Tengah", "WITA", "2 Januari 2024", "Operator daerah"):
        assert part in page
