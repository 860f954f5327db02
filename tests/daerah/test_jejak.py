"""What owners do with their accounts is in the audit trail, with the address it was done from."""

import re

import pytest
from django.core import mail
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from realisasi.models import Riwayat
from tests.pabrik import SANDI

pytestmark = pytest.mark.django_db

BARU = "kalimat-sandi-lain-yang-panjang"


def acts():
    """(actor, subject's chain, act) of all rows, in order."""
    return [(row.pelaku.username, row.rantai, row.aksi) for row in Riwayat.objects.select_related("pelaku")]


def sign_in(client, akun, sandi=SANDI, **kwargs):
    return client.post("/masuk/", {"username": akun.username, "password": sandi}, **kwargs)


def test_a_sign_in_is_recorded_with_its_address(client, operator):
    sign_in(client, operator, REMOTE_ADDR="203.0.113.7")
    assert acts() == [("operator", f"akun:{operator.pk}", "masuk")]
    assert Riwayat.objects.get().sesudah == {"alamat": "203.0.113.7"}


def test_a_failed_sign_in_is_not_an_act_of_the_account(client, operator):
    assert sign_in(client, operator, "keliru").status_code == 422
    assert acts() == []


def test_a_locked_name_is_recorded_once_by_the_system(client, operator):
    for _ in range(12):
        sign_in(client, operator, "keliru", REMOTE_ADDR="203.0.113.7")
    assert acts() == [("sistem", f"akun:{operator.pk}", "terkunci")]
    assert Riwayat.objects.get().sesudah == {"alamat": "203.0.113.7"}


def test_a_name_that_nobody_has_leaves_no_trail(client, db):
    for _ in range(12):
        client.post("/masuk/", {"username": "tidak.ada", "password": "x"})
    assert acts() == []


def test_an_own_new_password_is_recorded_without_it(client, operator):
    client.force_login(operator)
    form = {"old_password": SANDI, "new_password1": BARU, "new_password2": BARU}
    assert client.post("/akun/sandi/", form).status_code == 302
    assert acts() == [("operator", f"akun:{operator.pk}", "ganti kata sandi")]
    assert BARU not in str(Riwayat.objects.values())


def test_a_refused_password_changes_and_records_nothing(client, operator):
    client.force_login(operator)
    client.post("/akun/sandi/", {"old_password": "x", "new_password1": BARU, "new_password2": BARU})
    assert acts() == []


def test_a_link_that_was_asked_for_and_used_is_recorded(client, operator):
    client.post("/akun/lupa-sandi/", {"surel": operator.email})
    assert acts() == [("sistem", f"akun:{operator.pk}", "minta tautan kata sandi")]
    link = re.search(r"/akun/atur-sandi/\S+", mail.outbox[0].body)[0]
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"new_password1": BARU, "new_password2": BARU})
    assert acts()[1:] == [("operator", f"akun:{operator.pk}", "atur kata sandi")]
    assert link.rsplit("/", 2)[1] not in str(Riwayat.objects.values())


def test_an_unknown_address_leaves_no_trail(client, operator):
    client.post("/akun/lupa-sandi/", {"surel": "lain@contoh.test"})
    assert acts() == []


def test_a_second_factor_is_recorded_from_its_set_up_on(client, settings, verifikator):
    settings.WAJIB_TOTP = True
    client.force_login(verifikator)
    client.get("/akun/dua-langkah/")
    device = TOTPDevice.objects.get()
    page = client.post("/akun/dua-langkah/", {"kode_verifikasi": code(device)})
    recovery = page.context["daftar_kode"][0]
    owner = ("verifikator", f"akun:{verifikator.pk}")
    assert acts() == [(*owner, "pasang perangkat verifikasi"), (*owner, "buat kode cadangan")]

    client.logout()
    client.force_login(verifikator)
    client.post("/akun/dua-langkah/", {"kode_verifikasi": recovery})
    row = Riwayat.objects.last()
    assert (row.aksi, row.sesudah["perangkat"]) == ("verifikasi dua langkah", "Kode cadangan")
    assert recovery not in str(Riwayat.objects.values())


def code(device):
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06d}"
