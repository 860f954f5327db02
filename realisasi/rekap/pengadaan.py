"""Packages as they stand on a day, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from realisasi.models import Bidang, KeadaanPaket, Paket


@dataclass(frozen=True, kw_only=True)
class RingkasanPaket:
    """Sums over packages (rupiah); of how many they speak stands beside them."""

    jumlah: int
    terkontrak: int
    bast: int
    nilai_rk: int
    nilai_kontrak: int
    rk_terkontrak: int

    @property
    def belum_terkontrak(self) -> int:
        return self.jumlah - self.terkontrak

    @property
    def rk_belum_terkontrak(self) -> int:
        return self.nilai_rk - self.rk_terkontrak

    @property
    def sisa_tender(self) -> int | None:
        """Nilai RK minus nilai kontrak of what is contracted; negative where APBD money was added."""
        return self.rk_terkontrak - self.nilai_kontrak if self.terkontrak else None


def packages_on(
    user: Any,
    *,
    tahun: int,
    hari: date,
    pada: datetime | None = None,
    provinsi: str = "",
    komponen: str = "",
    keadaan: str = "",
) -> QuerySet[Paket]:
    """The packages of a TA that the account may see, with amounts and state on a day, as known at `pada`."""
    packages = (
        Paket.objects.visible_to(user)
        .filter(kegiatan__alokasi__tahun=tahun, kegiatan__alokasi__bidang=Bidang.IKM)
        .with_amounts(hari, pada)
        .with_keadaan(hari, pada)
        .select_related("kegiatan__alokasi__daerah__induk", "kegiatan__sentra")
        .order_by("kegiatan__alokasi__daerah_id", "kegiatan_id", "pk")
    )
    if provinsi:
        packages = packages.filter(kegiatan__alokasi__daerah__kode__startswith=provinsi)
    if komponen:
        packages = packages.filter(kegiatan__komponen=komponen)
    return packages.filter(keadaan=keadaan) if keadaan else packages


def summarise(packages: QuerySet[Paket]) -> RingkasanPaket:
    contracted = Q(kontrak__isnull=False)
    sums = packages.order_by().aggregate(
        jumlah=Count("pk"),
        terkontrak=Count("pk", filter=contracted),
        bast=Count("pk", filter=Q(keadaan=KeadaanPaket.SELESAI_BAST)),
        jumlah_rk=Sum("nilai_rk"),
        jumlah_kontrak=Sum("kontrak"),
        rk_terkontrak=Sum("nilai_rk", filter=contracted),
    )
    return RingkasanPaket(
        jumlah=sums["jumlah"],
        terkontrak=sums["terkontrak"],
        bast=sums["bast"],
        nilai_rk=sums["jumlah_rk"] or 0,
        nilai_kontrak=sums["jumlah_kontrak"] or 0,
        rk_terkontrak=sums["rk_terkontrak"] or 0,
    )
