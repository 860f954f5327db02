"""What a daerah records of its packages any day of the year: contract, dates, BAST."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from daerah.cakupan import owns
from daerah.models import Pengguna
from realisasi.actions.galat import Ditolak, PaketBasi
from realisasi.actions.jadwal import require_open_tahun
from realisasi.actions.penutupan import hold_calendar
from realisasi.actions.peristiwa import record_change
from realisasi.actions.riwayat import record
from realisasi.aturan.tampilan import tanggal
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import KontrakTerdahulu, Paket

# Work may begin before its TA (early tender) and end after it (an extension); further away is a slip.
TAHUN_SEBELUM, TAHUN_SESUDAH = 1, 2
SUDAH_TERJADI = {"tanggal_kontrak": "Kontrak", "tanggal_bast": "BAST"}
CONTRACT = {"nilai_kontrak", "tanggal_kontrak"}  # what figures read of a package
TANGGAL = ("tanggal_kontrak", "mulai", "selesai", "tanggal_bast")


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

    Pressing twice writes once.

    Raises:
        PaketBasi: somebody saved something else in between.
        Ditolak: another office's package, a closed TA, or a date that cannot be.
        ValidationError: a constraint of the row (message in Indonesian).
    """
    new = asdict(isian)
    with transaction.atomic():
        paket = (
            Paket.objects.select_for_update(of=("self",))
            .select_related("kegiatan__alokasi__daerah")
            .get(pk=paket_id)
        )
        alokasi = paket.kegiatan.alokasi
        if not owns(by, alokasi.daerah):
            raise Ditolak("Paket dicatat oleh daerahnya sendiri.")
        before = {name: getattr(paket, name) for name in new}
        if before == new:
            return paket
        if paket.versi != versi:
            raise PaketBasi(paket)
        saat = hold_calendar(alokasi.tahun_id, now)
        require_open_tahun(alokasi.tahun_id)
        # A contract signed this morning in the east is of today, though Jakarta still sleeps.
        _refuse_odd_dates(new, alokasi.tahun_id, now.astimezone(alokasi.daerah.tz).date())
        changed = [name for name in new if before[name] != new[name]]
        earlier = _keep_earlier(paket, before, saat)
        for name, value in new.items():
            setattr(paket, name, value)
        paket.versi += 1
        paket.full_clean(exclude=["kegiatan"])
        paket.save()
        subjek = f"paket:{paket.pk}"
        record(
            by=by,
            subjek=subjek,
            aksi="simpan paket",
            alokasi=alokasi.pk,
            sebelum=_as_json(before, changed),
            sesudah=_as_json(new, changed),
            fakta=[*earlier, paket],
        )
        if CONTRACT & set(changed):
            signed = [day for day in (before["tanggal_kontrak"], paket.tanggal_kontrak) if day]
            first = min(_quarter_from(day, alokasi.tahun_id) for day in signed)
            record_change(alokasi=alokasi, triwulan=first, jenis="paket", subjek=subjek, now=now)
    return paket


def _keep_earlier(paket: Paket, before: dict[str, Any], now: datetime) -> list[KontrakTerdahulu]:
    """What was recorded until now stays readable, in the row returned; what it becomes is recorded now."""
    recorded, paket.kontrak_dicatat_pada = paket.kontrak_dicatat_pada, now
    if not recorded:
        return []
    earlier = KontrakTerdahulu(paket=paket, dicatat_pada=recorded, dicabut_pada=now, **before)
    earlier.save()
    return [earlier]


def _refuse_odd_dates(isian: dict[str, Any], tahun: int, hari: date) -> None:
    """A contract or a BAST is a fact, never of tomorrow; and no date lies years away from its TA."""
    years = range(tahun - TAHUN_SEBELUM, tahun + TAHUN_SESUDAH + 1)
    for name in TANGGAL:
        day = isian[name]
        if day and day.year not in years:
            raise Ditolak(
                f"{tanggal(day)} jauh dari TA {tahun}. Periksa tahunnya: {years[0]} sampai {years[-1]}.",
                kolom=name,
            )
        if day and name in SUDAH_TERJADI and day > hari:
            raise Ditolak(
                f"{SUDAH_TERJADI[name]} tanggal {tanggal(day)} belum terjadi. "
                f"Isi paling lambat hari ini, {tanggal(hari)}.",
                kolom=name,
            )


def _quarter_from(day: date, tahun: int) -> int:
    """The first quarter of the TA in which a contract of this day counts."""
    if day.year < tahun:
        return 1
    return Triwulan.of(day).ke if day.year == tahun else 4


def _as_json(values: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {
        name: values[name].isoformat() if isinstance(values[name], date) else values[name] for name in names
    }
