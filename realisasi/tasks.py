"""Background work: takes ids, calls one action, is safe to run twice."""

from __future__ import annotations

from celery import shared_task

from daerah import waktu
from realisasi.actions import peristiwa, rekap
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi

MAX_ATTEMPTS = 5


@shared_task
def compute_serapan(alokasi_id: int, triwulan: int) -> None:
    """Recompute one alokasi from a quarter on, with the rates of the areas above; closes its events."""
    alokasi = Alokasi.objects.filter(pk=alokasi_id).first()
    if alokasi is None:  # removed since the message was written: nothing left to compute
        return
    try:
        rekap.compute_alokasi(
            alokasi_id=alokasi_id, mulai=Triwulan(alokasi.tahun_id, triwulan), now=waktu.now()
        )
    except Exception as galat:
        peristiwa.record_failure(alokasi_id=alokasi_id, galat=galat)
        raise


@shared_task
def relay_peristiwa() -> None:
    """Send what is still open again: a message lost with a killed worker is not a lost figure."""
    for alokasi_id, triwulan in peristiwa.open_work(max_attempts=MAX_ATTEMPTS):
        peristiwa.send(alokasi_id, triwulan)


@shared_task
def compute_all_serapan() -> None:
    """Nightly: amounts take effect as days pass, so everything is computed afresh."""
    rekap.compute_all(now=waktu.now())
