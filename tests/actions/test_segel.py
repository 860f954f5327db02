"""The nightly seal fixes the heads that moved, once."""

import logging
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from realisasi.actions.riwayat import record
from realisasi.actions.segel import seal
from realisasi.models import KepalaRiwayat, KepalaTersegel, SegelRiwayat
from realisasi.tasks import seal_riwayat


def act(by, *subjects):
    with transaction.atomic():
        for subjek in subjects:
            record(by=by, subjek=subjek, aksi="uji")


@pytest.mark.django_db
class TestSegel:
    def test_it_fixes_what_moved_since_the_one_before(self, admin):
        act(admin, "akun:1", "akun:2")
        first = seal(now=timezone.now())
        assert (first.jumlah_rantai, first.sidik_sebelum) == (2, "")
        act(admin, "akun:2", "akun:2", "akun:3")
        second = seal(now=timezone.now())
        assert list(second.kepala.order_by("rantai").values_list("rantai", "jumlah")) == [
            ("akun:2", 3),
            ("akun:3", 1),
        ]
        assert second.sidik_sebelum == first.sidik
        assert KepalaRiwayat.objects.get(pk="segel").sidik == second.sidik

    def test_a_quiet_day_has_no_seal(self, admin):
        assert seal(now=timezone.now()) is None
        act(admin, "akun:1")
        seal(now=timezone.now())
        assert seal(now=timezone.now()) is None
        assert SegelRiwayat.objects.count() == 1

    def test_its_fingerprint_is_in_the_log_too(self, admin, caplog):
        act(admin, "akun:1")
        with caplog.at_level(logging.INFO, logger="realisasi.actions.segel"):
            segel = seal(now=timezone.now())
        assert segel.sidik in caplog.text

    def test_the_scheduler_takes_it_every_night(self, admin):
        assert any(e["task"] == seal_riwayat.name for e in settings.CELERY_BEAT_SCHEDULE.values())
        act(admin, "akun:1")
        seal_riwayat.delay()
        assert KepalaTersegel.objects.get().rantai == "akun:1"

    def test_as_many_queries_for_three_chains_as_for_thirty(self, admin, django_assert_max_num_queries):
        act(admin, *(f"akun:{n}" for n in range(30)))
        with django_assert_max_num_queries(12):
            seal(now=timezone.now())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_schedulers_at_once_seal_once(admin):
    for round_ in range(5):
        act(admin, f"akun:{round_}")
        together = Barrier(4)

        def run(together=together):
            together.wait()
            seal(now=timezone.now())
            connection.close()

        threads = [Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert SegelRiwayat.objects.count() == round_ + 1
    before = ""
    for segel in SegelRiwayat.objects.order_by("pk"):
        assert segel.sidik_sebelum == before
        before = segel.sidik
