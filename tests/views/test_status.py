"""Health, for a load balancer."""

from django.db import DatabaseError
from django.db.backends.utils import CursorWrapper


def test_healthy_without_login(client, db):
    answer = client.get("/status/")
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_a_database_that_does_not_answer_is_said_without_details(client, db, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("kata sandi basis data: rahasia")

    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", broken)
        answer = client.get("/status/")
    assert answer.status_code == 503
    assert answer.json() == {"status": "galat"}


def test_it_only_reads(client, db):
    assert client.post("/status/").status_code == 405
