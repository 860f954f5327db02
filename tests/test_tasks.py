"""Background work: a change leaves an event, the task closes it with the figures, nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from realisasi import tasks
from realisasi.actions import peristiwa, rekap
from realisasi.actions.galat import Ditolak
from realisasi.models import Alokasi, Peristiwa, RekapTriwulan, RekapWilayah, Riwayat
from realisasi.models.pekerjaan import MAKS_PERCOBAAN
from tests import pabrik

SAAT = datetime(2024, 10, 15, 3, tzinfo=UTC)
LAMA = peristiwa.RESEND_AFTER


@pytest.fixture
def alokasi(db):
    alokasi = pabrik.make_alokasi(pagu=5_000_000_000)
    pabrik.make_paket(pabrik.make_kegiatan(alokasi))
    return alokasi


@pytest.fixture
def terkirim(monkeypatch):
    """What was handed to the broker, instead of handing it over."""
    sent = []

    def send(*work):
        sent.append(work)
        return True

    monkeypatch.setattr(peristiwa, "send", send)
    return sent


@pytest.fixture
def racun(monkeypatch, alokasi):
    """An alokasi whose computation always fails."""
    compute = rekap.compute_alokasi

    def broken(*, alokasi_id, **rest):
        if alokasi_id == alokasi.pk:
            raise ZeroDivisionError("racun")
        compute(alokasi_id=alokasi_id, **rest)

    monkeypatch.setattr(rekap, "compute_alokasi", broken)
    return alokasi


def change(alokasi, triwulan=1):
    with transaction.atomic():
        peristiwa.record_change(
            alokasi=alokasi, triwulan=triwulan, jenis="uji", subjek=f"alokasi:{alokasi.pk}", now=SAAT
        )


def later(*, times=1):
    """A moment at which every message that was sent until now counts as lost."""
    return timezone.now() + times * LAMA


def give_up(alokasi):
    """Let the computation fail until it is a dead letter."""
    change(alokasi)
    for _ in range(MAKS_PERCOBAAN):
        with pytest.raises(ZeroDivisionError):
            tasks.compute_serapan(alokasi.pk, 1)


# --- the computation -------------------------------------------------------------------------------------


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


def test_many_changes_of_one_alokasi_are_one_computation(alokasi, monkeypatch):
    for quarter in (3, 2, 4, 2):
        change(alokasi, quarter)
    computed, compute = [], rekap.compute_alokasi
    monkeypatch.setattr(
        rekap,
        "compute_alokasi",
        lambda *, mulai, **rest: computed.append(mulai.ke) or compute(mulai=mulai, **rest),
    )
    for quarter in (3, 2, 4, 2):  # the messages of the four
        tasks.compute_serapan(alokasi.pk, quarter)
    assert computed == [2], "the earliest covers them all"
    assert not Peristiwa.objects.open().exists()


def test_an_event_of_an_earlier_quarter_stays_open(alokasi):
    change(alokasi, triwulan=2)
    rekap.compute_alokasi(alokasi_id=alokasi.pk, mulai=pabrik.Triwulan(2024, 3), now=SAAT)
    assert Peristiwa.objects.open().get().triwulan == 2


def test_an_alokasi_that_is_gone_is_no_failure(db):
    tasks.compute_serapan(987654, 1)


def test_an_alokasi_that_goes_during_the_work_is_no_failure(alokasi, monkeypatch):
    change(alokasi)

    def gone(**kwargs):
        raise Alokasi.DoesNotExist

    monkeypatch.setattr(rekap, "compute_alokasi", gone)
    tasks.compute_serapan(alokasi.pk, 1)


def test_the_nightly_task_computes_everything_and_closes_every_event(alokasi):
    change(alokasi)
    change(pabrik.make_alokasi("52.02"))
    tasks.compute_all_serapan()
    assert not Peristiwa.objects.open().exists()
    assert RekapWilayah.objects.current().filter(tingkat="nasional", triwulan=4).count() == 2


# --- messages --------------------------------------------------------------------------------------------


def test_a_message_goes_out_after_the_commit_only(alokasi, django_capture_on_commit_callbacks, terkirim):
    with django_capture_on_commit_callbacks() as callbacks:
        change(alokasi)
        assert terkirim == []
    for callback in callbacks:
        callback()
    assert terkirim == [(alokasi.pk, 1)]


def test_a_broker_that_is_away_fails_nothing(alokasi, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(peristiwa.current_app, "signature", broken)
    assert not peristiwa.send(alokasi.pk, 1)
    assert "belum terkirim" in caplog.text


def test_an_import_waits_for_an_absent_broker_only_once(alokasi, monkeypatch):
    tried = []
    monkeypatch.setattr(peristiwa, "send", lambda *work: tried.append(work))  # as if it failed
    peristiwa.send_all([(alokasi.pk, 1)] * 500)
    assert len(tried) == 1


def test_beat_sends_what_is_still_open_as_one_message_for_an_alokasi(alokasi, terkirim):
    change(alokasi, triwulan=3)
    change(alokasi, triwulan=2)
    assert peristiwa.relay(now=later()) == 1
    assert terkirim == [(alokasi.pk, 2)]  # later quarters are computed with it


def test_beat_leaves_alone_what_was_sent_just_now(alokasi, terkirim):
    """A worker that is busy for an hour must not find an hour of repeats."""
    change(alokasi)
    peristiwa.relay(now=timezone.now())
    assert terkirim == []
    now = later()
    for _ in range(3):
        peristiwa.relay(now=now)
    assert len(terkirim) == 1
    peristiwa.relay(now=now + LAMA)
    assert len(terkirim) == 2


def test_what_a_command_left_open_is_sent_at_once(alokasi, terkirim):
    with peristiwa.without_messages():
        change(alokasi)
    tasks.relay_peristiwa()
    assert terkirim == [(alokasi.pk, 1)]


def test_a_relay_sends_in_batches_the_longest_unsent_first(alokasi, terkirim, monkeypatch):
    monkeypatch.setattr(peristiwa, "BATCH", 2)
    rows = [alokasi, *map(pabrik.make_alokasi, ("52.02", "32.01", "32"))]
    for row in rows:
        change(row)
    for turn in (1, 2, 3):  # each of them two, none of them left behind
        peristiwa.relay(now=later(times=3) + timedelta(seconds=turn))
    assert [alokasi_id for alokasi_id, _ in terkirim] == [row.pk for row in rows]


# --- poison ----------------------------------------------------------------------------------------------


def test_poison_is_no_longer_sent_but_stays_visible_with_its_reason(racun, terkirim):
    give_up(racun)
    assert peristiwa.relay(now=later()) == 0
    assert terkirim == []
    stuck = Peristiwa.objects.dead().get()
    assert (stuck.percobaan, stuck.galat) == (MAKS_PERCOBAAN, "ZeroDivisionError: racun")
    tasks.compute_serapan(racun.pk, 1)  # a message that is still on its way does nothing more
    stuck.refresh_from_db()
    assert stuck.percobaan == MAKS_PERCOBAAN


def test_poison_holds_nobody_else_up(racun):
    give_up(racun)
    other = pabrik.make_alokasi("52.02")
    change(other)
    tasks.compute_serapan(other.pk, 1)
    assert list(Peristiwa.objects.open().values_list("alokasi", flat=True)) == [racun.pk]


def test_work_that_kills_its_worker_is_given_up_too(alokasi, monkeypatch):
    """It never comes to say that it failed, and the broker delivers its message again and again."""
    change(alokasi)

    def killed(**kwargs):
        raise SystemExit

    monkeypatch.setattr(rekap, "compute_alokasi", killed)
    for _ in range(MAKS_PERCOBAAN):
        with pytest.raises(SystemExit):
            tasks.compute_serapan(alokasi.pk, 1)
    tasks.compute_serapan(alokasi.pk, 1)
    assert Peristiwa.objects.dead().get().galat == ""


def test_a_new_change_heals_what_was_given_up(alokasi, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(rekap, "compute_alokasi", lambda **kwargs: 1 / 0)
        give_up(alokasi)
    change(alokasi)
    tasks.compute_serapan(alokasi.pk, 1)
    assert not Peristiwa.objects.open().exists()


def test_the_admin_sends_a_dead_letter_again_and_the_trail_says_so(
    racun, admin, terkirim, django_capture_on_commit_callbacks
):
    give_up(racun)
    terkirim.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert peristiwa.retry(alokasi=racun, by=admin) == 1
    assert peristiwa.retry(alokasi=racun, by=admin) == 0, "pressed twice"
    assert terkirim == [(racun.pk, 1)]
    again = Peristiwa.objects.alive().get()
    assert (again.percobaan, again.galat) == (0, "")
    row = Riwayat.objects.get(aksi="coba hitung lagi")
    assert (row.pelaku, row.rantai) == (admin, f"alokasi:{racun.pk}")
    assert row.sebelum == {"percobaan": MAKS_PERCOBAAN, "galat": "ZeroDivisionError: racun"}


def test_nobody_else_sends_a_dead_letter_again(alokasi, verifikator):
    with pytest.raises(Ditolak):
        peristiwa.retry(alokasi=alokasi, by=verifikator)
