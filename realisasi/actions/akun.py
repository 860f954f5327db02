"""Accounts by the hand of an admin or a province: import, on and off, help with passwords; own tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from daerah.cakupan import WITH_DAERAH, Wewenang, can
from daerah.models import Pengguna, TokenAkses
from realisasi.actions.galat import Ditolak, require
from realisasi.actions.riwayat import record
from realisasi.aturan.formulir_akun import AkunLain, BarisAkun, check_akun

# Column of the form -> attribute of the account.
FIELDS = {
    "nama": "first_name",
    "surel": "email",
    "peran": "peran",
    "kode_daerah": "daerah_id",
    "jabatan": "jabatan",
    "telepon": "telepon",
    "mulai_bertugas": "mulai_bertugas",
    "selesai_bertugas": "selesai_bertugas",
}
MASA_TOKEN = (30, 90, 365)  # days


@dataclass(frozen=True)
class PerubahanAkun:
    """An account against its row of the form, column by column (before, after)."""

    baris: BarisAkun
    kolom: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class RencanaAkun:
    """What an import would do."""

    baru: tuple[BarisAkun, ...]
    berubah: tuple[PerubahanAkun, ...]
    sama: int


@dataclass(frozen=True)
class HasilAkun:
    """What an import did; the new accounts still wait for their activation mail."""

    baru: tuple[Pengguna, ...]
    berubah: int
    sama: int


def other_accounts(by: Pengguna) -> AkunLain:
    """What the rows of a form are held against."""
    owners = Pengguna.objects.exclude(email="").values_list("email", "username")
    return AkunLain(
        pemilik_surel={email.casefold(): username for email, username in owners},
        pengunggah=by.username,
        peran_pengunggah=by.peran,
        hari=timezone.localdate(),
        peran_daerah=WITH_DAERAH,
    )


def plan_import(rows: Iterable[BarisAkun]) -> RencanaAkun:
    """What these rows would change now; writes nothing."""
    rows = list(rows)
    stored = Pengguna.objects.in_bulk([row.username for row in rows], field_name="username")
    existing = [row for row in rows if row.username in stored]
    changes = [PerubahanAkun(row, _differences(stored[row.username], row)) for row in existing]
    changed = tuple(change for change in changes if change.kolom)
    new = tuple(row for row in rows if row.username not in stored)
    return RencanaAkun(new, changed, len(rows) - len(new) - len(changed))


def import_akun(*, rows: Sequence[BarisAkun], by: Pengguna) -> HasilAkun:
    """Create and change accounts as the rows say: all of them or none.

    Raises:
        Ditolak: the role may not, or the accounts changed since the rows were checked.
    """
    require(can(by, Wewenang.AKUN), "Akun hanya dimuat oleh admin.")
    try:
        with transaction.atomic():
            # The rows stay as they are until all is written; new names are guarded by their own key.
            list(Pengguna.objects.select_for_update().filter(username__in=[r.username for r in rows]))
            faults = list(check_akun(rows, other_accounts(by)))
            require(not faults, f"{len(faults)} baris tidak cocok lagi dengan akun yang ada. Unggah ulang.")
            plan = plan_import(rows)
            new = tuple(_create(row, by) for row in plan.baru)
            for change in plan.berubah:
                _change(change, by)
    except IntegrityError as exc:
        raise Ditolak("Akun yang sama sedang dimuat dari berkas lain. Unggah ulang.") from exc
    return HasilAkun(new, len(plan.berubah), plan.sama)


def _create(row: BarisAkun, by: Pengguna) -> Pengguna:
    akun = Pengguna(username=row.username, **_values(row))
    akun.set_unusable_password()  # the owner sets the first one, behind the mailed link
    akun.save(force_insert=True)
    record(by=by, subjek=subjek(akun), aksi="buat akun", sesudah=_plain(_stated(row)))
    return akun


def _change(change: PerubahanAkun, by: Pengguna) -> None:
    akun = Pengguna.objects.get(username=change.baris.username)
    for kolom, (_, after) in change.kolom.items():
        setattr(akun, FIELDS[kolom], after)
    akun.save(update_fields=[FIELDS[kolom].removesuffix("_id") for kolom in change.kolom])
    record(
        by=by,
        subjek=subjek(akun),
        aksi="ubah akun",
        sebelum=_plain({kolom: before for kolom, (before, _) in change.kolom.items()}),
        sesudah=_plain({kolom: after for kolom, (_, after) in change.kolom.items()}),
    )


def set_active(*, akun: Pengguna, aktif: bool, alasan: str, by: Pengguna) -> None:
    """Switch an account off (its open sessions and tokens end with it) or on again.

    Raises:
        Ditolak: the role may not, the own account, or no reason.
    """
    require(can(by, Wewenang.AKUN), "Akun hanya diaktifkan atau dinonaktifkan oleh admin.")
    require(akun.pk != by.pk, "Akun Anda sendiri tidak dapat Anda nonaktifkan. Minta admin lain.")
    require(bool(alasan), "Tulis alasannya: alasan ini tersimpan di jejak audit.")
    with transaction.atomic():
        stored = Pengguna.objects.select_for_update().get(pk=akun.pk)
        if stored.is_active == aktif:
            return
        stored.is_active = aktif
        stored.save(update_fields=["is_active"])
        record(
            by=by,
            subjek=subjek(akun),
            aksi="aktifkan akun" if aktif else "nonaktifkan akun",
            sebelum={"aktif": not aktif},
            sesudah={"aktif": aktif},
            alasan=alasan,
        )


def allow_new_password(*, akun: Pengguna, by: Pengguna) -> None:
    """Record that a link for a new password goes out; the door mails it after the commit.

    Raises:
        Ditolak: not an account that this one may help, or one that could not sign in anyway.
    """
    helped = Pengguna.objects.manageable_by(by).filter(pk=akun.pk).exists()
    require(helped, "Akun ini bukan wewenang Anda.")
    may_sign_in = akun.is_active and akun.on_duty(timezone.localdate())
    require(may_sign_in, "Akun ini tidak aktif atau tidak sedang bertugas, jadi tidak dapat masuk.")
    require(bool(akun.email), "Akun ini belum punya alamat surel. Isi lewat formulir akun.")
    with transaction.atomic():
        record(by=by, subjek=subjek(akun), aksi="kirim tautan kata sandi", sesudah={"surel": akun.email})


def release_devices(*, akun: Pengguna, alasan: str, by: Pengguna) -> None:
    """Forget the second factor of somebody who lost it; the next sign-in sets up a new one.

    Raises:
        Ditolak: the role may not, the own account, or no reason.
    """
    require(can(by, Wewenang.AKUN), "Perangkat hanya dilepas oleh admin.")
    require(akun.pk != by.pk, "Perangkat Anda sendiri dilepas oleh admin lain.")
    require(bool(alasan), "Tulis alasannya: alasan ini tersimpan di jejak audit.")
    with transaction.atomic():
        for model in (TOTPDevice, StaticDevice):
            model.objects.filter(user=akun).delete()
        record(by=by, subjek=subjek(akun), aksi="lepas perangkat verifikasi", alasan=alasan)


def issue_token(*, label: str, hari: int, by: Pengguna) -> tuple[TokenAkses, str]:
    """A token of the own account and its secret, shown this once.

    Raises:
        Ditolak: the role has no tokens, or the lifetime is none of those offered.
    """
    require(can(by, Wewenang.TOKEN), "Peran ini tidak memakai token.")
    require(hari in MASA_TOKEN, "Masa berlaku token ini tidak tersedia.")
    with transaction.atomic():
        token, rahasia = TokenAkses.issue(
            pengguna=by, label=label, masa=timedelta(days=hari), saat=timezone.now()
        )
        record(
            by=by,
            subjek=subjek(by),
            aksi="buat token",
            sesudah={"label": label, "awalan": token.awalan, "kedaluwarsa": token.kedaluwarsa.isoformat()},
        )
    return token, rahasia


def revoke_token(*, token: TokenAkses, by: Pengguna) -> None:
    """End a token now; ending it again changes nothing."""
    require(token.pengguna_id == by.pk, "Token hanya dicabut oleh pemiliknya.")
    with transaction.atomic():
        ended = TokenAkses.objects.filter(pk=token.pk, dicabut=None).update(dicabut=timezone.now())
        if ended:
            record(by=by, subjek=subjek(by), aksi="cabut token", sebelum={"awalan": token.awalan})


def subjek(akun: Pengguna) -> str:
    """Under what the audit trail keeps the history of an account."""
    return f"akun:{akun.pk}"


def _values(row: BarisAkun) -> dict[str, Any]:
    return {attribute: getattr(row, kolom) for kolom, attribute in FIELDS.items()}


def _stated(row: BarisAkun) -> dict[str, Any]:
    return {kolom: getattr(row, kolom) for kolom in FIELDS}


def _differences(akun: Pengguna, row: BarisAkun) -> dict[str, tuple[Any, Any]]:
    pairs = {kolom: (getattr(akun, attribute), getattr(row, kolom)) for kolom, attribute in FIELDS.items()}
    return {kolom: pair for kolom, pair in pairs.items() if pair[0] != pair[1]}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: dates as ISO text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
