"""The demonstration accounts: offices, no people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from daerah.cakupan import Peran
from daerah.models import Daerah, Pengguna

SANDI = "dak-ikm-contoh"
KEMENTERIAN = {
    Peran.ADMIN: "Administrator DAK IKM",
    Peran.VERIFIKATOR: "Verifikator Laporan DAK IKM",
    Peran.PIMPINAN: "Pimpinan Direktorat Jenderal IKMA",
    Peran.ANALIS: "Analis Data DAK IKM",
    Peran.AUDITOR: "Auditor",
}
DAERAH = {Peran.OPERATOR: "Operator Dinas Perindustrian", Peran.PENYETUJU: "Kepala Dinas Perindustrian"}


def create_accounts(penerima: Iterable[Daerah]) -> dict[str, Pengguna]:
    """Every demonstration account by its name; one that is there already is left as it is."""
    # Hashed once: a slow hash for some three hundred equal passwords would take minutes.
    sandi = make_password(SANDI)
    wanted = [*_ministry(), *_provinces(Daerah.objects.provinsi()), *_offices(penerima)]
    for account in wanted:
        account.password, account.contoh = sandi, True
        account.email = f"{account.username}@dak-ikm.example"
    names = [account.username for account in wanted]
    taken = set(Pengguna.objects.filter(username__in=names).values_list("username", flat=True))
    Pengguna.objects.bulk_create(account for account in wanted if account.username not in taken)
    return {
        account.username: account
        for account in Pengguna.objects.filter(username__in=names).select_related("daerah")
    }


def _ministry() -> Iterator[Pengguna]:
    # Real time: a period of duty is about people, not about the demonstration day.
    next_year = timezone.localdate() + timedelta(days=365)
    for peran, jabatan in KEMENTERIAN.items():
        ends = next_year if peran == Peran.AUDITOR else None
        yield Pengguna(username=peran.value, peran=peran, jabatan=jabatan, selesai_bertugas=ends)


def _provinces(provinsi: Iterable[Daerah]) -> Iterator[Pengguna]:
    for daerah in provinsi:
        yield Pengguna(
            username=f"provinsi.{daerah.kode}",
            peran=Peran.PROVINSI,
            daerah=daerah,
            jabatan="Pembina DAK IKM Dinas Perindustrian Provinsi",
        )


def _offices(penerima: Iterable[Daerah]) -> Iterator[Pengguna]:
    for daerah in penerima:
        for peran, jabatan in DAERAH.items():
            yield Pengguna(
                username=f"{peran.value}.{daerah.kode}", peran=peran, daerah=daerah, jabatan=jabatan
            )
