"""The calendar of a TA: opening it with its four deadlines, extending them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.riwayat import record
from realisasi.aturan.parameter import tenggat_laporan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Parameter, PeriodeTriwulan, TahunAnggaran

# The rules from which deadlines are made; they hold for the whole country.
ATURAN_TENGGAT = ("lapor.hari", "lapor.jam")


def open_tahun(*, tahun: int, by: Pengguna) -> TahunAnggaran:
    """The TA with its four quarters, made on first use; deadlines follow the rules."""
    with transaction.atomic():
        row, created = TahunAnggaran.objects.get_or_create(tahun=tahun)
        if not created:
            return row
        PeriodeTriwulan.objects.bulk_create(
            PeriodeTriwulan(tahun=row, triwulan=tw.ke, dibuka_pada=tw.mulai, tenggat=deadline_of(tw))
            for tw in Triwulan(tahun, 1).semua
        )
        record(by=by, subjek=f"tahun:{tahun}", aksi="buka tahun anggaran")
    return row


def deadline_of(tw: Triwulan) -> datetime:
    """When the report of a quarter is due: the rule of its last day, or one that extends it in time.

    An extension counts when it takes effect before the deadline that it moves has passed.
    """
    due = _deadline_as_of(tw, tw.akhir)
    return max(due, _deadline_as_of(tw, due.astimezone(WIB).date()))


def _deadline_as_of(tw: Triwulan, hari: date) -> datetime:
    return tw.tenggat(*tenggat_laporan(Parameter.objects.values_of(tw.tahun, hari=hari)))


def apply_deadlines(*, by: Pengguna) -> list[PeriodeTriwulan]:
    """Bring the deadlines of open quarters in line with the rules; returns those that moved."""
    moved = []
    with transaction.atomic():
        for periode in PeriodeTriwulan.objects.select_for_update().filter(ditutup_pada=None):
            due = deadline_of(periode.tw)
            if due == periode.tenggat:
                continue
            record(
                by=by,
                subjek=f"triwulan:{periode.tahun_id}-{periode.triwulan}",
                aksi="ubah tenggat",
                sebelum={"tenggat": periode.tenggat.isoformat()},
                sesudah={"tenggat": due.isoformat()},
            )
            periode.tenggat = due
            periode.save()
            moved.append(periode)
    return moved


def require_open_tahun(tahun: int) -> None:
    """A TA whose last quarter was closed is history.

    Raises:
        Ditolak: it was closed.
    """
    last = PeriodeTriwulan.objects.filter(tahun=tahun, triwulan=4, ditutup_pada__isnull=False)
    if last.exists():
        raise Ditolak(f"TA {tahun} sudah ditutup; angkanya tidak berubah lagi.")
