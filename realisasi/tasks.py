"""Background work: takes ids, calls one action, is safe to run twice and in two workers at once."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any

from celery import shared_task
from celery.signals import task_success
from django.conf import settings
from django.utils import timezone

from daerah import waktu
from daerah.cakupan import Wewenang, can, office_of
from realisasi.actions import pekerjaan, peristiwa, rekap, segel
from realisasi.actions.galat import require
from realisasi.aturan.triwulan import Triwulan
from realisasi.buku.rekap_analis import rekap_name, write_rekap
from realisasi.models import Alokasi, Pekerjaan
from realisasi.rekap.saat import saat_of

SCHEDULED = frozenset(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


@shared_task(soft_time_limit=60, time_limit=90)
def compute_serapan(alokasi_id: int, triwulan: int) -> None:
    """Recompute one alokasi from a quarter on, with the rates of the areas above; closes its events."""
    mulai = peristiwa.begin_attempt(alokasi_id=alokasi_id, triwulan=triwulan)
    if mulai is None:
        return
    try:
        rekap.compute_alokasi(alokasi_id=alokasi_id, mulai=mulai, now=waktu.now())
    except Alokasi.DoesNotExist:  # removed this very moment, and its events with it
        return
    except Exception as galat:
        peristiwa.record_failure(alokasi_id=alokasi_id, galat=galat)
        raise


@shared_task(soft_time_limit=60, time_limit=90)
def relay_peristiwa() -> None:
    """Send what is still open again: a message lost with a killed worker is not a lost figure."""
    peristiwa.relay(now=timezone.now())


@shared_task(soft_time_limit=540, time_limit=600)
def compute_all_serapan() -> None:
    """Nightly: amounts take effect as days pass, so everything is computed afresh."""
    rekap.compute_all(now=waktu.now())


@shared_task(soft_time_limit=540, time_limit=600)
def write_ekspor(pekerjaan_id: int) -> None:
    """Write the analysts' workbook that somebody asked for."""
    pekerjaan.run(pekerjaan_id=pekerjaan_id, write=_write_rekap)


def _write_rekap(job: Pekerjaan, out: IO[bytes], progress: pekerjaan.Progress) -> str:
    user, asked = job.pemilik, job.parameter
    require(
        user.is_active and can(user, Wewenang.EKSPOR) and office_of(user) == asked["kantor"],
        "Akun ini tidak lagi boleh mengunduh data ini.",
    )
    tw, now = Triwulan(asked["tahun"], asked["triwulan"]), waktu.now()
    pada = datetime.fromisoformat(asked["pada"]) if asked["pada"] else None
    write_rekap(out, user=user, tw=tw, now=now, posisi=asked["posisi"], pada=pada, progress=progress)
    return rekap_name(saat_of(tw, now=now, pada=pada), asked["posisi"])


@shared_task(soft_time_limit=60, time_limit=90)
def sweep_pekerjaan() -> None:
    """Put jobs of a killed worker back in line, and send those whose message was lost."""
    pekerjaan.sweep(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def remove_old_files() -> None:
    """Nightly: the files of finished jobs are not kept for ever."""
    pekerjaan.remove_old_files(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def seal_riwayat() -> None:
    """Nightly: fix the heads of the audit trail that moved."""
    segel.seal(now=timezone.now())


@task_success.connect
def _record_pulse(sender: Any, **kwargs: Any) -> None:
    if sender.name in SCHEDULED:
        pekerjaan.record_pulse(tugas=sender.name, now=timezone.now())
