"""*Tutup triwulan*: a person ends a quarter; from then on its figures are final."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.riwayat import record
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Laporan, PeriodeTriwulan


def close_triwulan(*, tw: Triwulan, by: Pengguna, now: datetime, alasan: str = "") -> PeriodeTriwulan:
    """Close a quarter: from now on it changes only through reopening, and its figures are *final*.

    Raises:
        Ditolak: the role may not; unknown or closed already; not ended; reports still with the ministry and
            no reason given.
    """
    if not can(by, Wewenang.JADWAL):
        raise Ditolak("Triwulan ditutup oleh admin.")
    with transaction.atomic():
        periode = PeriodeTriwulan.objects.select_for_update().filter(tahun=tw.tahun, triwulan=tw.ke).first()
        if periode is None:
            raise Ditolak(f"TA {tw.tahun} belum dibuka.")
        if periode.is_closed:
            raise Ditolak(f"{periode} sudah ditutup.")
        if tw.akhir >= now.astimezone(WIB).date():
            raise Ditolak(f"{periode} belum berakhir.")
        waiting = Laporan.objects.for_triwulan(tw).waiting().count()
        if waiting and not alasan.strip():
            raise Ditolak(
                f"{waiting} laporan masih Diajukan atau Sedang Diverifikasi. "
                "Selesaikan dahulu, atau tulis alasan untuk menutup juga.",
                kolom="alasan",
            )
        periode.ditutup_pada, periode.ditutup_oleh, periode.alasan = now, by, alasan.strip()
        periode.full_clean(exclude=["tahun"])
        periode.save()
        record(
            by=by,
            subjek=f"triwulan:{tw.tahun}-{tw.ke}",
            aksi="tutup triwulan",
            sesudah={"ditutup_pada": now.isoformat(), "belum_selesai": waiting},
            alasan=alasan.strip(),
        )
    return periode
