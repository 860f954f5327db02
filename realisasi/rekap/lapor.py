"""Who has reported which quarter: the matrix daerah x triwulan, and who is to be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Alokasi, Laporan, PeriodeTriwulan, StatusLaporan, VersiLaporan

BELUM_LAPOR = "BELUM_LAPOR"


@dataclass(frozen=True)
class StatusLapor:
    """One quarter of one daerah: its status (None: nothing due yet), and whether it is or was late."""

    status: str | None
    terlambat: bool = False
    nihil: bool = False
    laporan_id: int | None = None


def reporting(
    user: Any,
    tahun: int,
    *,
    now: datetime,
    alokasi: Iterable[int] | None = None,
    pada: datetime | None = None,
) -> dict[int, dict[int, StatusLapor]]:
    """Per alokasi in scope and quarter the state of its report, now or as it was at `pada`.

    A daerah owes a report from the first day after the quarter; before, silence is nothing.
    Late: first submitted after the deadline, or not submitted and the deadline has passed.
    """
    recipients = Alokasi.objects.visible_to(user).ikm().filter(tahun=tahun)
    if alokasi is not None:
        recipients = recipients.filter(pk__in=alokasi)
    deadlines = dict(PeriodeTriwulan.objects.filter(tahun=tahun).values_list("triwulan", "tenggat"))
    reports: dict[int, dict[int, Laporan]] = {}
    found = Laporan.objects.visible_to(user).filter(alokasi__in=recipients)
    for laporan in found if pada is None else _as_they_were(found, pada):
        reports.setdefault(laporan.alokasi_id, {})[laporan.triwulan] = laporan
    now = pada or now
    today = now.astimezone(WIB).date()
    return {
        pk: {
            tw.ke: _state(reports.get(pk, {}).get(tw.ke), tw.akhir < today, deadlines.get(tw.ke), now)
            for tw in Triwulan(tahun, 1).semua
        }
        for pk in recipients.values_list("pk", flat=True)
    }


def _as_they_were(reports: QuerySet[Laporan], pada: datetime) -> Iterator[Laporan]:
    """The reports that had been begun by an instant, with their status of then (not to be saved)."""
    sent = VersiLaporan.objects.filter(laporan__in=reports, diajukan_pada__lte=pada).order_by("nomor")
    latest = {version.laporan_id: version for version in sent}
    for laporan in reports.filter(dibuat_pada__lte=pada):
        version = latest.get(laporan.pk)
        laporan.status = version.status_at(pada) if version else StatusLaporan.KONSEP
        if version is None:
            laporan.pertama_diajukan_pada = None
        yield laporan


def _state(laporan: Laporan | None, due: bool, tenggat: datetime | None, now: datetime) -> StatusLapor:
    if laporan is None:
        late = due and tenggat is not None and now > tenggat
        return StatusLapor(BELUM_LAPOR if due else None, terlambat=late)
    late = tenggat is not None and laporan.is_late(tenggat, now)
    return StatusLapor(laporan.status, terlambat=late, nihil=laporan.nihil, laporan_id=laporan.pk)
