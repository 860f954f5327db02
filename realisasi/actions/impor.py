"""The import of a formulir alokasi: all of it in one transaction, or nothing.

Order of locks: the bidang (one import at a time), the alokasi by id, then their TA, as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.fakta import put_all
from realisasi.actions.galat import Ditolak
from realisasi.actions.jadwal import open_tahun
from realisasi.actions.penutupan import hold_calendar
from realisasi.actions.peristiwa import record_changes
from realisasi.actions.rencana_impor import (
    ALOKASI_FIELDS,
    KEGIATAN_FIELDS,
    Perubahan,
    RencanaAlokasi,
    RencanaImpor,
    RencanaKegiatan,
    plan_import,
)
from realisasi.actions.riwayat import record
from realisasi.aturan.formulir_alokasi import TRIWULAN, BarisAlokasi
from realisasi.models import (
    Alokasi,
    Bidang,
    Kegiatan,
    Paket,
    Pelaksanaan,
    Sentra,
    Target,
    VersiPagu,
    VersiRK,
)

SUMBER = "Formulir alokasi"


class RencanaBerubah(Ditolak):
    """What is stored changed since the plan was shown; `rencana` is what the same form would do now."""

    def __init__(self, rencana: RencanaImpor) -> None:
        super().__init__(
            "Data sudah berubah sejak pratinjau dibuat. Periksa pratinjau yang baru, lalu terapkan."
        )
        self.rencana = rencana


def apply_import(rencana: RencanaImpor, *, by: Pengguna, now: datetime) -> None:
    """Write what the plan says, its audit rows and its outbox rows; a plan without changes writes nothing.

    Raises:
        Ditolak: the role may not, or the plan has obstacles.
        RencanaBerubah: the plan is no longer what would happen.
    """
    if not can(by, Wewenang.IMPOR):
        raise Ditolak("Formulir alokasi hanya dimuat oleh verifikator atau admin.")
    if rencana.halangan:
        raise Ditolak(" ".join(rencana.halangan))
    with transaction.atomic():
        Bidang.objects.select_for_update(no_key=True).get(pk=Bidang.IKM)
        touched = [satu.alokasi_id for satu in rencana.alokasi if satu.alokasi_id]
        list(
            Alokasi.objects.filter(pk__in=touched).select_for_update(no_key=True).order_by("pk").values("pk")
        )
        fresh = plan_import(rencana.baris, now=now, berlaku_dari=rencana.diminta)
        if fresh.sidik != rencana.sidik:
            raise RencanaBerubah(fresh)
        for tahun in rencana.tahun_baru:
            open_tahun(tahun=tahun, by=by)
        changed = rencana.alokasi_berubah
        saat = max([now, *(hold_calendar(tahun, now) for tahun in sorted({s.tahun for s in changed}))])
        alokasi = _store_alokasi(changed)
        _store_sentra(rencana, by)
        fakta = _by_alokasi(
            [
                *_store_pagu(changed, alokasi, saat),
                *_store_kegiatan(changed, alokasi, saat),
                *_store_targets(changed, alokasi, saat),
            ]
        )
        for satu in changed:
            _record(satu, alokasi[satu.kunci], by, fakta[alokasi[satu.kunci].pk])
        record_changes(alokasi=alokasi.values(), jenis="impor", subjek="formulir alokasi", now=now)


def _store_alokasi(changed: list[RencanaAlokasi]) -> dict[tuple[str, int], Alokasi]:
    """The alokasi of the plan, new ones made."""
    new = [
        Alokasi(daerah_id=satu.kode_daerah, tahun_id=satu.tahun, bidang_id=Bidang.IKM)
        for satu in changed
        if satu.is_new
    ]
    stored = Alokasi.objects.in_bulk([satu.alokasi_id for satu in changed if satu.alokasi_id])
    alokasi = {(row.daerah_id, row.tahun_id): row for row in [*stored.values(), *new]}
    for satu in changed:
        _set_changed(alokasi[satu.kunci], satu.perubahan, ALOKASI_FIELDS)
    Alokasi.objects.bulk_create(new)
    Alokasi.objects.bulk_update(stored.values(), ALOKASI_FIELDS, batch_size=500)
    return alokasi


def _store_pagu(
    changed: list[RencanaAlokasi], alokasi: dict[tuple[str, int], Alokasi], now: datetime
) -> list[VersiPagu]:
    # A second revision on the same day corrects the first.
    return put_all(
        (
            VersiPagu(
                alokasi=alokasi[satu.kunci], jumlah=satu.pagu, berlaku_dari=satu.berlaku_dari, sumber=SUMBER
            )
            for satu in changed
            if satu.changed("pagu")
        ),
        keys=("alokasi_id", "berlaku_dari"),
        now=now,
    )


def _store_sentra(rencana: RencanaImpor, by: Pengguna) -> None:
    Sentra.objects.bulk_create(
        Sentra(daerah_id=satu.kode_daerah, nama=satu.nama, komoditas=satu.sesudah)
        for satu in rencana.sentra
        if satu.sentra_id is None
    )
    for satu in rencana.sentra:
        if satu.sentra_id is not None:
            Sentra.objects.filter(pk=satu.sentra_id).update(komoditas=satu.sesudah)
            record(
                by=by,
                subjek=f"sentra:{satu.sentra_id}",
                aksi="impor formulir alokasi",
                sebelum={"komoditas": satu.sebelum},
                sesudah={"komoditas": satu.sesudah},
            )


def _store_kegiatan(
    changed: list[RencanaAlokasi], alokasi: dict[tuple[str, int], Alokasi], now: datetime
) -> list[Kegiatan | Paket | VersiRK]:
    sentra = {
        (row.daerah_id, row.nama.casefold()): row
        for row in Sentra.objects.filter(daerah__in={satu.kode_daerah for satu in changed})
    }
    stored = Kegiatan.objects.in_bulk(
        [satu.kegiatan_id for rencana in changed for satu in rencana.kegiatan_berubah if satu.kegiatan_id]
    )
    new, versions = [], []
    for rencana in changed:
        for satu in [*rencana.kegiatan_baru, *rencana.kegiatan_berubah]:
            kegiatan = stored[satu.kegiatan_id] if satu.kegiatan_id else _new_kegiatan(satu.baris)
            kegiatan.alokasi = alokasi[rencana.kunci]
            kegiatan.sentra = sentra[rencana.kode_daerah, satu.baris.sentra.casefold()]
            _set_changed(kegiatan, satu.perubahan, KEGIATAN_FIELDS)
            if satu.is_new:
                new.append(kegiatan)
            if satu.changes_amount:
                versions.append((kegiatan, satu.baris.nilai_rk, rencana.berlaku_dari))
    Kegiatan.objects.bulk_create(new)
    Kegiatan.objects.bulk_update(stored.values(), ["sentra", *KEGIATAN_FIELDS], batch_size=500)
    paket = Paket.objects.bulk_create(_new_paket(kegiatan, now) for kegiatan in new)
    amounts = put_all(
        (VersiRK(kegiatan=kegiatan, nilai=nilai, berlaku_dari=hari) for kegiatan, nilai, hari in versions),
        keys=("kegiatan_id", "berlaku_dari"),
        now=now,
    )
    lines = {kegiatan.pk: kegiatan for kegiatan in [*stored.values(), *new]}
    for amount in amounts:
        amount.kegiatan = lines[amount.kegiatan_id]
    return [*lines.values(), *paket, *amounts]


def _new_kegiatan(baris: BarisAlokasi) -> Kegiatan:
    return Kegiatan(menu=baris.menu, rincian=baris.rincian, komponen=baris.komponen, lokasi=baris.lokasi)


def _new_paket(kegiatan: Kegiatan, now: datetime) -> Paket:
    """A kegiatan begins as one paket; its method is known only where no provider is sought."""
    own = kegiatan.pelaksanaan == Pelaksanaan.SWAKELOLA
    return Paket(
        kegiatan=kegiatan,
        nama=kegiatan.rincian,
        metode=Paket.Metode.SWAKELOLA if own else "",
        kontrak_dicatat_pada=now,
    )


def _store_targets(
    changed: list[RencanaAlokasi], alokasi: dict[tuple[str, int], Alokasi], now: datetime
) -> list[Target]:
    """Stated targets over the stored ones; a quarter of which the form says nothing keeps its row."""
    stored = {
        (row.alokasi_id, row.triwulan): row
        for row in Target.objects.known().filter(alokasi__in=[row.pk for row in alokasi.values()])
    }
    rows = []
    for satu in changed:
        owner = alokasi[satu.kunci]
        for ke in TRIWULAN:
            keuangan, fisik = satu.changed(f"target_keu_tw{ke}"), satu.changed(f"target_fisik_tw{ke}")
            if not keuangan and not fisik:
                continue
            before = stored.get((owner.pk, ke)) or Target()
            rows.append(
                Target(
                    alokasi=owner,
                    triwulan=ke,
                    keuangan=keuangan.sesudah if keuangan else before.keuangan,
                    fisik=fisik.sesudah if fisik else before.fisik,
                )
            )
    return put_all(rows, keys=("alokasi_id", "triwulan"), now=now)


def _by_alokasi(rows: list[Any]) -> dict[int, list[Any]]:
    """What was written, by the alokasi that it belongs to."""
    owned = defaultdict(list)
    for row in rows:
        owner = row if hasattr(row, "alokasi_id") else row.kegiatan
        owned[owner.alokasi_id].append(row)
    return owned


def _set_changed(row: Alokasi | Kegiatan, perubahan: tuple[Perubahan, ...], names: tuple[str, ...]) -> None:
    for satu in perubahan:
        if satu.kolom in names:
            setattr(row, satu.kolom, satu.sesudah)


def _record(satu: RencanaAlokasi, alokasi: Alokasi, by: Pengguna, fakta: list[Any]) -> None:
    """One audit row an alokasi, with every value before and after."""
    record(
        by=by,
        subjek=f"alokasi:{alokasi.pk}",
        aksi="impor formulir alokasi",
        sebelum=None if satu.is_new else _values(satu, "sebelum"),
        sesudah={"berlaku_dari": satu.berlaku_dari.isoformat(), **_values(satu, "sesudah")},
        fakta=fakta,
    )


def _values(satu: RencanaAlokasi, side: str) -> dict[str, Any]:
    values = {change.kolom: _plain(getattr(change, side)) for change in satu.perubahan}
    kegiatan = [_kegiatan_values(row, side) for row in satu.kegiatan if row.perubahan]
    return {**values, "kegiatan": kegiatan}


def _kegiatan_values(row: RencanaKegiatan, side: str) -> dict[str, Any]:
    named = {"menu": row.baris.menu, "rincian": row.baris.rincian, "lokasi": row.baris.lokasi}
    return {**named, **{change.kolom: _plain(getattr(change, side)) for change in row.perubahan}}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
