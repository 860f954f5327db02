"""What a daerah records of its packages any day of the year: contract, dates, BAST."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from daerah.cakupan import owns
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak
from realisasi.actions.peristiwa import record_change
from realisasi.actions.riwayat import record
from realisasi.aturan.tampilan import tanggal
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Paket


@dataclass(frozen=True, kw_only=True)
class IsianPaket:
    """The fields of a package that its daerah fills in."""

    metode: str = ""
    penyedia: str = ""
    nomor_kontrak: str = ""
    tanggal_kontrak: date | None = None
    nilai_kontrak: int | None = None
    mulai: date | None = None
    selesai: date | None = None
    tanggal_bast: date | None = None


def save_paket(*, paket_id: int, versi: int, isian: IsianPaket, by: Pengguna, now: datetime) -> Paket:
    """Store contract and dates; figures follow from the quarter in which the contract was signed.

    Raises:
        Ditolak: another office's package, saved in between, or dates that lie in the future.
        ValidationError: a constraint of the row (message in Indonesian).
    """
    with transaction.atomic():
        paket = (
            Paket.objects.select_for_update(of=("self",))
            .select_related("kegiatan__alokasi__daerah")
            .get(pk=paket_id)
        )
        alokasi = paket.kegiatan.alokasi
        if not owns(by, alokasi.daerah):
            raise Ditolak("Paket dicatat oleh daerahnya sendiri.")
        if paket.versi != versi:
            raise Ditolak(
                "Paket ini sudah disimpan lebih baru oleh orang lain. Periksa isinya, lalu simpan lagi."
            )
        _refuse_future(isian, now.astimezone(WIB).date())
        before = {name: getattr(paket, name) for name in asdict(isian)}
        if before == asdict(isian):
            return paket
        for name, value in asdict(isian).items():
            setattr(paket, name, value)
        paket.versi += 1
        paket.full_clean(exclude=["kegiatan"])
        paket.save()
        record(
            by=by,
            subjek=f"paket:{paket.pk}",
            aksi="simpan paket",
            sebelum={name: str(value) for name, value in before.items() if value},
            sesudah={name: str(value) for name, value in asdict(isian).items() if value},
        )
        signed = [day for day in (before["tanggal_kontrak"], paket.tanggal_kontrak) if day]
        first = min((Triwulan.of(day).ke for day in signed if day.year == alokasi.tahun_id), default=1)
        record_change(alokasi=alokasi, triwulan=first, jenis="paket", subjek=f"paket:{paket.pk}", now=now)
    return paket


def _refuse_future(isian: IsianPaket, hari: date) -> None:
    """A contract or a BAST is a fact; what is planned belongs to the plan."""
    for label, day in (("Tanggal kontrak", isian.tanggal_kontrak), ("Tanggal BAST", isian.tanggal_bast)):
        if day and day > hari:
            raise Ditolak(f"{label} {tanggal(day)} belum terjadi; paling lambat hari ini, {tanggal(hari)}.")
