"""Who is let in late: one daerah, one quarter, for a reason, until an instant. It ends by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak, require
from realisasi.actions.riwayat import record
from realisasi.aturan.tampilan import waktu
from realisasi.models import Alokasi, Dispensasi, PeriodeTriwulan

CABUT = "cabut dispensasi"


def grant_dispensasi(
    *, alokasi: Alokasi, triwulan: int, sampai: datetime, alasan: str, by: Pengguna, now: datetime
) -> Dispensasi:
    """Let the daerah of an alokasi report a quarter until an instant, though its batas lapor has passed.

    One holds at a time: a new one takes the place of the one before. Pressing twice gives one.

    Raises:
        Ditolak: the role may not, no reason, an unknown or closed quarter, or an end that has passed or that
            lets nobody in later than the schedule does.
        ValidationError: a reason that is too long.
    """
    require(can(by, Wewenang.JADWAL), "Dispensasi diberikan oleh admin.")
    with transaction.atomic():
        periode = _locked(alokasi.tahun_id, triwulan)
        before = Dispensasi.objects.filter(
            periode=periode, daerah=alokasi.daerah_id, dicabut_pada=None
        ).first()
        if before and (before.sampai, before.alasan) == (sampai, alasan.strip()) and before.is_in_force(now):
            return before
        _require_useful(periode, sampai, now)
        if before:
            _take_back(before, alokasi, "Diganti dengan dispensasi baru.", by, now)
        row = Dispensasi(
            periode=periode,
            daerah=alokasi.daerah,
            sampai=sampai,
            alasan=alasan.strip(),
            diberikan_pada=now,
            diberikan_oleh=by,
        )
        row.full_clean()
        row.save()
        record(
            by=by,
            subjek=f"dispensasi:{row.pk}",
            aksi="beri dispensasi",
            alokasi=alokasi.pk,
            sesudah={"triwulan": triwulan, "sampai": sampai.isoformat()},
            alasan=row.alasan,
        )
    return row


def _require_useful(periode: PeriodeTriwulan, sampai: datetime, now: datetime) -> None:
    if sampai <= now:
        raise Ditolak("Waktu ini sudah lewat. Isi kapan dispensasi berakhir nanti.", kolom="sampai")
    name = "batas lapor" if periode.batas_lapor else "tenggat"
    limit = periode.batas_lapor or periode.tenggat
    if sampai <= limit:
        raise Ditolak(f"Isi waktu sesudah {name} {periode}: {waktu(limit)}.", kolom="sampai")


def revoke_dispensasi(*, dispensasi_id: int, alasan: str, by: Pengguna, now: datetime) -> Dispensasi:
    """End a waiver before its time, for a reason. Pressing twice ends it once.

    Raises:
        Ditolak: the role may not, no reason, or it has ended by itself.
    """
    require(can(by, Wewenang.JADWAL), "Dispensasi dicabut oleh admin.")
    with transaction.atomic():
        found = Dispensasi.objects.select_related("periode").get(pk=dispensasi_id)
        # The quarter first, as in grant: whoever is saving a report under it now finishes before.
        PeriodeTriwulan.objects.select_for_update(no_key=True).get(pk=found.periode_id)
        row = Dispensasi.objects.select_for_update().get(pk=dispensasi_id)
        if row.dicabut_pada:
            return row
        if not alasan.strip():
            raise Ditolak("Tulis alasan pencabutan.", kolom="alasan")
        require(row.is_in_force(now), "Dispensasi ini sudah berakhir.")
        alokasi = Alokasi.objects.ikm().get(tahun=found.periode.tahun_id, daerah=row.daerah_id)
        _take_back(row, alokasi, alasan.strip(), by, now)
    return row


def _take_back(row: Dispensasi, alokasi: Alokasi, alasan: str, by: Pengguna, now: datetime) -> None:
    row.dicabut_pada = now
    row.save(update_fields=["dicabut_pada"])
    record(
        by=by,
        subjek=f"dispensasi:{row.pk}",
        aksi=CABUT,
        alokasi=alokasi.pk,
        sesudah={"dicabut_pada": now.isoformat()},
        alasan=alasan,
    )


def _locked(tahun: int, triwulan: int) -> PeriodeTriwulan:
    rows = PeriodeTriwulan.objects.select_for_update(no_key=True)
    periode = rows.filter(tahun=tahun, triwulan=triwulan).first()
    if periode is None:
        raise Ditolak(f"TA {tahun} belum dibuka.")
    require(not periode.is_closed, f"{periode} sudah ditutup; laporannya hanya berubah bila dibuka kembali.")
    return periode
