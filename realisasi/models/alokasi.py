"""What a daerah was given: tahun anggaran, its quarters, alokasi, pagu, target, transfers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.models.bidang_isian import PersenField, RupiahField

KE = [(1, "TW I"), (2, "TW II"), (3, "TW III"), (4, "TW IV")]


def triwulan_valid(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(triwulan__gte=1, triwulan__lte=4),
        name=name,
        violation_error_message="Triwulan harus I sampai IV.",
    )


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


class TahunAnggaran(models.Model):
    tahun = models.PositiveSmallIntegerField("tahun", primary_key=True)

    class Meta:
        verbose_name = "tahun anggaran"
        verbose_name_plural = "tahun anggaran"
        ordering = ["tahun"]

    def __str__(self) -> str:
        return f"TA {self.tahun}"


class PeriodeTriwulan(models.Model):
    """The schedule of one quarter: its deadline, and when a person closed it (never the calendar)."""

    tahun = models.ForeignKey(TahunAnggaran, models.PROTECT, db_column="tahun", verbose_name="tahun anggaran")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    tenggat = models.DateTimeField("tenggat")
    ditutup_pada = models.DateTimeField("ditutup pada", null=True, blank=True)
    ditutup_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="ditutup oleh", null=True, blank=True
    )
    alasan = models.CharField("alasan", max_length=500, blank=True)

    class Meta:
        verbose_name = "periode triwulan"
        verbose_name_plural = "periode triwulan"
        ordering = ["tahun", "triwulan"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun", "triwulan"],
                name="periode_unik",
                violation_error_message="Triwulan ini sudah ada dalam jadwal.",
            ),
            triwulan_valid("periode_triwulan_1_4"),
            models.CheckConstraint(
                condition=Q(ditutup_pada__isnull=True, ditutup_oleh__isnull=True)
                | Q(ditutup_pada__isnull=False, ditutup_oleh__isnull=False),
                name="periode_penutup_tercatat",
                violation_error_message="Penutupan triwulan harus mencatat waktu dan pelakunya.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tw.label} TA {self.tahun_id}"

    @property
    def tw(self) -> Triwulan:
        return Triwulan(self.tahun_id, self.triwulan)

    @property
    def is_closed(self) -> bool:
        return self.ditutup_pada is not None


class AlokasiQuerySet(models.QuerySet["Alokasi"]):
    def visible_to(self, user: Any) -> AlokasiQuerySet:
        return self.filter(daerah__in=Daerah.objects.visible_to(user))

    def ikm(self) -> AlokasiQuerySet:
        return self.filter(bidang=Bidang.IKM)

    def with_pagu(self, hari: date) -> AlokasiQuerySet:
        """Adds `pagu`: the version in force on a day (rupiah; None before the first)."""
        return self.annotate(pagu=Subquery(VersiPagu.in_force("alokasi", hari).values("jumlah")[:1]))


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


class VersiPagu(models.Model):
    """Pagu in force from a day on (APBN, or a revision in mid-year)."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    jumlah = RupiahField("pagu (Rp)")
    berlaku_dari = models.DateField("berlaku dari")
    sumber = models.CharField("sumber", max_length=300, blank=True)

    class Meta:
        verbose_name = "versi pagu"
        verbose_name_plural = "versi pagu"
        ordering = ["alokasi", "berlaku_dari"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "berlaku_dari"],
                name="versi_pagu_unik",
                violation_error_message="Pagu dengan tanggal berlaku itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(jumlah__gte=0),
                name="versi_pagu_positif",
                violation_error_message="Pagu di bawah nol.",
            ),
        ]

    @classmethod
    def in_force(cls, outer: str, hari: date) -> models.QuerySet[VersiPagu]:
        """For a subquery: the versions of the outer row's alokasi in force on a day, the latest first."""
        outer_ref = OuterRef("pk" if outer == "alokasi" else outer)
        return cls.objects.filter(alokasi=outer_ref, berlaku_dari__lte=hari).order_by("-berlaku_dari")


class Target(models.Model):
    """What a daerah set out to reach by the end of a quarter, cumulative; entered once with the RK."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    keuangan = RupiahField("target keuangan (Rp)", null=True, blank=True)
    fisik = PersenField("target fisik (%)", null=True, blank=True)

    class Meta:
        verbose_name = "target"
        verbose_name_plural = "target"
        ordering = ["alokasi", "triwulan"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "triwulan"],
                name="target_unik",
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
        ]


class PenyaluranQuerySet(models.QuerySet["Penyaluran"]):
    def visible_to(self, user: Any) -> PenyaluranQuerySet:
        return self.filter(alokasi__in=Alokasi.objects.visible_to(user))


class Penyaluran(models.Model):
    """Money that reached the RKUD by one SP2D of the KPPN."""

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
                name="penyaluran_unik",
                violation_error_message="Nomor SP2D ini sudah tercatat untuk daerah ini.",
            ),
            models.CheckConstraint(
                condition=Q(jumlah__gt=0),
                name="penyaluran_positif",
                violation_error_message="Jumlah penyaluran harus lebih dari nol.",
            ),
        ]
