"""The audit row of a change, written in the transaction of that change."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from daerah.models import Pengguna
from realisasi.models import Riwayat


def record(
    *,
    by: Pengguna,
    subjek: str,
    aksi: str,
    sebelum: dict[str, Any] | None = None,
    sesudah: dict[str, Any] | None = None,
    alasan: str = "",
) -> Riwayat:
    """Write who did what to which subject («laporan:12»), with the values before and after.

    Raises:
        RuntimeError: outside a transaction, where the row could outlive a change that failed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Riwayat is written inside the transaction of its change.")
    return Riwayat.objects.create(
        # Real time, also in a demonstration: the trail is about people, not about data.
        waktu=timezone.now(),
        pelaku=by,
        subjek=subjek,
        aksi=aksi,
        sebelum=sebelum,
        sesudah=sesudah,
        alasan=alasan,
    )
