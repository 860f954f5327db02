"""When things are due: tahun anggaran, its quarters with their schedule, and who is let in late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan

KE = [(1, "TW I"), (2, "TW II"), (3, "TW III"), (4, "TW IV")]


def triwulan_valid(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(triwulan__gte=1, triwulan__lte=4),
        name=name,
        violation_error_message="Triwulan harus I sampai IV.",
    )


class TahunAnggaran(models.Model):
    tahun = models.PositiveSmallIntegerField("tahun", primary_key=True)

    class Meta:
        verbose_name = "tahun anggaran"
        verbose_name_plural = "tahun anggaran"
        ordering = ["tahun"]

    def __str__(self) -> str:
        return f"TA {self.tahun}"


class PeriodeTriwulan(models.Model):
    """The schedule of one quarter: four instants, and when a person closed it (never the calendar).

    From `dibuka_pada` reports are taken. After `tenggat` one is late, but still taken. After `batas_lapor`
    (None: no such limit) none is taken, unless the daerah has a Dispensasi. Once closed, only a report that
    is reopened changes.
    """

    tahun = models.ForeignKey(TahunAnggaran, models.PROTECT, db_column="tahun", verbose_name="tahun anggaran")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    dibuka_pada = models.DateTimeField("dibuka pada")
    tenggat = models.DateTimeField("tenggat")
    batas_lapor = models.DateTimeField("batas lapor", null=True, blank=True)
    ditutup_pada = models.DateTimeField("ditutup pada", null=True, blank=True)
    ditutup_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="ditutup oleh", null=True, blank=True
    )
    alasan = models.CharField("alasan", max_length=500, blank=True)
    # The analysts' workbook as it was at the closing, and its SHA-256.
    buku = models.FileField("buku kerja saat ditutup", upload_to="penutupan", blank=True)
    sidik_buku = models.CharField("sidik buku kerja (SHA-256)", max_length=64, blank=True)

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
            models.CheckConstraint(
                condition=Q(tenggat__gt=F("dibuka_pada")),
                name="periode_tenggat_sesudah_dibuka",
                violation_error_message="Tenggat harus sesudah triwulan dibuka.",
            ),
            models.CheckConstraint(
                condition=Q(batas_lapor__isnull=True) | Q(batas_lapor__gte=F("tenggat")),
                name="periode_batas_sesudah_tenggat",
                violation_error_message="Batas lapor tidak boleh sebelum tenggat.",
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

    def is_opened(self, now: datetime) -> bool:
        """From this very instant on reports are taken."""
        return now >= self.dibuka_pada

    def is_past_limit(self, now: datetime) -> bool:
        """Later than the last instant at which a report is taken without a waiver."""
        return self.batas_lapor is not None and now > self.batas_lapor

    def was_closed(self, pada: datetime | None) -> bool:
        """Whether it was closed by an instant (None: now)."""
        return self.ditutup_pada is not None and (pada is None or self.ditutup_pada <= pada)


class DispensasiQuerySet(models.QuerySet["Dispensasi"]):
    def visible_to(self, user: Any) -> DispensasiQuerySet:
        return self.filter(daerah__in=Daerah.objects.visible_to(user))

    def in_force(self, now: datetime) -> DispensasiQuerySet:
        """Not taken back and not past its end."""
        return self.filter(dicabut_pada__isnull=True, sampai__gte=now)


class Dispensasi(models.Model):
    """One daerah may report one quarter after its `batas_lapor`, until an instant, for a reason."""

    periode = models.ForeignKey(PeriodeTriwulan, models.PROTECT, verbose_name="triwulan")
    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah")
    sampai = models.DateTimeField("sampai")
    alasan = models.CharField("alasan", max_length=1000)
    diberikan_pada = models.DateTimeField("diberikan pada")
    diberikan_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="diberikan oleh", related_name="+"
    )
    dicabut_pada = models.DateTimeField("dicabut pada", null=True, blank=True)

    objects = DispensasiQuerySet.as_manager()

    class Meta:
        verbose_name = "dispensasi"
        verbose_name_plural = "dispensasi"
        ordering = ["periode", "daerah", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["periode", "daerah"],
                condition=Q(dicabut_pada__isnull=True),
                name="dispensasi_satu_berlaku",
                violation_error_message="Daerah ini sudah punya dispensasi untuk triwulan itu.",
            ),
            models.CheckConstraint(
                condition=~Q(alasan=""),
                name="dispensasi_beralasan",
                violation_error_message="Dispensasi harus disertai alasan.",
            ),
            models.CheckConstraint(
                condition=Q(sampai__gt=F("diberikan_pada")),
                name="dispensasi_sampai_kemudian",
                violation_error_message="Dispensasi harus berakhir sesudah diberikan.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.daerah} {self.periode}"

    @property
    def berakhir_pada(self) -> datetime:
        """Its last instant: as given, or when it was taken back before."""
        return min(self.sampai, self.dicabut_pada or self.sampai)

    def is_in_force(self, now: datetime) -> bool:
        """The same as `in_force`, of a row that is at hand."""
        return self.dicabut_pada is None and now <= self.sampai

    def covered(self, saat: datetime) -> bool:
        """Whether it was in force at an instant of the past."""
        return self.diberikan_pada <= saat <= self.berakhir_pada
