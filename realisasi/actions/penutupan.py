"""*Tutup triwulan*: a person ends a quarter; from then on its figures are final, only reopening moves them.

Whatever writes facts or reports of a TA holds its calendar (a shared lock) until it commits, so that a
closing comes before or after it, never in between. Order of locks: laporan or alokasi, then the calendar,
then the TA.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import connection, transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak, require
from realisasi.actions.rekap import compute_all, not_before
from realisasi.actions.riwayat import record
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Alokasi, Laporan, PeriodeTriwulan

# Writes the analysts' workbook of a quarter as it was known at an instant.
TulisBuku = Callable[[Triwulan, datetime], bytes]


def hold_calendar(tahun: int, now: datetime) -> datetime:
    """Keep the quarters of a TA from being closed until this transaction ends.

    Returns when to say that a fact was recorded: now, but never before a closing that it waited for.
    """
    closings = [row.ditutup_pada for row in _shared(tahun) if row.ditutup_pada]
    return max([now, *(closing + timedelta(microseconds=1) for closing in closings)])


def hold_open(tw: Triwulan) -> PeriodeTriwulan:
    """Keep an open quarter from being closed until this transaction ends.

    Raises:
        Ditolak: the TA is not open, or the quarter is closed.
    """
    periode = next((row for row in _shared(tw.tahun) if row.triwulan == tw.ke), None)
    if periode is None:
        raise Ditolak(f"TA {tw.tahun} belum dibuka.")
    require(not periode.is_closed, f"{periode} sudah ditutup; minta kementerian membukanya kembali.")
    return periode


def _shared(tahun: int) -> list[PeriodeTriwulan]:
    """The quarters of a TA under a shared lock: writers do not wait for each other, only for a closing."""
    quarters = "SELECT * FROM realisasi_periodetriwulan WHERE tahun = %s ORDER BY triwulan"
    lock = " FOR SHARE" if connection.features.has_select_for_update else ""
    return list(PeriodeTriwulan.objects.raw(quarters + lock, [tahun]))


def close_triwulan(
    *, tw: Triwulan, by: Pengguna, now: datetime, alasan: str = "", buku: TulisBuku | None = None
) -> PeriodeTriwulan:
    """Close a quarter: its figures are *final*, its planning amounts stay as they were known now.

    What was still to be computed is computed first. `buku` writes the workbook that is kept with its hash.

    Raises:
        Ditolak: the role may not; unknown or closed already; not ended; reports still with the ministry and
            no reason given.
    """
    require(can(by, Wewenang.JADWAL), "Triwulan ditutup oleh admin.")
    with transaction.atomic():
        _lock_alokasi(tw.tahun)
        periode = PeriodeTriwulan.objects.select_for_update().filter(tahun=tw.tahun, triwulan=tw.ke).first()
        if periode is None:
            raise Ditolak(f"TA {tw.tahun} belum dibuka.")
        waiting = _require_closable(periode, now, alasan)
        moment = not_before(tw.tahun, now)
        periode.ditutup_pada, periode.ditutup_oleh, periode.alasan = moment, by, alasan.strip()
        periode.full_clean(exclude=["tahun"])
        periode.save()
        compute_all(tahun=tw.tahun, now=moment)
        if buku:
            _keep_book(periode, buku(tw, moment))
        record(
            by=by,
            subjek=f"triwulan:{tw.tahun}-{tw.ke}",
            aksi="tutup triwulan",
            sesudah={
                "ditutup_pada": moment.isoformat(),
                "belum_selesai": waiting,
                "sidik_buku": periode.sidik_buku,
            },
            alasan=alasan.strip(),
        )
    return periode


def _lock_alokasi(tahun: int) -> None:
    list(Alokasi.objects.filter(tahun=tahun).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _require_closable(periode: PeriodeTriwulan, now: datetime, alasan: str) -> int:
    """How many reports are still with the ministry; refused unless a person may close the quarter now."""
    require(not periode.is_closed, f"{periode} sudah ditutup.")
    require(periode.tw.akhir < now.astimezone(WIB).date(), f"{periode} belum berakhir.")
    waiting = Laporan.objects.for_triwulan(periode.tw).waiting().count()
    if waiting and not alasan.strip():
        raise Ditolak(
            f"{waiting} laporan masih Diajukan atau Sedang Diverifikasi. "
            "Selesaikan dahulu, atau tulis alasan untuk menutup juga.",
            kolom="alasan",
        )
    return waiting


def _keep_book(periode: PeriodeTriwulan, isi: bytes) -> None:
    periode.sidik_buku = hashlib.sha256(isi).hexdigest()
    periode.buku.save(f"rekap-{periode.tahun_id}-tw{periode.triwulan}.xlsx", ContentFile(isi), save=False)
    periode.save(update_fields=["buku", "sidik_buku"])
