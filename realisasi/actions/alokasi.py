"""What the ministry sets on an alokasi besides the import: who looks after it, a revised pagu, targets."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.actions.fakta import put, put_all
from realisasi.actions.galat import Ditolak, require
from realisasi.actions.jadwal import require_open_tahun
from realisasi.actions.penutupan import hold_calendar
from realisasi.actions.peristiwa import record_change
from realisasi.actions.riwayat import record
from realisasi.aturan.tampilan import rp
from realisasi.models import Alokasi, Target, VersiPagu


@dataclass(frozen=True, kw_only=True)
class IsianTarget:
    """Cumulative targets of one quarter: rupiah, and percent 0–100 (None: no target)."""

    keuangan: int | None
    fisik: Decimal | None


def assign(
    *, alokasi_id: int, direktorat_pembina: str, penanggung_jawab: Pengguna | None, by: Pengguna
) -> Alokasi:
    """Set the direktorat pembina and the person in charge of an alokasi.

    Raises:
        Ditolak: the role may not, or the person is not of the ministry.
    """
    with transaction.atomic():
        alokasi = _locked(alokasi_id, by)
        if penanggung_jawab and not penanggung_jawab.is_ministry:
            raise Ditolak("Penanggung jawab harus akun kementerian.", kolom="penanggung_jawab")
        before = _assigned(alokasi)
        alokasi.direktorat_pembina, alokasi.penanggung_jawab = direktorat_pembina, penanggung_jawab
        if before != _assigned(alokasi):
            alokasi.save()
            _record(alokasi, by, "tetapkan pembina", before, _assigned(alokasi))
    return alokasi


def _assigned(alokasi: Alokasi) -> dict[str, Any]:
    return {
        "direktorat_pembina": alokasi.direktorat_pembina,
        "penanggung_jawab": alokasi.penanggung_jawab.username if alokasi.penanggung_jawab else None,
    }


def revise_pagu(
    *, alokasi_id: int, jumlah: int, berlaku_dari: date, sumber: str, by: Pengguna, now: datetime
) -> VersiPagu:
    """Record a pagu (rupiah) in force from a day on; a second one of the same day corrects the first.

    Raises:
        Ditolak: the role may not, the TA is closed, or the day lies outside the TA.
    """
    with transaction.atomic():
        alokasi = _locked(alokasi_id, by)
        saat = hold_calendar(alokasi.tahun_id, now)
        require_open_tahun(alokasi.tahun_id)
        if berlaku_dari.year != alokasi.tahun_id:
            raise Ditolak(f"Pilih tanggal dalam TA {alokasi.tahun_id}.", kolom="berlaku_dari")
        stored = VersiPagu.objects.known().filter(alokasi=alokasi, berlaku_dari=berlaku_dari).first()
        before = {"pagu": stored.jumlah} if stored else None
        versi = VersiPagu(
            alokasi=alokasi, berlaku_dari=berlaku_dari, jumlah=jumlah, sumber=sumber, dicatat_pada=saat
        )
        versi.full_clean(exclude=["alokasi", "berlaku_dari"])
        fakta = put(versi, keys=("alokasi_id", "berlaku_dari"), now=saat)
        after = {"pagu": jumlah, "berlaku_dari": berlaku_dari.isoformat(), "sumber": sumber}
        _record(alokasi, by, "revisi pagu", before, after, fakta=fakta)
        _changed(alokasi, "revisi pagu", now)
    return versi


def revise_target(
    *, alokasi_id: int, isian: Mapping[int, IsianTarget], alasan: str, by: Pengguna, now: datetime
) -> None:
    """Replace the targets of the quarters given; a reason is compulsory, the old values stay in Riwayat.

    Raises:
        Ditolak: the role may not, no reason, the TA is closed, a falling target, or one above the pagu.
    """
    with transaction.atomic():
        alokasi = _locked(alokasi_id, by)
        require(bool(alasan.strip()), "Tulis alasan perubahan target.")
        saat = hold_calendar(alokasi.tahun_id, now)
        require_open_tahun(alokasi.tahun_id)
        _refuse_falling(isian)
        _refuse_above_pagu(alokasi, isian)
        stored = {target.triwulan: target for target in Target.objects.known().filter(alokasi=alokasi)}
        before = {str(ke): _target_values(stored[ke]) for ke in isian if ke in stored}
        new = [
            # The field gives and takes Decimal.
            Target(alokasi=alokasi, triwulan=ke, keuangan=values.keuangan, fisik=values.fisik)  # type: ignore[misc]
            for ke, values in isian.items()
        ]
        fakta = put_all(new, keys=("alokasi_id", "triwulan"), now=saat)
        after = {str(ke): _target_values(values) for ke, values in isian.items()}
        _record(alokasi, by, "revisi target", before, after, alasan.strip(), fakta=fakta)
        _changed(alokasi, "revisi target", now)


def _target_values(target: Target | IsianTarget) -> dict[str, Any]:
    return {"keuangan": target.keuangan, "fisik": None if target.fisik is None else str(target.fisik)}


def _refuse_falling(isian: Mapping[int, IsianTarget]) -> None:
    """Targets are cumulative: a later quarter never asks for less."""
    for name in ("keuangan", "fisik"):
        known = [
            (ke, getattr(isian[ke], name)) for ke in sorted(isian) if getattr(isian[ke], name) is not None
        ]
        for (_, before), (ke, value) in itertools.pairwise(known):
            if value < before:
                raise Ditolak(
                    "Target kumulatif tidak boleh turun dari triwulan sebelumnya.", kolom=f"{name}_{ke}"
                )


def _refuse_above_pagu(alokasi: Alokasi, isian: Mapping[int, IsianTarget]) -> None:
    newest = VersiPagu.objects.known().filter(alokasi=alokasi).order_by("-berlaku_dari").first()
    for ke, values in isian.items():
        if newest and values.keuangan is not None and values.keuangan > newest.jumlah:
            raise Ditolak(f"Target melebihi pagu {rp(newest.jumlah)}.", kolom=f"keuangan_{ke}")


def _locked(alokasi_id: int, by: Pengguna) -> Alokasi:
    if not can(by, Wewenang.IMPOR):
        raise Ditolak("Alokasi hanya diubah oleh verifikator atau admin.")
    return Alokasi.objects.select_for_update(no_key=True).get(pk=alokasi_id)


def _record(
    alokasi: Alokasi,
    by: Pengguna,
    aksi: str,
    sebelum: dict[str, Any] | None,
    sesudah: dict[str, Any],
    alasan: str = "",
    fakta: Iterable[Model] = (),
) -> None:
    record(
        by=by,
        subjek=f"alokasi:{alokasi.pk}",
        aksi=aksi,
        sebelum=sebelum,
        sesudah=sesudah,
        alasan=alasan,
        fakta=fakta,
    )


def _changed(alokasi: Alokasi, jenis: str, now: datetime) -> None:
    record_change(alokasi=alokasi, triwulan=1, jenis=jenis, subjek=f"alokasi:{alokasi.pk}", now=now)
