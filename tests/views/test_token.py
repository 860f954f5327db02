"""Own tokens: made, shown once, revoked."""

from datetime import timedelta

import pytest

from daerah.models import TokenAkses
from realisasi.models import Riwayat

TOKEN = "/akun/token/"


def make(client, label="Power BI", hari=30):
    return client.post(TOKEN, {"label": label, "hari": hari})


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    secret = make(client).context["rahasia"]
    assert len(secret) >= 43
    token = TokenAkses.objects.get()
    assert secret not in str(TokenAkses.objects.values().get())
    assert token.hash == TokenAkses.digest(secret)
    assert token.kedaluwarsa - token.dibuat == timedelta(days=30)
    page = client.get(TOKEN).content.decode()
    assert secret not in page
    assert token.awalan in page
    assert secret not in str(Riwayat.objects.values().get())


@pytest.mark.parametrize(("label", "hari"), [("", 30), ("x" * 81, 30), ("x", 3650), ("x", "abc")])
def test_a_token_without_name_or_with_another_lifetime_is_refused(masuk_sebagai, analis, label, hari):
    assert make(masuk_sebagai(analis), label, hari).status_code == 422
    assert not TokenAkses.objects.exists()


def test_posted_fields_that_no_form_has_change_nothing(masuk_sebagai, analis, pimpinan):
    extra = {"pengguna": pimpinan.pk, "hash": "0" * 64, "kedaluwarsa": "2999-01-01", "is_staff": "on"}
    masuk_sebagai(analis).post(TOKEN, {"label": "x", "hari": 30, **extra})
    token = TokenAkses.objects.get()
    assert token.pengguna == analis
    assert token.hash != "0" * 64
    assert token.kedaluwarsa - token.dibuat == timedelta(days=30)
    analis.refresh_from_db()
    assert not analis.is_staff


def test_a_token_is_revoked_once(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    make(client)
    token = TokenAkses.objects.get()
    for _ in range(2):
        client.post(f"{TOKEN}{token.pk}/cabut/")
    token.refresh_from_db()
    assert token.dicabut is not None
    assert [row.aksi for row in Riwayat.objects.all()] == ["buat token", "cabut token"]


def test_the_tokens_of_others_are_not_there(masuk_sebagai, analis, pimpinan):
    make(masuk_sebagai(analis))
    token = TokenAkses.objects.get()
    client = masuk_sebagai(pimpinan)
    assert token.awalan not in client.get(TOKEN).content.decode()
    assert client.post(f"{TOKEN}{token.pk}/cabut/").status_code == 404
    token.refresh_from_db()
    assert token.dicabut is None


def test_officers_of_a_daerah_have_no_tokens(masuk_sebagai, operator):
    assert masuk_sebagai(operator).get(TOKEN).status_code == 404
