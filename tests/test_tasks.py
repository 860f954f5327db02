"""Background work: a change leaves an event, the task closes it with the figures, nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from realisasi import tasks
from realisasi.actions import peristiwa, rekap
from realisasi.models import Peristiwa, RekapTriwulan, RekapWilayah
from tests import pabrik

SAAT = datetime(2024, 10, 15, 3, tzinfo=UTC)


@pytest.fixture
def alokasi(db):
    alokasi = pabrik.make_alokasi(pagu=5_000_000_000)
    pabrik.make_paket(pabrik.make_kegiatan(alokasi))
    return alokasi


def change(alokasi, triwulan=1):
    with transaction.atomic():
        peristiwa.record_change(
            alokasi=alokasi, triwulan=triwulan, jenis="uji", subjek=f"alokasi:{alokasi.pk}", now=SAAT
        )


def test_the_task_stores_the_figures_and_closes_the_event(alokasi):
    change(alokasi)
    tasks.compute_serapan(alokasi.pk, 1)
    assert not Peristiwa.objects.open().exists()
    assert RekapTriwulan.objects.filter(alokasi=alokasi).count() == 8  # four quarters, two positions
    assert set(RekapWilayah.objects.values_list("kode", flat=True)) == {"00", "32"}


def test_twice_in_a_row_is_once(alokasi):
    change(alokasi)
    for _ in range(2):
        tasks.compute_serapan(alokasi.pk, 1)
    assert RekapTriwulan.objects.count() == 8


def test_an_event_of_an_earlier_quarter_stays_open(alokasi):
    change(alokasi, triwulan=2)
    tasks.compute_serapan(alokasi.pk, 3)
    assert Peristiwa.objects.open().get().triwulan == 2


def test_an_alokasi_that_is_gone_is_no_failure(db):
    tasks.compute_serapan(987654, 1)


def test_a_message_goes_out_after_the_commit_only(alokasi, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(peristiwa, "send", lambda *args: sent.append(args))
    with django_capture_on_commit_callbacks() as callbacks:
        change(alokasi)
        assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [(alokasi.pk, 1)]


def test_a_broker_that_is_away_fails_nothing(alokasi, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(peristiwa.current_app, "signature", broken)
    peristiwa.send(alokasi.pk, 1)
    assert "belum terkirim" in caplog.text


def test_beat_sends_what_is_still_open(alokasi, monkeypatch):
    change(alokasi, triwulan=3)
    change(alokasi, triwulan=2)
    sent = []
    monkeypatch.setattr(peristiwa, "send", lambda *args: sent.append(args))
    tasks.relay_peristiwa()
    assert sent == [(alokasi.pk, 2)]  # one message covers both: later quarters are computed with it


def test_poison_is_counted_and_no_longer_sent_but_stays_visible(alokasi, monkeypatch):
    change(alokasi)

    def broken(**kwargs):
        raise ZeroDivisionError("poison")

    monkeypatch.setattr(rekap, "compute_alokasi", broken)
    for _ in range(tasks.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            tasks.compute_serapan(alokasi.pk, 1)
    sent = []
    monkeypatch.setattr(peristiwa, "send", lambda *args: sent.append(args))
    tasks.relay_peristiwa()
    assert sent == []
    stuck = Peristiwa.objects.open().get()
    assert (stuck.percobaan, stuck.galat) == (tasks.MAX_ATTEMPTS, "ZeroDivisionError: poison")


def test_the_nightly_task_computes_everything_and_closes_every_event(alokasi):
    change(alokasi)
    change(pabrik.make_alokasi("52.02"))
    tasks.compute_all_serapan()
    assert not Peristiwa.objects.open().exists()
    assert RekapWilayah.objects.current().filter(tingkat="nasional", triwulan=4).count() == 2
