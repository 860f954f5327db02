"""The audit row lives and dies with its change."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from realisasi.actions import riwayat
from realisasi.actions.riwayat import record
from realisasi.models import Riwayat

pytestmark = pytest.mark.django_db


def test_it_says_who_did_what_to_which_subject(operator):
    record(by=operator, subjek="paket:7", aksi="simpan paket", sebelum={"a": 1}, sesudah={"a": 2}, alasan="x")
    row = Riwayat.objects.get()
    assert (row.pelaku, row.subjek, row.aksi, row.sebelum, row.sesudah, row.alasan) == (
        operator, "paket:7", "simpan paket", {"a": 1}, {"a": 2}, "x",
    )  # fmt: skip


def test_outside_a_transaction_it_is_refused(admin, monkeypatch):
    monkeypatch.setattr(riwayat, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        record(by=admin, subjek="paket:7", aksi="simpan paket")


def test_a_change_that_fails_leaves_no_trail(admin):
    def change():
        with transaction.atomic():
            record(by=admin, subjek="paket:7", aksi="simpan paket")
            raise ValueError("later")

    with pytest.raises(ValueError, match="later"):
        change()
    assert not Riwayat.objects.exists()
