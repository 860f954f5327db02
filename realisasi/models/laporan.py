"""The quarterly report: a working copy (Laporan) and what was submitted (VersiLaporan), with their rows.

Figures are read from submitted versions only, so a draft can never count. Statuses and their methods:
KONSEP `start`/`reopen`/`withdraw`, DIAJUKAN `submit`, SEDANG_DIVERIFIKASI `begin_verification`,
DIVERIFIKASI `verify`, DIKEMBALIKAN `return_for_fix` (realisasi.actions.laporan). Belum Lapor has no row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.models.alokasi import Alokasi
from realisasi.models.bidang_isian import PersenField, RupiahField
from realisasi.models.jadwal import KE, triwulan_valid
from realisasi.models.kegiatan import Paket, Pelaksanaan, Pembayaran


class Posisi(models.TextChoices):
    """Which reports count: verified ones, or submitted ones too."""

    FINAL = "final", "Final"
    SEMENTARA = "sementara", "Sementara"


class KodeMasalah(models.IntegerChoices):
    """Kodefikasi masalah of the form; each needs an explanation."""

    PERATURAN = 1, "Peraturan perundangan"
    JUKNIS = 2, "Petunjuk teknis"
    RKA = 3, "RKA-SKPD"
    DPA = 4, "DPA-SKPD"
    SK_PELAKSANA = 5, "SK penetapan pelaksana kegiatan"
    TENDER = 6, "Pelaksanaan tender"
    PERSIAPAN_SWAKELOLA = 7, "Persiapan swakelola"
    SP2D = 8, "Penerbitan SP2D"
    KONTRAK = 9, "Pelaksanaan pekerjaan kontrak"
    SWAKELOLA = 10, "Pelaksanaan swakelola"
    LAIN = 11, "Lain-lain"


class StatusLaporan(models.TextChoices):
    KONSEP = "KONSEP", "Konsep"
    DIAJUKAN = "DIAJUKAN", "Diajukan"
    SEDANG_DIVERIFIKASI = "SEDANG_DIVERIFIKASI", "Sedang Diverifikasi"
    DIVERIFIKASI = "DIVERIFIKASI", "Diverifikasi"
    DIKEMBALIKAN = "DIKEMBALIKAN", "Dikembalikan"


EDITABLE = (StatusLaporan.KONSEP, StatusLaporan.DIKEMBALIKAN)
WAITING = (StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI)


class LaporanQuerySet(models.QuerySet["Laporan"]):
    def visible_to(self, user: Any) -> LaporanQuerySet:
        return self.filter(alokasi__daerah__in=Daerah.objects.visible_to(user))

    def for_triwulan(self, tw: Triwulan) -> LaporanQuerySet:
        return self.filter(alokasi__tahun=tw.tahun, triwulan=tw.ke)

    def waiting(self) -> LaporanQuerySet:
        """Submitted and not yet judged by the ministry."""
        return self.filter(status__in=WAITING)


class Laporan(models.Model):
    """The report of one alokasi on one quarter: its state, its four facts, its working rows."""

    alokasi = models.ForeignKey(Alokasi, models.PROTECT, verbose_name="alokasi")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    status = models.CharField(
        "status", max_length=20, choices=StatusLaporan.choices, default=StatusLaporan.KONSEP
    )
    # Counts the saves of the working copy; a save that names an older one is stale (409).
    versi = models.PositiveIntegerField("versi", default=1)
    nihil = models.BooleanField("nihil", default=False)
    alasan_nihil = models.CharField("alasan nihil", max_length=1000, blank=True)
    catatan = models.CharField("catatan atau alasan umum", max_length=2000, blank=True)
    dibuat_pada = models.DateTimeField("dibuat pada")
    disimpan_pada = models.DateTimeField("disimpan pada")
    # The facts that are never overwritten (the returned intervals are on the versions).
    pertama_diajukan_pada = models.DateTimeField("pertama diajukan", null=True, blank=True)
    terakhir_diajukan_pada = models.DateTimeField("terakhir diajukan", null=True, blank=True)
    pertama_diverifikasi_pada = models.DateTimeField("pertama diverifikasi", null=True, blank=True)
    # Everybody who wrote in it: none of them may verify it.
    penyunting = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name="penyunting", blank=True)

    objects = LaporanQuerySet.as_manager()

    class Meta:
        verbose_name = "laporan triwulan"
        verbose_name_plural = "laporan triwulan"
        ordering = ["alokasi", "triwulan"]
        indexes = [models.Index(fields=["status", "terakhir_diajukan_pada"])]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "triwulan"],
                name="laporan_unik",
                violation_error_message="Laporan triwulan ini sudah ada.",
            ),
            triwulan_valid("laporan_triwulan_1_4"),
            models.CheckConstraint(
                condition=Q(status="KONSEP") | Q(terakhir_diajukan_pada__isnull=False),
                name="laporan_diajukan_bertanggal",
                violation_error_message="Laporan yang sudah diajukan harus punya waktu pengajuan.",
            ),
            models.CheckConstraint(
                condition=Q(pertama_diajukan_pada__isnull=True, terakhir_diajukan_pada__isnull=True)
                | Q(
                    pertama_diajukan_pada__isnull=False,
                    terakhir_diajukan_pada__isnull=False,
                    terakhir_diajukan_pada__gte=models.F("pertama_diajukan_pada"),
                ),
                name="laporan_pengajuan_urut",
                violation_error_message="Pengajuan terakhir tidak boleh sebelum yang pertama.",
            ),
            models.CheckConstraint(
                condition=~Q(status="DIVERIFIKASI") | Q(pertama_diverifikasi_pada__isnull=False),
                name="laporan_diverifikasi_bertanggal",
                violation_error_message="Laporan terverifikasi harus punya waktu verifikasi.",
            ),
            models.CheckConstraint(
                condition=Q(nihil=False) | ~Q(alasan_nihil=""),
                name="laporan_nihil_beralasan",
                violation_error_message="Laporan nihil harus disertai alasan.",
            ),
        ]

    def __str__(self) -> str:
        return f"Laporan {self.tw.label} {self.alokasi}"

    @property
    def tw(self) -> Triwulan:
        return Triwulan(self.alokasi.tahun_id, self.triwulan)

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    def is_late(self, tenggat: datetime, now: datetime) -> bool:
        """*Terlambat*: first submitted after the deadline, or not at all and it has passed."""
        return (self.pertama_diajukan_pada or now) > tenggat


class BarisIsian(models.Model):
    """What an officer fills in for one paket, cumulative to the end of the quarter (None: not filled)."""

    keuangan = RupiahField("realisasi keuangan (Rp)", null=True, blank=True)
    volume_selesai = models.DecimalField(
        "volume selesai", max_digits=14, decimal_places=2, null=True, blank=True
    )
    progres_fisik = PersenField("progres fisik (%)", null=True, blank=True)
    kode_masalah = models.PositiveSmallIntegerField(
        "kode masalah", choices=KodeMasalah.choices, null=True, blank=True
    )
    penjelasan = models.CharField("penjelasan masalah", max_length=1000, blank=True)
    alasan = models.CharField("alasan", max_length=1000, blank=True)

    class Meta:
        abstract = True


def isian_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(keuangan__isnull=True) | Q(keuangan__gte=0),
            name=f"{prefix}_keuangan_positif",
            violation_error_message="Realisasi keuangan di bawah nol.",
        ),
        models.CheckConstraint(
            condition=Q(volume_selesai__isnull=True) | Q(volume_selesai__gte=0),
            name=f"{prefix}_volume_positif",
            violation_error_message="Volume selesai di bawah nol.",
        ),
        models.CheckConstraint(
            condition=Q(progres_fisik__isnull=True) | Q(progres_fisik__gte=0, progres_fisik__lte=100),
            name=f"{prefix}_progres_0_100",
            violation_error_message="Progres fisik harus 0 sampai 100 persen.",
        ),
    ]


class BarisLaporan(BarisIsian):
    """One row of the working copy: one paket."""

    laporan = models.ForeignKey(Laporan, models.CASCADE, verbose_name="laporan", related_name="baris")
    paket = models.ForeignKey(Paket, models.PROTECT, verbose_name="paket")

    class Meta:
        verbose_name = "baris laporan"
        verbose_name_plural = "baris laporan"
        ordering = ["laporan", "paket"]
        constraints = [
            models.UniqueConstraint(
                fields=["laporan", "paket"],
                name="baris_laporan_unik",
                violation_error_message="Baris untuk paket ini sudah ada.",
            ),
            *isian_constraints("baris_laporan"),
        ]


class VersiLaporanQuerySet(models.QuerySet["VersiLaporan"]):
    def visible_to(self, user: Any) -> VersiLaporanQuerySet:
        # By joins: nested subqueries would lead a planner without fresh statistics into loops in loops.
        return self.filter(laporan__alokasi__daerah__in=Daerah.objects.visible_to(user))

    def counting(self, posisi: str, pada: datetime | None = None) -> VersiLaporanQuerySet:
        """Versions that may count: verified ones; for *sementara*, where none is, one with the ministry.

        Of these the latest (`nomor`) counts. Returned and withdrawn ones never do. After a reopening the
        verified version counts until another one is verified, however often it is sent in between.
        `pada`: as things stood at this instant (None: now).
        """
        verified = _happened("diverifikasi_pada", pada)
        if posisi == Posisi.FINAL:
            return self.filter(verified)
        of_report = VersiLaporan.objects.filter(verified, laporan=OuterRef("laporan"))
        gone = _happened("dikembalikan_pada", pada) | _happened("ditarik_pada", pada)
        return self.filter(verified | Q(_happened("diajukan_pada", pada), ~Exists(of_report), ~gone))


def _happened(name: str, pada: datetime | None) -> Q:
    """Condition: this moment of a version was recorded, and by then."""
    return Q(**{f"{name}__isnull": False}) if pada is None else Q(**{f"{name}__lte": pada})


class VersiLaporan(models.Model):
    """One submission, immutable but for its fate; its number is the receipt's."""

    laporan = models.ForeignKey(
        Laporan, models.PROTECT, verbose_name="laporan", related_name="versi_diajukan"
    )
    nomor = models.PositiveSmallIntegerField("pengajuan ke")
    tanda_terima = models.CharField("nomor tanda terima", max_length=40, unique=True)
    diajukan_pada = models.DateTimeField("diajukan pada")
    diajukan_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="diajukan oleh", related_name="+"
    )
    # Of the working copy that was sent: a second press on the same copy finds this receipt again.
    versi_konsep = models.PositiveIntegerField("versi konsep")
    sidik = models.CharField("sidik isi (SHA-256)", max_length=64)
    nihil = models.BooleanField("nihil", default=False)
    alasan_nihil = models.CharField("alasan nihil", max_length=1000, blank=True)
    catatan = models.CharField("catatan", max_length=2000, blank=True)
    total_keuangan = RupiahField("total realisasi keuangan (Rp)")
    # Findings that a reason answered when it was sent: the ministry reads these reports first.
    jumlah_temuan = models.PositiveSmallIntegerField("jumlah temuan beralasan", default=0)
    ditarik_pada = models.DateTimeField("ditarik pada", null=True, blank=True)
    verifikasi_dimulai_pada = models.DateTimeField("verifikasi dimulai", null=True, blank=True)
    verifikator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="verifikator",
        null=True,
        blank=True,
        related_name="+",
    )
    diverifikasi_pada = models.DateTimeField("diverifikasi pada", null=True, blank=True)
    dikembalikan_pada = models.DateTimeField("dikembalikan pada", null=True, blank=True)
    alasan_pengembalian = models.CharField("alasan pengembalian", max_length=2000, blank=True)
    dibuka_kembali_pada = models.DateTimeField("dibuka kembali pada", null=True, blank=True)
    alasan_pembukaan = models.CharField("alasan pembukaan", max_length=2000, blank=True)

    objects = VersiLaporanQuerySet.as_manager()

    class Meta:
        verbose_name = "versi laporan"
        verbose_name_plural = "versi laporan"
        ordering = ["laporan", "nomor"]
        constraints = [
            models.UniqueConstraint(
                fields=["laporan", "nomor"],
                name="versi_laporan_unik",
                violation_error_message="Pengajuan dengan nomor itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(ditarik_pada__isnull=True, dikembalikan_pada__isnull=True)
                | Q(ditarik_pada__isnull=True, diverifikasi_pada__isnull=True)
                | Q(dikembalikan_pada__isnull=True, diverifikasi_pada__isnull=True),
                name="versi_laporan_satu_akhir",
                violation_error_message="Satu pengajuan hanya ditarik, dikembalikan atau diverifikasi.",
            ),
            models.CheckConstraint(
                condition=Q(dikembalikan_pada__isnull=True, alasan_pengembalian="")
                | (Q(dikembalikan_pada__isnull=False) & ~Q(alasan_pengembalian="")),
                name="versi_laporan_kembali_beralasan",
                violation_error_message="Pengembalian harus disertai alasan.",
            ),
            models.CheckConstraint(
                condition=Q(dibuka_kembali_pada__isnull=True, alasan_pembukaan="")
                | (
                    Q(dibuka_kembali_pada__isnull=False, diverifikasi_pada__isnull=False)
                    & ~Q(alasan_pembukaan="")
                ),
                name="versi_laporan_buka_beralasan",
                violation_error_message="Hanya laporan terverifikasi yang dibuka kembali, dengan alasan.",
            ),
            models.CheckConstraint(
                condition=Q(diverifikasi_pada__isnull=True) | Q(verifikator__isnull=False),
                name="versi_laporan_verifikator",
                violation_error_message="Verifikasi harus mencatat verifikatornya.",
            ),
        ]

    def __str__(self) -> str:
        return self.tanda_terima

    def status_at(self, pada: datetime) -> StatusLaporan:
        """The status that this submission, the latest by then, gave its report at an instant."""
        fates = (
            (self.ditarik_pada, StatusLaporan.KONSEP),
            (self.dikembalikan_pada, StatusLaporan.DIKEMBALIKAN),
            (self.dibuka_kembali_pada, StatusLaporan.KONSEP),
            (self.diverifikasi_pada, StatusLaporan.DIVERIFIKASI),
            (self.verifikasi_dimulai_pada, StatusLaporan.SEDANG_DIVERIFIKASI),
        )
        reached = (status for moment, status in fates if moment and moment <= pada)
        return next(reached, StatusLaporan.DIAJUKAN)


class BarisVersi(BarisIsian):
    """One submitted row with a copy of its planning columns, since pagu, RK and contract may change later."""

    versi = models.ForeignKey(
        VersiLaporan, models.CASCADE, verbose_name="versi laporan", related_name="baris"
    )
    paket = models.ForeignKey(Paket, models.PROTECT, verbose_name="paket")
    nilai_rk = RupiahField("nilai RK (Rp)", null=True)
    nilai_kontrak = RupiahField("nilai kontrak (Rp)", null=True)
    volume = models.DecimalField("volume", max_digits=14, decimal_places=2)
    satuan = models.CharField("satuan", max_length=40)
    penerima_manfaat = models.PositiveIntegerField("penerima manfaat", null=True)
    pelaksanaan = models.CharField("pelaksanaan", max_length=12, choices=Pelaksanaan.choices)
    pembayaran = models.CharField("metode pembayaran", max_length=10, choices=Pembayaran.choices)
    # Delivered over target volume, capped at 1, in millionths: an integer, so that SQL can weigh and sum it.
    capaian_sejuta = models.PositiveIntegerField("capaian keluaran (per sejuta)", null=True)

    class Meta:
        verbose_name = "baris versi laporan"
        verbose_name_plural = "baris versi laporan"
        ordering = ["versi", "paket"]
        constraints = [
            models.UniqueConstraint(
                fields=["versi", "paket"],
                name="baris_versi_unik",
                violation_error_message="Baris untuk paket ini sudah ada.",
            ),
            *isian_constraints("baris_versi"),
        ]


class CatatanSel(models.Model):
    """A verifikator's remark pinned to one cell of a returned submission."""

    versi = models.ForeignKey(
        VersiLaporan, models.CASCADE, verbose_name="versi laporan", related_name="catatan_sel"
    )
    paket = models.ForeignKey(Paket, models.PROTECT, verbose_name="paket")
    kolom = models.CharField("kolom", max_length=20)
    teks = models.CharField("catatan", max_length=1000)

    class Meta:
        verbose_name = "catatan sel"
        verbose_name_plural = "catatan sel"
        ordering = ["versi", "paket", "kolom"]
