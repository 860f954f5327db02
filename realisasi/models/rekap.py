"""Computed figures: amounts per alokasi, sums and rates per area, each with its interval of knowledge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from daerah.cakupan import sees_nation
from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.models.alokasi import Alokasi
from realisasi.models.bidang_isian import RupiahField
from realisasi.models.jadwal import KE, triwulan_valid
from realisasi.models.laporan import Posisi

# What a recap row stores and an area adds up: computation, comparison and sums read this list.
AMOUNTS = (
    "pagu",
    "nilai_rk",
    "nilai_kontrak",
    "penyaluran",
    "realisasi_keuangan",
    "bobot",
    "bobot_fisik",
    "bobot_keluaran",
    "target_keuangan",
    "bobot_target",
)


class RekapQuerySet(models.QuerySet[Any]):
    def current(self) -> RekapQuerySet:
        """The figures that hold now."""
        return self.filter(berlaku_sampai__isnull=True)

    def as_of(self, pada: datetime | None) -> RekapQuerySet:
        """The figures as they were known at an instant (None: now)."""
        if pada is None:
            return self.current()
        return self.filter(
            Q(berlaku_sampai__isnull=True) | Q(berlaku_sampai__gt=pada), berlaku_dari__lte=pada
        )

    def for_triwulan(self, tw: Triwulan) -> RekapQuerySet:
        return self.filter(tahun=tw.tahun, triwulan=tw.ke)


class Rekap(models.Model):
    """Amounts in whole rupiah; weights are rupiah times percent (bobot_fisik, bobot_target: hundredths of
    a percent; bobot_keluaran: millionths), so that a rate of any group is a ratio of plain sums.
    A changed figure ends the row (`berlaku_sampai`) and starts another: nothing is overwritten."""

    tahun = models.PositiveSmallIntegerField("tahun anggaran")
    triwulan = models.PositiveSmallIntegerField("triwulan", choices=KE)
    bidang = models.CharField("bidang", max_length=12)
    posisi = models.CharField("posisi", max_length=10, choices=Posisi.choices)
    pagu = RupiahField("pagu (Rp)")
    nilai_rk = RupiahField("nilai RK (Rp)")
    nilai_kontrak = RupiahField("nilai kontrak (Rp)")
    penyaluran = RupiahField("penyaluran (Rp)")
    realisasi_keuangan = RupiahField("realisasi keuangan (Rp)", null=True)
    bobot = RupiahField("bobot (Rp)")
    bobot_fisik = models.BigIntegerField("bobot x progres fisik", null=True)
    bobot_keluaran = models.BigIntegerField("bobot x capaian keluaran", null=True)
    target_keuangan = RupiahField("target keuangan (Rp)", null=True)
    bobot_target = models.BigIntegerField("bobot x target fisik", null=True)
    berlaku_dari = models.DateTimeField("berlaku dari")
    berlaku_sampai = models.DateTimeField("berlaku sampai", null=True, blank=True)

    objects = RekapQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def tw(self) -> Triwulan:
        return Triwulan(self.tahun, self.triwulan)


def masa_valid(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(berlaku_sampai__isnull=True) | Q(berlaku_sampai__gte=F("berlaku_dari")),
        name=name,
        violation_error_message="Masa berlaku berakhir sebelum mulai.",
    )


class RekapTriwulanQuerySet(RekapQuerySet):
    def visible_to(self, user: Any) -> RekapTriwulanQuerySet:
        return self.filter(daerah__in=Daerah.objects.visible_to(user))


class RekapTriwulan(Rekap):
    """The figures of one alokasi for one quarter."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah")
    lapor = models.BooleanField("lapor triwulan ini", default=False)
    # The earlier quarter whose figure is carried forward (`dibawa`); None: its own, or never reported.
    dibawa_dari = models.PositiveSmallIntegerField("dibawa dari", choices=KE, null=True)

    objects = RekapTriwulanQuerySet.as_manager()

    class Meta:
        verbose_name = "rekap triwulan"
        verbose_name_plural = "rekap triwulan"
        indexes = [models.Index(fields=["tahun", "bidang", "triwulan", "posisi", "berlaku_sampai"])]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "triwulan", "posisi"],
                condition=Q(berlaku_sampai__isnull=True),
                name="rekap_triwulan_satu_berlaku",
            ),
            triwulan_valid("rekap_triwulan_1_4"),
            masa_valid("rekap_triwulan_masa"),
            models.CheckConstraint(
                condition=Q(lapor=False) | Q(dibawa_dari__isnull=True),
                name="rekap_lapor_atau_dibawa",
                violation_error_message="Triwulan yang dilaporkan tidak membawa angka triwulan lain.",
            ),
        ]


class RekapWilayahQuerySet(RekapQuerySet):
    def visible_to(self, user: Any) -> RekapWilayahQuerySet:
        """National row for national roles; a province's row for those who see its whole Wilayah."""
        visible = Q(tingkat=RekapWilayah.Tingkat.PROVINSI, kode__in=Daerah.objects.wilayah_visible_to(user))
        if sees_nation(user):
            visible |= Q(tingkat=RekapWilayah.Tingkat.NASIONAL)
        return self.filter(visible)


class RekapWilayah(Rekap):
    """The sums of an area (the nation or a Wilayah) and the rates that the task gave it."""

    class Tingkat(models.TextChoices):
        NASIONAL = "nasional", "Nasional"
        PROVINSI = "provinsi", "Wilayah provinsi"

    KODE_NASIONAL = "00"

    tingkat = models.CharField("tingkat", max_length=10, choices=Tingkat.choices)
    kode = models.CharField("kode", max_length=2)
    jumlah_daerah = models.PositiveSmallIntegerField("jumlah daerah")
    jumlah_daerah_lapor = models.PositiveSmallIntegerField("jumlah daerah lapor")
    jumlah_dibawa = models.PositiveSmallIntegerField("jumlah daerah dengan angka dibawa")
    jumlah_bertarget = models.PositiveSmallIntegerField("jumlah daerah yang punya target")
    pagu_lapor = RupiahField("pagu daerah yang lapor (Rp)")
    pagu_kab_kota = RupiahField("pagu kab/kota (Rp)")
    realisasi_kab_kota = RupiahField("realisasi keuangan kab/kota (Rp)", null=True)
    # Percent, two digits, exactly what pages, workbook and API print.
    serapan = models.DecimalField("serapan (%)", max_digits=9, decimal_places=2, null=True)
    rata_rata_kab_kota = models.DecimalField(
        "rata-rata kab/kota (%)", max_digits=9, decimal_places=2, null=True
    )

    objects = RekapWilayahQuerySet.as_manager()

    class Meta:
        verbose_name = "rekap wilayah"
        verbose_name_plural = "rekap wilayah"
        indexes = [
            models.Index(fields=["tahun", "bidang", "triwulan", "posisi", "tingkat", "berlaku_sampai"])
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bidang", "tahun", "triwulan", "posisi", "tingkat", "kode"],
                condition=Q(berlaku_sampai__isnull=True),
                name="rekap_wilayah_satu_berlaku",
            ),
            triwulan_valid("rekap_wilayah_triwulan_1_4"),
            masa_valid("rekap_wilayah_masa"),
        ]
