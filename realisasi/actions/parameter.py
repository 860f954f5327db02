"""Adding a rule (a KMK that moves a cut-off, say): always a new row, the old one stays readable."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Daerah, Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.riwayat import record
from realisasi.models import Parameter


def add_parameter(
    *,
    kunci: str,
    tahun: int | None,
    daerah: Daerah | None,
    nilai: Any,
    sumber: str,
    tanda: str,
    berlaku_dari: date,
    by: Pengguna,
    now: datetime,
) -> Parameter:
    """Record a rule with its source; the row it replaces points to it.

    Raises:
        Ditolak: the role may not.
        ValidationError: no source, or a field is missing.
    """
    if not can(by, Wewenang.ATURAN):
        raise Ditolak("Aturan hanya ditambah oleh admin.")
    row = Parameter(
        kunci=kunci,
        tahun=tahun,
        daerah=daerah,
        nilai=nilai,
        sumber=sumber,
        tanda=tanda,
        berlaku_dari=berlaku_dari,
        dicatat_pada=now,
        dicatat_oleh=by,
    )
    with transaction.atomic():
        row.full_clean(exclude=["nilai"])
        row.save()
        replaced = Parameter.objects.select_for_update().filter(
            kunci=kunci, tahun=tahun, daerah=daerah, digantikan_oleh=None, berlaku_dari__lte=berlaku_dari
        )
        replaced.exclude(pk=row.pk).update(digantikan_oleh=row)
        record(
            by=by,
            subjek=f"parameter:{kunci}",
            aksi="tambah aturan",
            sesudah={
                "tahun": tahun,
                "daerah": daerah.pk if daerah else None,
                "nilai": nilai,
                "sumber": sumber,
            },
        )
    return row
