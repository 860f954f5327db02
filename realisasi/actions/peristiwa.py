"""The outbox: a change of an amount leaves a row in its own transaction, so that no figure is forgotten.

When a message was sent is real time: the clock of a demonstration begins its day anew at midnight.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import require
from realisasi.actions.rekap import compute_alokasi
from realisasi.actions.riwayat import record
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, Peristiwa

logger = logging.getLogger(__name__)
TASK = "realisasi.tasks.compute_serapan"
# A message has this long before it counts as lost: beat must not fill the queue of a busy worker.
RESEND_AFTER = timedelta(seconds=60)
BATCH = 1000  # events that one relay sends at most; the next one is never far
_is_silent = ContextVar("is_silent", default=False)


def record_change(*, alokasi: Alokasi, triwulan: int, jenis: str, subjek: str, now: datetime) -> None:
    """Say that amounts of this alokasi changed from this quarter on; the task is sent after the commit."""
    _write([alokasi], triwulan, jenis=jenis, subjek=subjek, dibuat_pada=now)


def record_changes(*, alokasi: Iterable[Alokasi], jenis: str, subjek: str, now: datetime) -> None:
    """The same for many alokasi at once, from TW I on (an import)."""
    _write(list(alokasi), 1, jenis=jenis, subjek=subjek, dibuat_pada=now)


def _write(changed: list[Alokasi], triwulan: int, *, jenis: str, subjek: str, dibuat_pada: datetime) -> None:
    silent = _is_silent.get()
    # Taken for sent already now: that spares an update after each commit, and one that is lost is late only.
    sent = None if silent else timezone.now()
    Peristiwa.objects.bulk_create(
        Peristiwa(
            alokasi=one,
            triwulan=triwulan,
            jenis=jenis,
            subjek=subjek,
            dibuat_pada=dibuat_pada,
            dikirim_pada=sent,
        )
        for one in changed
    )
    if not silent:
        transaction.on_commit(partial(send_all, [(one.pk, triwulan) for one in changed]))


@contextmanager
def without_messages() -> Iterator[None]:
    """For a command that computes all it changes before it ends: thousands of messages would only queue."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def send(alokasi_id: int, triwulan: int) -> bool:
    """Hand the work to Celery; false when its broker is away, which must not fail what is committed."""
    try:
        current_app.signature(TASK).apply_async([alokasi_id, triwulan], retry=False)
    except Exception:  # whatever the transport raises; the row stays open and is sent again
        logger.exception("Pesan untuk alokasi %s belum terkirim; akan dikirim ulang.", alokasi_id)
        return False
    return True


def send_all(work: Iterable[tuple[int, int]]) -> None:
    """Send (alokasi, quarter) one by one; the first that fails ends it: each would wait for the broker."""
    for alokasi_id, triwulan in work:
        if not send(alokasi_id, triwulan):
            break


def relay(*, now: datetime) -> int:
    """Send again what is open and was not sent lately; returns how many alokasi. `now` is real time.

    Two at once do no harm: each takes the rows that the other one has not, and marks them before it sends.
    """
    with transaction.atomic():
        due = Peristiwa.objects.alive().not_sent_since(now - RESEND_AFTER)
        # The longest unsent first, so that nothing starves behind a thousand that keep failing.
        due = due.order_by(F("dikirim_pada").asc(nulls_first=True), "pk").select_for_update(skip_locked=True)
        rows = list(due.values_list("pk", "alokasi_id", "triwulan")[:BATCH])
        Peristiwa.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(dikirim_pada=now)
    work: dict[int, int] = {}
    for _, alokasi_id, triwulan in rows:
        work[alokasi_id] = min(triwulan, work.get(alokasi_id, triwulan))
    send_all(work.items())
    return len(work)


def begin_attempt(*, alokasi_id: int, triwulan: int) -> Triwulan | None:
    """From which quarter on an alokasi must be computed now; None when nothing is left to do.

    Many events are one computation: whoever comes second finds them closed. Nothing is left either when the
    alokasi is gone or its events were given up. The attempt is counted before it is made, in a transaction of
    its own: work that kills its worker must stop, too.
    """
    with transaction.atomic():
        alokasi = _locked(alokasi_id)
        waiting = Peristiwa.objects.alive().filter(alokasi=alokasi_id)
        first = waiting.aggregate(first=Min("triwulan"))["first"]
        if alokasi is None or first is None:
            return None
        waiting.update(percobaan=F("percobaan") + 1)
    return Triwulan(alokasi.tahun_id, min(first, triwulan))


def record_failure(*, alokasi_id: int, galat: Exception) -> None:
    """Keep why an attempt failed, for the page of jobs."""
    with transaction.atomic():
        _locked(alokasi_id)
        begun = Peristiwa.objects.open().filter(alokasi=alokasi_id, percobaan__gt=0)
        begun.update(galat=f"{type(galat).__name__}: {galat}"[:500])


def retry(*, alokasi: Alokasi, by: Pengguna) -> int:
    """«Coba lagi»: the dead letters of an alokasi are sent as if they were new; returns how many.

    Raises:
        Ditolak: the role may not.
    """
    require(can(by, Wewenang.PEKERJAAN), "Perhitungan diulang oleh admin.")
    with transaction.atomic():
        _locked(alokasi.pk)
        dead = Peristiwa.objects.dead().filter(alokasi=alokasi)
        last = dead.last()
        if last is None:
            return 0
        before = {"percobaan": last.percobaan, "galat": last.galat}
        first = dead.aggregate(first=Min("triwulan"))["first"]
        count = dead.update(percobaan=0, galat="", dikirim_pada=timezone.now())
        record(
            by=by,
            subjek=f"alokasi:{alokasi.pk}",
            alokasi=alokasi.pk,
            aksi="coba hitung lagi",
            sebelum=before,
            sesudah={"percobaan": 0, "peristiwa": count},
        )
        transaction.on_commit(partial(send_all, [(alokasi.pk, first)]))
    return count


def _locked(alokasi_id: int) -> Alokasi | None:
    """The alokasi, locked first as everywhere; None when it is gone."""
    return Alokasi.objects.select_for_update(no_key=True, of=("self",)).filter(pk=alokasi_id).first()


def open_work() -> list[tuple[int, int]]:
    """(alokasi, earliest open quarter) of all that waits, also of what was given up."""
    earliest = Peristiwa.objects.open().order_by().values("alokasi_id").annotate(mulai=Min("triwulan"))
    return list(earliest.values_list("alokasi_id", "mulai").order_by("alokasi_id"))


def compute_open(*, now: datetime) -> int:
    """Compute everything that waits, in this process (commands); returns how many alokasi."""
    work = open_work()
    for alokasi_id, triwulan in work:
        alokasi = Alokasi.objects.get(pk=alokasi_id)
        compute_alokasi(alokasi_id=alokasi_id, mulai=Triwulan(alokasi.tahun_id, triwulan), now=now)
    return len(work)
