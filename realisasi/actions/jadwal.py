"""The calendar of a TA: opening it with its four quarters, keeping them in line with the rules, and when
reports are taken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak, Terkunci
from realisasi.actions.riwayat import record
from realisasi.aturan.parameter import jadwal_triwulan
from realisasi.aturan.tampilan import waktu
from realisasi.aturan.triwulan import WIB, Jadwal, Triwulan
from realisasi.models import Dispensasi, Parameter, PeriodeTriwulan, TahunAnggaran

SCHEDULED = ("dibuka_pada", "tenggat", "batas_lapor")


def open_tahun(*, tahun: int, by: Pengguna) -> TahunAnggaran:
    """The TA with its four quarters, made on first use; their schedule follows the rules."""
    with transaction.atomic():
        row, created = TahunAnggaran.objects.get_or_create(tahun=tahun)
        if not created:
            return row
        PeriodeTriwulan.objects.bulk_create(
            PeriodeTriwulan(tahun=row, triwulan=tw.ke, **vars(schedule_of(tw)))
            for tw in Triwulan(tahun, 1).semua
        )
        record(by=by, subjek=f"tahun:{tahun}", aksi="buka tahun anggaran")
    return row


def schedule_of(tw: Triwulan) -> Jadwal:
    """When reports of a quarter are taken, by the rules of its last day, or by ones that extend it in time.

    An extension counts when it takes effect before the moment that it moves has passed.
    """
    first = _schedule_as_of(tw, tw.akhir)
    tenggat = max(first.tenggat, _schedule_as_of(tw, _day(first.tenggat)).tenggat)
    batas = first.batas_lapor
    if batas is not None:
        later = _schedule_as_of(tw, _day(batas)).batas_lapor
        batas = None if later is None else max(batas, later, tenggat)
    return Jadwal(dibuka_pada=first.dibuka_pada, tenggat=tenggat, batas_lapor=batas)


def _schedule_as_of(tw: Triwulan, hari: date) -> Jadwal:
    return jadwal_triwulan(Parameter.objects.values_of(tw.tahun, hari=hari), tw)


def _day(saat: datetime) -> date:
    return saat.astimezone(WIB).date()


def apply_schedule(*, by: Pengguna) -> list[PeriodeTriwulan]:
    """Bring the schedule of open quarters in line with the rules; returns those that moved."""
    moved = []
    with transaction.atomic():
        for periode in PeriodeTriwulan.objects.select_for_update().filter(ditutup_pada=None):
            before, due = _schedule(periode), schedule_of(periode.tw)
            if before == due:
                continue
            record(
                by=by,
                subjek=f"triwulan:{periode.tahun_id}-{periode.triwulan}",
                aksi="ubah jadwal",
                sebelum=_changed(before, due),
                sesudah=_changed(due, before),
            )
            for name, moment in vars(due).items():
                setattr(periode, name, moment)
            periode.save(update_fields=SCHEDULED)
            moved.append(periode)
    return moved


def _schedule(periode: PeriodeTriwulan) -> Jadwal:
    return Jadwal(**{name: getattr(periode, name) for name in SCHEDULED})


def _changed(jadwal: Jadwal, other: Jadwal) -> dict[str, Any]:
    """The moments that differ from another schedule's, as JSON."""
    return {
        name: moment and moment.isoformat()
        for name, moment in vars(jadwal).items()
        if moment != getattr(other, name)
    }


def require_taken(periode: PeriodeTriwulan, *, by: Pengguna, now: datetime) -> None:
    """Refuse unless reports of a quarter are taken from this office now.

    `now` is when its request arrived: nobody becomes late by waiting for a lock.

    Raises:
        Terkunci: the batas lapor has passed, and no dispensasi is in force.
        Ditolak: the quarter is not open yet.
    """
    if not periode.is_opened(now):
        raise Ditolak(f"Laporan {periode.tw.label} dapat diisi mulai {waktu(periode.dibuka_pada, by.zona)}.")
    waivers = Dispensasi.objects.filter(periode=periode, daerah=by.daerah_id)
    if periode.is_past_limit(now) and not waivers.in_force(now).exists():
        raise Terkunci(_why_locked(periode, waivers.order_by("diberikan_pada").last(), by.zona))


def _why_locked(periode: PeriodeTriwulan, last: Dispensasi | None, zona: str) -> str:
    limit = f"Batas lapor {periode} sudah lewat: {waktu(periode.batas_lapor, zona)}."
    if last:
        return f"{limit} Dispensasi berakhir {waktu(last.berakhir_pada, zona)}."
    return f"{limit} Laporan hanya diterima dengan dispensasi dari kementerian."


def require_open_tahun(tahun: int) -> None:
    """A TA whose last quarter was closed is history.

    Raises:
        Ditolak: it was closed.
    """
    last = PeriodeTriwulan.objects.filter(tahun=tahun, triwulan=4, ditutup_pada__isnull=False)
    if last.exists():
        raise Ditolak(f"TA {tahun} sudah ditutup; angkanya tidak berubah lagi.")
