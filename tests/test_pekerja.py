"""Real workers on a real broker, killed as the kernel kills: what was lost comes back, poison ends.

On files and SQLite by default; on Redis and PostgreSQL with REDIS_URL and DATABASE_URL.
"""

from datetime import UTC, datetime

import kombu
import pytest
import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from daerah.cakupan import Peran
from dakikm.celery import app
from realisasi.actions import pekerjaan, peristiwa
from realisasi.models import Pekerjaan, Peristiwa, RekapTriwulan
from realisasi.models.pekerjaan import MAKS_PERCOBAAN
from tests import pabrik
from tests.pekerja import Pekerja, redis_url, wait_until

NOW = datetime(2024, 10, 15, 3, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("pekerja"),  # two such tests at once would starve each other
]


@pytest.fixture
def antrean(transactional_db, tmp_path, monkeypatch):
    """A queue of its own, which this process sends to and its workers take from."""
    folders = {"data_folder_in": "pesan", "data_folder_out": "pesan", "control_folder": "kendali"}
    options = {name: str(tmp_path / "antrean" / folder) for name, folder in folders.items()}
    for folder in options.values():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    before = {name: app.conf[name] for name in ("task_always_eager", "broker_transport_options")}
    app.conf.task_always_eager = False
    if settings.REDIS_URL:
        monkeypatch.setenv("CELERY_BROKER_URL", redis_url())
    else:
        app.conf.broker_transport_options = options
    forget_connections()
    yield tmp_path
    app.conf.update(before)
    forget_connections()
    if settings.REDIS_URL:
        with redis.from_url(redis_url()) as server:
            server.flushdb()


def forget_connections():
    kombu.pools.reset()
    app._after_fork()


@pytest.fixture
def pekerja(antrean):
    started = []

    def start(**extra):
        started.append(Pekerja(antrean, **extra))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture
def ubah(antrean):
    """Change an alokasi, as an action does: its message goes out after the commit."""

    def change(kode):
        alokasi = pabrik.make_alokasi(kode)
        pabrik.make_paket(pabrik.make_kegiatan(alokasi))
        with transaction.atomic():
            peristiwa.record_change(alokasi=alokasi, triwulan=1, jenis="uji", subjek="uji", now=NOW)
        return alokasi

    return change


def open_events(alokasi):
    return Peristiwa.objects.open().filter(alokasi=alokasi)


def test_what_a_killed_worker_was_at_is_done_by_another(antrean, pekerja, ubah):
    alokasi = ubah("32.10")
    parameter = {"tahun": 2024, "triwulan": 3, "posisi": "sementara", "pada": None}
    job = pekerjaan.ask(
        jenis=Pekerjaan.Jenis.EKSPOR_REKAP, parameter=parameter, by=pabrik.make_pengguna(Peran.ANALIS)
    )
    hold = antrean / "tahan"
    hold.touch()
    first = pekerja()
    wait_until(lambda: Pekerjaan.objects.get().status == "BERJALAN", first)
    wait_until(lambda: open_events(alokasi).get().percobaan == 1, first)
    first.kill()
    hold.unlink()

    second = pekerja()
    now = timezone.now()
    assert peristiwa.relay(now=now + peristiwa.RESEND_AFTER) == 1
    assert pekerjaan.sweep(now=now + pekerjaan.LEASE) == 1
    wait_until(lambda: not open_events(alokasi).exists(), second)
    wait_until(lambda: not Pekerjaan.objects.open().exists(), second)
    job.refresh_from_db()
    assert (job.status, job.percobaan, job.nama_berkas) == (
        "SELESAI",
        2,
        "rekap-dak-ikm-2024-tw3-sementara.xlsx",
    )
    assert list(pekerjaan._files("pekerjaan")) == [job.berkas.name]
    assert RekapTriwulan.objects.current().filter(alokasi=alokasi).count() == 8


def test_poison_ends_and_holds_nobody_up(pekerja, ubah):
    """One alokasi whose computation fails, one whose computation kills its worker, and a good one."""
    failing, deadly, good = map(ubah, ("32.10", "32.01", "52.02"))
    worker = pekerja(RACUN=str(failing.pk), MEMATIKAN=str(deadly.pk))
    now = timezone.now()
    for attempt in range(1, MAKS_PERCOBAAN + 1):
        wait_until(lambda count=attempt: open_events(failing).get().percobaan >= count, worker)
        wait_until(lambda count=attempt: open_events(deadly).get().percobaan >= count, worker)
        peristiwa.relay(now=now + (attempt + 1) * peristiwa.RESEND_AFTER)
    wait_until(lambda: open_events(failing).get().galat == "ZeroDivisionError: racun", worker)
    wait_until(lambda: not open_events(good).exists(), worker)
    assert peristiwa.relay(now=now + 100 * peristiwa.RESEND_AFTER) == 0
    assert set(Peristiwa.objects.dead().values_list("alokasi", flat=True)) == {failing.pk, deadly.pk}
    assert Peristiwa.objects.dead().filter(percobaan=MAKS_PERCOBAAN).count() == 2
