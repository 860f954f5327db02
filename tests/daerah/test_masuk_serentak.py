"""Guessing in parallel is counted like guessing in turn."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from daerah.cakupan import Peran
from tests.pabrik import SANDI, make_pengguna


def attempt(password):
    try:
        return Client().post("/masuk/", {"username": "verifikator", "password": password}).status_code
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_failures_at_once_lock_the_name_as_well(butuh_postgres):
    make_pengguna(Peran.VERIFIKATOR, username="verifikator")
    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(attempt, ["salah"] * 8))
    assert statuses <= {422, 429}
    assert attempt(SANDI) == 429
