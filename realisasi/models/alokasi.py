"""What a daerah was given: alokasi, pagu, target, transfers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from daerah.models import Daerah
from realisasi.models.bidang_isian import PersenField, RupiahField
from realisasi.models.jadwal import KE, TahunAnggaran, triwulan_valid
from realisasi.models.tercatat import Tercatat, TercatatQuerySet, interval_valid


class Bidang(models.Model):
    """A field of DAK Fisik. Only IKM is shown; others carry the rows of speed tests."""

    IKM = "IKM"

    kode = models.CharField("kode", max_length=12, primary_key=True)
    nama = models.CharField("nama", max_length=60)

    class Meta:
        verbose_name = "bidang"
        verbose_name_plural = "bidang"

    def __str__(self) -> str:
        return self.nama


class AlokasiQuerySet(models.QuerySet["Alokasi"]):
    def visible_to(self, user: Any) -> AlokasiQuerySet:
        return self.filter(daerah__in=Daerah.objects.visible_to(user))

    def ikm(self) -> AlokasiQuerySet:
        return self.filter(bidang=Bidang.IKM)

    def with_pagu(self, hari: date, pada: datetime | None = None) -> AlokasiQuerySet:
        """Adds `pagu` in force on a day (rupiah; None before the first), as known at `pada` (None: now)."""
        versions = VersiPagu.objects.known(pada).filter(alokasi=OuterRef("pk"), berlaku_dari__lte=hari)
        return self.annotate(pagu=Subquery(versions.order_by("-berlaku_dari").values("jumlah")[:1]))


class Alokasi(models.Model):
    """The allocation of one daerah in one TA and bidang; its pagu is versioned."""

    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah")
    tahun = models.ForeignKey(TahunAnggaran, models.PROTECT, db_column="tahun", verbose_name="tahun anggaran")
    bidang = models.ForeignKey(Bidang, models.PROTECT, verbose_name="bidang", default=Bidang.IKM)
    tematik = models.CharField("tematik", max_length=200, blank=True)
    direktorat_pembina = models.CharField("direktorat pembina", max_length=120, blank=True)
    penanggung_jawab = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="penanggung jawab", null=True, blank=True
    )

    objects = AlokasiQuerySet.as_manager()

    class Meta:
        verbose_name = "alokasi"
        verbose_name_plural = "alokasi"
        ordering = ["tahun", "daerah"]
        indexes = [models.Index(fields=["tahun", "bidang"])]
        constraints = [
            models.UniqueConstraint(
                fields=["daerah", "tahun", "bidang"],
                name="alokasi_unik",
                violation_error_message="Alokasi daerah ini untuk tahun dan bidang itu sudah ada.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.daerah} TA {self.tahun_id}"


class VersiPagu(Tercatat):
    """Pagu in force from a day on (APBN, or a revision in mid-year)."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    jumlah = RupiahField("pagu (Rp)")
    berlaku_dari = models.DateField("berlaku dari")
    sumber = models.CharField("sumber", max_length=300, blank=True)

    objects = TercatatQuerySet.as_manager()

    class Meta:
        verbose_name = "versi pagu"
        verbose_name_plural = "versi pagu"
        ordering = ["alokasi", "berlaku_dari"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "berlaku_dari"],
                condition=Q(dicabut_pada__isnull=True),
                name="versi_pagu_satu_berlaku",
                violation_error_message="Pagu dengan tanggal berlaku itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(jumlah__gte=0),
                name="versi_pagu_positif",
                violation_error_message="Pagu di bawah nol.",
            ),
            interval_valid("versi_pagu_masa_catat"),
        ]


class Target(Tercatat):
    """What a daerah set out to reach by the end of a quarter, cumulative; entered once with the RK."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    keuangan = RupiahField("target keuangan (Rp)", null=True, blank=True)
    fisik = PersenField("target fisik (%)", null=True, blank=True)

    objects = TercatatQuerySet.as_manager()

    class Meta:
        verbose_name = "target"
        verbose_name_plural = "target"
        ordering = ["alokasi", "triwulan"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "triwulan"],
                condition=Q(dicabut_pada__isnull=True),
                name="target_satu_berlaku",
                violation_error_message="Target triwulan ini sudah ada.",
            ),
            triwulan_valid("target_triwulan_1_4"),
            models.CheckConstraint(
                condition=Q(keuangan__isnull=True) | Q(keuangan__gte=0),
                name="target_keuangan_positif",
                violation_error_message="Target keuangan di bawah nol.",
            ),
            models.CheckConstraint(
                condition=Q(fisik__isnull=True) | Q(fisik__gte=0, fisik__lte=100),
                name="target_fisik_0_100",
                violation_error_message="Target fisik harus 0 sampai 100 persen.",
            ),
            interval_valid("target_masa_catat"),
        ]


class PenyaluranQuerySet(TercatatQuerySet["Penyaluran"]):
    def visible_to(self, user: Any) -> PenyaluranQuerySet:
        return self.filter(alokasi__in=Alokasi.objects.visible_to(user))


class Penyaluran(Tercatat):
    """Money that reached the RKUD by one SP2D of the KPPN; a wrong entry is taken back, never deleted."""

    class Tahap(models.TextChoices):
        I = "I", "Tahap Penyaluran I"  # noqa: E741 - the regulation's own name
        II = "II", "Tahap Penyaluran II"
        III = "III", "Tahap Penyaluran III"
        SEKALIGUS = "sekaligus", "Sekaligus"

    alokasi = models.ForeignKey(Alokasi, models.PROTECT, verbose_name="alokasi")
    tahap = models.CharField("tahap penyaluran", max_length=10, choices=Tahap.choices)
    nomor_sp2d = models.CharField("nomor SP2D", max_length=60)
    tanggal_sp2d = models.DateField("tanggal SP2D")
    jumlah = RupiahField("jumlah (Rp)")

    objects = PenyaluranQuerySet.as_manager()

    class Meta:
        verbose_name = "penyaluran"
        verbose_name_plural = "penyaluran"
        ordering = ["alokasi", "tanggal_sp2d", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "nomor_sp2d"],
                condition=Q(dicabut_pada__isnull=True),
                name="penyaluran_satu_berlaku",
                violation_error_message="Nomor SP2D ini sudah tercatat untuk daerah ini.",
            ),
            models.CheckConstraint(
                condition=Q(jumlah__gt=0),
                name="penyaluran_positif",
                violation_error_message="Jumlah penyaluran harus lebih dari nol.",
            ),
            interval_valid("penyaluran_masa_catat"),
        ]
