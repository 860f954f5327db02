"""Work that must not be lost between commit and queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from daerah.cakupan import office_of
from realisasi.aturan.tampilan import tanggal
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models.alokasi import Alokasi
from realisasi.models.jadwal import KE

# Failed attempts after which an event is a dead letter: no longer sent, shown until somebody acts.
MAKS_PERCOBAAN = 5


class PeristiwaQuerySet(models.QuerySet["Peristiwa"]):
    def open(self) -> PeristiwaQuerySet:
        """Not yet computed."""
        return self.filter(selesai_pada__isnull=True)

    def alive(self) -> PeristiwaQuerySet:
        """Open and worth another attempt."""
        return self.open().filter(percobaan__lt=MAKS_PERCOBAAN)

    def dead(self) -> PeristiwaQuerySet:
        """Open, but given up."""
        return self.open().filter(percobaan__gte=MAKS_PERCOBAAN)

    def not_sent_since(self, saat: datetime) -> PeristiwaQuerySet:
        return self.filter(Q(dikirim_pada__isnull=True) | Q(dikirim_pada__lte=saat))


class Peristiwa(models.Model):
    """Outbox: amounts of an alokasi changed from this quarter on, its recap must follow.

    Closed by the task in the transaction that stored the figures, never by whoever sent the message.
    """

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    triwulan = models.PositiveSmallIntegerField("mulai triwulan", choices=KE)
    jenis = models.CharField("jenis", max_length=40)
    subjek = models.CharField("subjek", max_length=60)
    dibuat_pada = models.DateTimeField("dibuat pada")
    dikirim_pada = models.DateTimeField("terakhir dikirim pada", null=True, blank=True)
    selesai_pada = models.DateTimeField("selesai pada", null=True, blank=True)
    # Begun, not failed: work that kills its worker is counted too.
    percobaan = models.PositiveSmallIntegerField("percobaan", default=0)
    galat = models.CharField("galat", max_length=500, blank=True)

    objects = PeristiwaQuerySet.as_manager()

    class Meta:
        verbose_name = "peristiwa"
        verbose_name_plural = "peristiwa"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["alokasi", "triwulan"],
                condition=models.Q(selesai_pada__isnull=True),
                name="peristiwa_terbuka",
            ),
            # What caused a version of a figure: the events that its computation closed.
            models.Index(fields=["alokasi", "selesai_pada"]),
        ]


# Where the files of jobs lie, below MEDIA_ROOT.
FOLDER = "pekerjaan"


class PekerjaanQuerySet(models.QuerySet["Pekerjaan"]):
    def visible_to(self, user: Any) -> PekerjaanQuerySet:
        """Jobs are their owner's, in the office that they were asked from: another one may see less."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pemilik=user, parameter__kantor=office_of(user))

    def open(self) -> PekerjaanQuerySet:
        return self.filter(status__in=Pekerjaan.TERBUKA)

    def not_sent_since(self, saat: datetime) -> PekerjaanQuerySet:
        return self.filter(Q(dikirim_pada__isnull=True) | Q(dikirim_pada__lte=saat))


class Pekerjaan(models.Model):
    """A job that somebody waits for: its state, progress, file, owner and error, for the page to show."""

    class Jenis(models.TextChoices):
        EKSPOR_REKAP = "ekspor_rekap", "Rekap analis (XLSX)"

    class Status(models.TextChoices):
        MENUNGGU = "MENUNGGU", "Menunggu"
        BERJALAN = "BERJALAN", "Berjalan"
        SELESAI = "SELESAI", "Selesai"
        GAGAL = "GAGAL", "Gagal"

    TERBUKA = (Status.MENUNGGU, Status.BERJALAN)

    jenis = models.CharField("jenis", max_length=30, choices=Jenis.choices)
    parameter = models.JSONField("parameter", default=dict)
    pemilik = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="pemilik")
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.MENUNGGU)
    kemajuan = models.PositiveSmallIntegerField("kemajuan (%)", default=0)
    langkah = models.CharField("langkah", max_length=200, blank=True)
    berkas = models.FileField("berkas", upload_to=f"{FOLDER}/%Y/%m", blank=True)
    nama_berkas = models.CharField("nama berkas", max_length=120, blank=True)
    galat = models.CharField("galat", max_length=500, blank=True)
    percobaan = models.PositiveSmallIntegerField("percobaan", default=0)
    dibuat_pada = models.DateTimeField("dibuat pada")
    dikirim_pada = models.DateTimeField("terakhir dikirim pada", null=True, blank=True)
    # The worker's last sign of life: a job whose worker was killed is taken up by another one.
    detak_pada = models.DateTimeField("detak terakhir", null=True, blank=True)
    selesai_pada = models.DateTimeField("selesai pada", null=True, blank=True)

    objects = PekerjaanQuerySet.as_manager()

    class Meta:
        verbose_name = "pekerjaan"
        verbose_name_plural = "pekerjaan"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["pemilik", "-id"]), models.Index(fields=["status", "detak_pada"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("MENUNGGU", "BERJALAN"), selesai_pada__isnull=True)
                | Q(status__in=("SELESAI", "GAGAL"), selesai_pada__isnull=False),
                name="pekerjaan_selesai_bertanggal",
                violation_error_message="Pekerjaan yang selesai harus mencatat waktunya.",
            ),
            models.CheckConstraint(
                condition=Q(kemajuan__lte=100),
                name="pekerjaan_kemajuan_0_100",
                violation_error_message="Kemajuan harus 0 sampai 100 persen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()} {self.pk}"

    @property
    def judul(self) -> str:
        """«Rekap analis TW III TA 2024, sementara», with the day where a past one was asked for."""
        tw = Triwulan(self.parameter["tahun"], self.parameter["triwulan"])
        known = self.parameter.get("pada")
        per = f", per {tanggal(datetime.fromisoformat(known).astimezone(WIB))}" if known else ""
        return f"Rekap analis {tw.label} TA {tw.tahun}, {self.parameter['posisi']}{per}"

    @property
    def is_open(self) -> bool:
        return self.status in self.TERBUKA

    @property
    def disimpan_sampai(self) -> datetime | None:
        """Until when its file can be downloaded."""
        return self.selesai_pada and self.selesai_pada + timedelta(days=settings.SIMPAN_BERKAS_HARI)


class Denyut(models.Model):
    """When a scheduled task finished last: whether beat, broker and worker are alive."""

    tugas = models.CharField("tugas", max_length=100, primary_key=True)
    pada = models.DateTimeField("terakhir selesai pada")

    class Meta:
        verbose_name = "denyut"
        verbose_name_plural = "denyut"

    def __str__(self) -> str:
        return self.tugas
