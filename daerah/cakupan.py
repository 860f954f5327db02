"""Scope: the only place that knows roles and the hierarchy of daerah.

Everybody else asks one of two questions: *which* (`visible_to` on a queryset, built on
`visible_daerah` here) and *may I* (`can`). Source: the table "Who may see and do what".
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices

if TYPE_CHECKING:
    from daerah.models import Daerah, Pengguna


class Peran(TextChoices):
    """The office an account acts for."""

    OPERATOR = "operator", "Operator daerah"
    PENYETUJU = "penyetuju", "Penyetuju daerah"
    PROVINSI = "provinsi", "Pembina provinsi"
    VERIFIKATOR = "verifikator", "Verifikator kementerian"
    PIMPINAN = "pimpinan", "Pimpinan"
    ANALIS = "analis", "Analis"
    AUDITOR = "auditor", "Auditor"
    ADMIN = "admin", "Admin"
    SISTEM = "sistem", "Sistem"


class Wewenang(Enum):
    """What a role may do; what it may see is `visible_daerah`."""

    LAPOR = auto()  # fill and submit the reports of the own daerah, its packages and contracts
    VERIFIKASI = auto()  # take up, verify, return, reopen
    IMPOR = auto()
    PENYALURAN = auto()  # enter transfers by hand
    EKSPOR = auto()
    ATURAN = auto()  # add a rule
    JADWAL = auto()  # close a quarter
    AKUN = auto()
    SANDI = auto()  # send a link for a new password to an account in `manageable_accounts`
    TOKEN = auto()  # own tokens for programs
    JEJAK = auto()
    PEKERJAAN = auto()  # everybody's jobs; start again what was given up


NATIONAL = frozenset(
    {Peran.VERIFIKATOR, Peran.PIMPINAN, Peran.ANALIS, Peran.AUDITOR, Peran.ADMIN, Peran.SISTEM}
)
WITH_DAERAH = frozenset({Peran.OPERATOR, Peran.PENYETUJU, Peran.PROVINSI})
MINISTRY = NATIONAL - {Peran.SISTEM}

MAY: dict[Wewenang, frozenset[Peran]] = {
    Wewenang.LAPOR: frozenset({Peran.OPERATOR, Peran.PENYETUJU}),
    Wewenang.VERIFIKASI: frozenset({Peran.VERIFIKATOR}),
    Wewenang.IMPOR: frozenset({Peran.VERIFIKATOR, Peran.ADMIN, Peran.SISTEM}),
    Wewenang.PENYALURAN: frozenset({Peran.VERIFIKATOR, Peran.ADMIN, Peran.SISTEM}),
    Wewenang.EKSPOR: frozenset(NATIONAL | {Peran.PROVINSI}),
    Wewenang.ATURAN: frozenset({Peran.ADMIN}),
    Wewenang.JADWAL: frozenset({Peran.ADMIN, Peran.SISTEM}),
    Wewenang.AKUN: frozenset({Peran.ADMIN}),
    Wewenang.SANDI: frozenset({Peran.ADMIN, Peran.PROVINSI}),
    Wewenang.TOKEN: MINISTRY,
    Wewenang.JEJAK: frozenset({Peran.ADMIN, Peran.AUDITOR}),
    Wewenang.PEKERJAAN: frozenset({Peran.ADMIN}),
}


def can(user: Pengguna, wewenang: Wewenang) -> bool:
    """Whether the account's role may do this at all; the object is checked by `visible_to`."""
    return bool(user.is_authenticated) and user.peran in MAY[wewenang]


def office_of(user: Pengguna) -> str:
    """The office that an account acts for, as one word: what was made for one is not shown in another."""
    return f"{user.peran}:{user.daerah_id or ''}"


def sees_nation(user: Pengguna) -> bool:
    """Whether national figures are this account's business."""
    return bool(user.is_authenticated) and user.peran in NATIONAL


def visible_daerah(user: Pengguna) -> Q:
    """Condition on `Daerah`: all, a province with its kab/kota, the own daerah, or nothing."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.peran in NATIONAL:
        return Q()
    if user.peran == Peran.PROVINSI:
        return Q(kode=user.daerah_id) | Q(induk=user.daerah_id)
    return Q(kode=user.daerah_id)


def visible_wilayah(user: Pengguna) -> Q:
    """Condition on `Daerah`: the provinces whose whole Wilayah (a sum) the account may see."""
    if sees_nation(user):
        return Q(jenis="provinsi")
    if user.is_authenticated and user.peran == Peran.PROVINSI:
        return Q(kode=user.daerah_id)
    return Q(pk__in=[])


def manageable_accounts(user: Pengguna) -> Q:
    """Condition on `Pengguna`: all for the admin, the daerah officers of its Wilayah for a province."""
    if can(user, Wewenang.AKUN):
        return ~Q(peran=Peran.SISTEM)
    if can(user, Wewenang.SANDI):
        of_wilayah = Q(daerah=user.daerah_id) | Q(daerah__induk=user.daerah_id)
        return of_wilayah & Q(peran__in=MAY[Wewenang.LAPOR])
    return Q(pk__in=[])


def owns(user: Pengguna, daerah: Daerah) -> bool:
    """Whether the account is an office of exactly this daerah (reporting is for the own daerah only)."""
    return bool(user.is_authenticated) and user.peran in MAY[Wewenang.LAPOR] and user.daerah_id == daerah.pk
