"""The audit row of a change, written in the transaction of that change and chained to the one before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from daerah.models import Pengguna
from realisasi.actions.sidik_fakta import fingerprints
from realisasi.aturan.rantai import IsiRiwayat, rantai_of, sidik_riwayat
from realisasi.models import KepalaRiwayat, Riwayat

LIHAT = "lihat data pribadi"
SATU_LIHAT = timedelta(hours=1)
# What is ever done, by its name in the trail: a reader chooses from these.
AKSI = (
    "ajukan",
    "aktifkan akun",
    "atur kata sandi",
    "beri dispensasi",
    "buat akun",
    "buat kode cadangan",
    "buat token",
    "buka kembali",
    "buka tahun anggaran",
    "cabut dispensasi",
    "cabut token",
    "catat penyaluran",
    "coba hitung lagi",
    "ganti kata sandi",
    "hapus penyaluran",
    "impor formulir alokasi",
    "kembalikan",
    "kirim tautan kata sandi",
    "lepas perangkat verifikasi",
    LIHAT,
    "masuk",
    "minta tautan kata sandi",
    "mulai mengisi",
    "mulai verifikasi",
    "nonaktifkan akun",
    "pasang perangkat verifikasi",
    "revisi pagu",
    "revisi target",
    "simpan",
    "simpan paket",
    "tambah aturan",
    "tarik kembali",
    "terkunci",
    "tetapkan pembina",
    "tutup triwulan",
    "ubah akun",
    "ubah jadwal",
    "verifikasi",
    "verifikasi dua langkah",
)


def record(
    *,
    by: Pengguna,
    subjek: str,
    aksi: str,
    alokasi: int | None = None,
    sebelum: dict[str, Any] | None = None,
    sesudah: dict[str, Any] | None = None,
    alasan: str = "",
    fakta: Iterable[Model] = (),
) -> Riwayat:
    """Write who did what to which subject («laporan:12»), with the values before and after.

    `alokasi`: whose chain it joins; without one the subject has a chain of its own. The head of the chain
    stays locked until the transaction ends: rows of one chain are written one after the other.
    `fakta`: the rows that the act wrote or ended, as they are now stored; the trail keeps their fingerprints.

    Raises:
        RuntimeError: outside a transaction, where the row could outlive a change that failed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Riwayat is written inside the transaction of its change.")
    head, _ = KepalaRiwayat.objects.select_for_update().get_or_create(
        rantai=rantai_of(subjek, alokasi), defaults={"jumlah": 0, "sidik": ""}
    )
    isi = IsiRiwayat(
        rantai=head.rantai,
        urutan=head.jumlah + 1,
        # Real time, also in a demonstration: the trail is about people, not about data.
        waktu=timezone.now(),
        pelaku=by.pk,
        subjek=subjek,
        aksi=aksi,
        sebelum=sebelum,
        sesudah=sesudah,
        alasan=alasan,
        fakta=fingerprints(fakta) or None,
        sidik_sebelum=head.sidik,
    )
    values = {name: value for name, value in vars(isi).items() if name != "pelaku"}
    row = Riwayat.objects.create(**values, pelaku=by, sidik=sidik_riwayat(isi))
    head.jumlah, head.sidik = row.urutan, row.sidik
    head.save(update_fields=["jumlah", "sidik"])
    return row


def record_read(
    *, by: Pengguna, subjek: str, jumlah: int | None = None, saringan: dict[str, str] | None = None
) -> None:
    """Write that somebody looked at the personal data of others; of a list how many, and by which filter.

    Once an hour for the same reader, subject and filter: going to and fro between a list and its accounts is
    one look, and rows of every reload would hide the looks that matter. Own data is nobody else's business.
    """
    if subjek == f"akun:{by.pk}" or jumlah == 0:
        return
    recent = Riwayat.objects.filter(
        pelaku=by, subjek=subjek, aksi=LIHAT, waktu__gt=timezone.now() - SATU_LIHAT
    )
    if any((row.sesudah or {}).get("saringan") == saringan for row in recent):
        return
    said = None if jumlah is None else {"jumlah": jumlah, "saringan": saringan}
    with transaction.atomic():
        record(by=by, subjek=subjek, aksi=LIHAT, sesudah=said)
