"""Who has reported which quarter: the matrix daerah x triwulan, and who is to be called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from realisasi.aturan.triwulan import WIB
from realisasi.models import (
    Alokasi,
    Dispensasi,
    Laporan,
    PeriodeTriwulan,
    StatusLaporan,
    VersiLaporan,
)
from realisasi.models.laporan import EDITABLE

BELUM_LAPOR = "BELUM_LAPOR"


@dataclass(frozen=True)
class StatusLapor:
    """One quarter of one daerah: its status (None: nothing due yet), and what holds beside it.

    `terlambat`: it is or was late. `terkunci`: its office can no longer change it, because the quarter is
    closed or past its batas lapor. `dispensasi`: the waiver under which it was sent late, or may be sent now.
    """

    status: str | None
    terlambat: bool = False
    nihil: bool = False
    laporan_id: int | None = None
    terkunci: bool = False
    dispensasi: Dispensasi | None = None

    @property
    def tanda(self) -> list[str]:
        """The flags beside its status, as `gambar.lambang` names them."""
        flags = {
            "TERLAMBAT": self.terlambat,
            "DISPENSASI": self.dispensasi is not None,
            "NIHIL": self.nihil,
            "TERKUNCI": self.terkunci,
        }
        return [name for name, shown in flags.items() if shown]

    @property
    def di_daerah(self) -> bool:
        """Whether the next step is the daerah's."""
        return self.status in (None, BELUM_LAPOR, *EDITABLE)


def reporting(
    user: Any,
    tahun: int,
    *,
    now: datetime,
    alokasi: Iterable[int] | None = None,
    pada: datetime | None = None,
) -> dict[int, dict[int, StatusLapor]]:
    """Per alokasi in scope and quarter the state of its report, now or as it was at `pada`."""
    recipients = Alokasi.objects.visible_to(user).ikm().filter(tahun=tahun)
    if alokasi is not None:
        recipients = recipients.filter(pk__in=alokasi)
    reports: dict[int, dict[int, Laporan]] = {}
    found = Laporan.objects.visible_to(user).filter(alokasi__in=recipients)
    for laporan in found if pada is None else _as_they_were(found, pada):
        reports.setdefault(laporan.alokasi_id, {})[laporan.triwulan] = laporan
    schedule = list(PeriodeTriwulan.objects.filter(tahun=tahun).order_by("triwulan"))
    waivers = by_place(Dispensasi.objects.visible_to(user).filter(periode__tahun=tahun))
    return {
        pk: {
            quarter.triwulan: state(
                reports.get(pk, {}).get(quarter.triwulan),
                quarter,
                waivers.get((daerah, quarter.pk), ()),
                now=now,
                pada=pada,
            )
            for quarter in schedule
        }
        for pk, daerah in recipients.values_list("pk", "daerah")
    }


def by_place(waivers: Iterable[Dispensasi]) -> dict[tuple[str, int], list[Dispensasi]]:
    """Waivers by (kode of the daerah, key of the quarter)."""
    found: dict[tuple[str, int], list[Dispensasi]] = {}
    for waiver in waivers:
        found.setdefault((waiver.daerah_id, waiver.periode_id), []).append(waiver)
    return found


def states_of(reports: Collection[Laporan], *, now: datetime) -> dict[int, StatusLapor]:
    """The state of each of these reports (with their alokasi), by its key."""
    years = {laporan.alokasi.tahun_id for laporan in reports}
    schedule = {(q.tahun_id, q.triwulan): q for q in PeriodeTriwulan.objects.filter(tahun__in=years)}
    places = {laporan.alokasi.daerah_id for laporan in reports}
    waivers = by_place(Dispensasi.objects.filter(daerah__in=places, periode__tahun__in=years))
    return {
        laporan.pk: state(laporan, quarter, waivers.get((laporan.alokasi.daerah_id, quarter.pk), ()), now=now)
        for laporan in reports
        for quarter in [schedule[laporan.alokasi.tahun_id, laporan.triwulan]]
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


def state(
    laporan: Laporan | None,
    periode: PeriodeTriwulan,
    waivers: Iterable[Dispensasi],
    *,
    now: datetime,
    pada: datetime | None = None,
) -> StatusLapor:
    """The state of one report (None: not begun) under its schedule and the waivers of its daerah.

    A daerah owes a report from the first day after the quarter; before, silence is nothing.
    Late: first submitted after the deadline, or not submitted and the deadline has passed.
    """
    saat, closed = pada or now, periode.was_closed(pada)
    standing = () if closed else waivers
    in_force = next((w for w in standing if (w.covered(pada) if pada else w.is_in_force(now))), None)
    locked = closed or (periode.is_past_limit(saat) and in_force is None)
    if laporan is None:
        due = periode.tw.akhir < saat.astimezone(WIB).date()
        return StatusLapor(
            BELUM_LAPOR if due else None,
            terlambat=due and saat > periode.tenggat,
            terkunci=locked,
            dispensasi=in_force,
        )
    late = laporan.is_late(periode.tenggat, saat)
    return StatusLapor(
        laporan.status,
        terlambat=late,
        nihil=laporan.nihil,
        laporan_id=laporan.pk,
        terkunci=locked and not _is_reopened(laporan, saat),
        dispensasi=(in_force if laporan.is_editable else None)
        or (_sent_under(laporan, waivers) if late else None),
    )


def _is_reopened(laporan: Laporan, saat: datetime) -> bool:
    """Given back after it had been verified: the one way past closing and limit."""
    verified = laporan.pertama_diverifikasi_pada
    return laporan.is_editable and verified is not None and verified <= saat


def _sent_under(laporan: Laporan, waivers: Iterable[Dispensasi]) -> Dispensasi | None:
    sent = laporan.pertama_diajukan_pada
    return next((waiver for waiver in waivers if sent and waiver.covered(sent)), None)
