"""Jobs that a person waits for: asked once, done once, however often message and worker come.

A runner claims a job by compare-and-set and is known by its attempt: once its signs of life stop, another one
may claim the job, and what the first still writes counts no more. All times are real time, also in a
demonstration: they are about the machine, not about data.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from celery import current_app
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from daerah.cakupan import office_of
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak, require
from realisasi.models import Denyut, Pekerjaan
from realisasi.models.pekerjaan import FOLDER

logger = logging.getLogger(__name__)
TASKS = {Pekerjaan.Jenis.EKSPOR_REKAP: "realisasi.tasks.write_ekspor"}
MAKS_PERCOBAAN = 3
MAKS_TERBUKA = 5  # of one person
# Without a sign of life for so long a worker counts as gone. Each step of a job is far shorter.
LEASE = timedelta(minutes=2)
# A message has this long before it counts as lost; jobs may stand in line, and a repeat does nothing.
RESEND_AFTER = timedelta(minutes=5)

Progress = Callable[[int, int, str], None]
Status = Pekerjaan.Status


class Digantikan(Exception):
    """Another runner has taken the job over: whatever this one still writes counts no more."""


# --- asking ----------------------------------------------------------------------------------------------


def ask(*, jenis: Pekerjaan.Jenis, parameter: dict[str, Any], by: Pengguna) -> Pekerjaan:
    """The person's open job of this kind and parameters; a new one where there is none.

    Raises:
        Ditolak: too many of them are open.
    """
    asked = {**parameter, "kantor": office_of(by)}
    with transaction.atomic():
        still_open = _open_of(by)
        for job in still_open:
            if (job.jenis, job.parameter) == (jenis, asked):
                return job
        require(
            len(still_open) < MAKS_TERBUKA,
            f"Masih ada {MAKS_TERBUKA} pekerjaan Anda yang belum selesai. Tunggu salah satunya selesai.",
        )
        job = Pekerjaan.objects.create(jenis=jenis, parameter=asked, pemilik=by, dibuat_pada=timezone.now())
        transaction.on_commit(partial(send, job.pk, jenis))
    return job


def retry(*, pekerjaan: Pekerjaan, by: Pengguna) -> Pekerjaan:
    """«Coba lagi» of a job that failed; the same one again where it was asked for anew meanwhile.

    Raises:
        Ditolak: it is not the person's own, or did not fail.
    """
    with transaction.atomic():
        still_open = _open_of(by)
        job = Pekerjaan.objects.visible_to(by).select_for_update().filter(pk=pekerjaan.pk).first()
        if job is None or job.status != Status.GAGAL:
            raise Ditolak("Pekerjaan ini tidak gagal; tidak ada yang perlu dicoba lagi.")
        for other in still_open:
            if (other.jenis, other.parameter) == (job.jenis, job.parameter):
                return other
        job.status, job.percobaan, job.galat, job.langkah, job.kemajuan = Status.MENUNGGU, 0, "", "", 0
        job.dikirim_pada = job.selesai_pada = job.detak_pada = None
        job.save()
        transaction.on_commit(partial(send, job.pk, job.jenis))
    return job


def _open_of(by: Pengguna) -> list[Pekerjaan]:
    # Who asks twice at once stands in line here.
    Pengguna.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    return list(Pekerjaan.objects.open().filter(pemilik=by))


def send(pekerjaan_id: int, jenis: str) -> bool:
    """Hand a job to Celery; while the broker is away the job says so, and the sweep sends it again."""
    try:
        current_app.signature(TASKS[Pekerjaan.Jenis(jenis)]).apply_async([pekerjaan_id], retry=False)
    except Exception:  # whatever the transport raises
        logger.exception("Pesan untuk pekerjaan %s belum terkirim; akan dikirim ulang.", pekerjaan_id)
        Pekerjaan.objects.filter(pk=pekerjaan_id).update(dikirim_pada=None)
        return False
    Pekerjaan.objects.filter(pk=pekerjaan_id).update(dikirim_pada=timezone.now())
    return True


# --- doing -----------------------------------------------------------------------------------------------


def run(*, pekerjaan_id: int, write: Callable[[Pekerjaan, IO[bytes], Progress], str]) -> None:
    """Do a job, unless it is done or another worker is at it. `write` fills its file and gives its name.

    A refusal of `write` ends the job; anything else that goes wrong is tried again, a few times.
    """
    job = claim(pekerjaan_id=pekerjaan_id, now=timezone.now())
    if job is None:
        return
    try:
        with TemporaryFile() as out:  # gone with the process, however that ends
            nama = write(job, out, partial(report, job))
            _finish(job, out, nama)
    except Digantikan:
        logger.warning("%s diteruskan pekerja lain.", job)
    except Ditolak as refused:
        _fail(job, refused.pesan)
    except Exception:
        rujukan = secrets.token_hex(4).upper()
        logger.exception("%s gagal pada percobaan %s, nomor rujukan %s", job, job.percobaan, rujukan)
        _try_again(job, f"Berkas tidak dapat dibuat. Nomor rujukan: {rujukan}")


def claim(*, pekerjaan_id: int, now: datetime) -> Pekerjaan | None:
    """Take a job that waits, or whose worker gave no sign of life; None when it is not to be had."""
    free = Q(status=Status.MENUNGGU) | Q(status=Status.BERJALAN, detak_pada__lt=now - LEASE)
    with transaction.atomic():
        taken = Pekerjaan.objects.filter(free, pk=pekerjaan_id, percobaan__lt=MAKS_PERCOBAAN).update(
            status=Status.BERJALAN,
            percobaan=F("percobaan") + 1,
            detak_pada=now,
            kemajuan=0,
            langkah="Dimulai",
        )
        return Pekerjaan.objects.select_related("pemilik").get(pk=pekerjaan_id) if taken else None


def report(job: Pekerjaan, selesai: int, dari: int, langkah: str) -> None:
    """Say how far it is («2 dari 6» and in words); this is the sign of life, too.

    Raises:
        Digantikan: another runner has it now.
    """
    _write_own(job, kemajuan=100 * selesai // dari, langkah=langkah[:200], detak_pada=timezone.now())


def _finish(job: Pekerjaan, out: IO[bytes], nama: str) -> None:
    out.seek(0)
    # One name for each attempt: no runner overwrites the file of another.
    job.berkas.save(f"{job.pk}-{job.percobaan}{PurePath(nama).suffix}", File(out), save=False)
    try:
        _write_own(
            job,
            status=Status.SELESAI,
            kemajuan=100,
            langkah="",
            galat="",
            berkas=job.berkas.name,
            nama_berkas=nama,
            selesai_pada=timezone.now(),
        )
    except BaseException:
        job.berkas.delete(save=False)
        raise


def _fail(job: Pekerjaan, galat: str) -> None:
    _own(job).update(status=Status.GAGAL, galat=galat[:500], langkah="", selesai_pada=timezone.now())


def _try_again(job: Pekerjaan, galat: str) -> None:
    if job.percobaan >= MAKS_PERCOBAAN:
        _fail(job, galat)
    else:  # the next sweep sends it
        _own(job).update(status=Status.MENUNGGU, galat=galat, langkah="", kemajuan=0, dikirim_pada=None)


def _write_own(job: Pekerjaan, **values: Any) -> None:
    if not _own(job).update(**values):
        raise Digantikan


def _own(job: Pekerjaan) -> Any:
    """The row, while this attempt still holds it."""
    return Pekerjaan.objects.filter(pk=job.pk, status=Status.BERJALAN, percobaan=job.percobaan)


# --- sweeping --------------------------------------------------------------------------------------------


def sweep(*, now: datetime) -> int:
    """Put back what a killed worker left, and send what waits unsent; returns how many were sent.

    Two at once do no harm: each sends the rows that it has marked.
    """
    left = Pekerjaan.objects.filter(status=Status.BERJALAN, detak_pada__lt=now - LEASE)
    left.filter(percobaan__gte=MAKS_PERCOBAAN).update(
        status=Status.GAGAL,
        galat=f"Pekerja berhenti di tengah jalan, {MAKS_PERCOBAAN} kali. Coba lagi, atau beri tahu admin.",
        langkah="",
        selesai_pada=now,
    )
    left.update(status=Status.MENUNGGU, langkah="", kemajuan=0, dikirim_pada=None)
    with transaction.atomic():
        due = Pekerjaan.objects.filter(status=Status.MENUNGGU).not_sent_since(now - RESEND_AFTER)
        rows = list(due.order_by("pk").select_for_update(skip_locked=True).values_list("pk", "jenis"))
        Pekerjaan.objects.filter(pk__in=[pk for pk, _ in rows]).update(dikirim_pada=now)
    return sum(send(pk, jenis) for pk, jenis in rows)


def remove_old_files(*, now: datetime) -> int:
    """Delete files that were kept long enough, and those that a killed worker left; returns how many."""
    limit = now - timedelta(days=settings.SIMPAN_BERKAS_HARI)
    old = Pekerjaan.objects.filter(selesai_pada__lt=limit).exclude(berkas="")
    names = list(old.values_list("berkas", flat=True))
    # First the rows: at no moment one names a file that is gone.
    Pekerjaan.objects.filter(berkas__in=names).update(berkas="")
    kept = set(Pekerjaan.objects.exclude(berkas="").values_list("berkas", flat=True))
    gone = [
        name
        for name in _files(FOLDER)
        if name not in kept and (name in names or default_storage.get_modified_time(name) < limit)
    ]
    for name in gone:
        default_storage.delete(name)
    return len(gone)


def _files(folder: str) -> Iterable[str]:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _files(f"{folder}/{name}")


def record_pulse(*, tugas: str, now: datetime) -> None:
    """A scheduled task has finished: beat, broker and worker are alive."""
    Denyut.objects.bulk_create(
        [Denyut(tugas=tugas, pada=now)],
        update_conflicts=True,
        unique_fields=["tugas"],
        update_fields=["pada"],
    )
