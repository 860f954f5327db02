"""What every test may ask for: personas, light settings, and what the machine must offer.

A missing part of the machine skips a test with a hint, under STRICT=1 it is a failure.
"""

import os
import shutil
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from daerah.cakupan import Peran
from dakikm.celery import app
from realisasi.contoh.muat import load
from tests import pabrik, pemicu

# Jobs run at once in the test's own process; without this they would be written to the real queue.
app.conf.task_always_eager = True

HARI_CONTOH = date(2024, 10, 15)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Fixture -> the marker set on every test that asks for it, so that `-m "not browser"` needs no second word.
REQUIREMENTS = {"butuh_browser": "browser", "butuh_postgres": "postgres"}


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marker and before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        for fixture, marker in REQUIREMENTS.items():
            if fixture in item.fixturenames:
                item.add_marker(marker)
        if "contoh" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demo"))  # loaded by one worker: it takes half a minute
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))  # two browsers at once starve each other


def lacking(reason):
    if os.environ.get("STRICT") == "1":
        pytest.fail(f"STRICT=1: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def butuh_browser():
    """The path of a Chromium."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return path or lacking("needs a browser: install Chromium (on Debian: apt install chromium)")


@pytest.fixture(scope="session")
def butuh_postgres():
    if connection.vendor != "postgresql":
        lacking(
            "needs PostgreSQL for its row locks: install it (on Debian: apt install postgresql) and set "
            "DATABASE_URL=postgres://user:password@127.0.0.1:5432/name"
        )


@pytest.fixture(autouse=True)
def ringan(settings, tmp_path):
    """Plain HTTP, quick hashes and no second factor, but where a test asks for them; files in a folder of
    its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False
    settings.WAJIB_TOTP = False
    settings.MEDIA_ROOT = tmp_path / "berkas"
    # Static files straight from their source: no collected copy that could be old or missing.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    for satu in caches.all(initialized_only=True):
        satu.clear()


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guards():
    """A test that commits fills the tables anew when it begins and empties them when it ends, also those
    from which nothing is deleted."""
    setup, teardown = TransactionTestCase._fixture_setup.__func__, TransactionTestCase._fixture_teardown

    def lifted_setup(cls):
        with pemicu.lifted():
            setup(cls)

    def lifted_teardown(case):
        with pemicu.lifted():
            teardown(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(lifted_setup))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted_teardown)
        yield


@pytest.fixture(scope="module")
def contoh(django_db_setup, django_db_blocker):
    """The demonstration data of 15 October 2024, loaded once for the tests of a file, which only read them;
    gives what would run at their commit."""
    with django_db_blocker.unblock(), transaction.atomic():
        pabrik.load_shipped_rows()
        pabrik.load_all_daerah()
        with TestCase.captureOnCommitCallbacks() as callbacks:
            load(HARI_CONTOH)
        yield callbacks
        transaction.set_rollback(True)


@pytest.fixture
def wilayah(db):
    """The 552 regions."""
    pabrik.load_all_daerah()


# The personas: operator and penyetuju of Kabupaten Majalengka, the province above it, the ministry, and an
# officer of another province.
@pytest.fixture
def operator(db):
    return pabrik.make_pengguna(Peran.OPERATOR, pabrik.MAJALENGKA, username="operator")


@pytest.fixture
def penyetuju(db):
    return pabrik.make_pengguna(Peran.PENYETUJU, pabrik.MAJALENGKA, username="penyetuju")


@pytest.fixture
def provinsi(db):
    return pabrik.make_pengguna(Peran.PROVINSI, pabrik.JAWA_BARAT, username="provinsi")


@pytest.fixture
def orang_luar(db):
    return pabrik.make_pengguna(Peran.OPERATOR, pabrik.LOMBOK_TENGAH, username="orang_luar")


@pytest.fixture
def verifikator(db):
    return pabrik.make_pengguna(Peran.VERIFIKATOR, username="verifikator")


@pytest.fixture
def pimpinan(db):
    return pabrik.make_pengguna(Peran.PIMPINAN, username="pimpinan")


@pytest.fixture
def analis(db):
    return pabrik.make_pengguna(Peran.ANALIS, username="analis")


@pytest.fixture
def auditor(db):
    return pabrik.make_pengguna(Peran.AUDITOR, username="auditor")


@pytest.fixture
def admin(db):
    return pabrik.make_pengguna(Peran.ADMIN, username="admin")


@pytest.fixture
def masuk_sebagai(client):
    """A browser that is signed in as an account."""

    def sign_in(pengguna):
        client.force_login(pengguna)
        return client

    return sign_in
