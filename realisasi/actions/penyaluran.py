"""Transfers that reached a RKUD, entered by hand at the ministry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.jadwal import require_open_tahun
from realisasi.actions.penutupan import hold_calendar
from realisasi.actions.peristiwa import record_change
from realisasi.actions.riwayat import record
from realisasi.aturan.tampilan import tanggal
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Alokasi, Penyaluran


def record_penyaluran(
    *,
    alokasi: Alokasi,
    tahap: str,
    nomor_sp2d: str,
    tanggal_sp2d: date,
    jumlah: int,
    by: Pengguna,
    now: datetime,
) -> Penyaluran:
    """Store one SP2D of the KPPN (rupiah). Pressing twice stores one.

    Raises:
        Ditolak: the role may not, the TA is closed, or the date lies in the future or outside the TA.
        ValidationError: the number is there already with other figures, or the amount is not above zero.
    """
    if not can(by, Wewenang.PENYALURAN):
        raise Ditolak("Penyaluran dicatat oleh kementerian.")
    _refuse_odd_date(tanggal_sp2d, alokasi.tahun_id, now.astimezone(WIB).date())
    row = Penyaluran(
        alokasi=alokasi,
        tahap=tahap,
        nomor_sp2d=nomor_sp2d,
        tanggal_sp2d=tanggal_sp2d,
        jumlah=jumlah,
        dicatat_pada=now,
    )
    with transaction.atomic():
        # Two who enter the same SP2D at once: the second waits here and then finds the first one's row.
        Alokasi.objects.select_for_update(no_key=True).get(pk=alokasi.pk)
        twin: Penyaluran | None = Penyaluran.objects.known().filter(**_values(row)).first()
        if twin:
            return twin
        row.dicatat_pada = hold_calendar(alokasi.tahun_id, now)
        require_open_tahun(alokasi.tahun_id)
        row.full_clean()
        row.save()
        record(
            by=by,
            subjek=f"penyaluran:{row.pk}",
            aksi="catat penyaluran",
            alokasi=alokasi.pk,
            sesudah=_values(row),
            fakta=[row],
        )
        _changed(row, now)
    return row


def remove_penyaluran(*, penyaluran_id: int, alasan: str, by: Pengguna, now: datetime) -> None:
    """Take back an SP2D that was entered wrongly; what it said stays in Riwayat, with the reason.

    Raises:
        Ditolak: the role may not, no reason, or the TA is closed.
    """
    if not can(by, Wewenang.PENYALURAN):
        raise Ditolak("Penyaluran dihapus oleh kementerian.")
    if not alasan.strip():
        raise Ditolak("Tulis alasan penghapusan.", kolom="alasan")
    with transaction.atomic():
        row = (
            Penyaluran.objects.select_for_update(of=("self",)).select_related("alokasi").get(pk=penyaluran_id)
        )
        if row.dicabut_pada:  # a second press
            return
        row.dicabut_pada = hold_calendar(row.alokasi.tahun_id, now)
        require_open_tahun(row.alokasi.tahun_id)
        record(
            by=by,
            subjek=f"penyaluran:{row.pk}",
            aksi="hapus penyaluran",
            alokasi=row.alokasi_id,
            sebelum=_values(row),
            alasan=alasan.strip(),
            fakta=[row],
        )
        _changed(row, now)
        row.save(update_fields=["dicabut_pada"])


def _values(row: Penyaluran) -> dict[str, Any]:
    return {
        "alokasi": row.alokasi_id,
        "tahap": row.tahap,
        "nomor_sp2d": row.nomor_sp2d,
        "tanggal_sp2d": row.tanggal_sp2d.isoformat(),
        "jumlah": row.jumlah,
    }


def _changed(row: Penyaluran, now: datetime) -> None:
    record_change(
        alokasi=row.alokasi,
        triwulan=Triwulan.of(row.tanggal_sp2d).ke,
        jenis="penyaluran",
        subjek=f"penyaluran:{row.pk}",
        now=now,
    )


def _refuse_odd_date(day: date, tahun: int, hari: date) -> None:
    if day > hari:
        raise Ditolak(
            f"Tanggal SP2D {tanggal(day)} belum terjadi. Isi paling lambat hari ini, {tanggal(hari)}.",
            kolom="tanggal_sp2d",
        )
    if day.year != tahun:
        raise Ditolak(
            f"Tanggal SP2D {tanggal(day)} di luar TA {tahun}. Periksa tahunnya, atau pilih TA lain.",
            kolom="tanggal_sp2d",
        )
