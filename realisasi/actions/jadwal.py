"""The calendar of a TA: opening it with its four deadlines, closing a quarter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.riwayat import record
from realisasi.aturan.parameter import tenggat_laporan
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Laporan, Parameter, PeriodeTriwulan, TahunAnggaran


def open_tahun(*, tahun: int, by: Pengguna) -> TahunAnggaran:
    """The TA with its four quarters, made on first use; deadlines follow the rule of that day."""
    with transaction.atomic():
        row, created = TahunAnggaran.objects.get_or_create(tahun=tahun)
        if not created:
            return row
        first = Triwulan(tahun, 1)
        days, hour = tenggat_laporan(Parameter.objects.values_of(tahun, hari=first.awal))
        PeriodeTriwulan.objects.bulk_create(
            PeriodeTriwulan(tahun=row, triwulan=tw.ke, tenggat=tw.tenggat(days, hour)) for tw in first.semua
        )
        record(by=by, subjek=f"tahun:{tahun}", aksi="buka tahun anggaran")
    return row


def close_triwulan(*, tw: Triwulan, by: Pengguna, now: datetime, alasan: str = "") -> PeriodeTriwulan:
    """Close a quarter: from now on it changes only through reopening, and its figures are *final*.

    Raises:
        Ditolak: unknown or closed already; reports still with the ministry and no reason given; not ended.
    """
    with transaction.atomic():
        periode = PeriodeTriwulan.objects.select_for_update().filter(tahun=tw.tahun, triwulan=tw.ke).first()
        if periode is None:
            raise Ditolak(f"TA {tw.tahun} belum dibuka.")
        if periode.is_closed:
            raise Ditolak(f"{periode} sudah ditutup.")
        if tw.akhir >= now.date():
            raise Ditolak(f"{periode} belum berakhir.")
        waiting = Laporan.objects.for_triwulan(tw).waiting().count()
        if waiting and not alasan.strip():
            raise Ditolak(
                f"{waiting} laporan masih Diajukan atau Sedang Diverifikasi. Beri alasan untuk menutup juga."
            )
        periode.ditutup_pada, periode.ditutup_oleh, periode.alasan = now, by, alasan.strip()
        periode.save()
        record(
            by=by,
            subjek=f"triwulan:{tw.tahun}-{tw.ke}",
            aksi="tutup triwulan",
            sesudah={"ditutup_pada": now.isoformat(), "belum_selesai": waiting},
            alasan=alasan.strip(),
        )
    return periode
