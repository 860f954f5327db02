"""Every task twice in a row and twice at once: the outcome of one. And what two schedulers may not do.

Parallel runs need row locks, hence PostgreSQL. Each test of a race names its guard and was seen to fail
without it.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from daerah.cakupan import Peran
from dakikm.celery import app
from realisasi import tasks
from realisasi.actions import pekerjaan, peristiwa
from realisasi.actions.riwayat import record
from realisasi.models import Pekerjaan, Peristiwa, RekapTriwulan, RekapWilayah, SegelRiwayat
from tests import pabrik
from tests.actions.test_balapan import at_once

NOW = datetime(2024, 10, 15, 3, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("butuh_postgres"),
]


@pytest.fixture
def terkirim(monkeypatch):
    sent = []
    monkeypatch.setattr(peristiwa, "send", lambda *work: sent.append(work) or True)
    return sent


@pytest.fixture
def alokasi(terkirim):
    """Thirty alokasi, each with an event that was never sent."""
    pabrik.load_all_daerah()
    kodes = [f"32.{number:02}" for number in range(1, 19)] + [f"33.{number:02}" for number in range(1, 13)]
    made = [pabrik.make_alokasi(kode) for kode in kodes]
    for one in made:
        pabrik.make_paket(pabrik.make_kegiatan(one))
    with peristiwa.without_messages():
        peristiwa.record_changes(alokasi=made, jenis="uji", subjek="uji", now=NOW)
    return made


def figures():
    """All that a computation stores, without keys and moments."""
    own = {"id", "berlaku_dari", "berlaku_sampai"}
    kept = {
        model: [field.attname for field in model._meta.concrete_fields if field.attname not in own]
        for model in (RekapTriwulan, RekapWilayah)
    }
    return [sorted(map(str, model.objects.values_list(*names))) for model, names in kept.items()]


# A task that is not here is not tested to be safe to run twice and in parallel.
TERUJI = {
    "compute_serapan",
    "compute_all_serapan",
    "relay_peristiwa",
    "write_ekspor",
    "sweep_pekerjaan",
    "remove_old_files",
    "seal_riwayat",
}


def test_every_task_is_among_those_tested_here():
    ours = {name.rpartition(".")[2] for name in app.tasks if name.startswith("realisasi.")}
    assert ours == TERUJI


def twice(task):
    task()
    task()


def test_two_relays_at_once_send_each_alokasi_once(alokasi, terkirim):
    """Guard: the row locks in `relay`."""
    at_once(*[tasks.relay_peristiwa] * 4)
    twice(tasks.relay_peristiwa)
    assert sorted(terkirim) == sorted((one.pk, 1) for one in alokasi)


def test_the_same_message_in_two_workers_at_once_computes_once(alokasi):
    """Guard: the lock on the alokasi in `compute_alokasi`; without it figures are there twice."""
    one = alokasi[0].pk
    at_once(*[partial(tasks.compute_serapan, one, 1)] * 4)
    twice(partial(tasks.compute_serapan, one, 1))
    assert RekapTriwulan.objects.filter(alokasi=one).count() == 8
    assert not Peristiwa.objects.open().filter(alokasi=one).exists()


def test_the_nightly_computation_beside_the_quick_one_gives_the_same(alokasi):
    at_once(
        tasks.compute_all_serapan,
        tasks.compute_all_serapan,
        *[partial(tasks.compute_serapan, one.pk, 1) for one in alokasi[:3]],
    )
    assert not Peristiwa.objects.open().exists()
    together = figures()
    twice(tasks.compute_all_serapan)
    assert figures() == together


# --- jobs ------------------------------------------------------------------------------------------------


@pytest.fixture
def analis():
    return pabrik.make_pengguna(Peran.ANALIS)


def ask(by):
    parameter = {"tahun": 2024, "triwulan": 3, "posisi": "sementara", "pada": None}
    return pekerjaan.ask(jenis=Pekerjaan.Jenis.EKSPOR_REKAP, parameter=parameter, by=by)


@pytest.fixture
def tanpa_pesan(monkeypatch):
    sent = []
    monkeypatch.setattr(pekerjaan, "send", lambda pk, jenis: sent.append(pk) or True)
    return sent


def test_asking_at_once_gives_one_job(analis, tanpa_pesan):
    """Guard: the lock on the person in `ask`."""
    asked = at_once(*[partial(ask, analis)] * 8)
    assert len({job.pk for job in asked}) == Pekerjaan.objects.count() == len(tanpa_pesan) == 1


def test_the_same_job_in_two_workers_at_once_gives_one_file(alokasi, analis, tanpa_pesan):
    """Guard: the compare-and-set in `claim`."""
    job = ask(analis)
    at_once(*[partial(tasks.write_ekspor, job.pk)] * 4)
    twice(partial(tasks.write_ekspor, job.pk))
    job.refresh_from_db()
    assert (job.status, job.percobaan) == ("SELESAI", 1)
    assert list(pekerjaan._files("pekerjaan")) == [job.berkas.name]


def test_two_sweeps_at_once_send_a_job_once(analis, tanpa_pesan):
    """Guard: the row locks in `sweep`."""
    jobs = {ask(pabrik.make_pengguna(Peran.ANALIS)).pk for _ in range(30)}
    tanpa_pesan.clear()
    # The first two were left by a killed worker.
    Pekerjaan.objects.filter(pk__in=sorted(jobs)[:2]).update(
        status="BERJALAN", percobaan=1, detak_pada=timezone.now() - timedelta(hours=1)
    )
    at_once(*[tasks.sweep_pekerjaan] * 4)
    twice(tasks.sweep_pekerjaan)
    assert sorted(tanpa_pesan) == sorted(jobs)


def test_removing_old_files_at_once_removes_each_once(alokasi, analis, tanpa_pesan):
    job = ask(analis)
    tasks.write_ekspor(job.pk)
    Pekerjaan.objects.update(selesai_pada=timezone.now() - timedelta(days=400))
    at_once(*[tasks.remove_old_files] * 4)
    twice(tasks.remove_old_files)
    job.refresh_from_db()
    assert (job.berkas.name, list(pekerjaan._files("pekerjaan"))) == ("", [])


def test_two_seals_at_once_seal_once():
    """Guard: the lock on the head of the seals in `seal`."""
    with transaction.atomic():
        record(by=pabrik.make_pengguna(Peran.ADMIN), subjek="uji:1", aksi="uji")
    at_once(*[tasks.seal_riwayat] * 4)
    twice(tasks.seal_riwayat)
    assert SegelRiwayat.objects.count() == 1
