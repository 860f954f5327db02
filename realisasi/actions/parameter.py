"""Adding a rule (a KMK that moves a cut-off, say): always a new row, the old one stays readable."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from daerah.cakupan import Wewenang, can
from daerah.models import Daerah, Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.jadwal import apply_schedule
from realisasi.actions.riwayat import record
from realisasi.aturan.nilai_aturan import fits
from realisasi.aturan.parameter import ATURAN, ATURAN_JADWAL, HARI_TERBANYAK, Satuan
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
    """Record a rule with its source; the row it replaces points to it. Pressing twice adds one row.

    Raises:
        Ditolak: the role may not, or the rule is unknown.
        ValidationError: no source, or a value, year or daerah that this rule cannot have.
    """
    if not can(by, Wewenang.ATURAN):
        raise Ditolak("Aturan hanya ditambah oleh admin.")
    _refuse_misfit(kunci, tahun, daerah, nilai)
    row = Parameter(
        kunci=kunci,
        tahun=tahun,
        daerah=daerah,
        nilai=nilai,
        sumber=sumber.strip(),
        tanda=tanda,
        berlaku_dari=berlaku_dari,
        dicatat_pada=now,
        dicatat_oleh=by,
    )
    row.full_clean(exclude=["nilai"])
    with transaction.atomic():
        same = list(Parameter.objects.select_for_update().filter(kunci=kunci, tahun=tahun, daerah=daerah))
        if twin := next((other for other in same if _is_twin(other, row)), None):
            return twin
        _insert(row, same)
        record(
            by=by,
            subjek=f"parameter:{kunci}",
            aksi="tambah aturan",
            sesudah={
                "tahun": tahun,
                "daerah": daerah.pk if daerah else None,
                "nilai": nilai,
                "sumber": row.sumber,
                "berlaku_dari": berlaku_dari.isoformat(),
            },
            fakta=[row],
        )
        if kunci in ATURAN_JADWAL:
            apply_schedule(by=by)
    return row


def _refuse_misfit(kunci: str, tahun: int | None, daerah: Daerah | None, nilai: Any) -> None:
    rule = ATURAN.get(kunci)
    if rule is None:
        raise Ditolak("Aturan ini tidak dikenal.", kolom="kunci")
    if not fits(rule.satuan, nilai):
        raise ValidationError({"nilai": f"Nilai ini bukan {rule.satuan.value} yang sah."})
    if rule.satuan is Satuan.TANGGAL and tahun is None:
        raise ValidationError({"tahun": "Tanggal batas berlaku untuk satu TA. Pilih tahunnya."})
    if rule.satuan is Satuan.TANGGAL and date.fromisoformat(nilai).year != tahun:
        raise ValidationError({"nilai": f"Tanggal ini di luar TA {tahun}. Periksa tahunnya."})
    if kunci in ATURAN_JADWAL:
        _refuse_misfit_in_schedule(daerah, nilai)


def _refuse_misfit_in_schedule(daerah: Daerah | None, nilai: Any) -> None:
    if daerah:
        pesan = "Jadwal laporan sama untuk semua daerah. Kosongkan daerah; kelonggaran diberikan di Jadwal."
        raise ValidationError({"daerah": pesan})
    if isinstance(nilai, int) and nilai > HARI_TERBANYAK:
        raise ValidationError({"nilai": f"Paling banyak {HARI_TERBANYAK} hari. Periksa kelebihan angkanya."})


def _is_twin(other: Parameter, row: Parameter) -> bool:
    names = ("nilai", "sumber", "tanda", "berlaku_dari")
    return other.digantikan_oleh_id is None and all(getattr(other, n) == getattr(row, n) for n in names)


def _insert(row: Parameter, same: list[Parameter]) -> None:
    """Put a row into the chain of its rule: a backdated one stands before what already follows it."""
    later = [other for other in same if other.berlaku_dari > row.berlaku_dari]
    follower = min(later, key=lambda other: (other.berlaku_dari, other.pk), default=None)
    row.digantikan_oleh = follower
    row.save()
    replaced = Q(digantikan_oleh=None) | Q(digantikan_oleh=follower) if follower else Q(digantikan_oleh=None)
    Parameter.objects.filter(
        replaced, pk__in=[other.pk for other in same], berlaku_dari__lte=row.berlaku_dari
    ).update(digantikan_oleh=row)
