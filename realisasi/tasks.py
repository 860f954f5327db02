"""Background work: takes ids, calls one action, is safe to run twice and in two workers at once."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from daerah import waktu
from realisasi.actions import peristiwa, rekap
from realisasi.models import Alokasi


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
