"""The rate limit: it slows down who asks too often, and stands aside when its cache is away."""

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as RedisAway
from rest_framework.throttling import SimpleRateThrottle

ALAMAT = "/api/v1/daerah/"


def test_who_asks_too_often_is_told_to_wait(masuk_sebagai, analis, monkeypatch):
    # A cache of this process: another worker may empty the shared one at any moment.
    monkeypatch.setattr(SimpleRateThrottle, "cache", caches["lokal"])
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    browser = masuk_sebagai(analis)
    answers = [browser.get(ALAMAT) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["kode"] == "terlalu_sering"


@pytest.mark.django_db
def test_without_its_cache_the_api_answers_all_the_same(masuk_sebagai, analis, monkeypatch, caplog):
    def away(*args, **kwargs):
        raise RedisAway("no server")

    monkeypatch.setattr(SimpleRateThrottle.cache, "get", away)
    assert masuk_sebagai(analis).get(ALAMAT).status_code == 200
    assert "tidak diperiksa" in caplog.text
