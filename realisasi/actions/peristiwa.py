"""The outbox: a change of an amount leaves a row in its own transaction, so that no figure is forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import F, Min

from realisasi.actions.rekap import compute_alokasi
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, Peristiwa

logger = logging.getLogger(__name__)
TASK = "realisasi.tasks.compute_serapan"
_is_silent = ContextVar("is_silent", default=False)


def record_change(*, alokasi: Alokasi, triwulan: int, jenis: str, subjek: str, now: datetime) -> None:
    """Say that amounts of this alokasi changed from this quarter on; the task is sent after the commit."""
    Peristiwa.objects.create(alokasi=alokasi, triwulan=triwulan, jenis=jenis, subjek=subjek, dibuat_pada=now)
    _announce(alokasi, triwulan)


def record_changes(*, alokasi: Iterable[Alokasi], jenis: str, subjek: str, now: datetime) -> None:
    """The same for many alokasi at once, from TW I on (an import)."""
    changed = list(alokasi)
    Peristiwa.objects.bulk_create(
        Peristiwa(alokasi=a, triwulan=1, jenis=jenis, subjek=subjek, dibuat_pada=now) for a in changed
    )
    for one in changed:
        _announce(one, 1)


@contextmanager
def without_messages() -> Iterator[None]:
    """For a command that computes all it changes before it ends: thousands of messages would only queue."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def _announce(alokasi: Alokasi, triwulan: int) -> None:
    if not _is_silent.get():
        transaction.on_commit(partial(send, alokasi.pk, triwulan))


def send(alokasi_id: int, triwulan: int) -> None:
    """Hand the work to Celery. A broker that is away must not fail what is committed: beat resends."""
    try:
        current_app.signature(TASK).apply_async([alokasi_id, triwulan], retry=False)
    except Exception:  # whatever the transport raises; the row stays open
        logger.exception("Pesan untuk alokasi %s belum terkirim; akan dikirim ulang.", alokasi_id)


def open_work(*, max_attempts: int | None = None) -> list[tuple[int, int]]:
    """(alokasi, earliest open quarter) of all that waits; `max_attempts` leaves out what kept failing."""
    waiting = Peristiwa.objects.open()
    if max_attempts is not None:
        waiting = waiting.filter(percobaan__lt=max_attempts)
    earliest = waiting.order_by().values("alokasi_id").annotate(mulai=Min("triwulan"))
    return list(earliest.values_list("alokasi_id", "mulai").order_by("alokasi_id"))


def record_failure(*, alokasi_id: int, galat: Exception) -> None:
    """Count a failed attempt, so that poison stops being sent and is visible."""
    Peristiwa.objects.open().filter(alokasi=alokasi_id).update(
        percobaan=F("percobaan") + 1, galat=f"{type(galat).__name__}: {galat}"[:500]
    )


def compute_open(*, now: datetime) -> int:
    """Compute everything that waits, in this process (commands); returns how many alokasi."""
    work = open_work()
    for alokasi_id, triwulan in work:
        alokasi = Alokasi.objects.get(pk=alokasi_id)
        compute_alokasi(alokasi_id=alokasi_id, mulai=Triwulan(alokasi.tahun_id, triwulan), now=now)
    return len(work)
