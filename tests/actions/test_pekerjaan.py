"""Jobs: asked once, done once, taken up again when a worker is killed, ended when they keep failing."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from daerah.cakupan import Peran
from realisasi import tasks
from realisasi.actions import pekerjaan
from realisasi.actions.galat import Ditolak
from realisasi.actions.pekerjaan import LEASE, MAKS_PERCOBAAN, MAKS_TERBUKA, RESEND_AFTER
from realisasi.models import Denyut, Pekerjaan
from tests import pabrik

pytestmark = pytest.mark.django_db

REKAP = Pekerjaan.Jenis.EKSPOR_REKAP
TW3 = {"tahun": 2024, "triwulan": 3, "posisi": "sementara", "pada": None}
Status = Pekerjaan.Status


@pytest.fixture(autouse=True)
def terkirim(monkeypatch):
    """What was handed to the broker, instead of handing it over."""
    sent = []

    def send(pk, jenis):
        sent.append(pk)
        return True

    monkeypatch.setattr(pekerjaan, "send", send)
    return sent


@pytest.fixture
def job(analis):
    return ask(analis)


def ask(by, **parameter):
    return pekerjaan.ask(jenis=REKAP, parameter={**TW3, **parameter}, by=by)


def write(job, out, progress):
    progress(1, 2, "Menulis lembar Daerah")
    out.write(b"isi")
    return "rekap.xlsx"


def run(job, write=write):
    pekerjaan.run(pekerjaan_id=job.pk, write=write)
    job.refresh_from_db()
    return job


def broken(job, out, progress):
    raise ZeroDivisionError("/rahasia/kata-sandi")


def killed(job, out, progress):
    """As a worker that is killed leaves it: nothing is written any more."""
    raise SystemExit


def run_killed(job):
    with pytest.raises(SystemExit):
        run(job, killed)


def content(job):
    with job.berkas.open() as file:
        return file.read()


def files():
    return sorted(pekerjaan._files("pekerjaan"))


# --- asking ----------------------------------------------------------------------------------------------


def test_asking_twice_for_the_same_gives_the_job_that_is_open(analis, job):
    assert ask(analis) == job
    pekerjaan.claim(pekerjaan_id=job.pk, now=timezone.now())
    assert ask(analis) == job, "also while it is being done"
    assert ask(analis, triwulan=2) != job


def test_what_is_done_can_be_asked_for_again(analis, job):
    run(job)
    assert ask(analis) != job


def test_the_same_question_of_another_person_is_another_job(job, pimpinan):
    assert ask(pimpinan) != job


def test_nobody_fills_the_line(analis):
    for tahun in range(2020, 2020 + MAKS_TERBUKA):
        ask(analis, tahun=tahun)
    with pytest.raises(Ditolak, match="belum selesai"):
        ask(analis, tahun=2030)


def test_a_job_is_sent_after_the_commit(analis, terkirim, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = ask(analis)
        assert terkirim == []
    for callback in callbacks:
        callback()
    assert terkirim == [job.pk]


def test_while_the_broker_is_away_a_job_waits_unsent(analis, monkeypatch, caplog, job):
    monkeypatch.undo()

    def away(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(pekerjaan.current_app, "signature", away)
    assert not pekerjaan.send(job.pk, job.jenis)
    job.refresh_from_db()
    assert (job.status, job.dikirim_pada) == (Status.MENUNGGU, None)
    assert "belum terkirim" in caplog.text


# --- doing -----------------------------------------------------------------------------------------------


def test_a_job_ends_with_one_file(job):
    run(job)
    assert (job.status, job.kemajuan, job.nama_berkas) == (Status.SELESAI, 100, "rekap.xlsx")
    assert content(job) == b"isi"
    assert files() == [job.berkas.name]


def test_running_it_again_changes_nothing(job):
    run(job)
    before = Pekerjaan.objects.values().get()
    run(job)
    assert Pekerjaan.objects.values().get() == before
    assert len(files()) == 1


def test_a_second_runner_leaves_while_the_first_is_alive(job):
    def meanwhile(job, out, progress):
        run(job, broken)
        return write(job, out, progress)

    run(job, meanwhile)
    assert (job.status, job.percobaan, len(files())) == (Status.SELESAI, 1, 1)


def test_progress_is_seen_while_it_runs(job):
    seen = []

    def look(job, out, progress):
        for ke, langkah in enumerate(("Menulis lembar Daerah", "Menulis lembar Paket")):
            progress(ke + 1, 3, langkah)
            seen.append(Pekerjaan.objects.values_list("status", "kemajuan", "langkah").get())
        return "x.xlsx"

    run(job, look)
    assert seen == [("BERJALAN", 33, "Menulis lembar Daerah"), ("BERJALAN", 66, "Menulis lembar Paket")]


def test_a_refusal_ends_the_job_with_its_reason(job):
    def refuse(job, out, progress):
        raise Ditolak("Akun ini tidak lagi boleh mengunduh data ini.")

    run(job, refuse)
    assert (job.status, job.galat) == (Status.GAGAL, "Akun ini tidak lagi boleh mengunduh data ini.")
    assert files() == []


def test_what_goes_wrong_is_tried_again_a_few_times_and_then_ends(job, caplog):
    for attempt in range(1, MAKS_PERCOBAAN):
        run(job, broken)
        assert (job.status, job.percobaan, job.dikirim_pada) == (Status.MENUNGGU, attempt, None)
    run(job, broken)
    assert job.status == Status.GAGAL
    assert job.galat.startswith("Berkas tidak dapat dibuat. Nomor rujukan: ")
    assert "rahasia" not in job.galat, "what went wrong is for the log"
    reference = job.galat.rpartition(" ")[2]
    assert reference in caplog.text
    assert "kata-sandi" in caplog.text
    run(job)
    assert job.status == Status.GAGAL, "a message that is still on its way does nothing more"


def test_what_failed_once_can_still_succeed(job):
    run(job, broken)
    run(job)
    assert (job.status, job.galat) == (Status.SELESAI, "")


# --- killed workers --------------------------------------------------------------------------------------


def test_a_job_of_a_killed_worker_is_done_by_another(job, terkirim):
    run_killed(job)
    assert pekerjaan.sweep(now=timezone.now()) == 0, "the worker may still be alive"
    assert pekerjaan.sweep(now=timezone.now() + LEASE + timedelta(seconds=1)) == 1
    assert terkirim == [job.pk]
    run(job)
    assert (job.status, job.percobaan, len(files())) == (Status.SELESAI, 2, 1)


def test_what_kills_its_worker_again_and_again_ends(job):
    for _ in range(MAKS_PERCOBAAN):
        run_killed(job)
        pekerjaan.sweep(now=timezone.now() + LEASE * 2)
    job.refresh_from_db()
    assert (job.status, job.percobaan) == (Status.GAGAL, MAKS_PERCOBAAN)
    assert "Pekerja berhenti" in job.galat


@pytest.mark.parametrize("when", ["progress", "finish"])
def test_a_runner_that_was_given_up_writes_nothing_any_more(job, when):
    """It slept longer than its lease, and another one has done the job."""

    def overtaken(slow, out, progress):
        Pekerjaan.objects.update(detak_pada=timezone.now() - LEASE * 2)
        pekerjaan.run(pekerjaan_id=job.pk, write=write)
        if when == "progress":
            progress(1, 2, "Masih di sini")
        out.write(b"lain")
        return "lain.xlsx"

    run(job, overtaken)
    assert (job.status, job.percobaan, job.nama_berkas) == (Status.SELESAI, 2, "rekap.xlsx")
    assert files() == [job.berkas.name]
    assert content(job) == b"isi"


def test_the_sweep_sends_what_was_never_sent_and_what_waits_too_long(job, terkirim):
    now = timezone.now()
    for _ in range(2):
        pekerjaan.sweep(now=now)
    assert terkirim == [job.pk]
    pekerjaan.sweep(now=now + RESEND_AFTER)
    assert terkirim == [job.pk] * 2


# --- once more, and away with it -------------------------------------------------------------------------


@pytest.fixture
def gagal(job):
    for _ in range(MAKS_PERCOBAAN):
        run(job, broken)
    return job


def test_its_owner_starts_a_failed_job_again(gagal, analis):
    again = pekerjaan.retry(pekerjaan=gagal, by=analis)
    assert (again.pk, again.status, again.percobaan, again.galat) == (gagal.pk, Status.MENUNGGU, 0, "")
    assert run(again).status == Status.SELESAI


def test_a_failed_job_that_was_asked_for_anew_leads_to_the_new_one(gagal, analis):
    new = ask(analis)
    assert pekerjaan.retry(pekerjaan=gagal, by=analis) == new
    gagal.refresh_from_db()
    assert gagal.status == Status.GAGAL


def test_nobody_starts_the_job_of_another_nor_one_that_did_not_fail(gagal, analis, admin):
    with pytest.raises(Ditolak):
        pekerjaan.retry(pekerjaan=gagal, by=admin)
    with pytest.raises(Ditolak):
        pekerjaan.retry(pekerjaan=ask(analis), by=analis)


def test_old_files_go_and_the_job_stays(job, analis, settings):
    settings.SIMPAN_BERKAS_HARI = 7
    run(job)
    young = run(ask(analis, triwulan=2))
    Pekerjaan.objects.filter(pk=job.pk).update(selesai_pada=timezone.now() - timedelta(days=8))
    assert pekerjaan.remove_old_files(now=timezone.now()) == 1
    job.refresh_from_db()
    assert (job.status, job.berkas.name) == (Status.SELESAI, "")
    assert files() == [young.berkas.name]


def test_a_file_that_a_killed_worker_left_goes_too_once_it_is_old(job):
    run(job)
    default_storage.save("pekerjaan/2024/10/77-1.xlsx", ContentFile(b"x"))
    pekerjaan.remove_old_files(now=timezone.now())
    assert len(files()) == 2, "it may be one that is being finished"
    Pekerjaan.objects.update(selesai_pada=timezone.now() + timedelta(days=30))
    pekerjaan.remove_old_files(now=timezone.now() + timedelta(days=8))
    assert files() == [job.berkas.name]


def test_there_may_be_no_files_at_all(db):
    assert pekerjaan.remove_old_files(now=timezone.now()) == 0


# --- whose they are --------------------------------------------------------------------------------------


def test_jobs_are_their_owners_in_the_office_they_were_asked_from(provinsi, pimpinan, admin):
    job = ask(provinsi)
    assert list(Pekerjaan.objects.visible_to(provinsi)) == [job]
    assert not Pekerjaan.objects.visible_to(admin).exists()
    provinsi.daerah = pabrik.make_daerah(pabrik.NTB)
    assert not Pekerjaan.objects.visible_to(provinsi).exists(), "another office may not see its data"


@pytest.mark.parametrize("change", [{"is_active": False}, {"peran": Peran.OPERATOR}, {"daerah_id": "52"}])
def test_what_an_account_may_not_have_any_more_is_not_written(provinsi, change):
    pabrik.make_alokasi()
    pabrik.make_daerah(pabrik.NTB)
    job = ask(provinsi)
    type(provinsi).objects.filter(pk=provinsi.pk).update(**change)
    tasks.write_ekspor(job.pk)
    job.refresh_from_db()
    assert (job.status, files()) == (Status.GAGAL, [])


def test_a_scheduled_task_leaves_its_pulse():
    for _ in range(2):
        tasks.sweep_pekerjaan.apply()
        tasks.write_ekspor.apply([987654])
    assert Denyut.objects.get().tugas == "realisasi.tasks.sweep_pekerjaan"
