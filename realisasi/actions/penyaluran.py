"""Transfers that reached a RKUD, entered by hand at the ministry."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
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
    """Store one SP2D of the KPPN (rupiah).

    Raises:
        Ditolak: the role may not, or the date lies in the future or before the TA.
        ValidationError: the number is there already, or the amount is not above zero.
    """
    if not can(by, Wewenang.PENYALURAN):
        raise Ditolak("Penyaluran dicatat oleh kementerian.")
    if tanggal_sp2d > now.astimezone(WIB).date():
        raise Ditolak(f"Tanggal SP2D {tanggal(tanggal_sp2d)} belum terjadi.")
    if tanggal_sp2d.year != alokasi.tahun_id:
        raise Ditolak(f"Tanggal SP2D {tanggal(tanggal_sp2d)} di luar TA {alokasi.tahun_id}.")
    row = Penyaluran(
        alokasi=alokasi, tahap=tahap, nomor_sp2d=nomor_sp2d, tanggal_sp2d=tanggal_sp2d, jumlah=jumlah
    )
    with transaction.atomic():
        row.full_clean(exclude=["alokasi"])
        row.save()
        subjek = f"penyaluran:{row.pk}"
        record(
            by=by,
            subjek=subjek,
            aksi="catat penyaluran",
            sesudah={"alokasi": alokasi.pk, "tahap": tahap, "nomor_sp2d": nomor_sp2d, "jumlah": jumlah},
        )
        record_change(
            alokasi=alokasi, triwulan=Triwulan.of(tanggal_sp2d).ke, jenis="penyaluran", subjek=subjek, now=now
        )
    return row
