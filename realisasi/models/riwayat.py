"""The audit trail: who, when, what, before, after, why. Written in the transaction of its change.

Rows are only ever added, and the database itself refuses anything else (triggers, realisasi.pemicu). Each
row carries the hash of the one before it in its chain; the head of a chain is locked while a row is added;
a nightly seal fixes all heads that moved. A chain is one alokasi, one account, one rule, one TA.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Riwayat(models.Model):
    """One recorded act."""

    waktu = models.DateTimeField("waktu")
    pelaku = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="pelaku", related_name="+"
    )
    # «laporan:12», «paket:7»: what it is about, also when that row is gone.
    subjek = models.CharField("subjek", max_length=60)
    aksi = models.CharField("aksi", max_length=60)
    sebelum = models.JSONField("sebelum", null=True)
    sesudah = models.JSONField("sesudah", null=True)
    alasan = models.CharField("alasan", max_length=2000, blank=True)
    # SHA-256 of each row of facts that the act wrote («versi_pagu:12»): a row changed past the doors shows.
    fakta = models.JSONField("sidik fakta", null=True)
    rantai = models.CharField("rantai", max_length=60)
    urutan = models.PositiveIntegerField("urutan dalam rantai")
    sidik_sebelum = models.CharField("sidik baris sebelumnya", max_length=64, blank=True)
    sidik = models.CharField("sidik (SHA-256)", max_length=64)

    class Meta:
        verbose_name = "riwayat"
        verbose_name_plural = "riwayat"
        db_table = "realisasi_riwayat"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["subjek", "id"]),
            models.Index(fields=["pelaku", "id"]),
            models.Index(fields=["waktu"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rantai", "urutan"],
                name="riwayat_urutan_unik",
                violation_error_message="Urutan ini sudah ada dalam rantainya.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subjek} {self.aksi}"


class KepalaRiwayat(models.Model):
    """The head of a chain: how many rows it has and the hash of the last."""

    rantai = models.CharField("rantai", max_length=60, primary_key=True)
    jumlah = models.PositiveIntegerField("jumlah baris")
    sidik = models.CharField("sidik baris terakhir", max_length=64)

    class Meta:
        verbose_name = "kepala riwayat"
        verbose_name_plural = "kepala riwayat"

    def __str__(self) -> str:
        return self.rantai


class SegelRiwayat(models.Model):
    """A seal over every head that moved since the seal before it; seals are a chain themselves."""

    waktu = models.DateTimeField("waktu")
    jumlah_rantai = models.PositiveIntegerField("jumlah rantai yang berubah")
    sidik_sebelum = models.CharField("sidik segel sebelumnya", max_length=64, blank=True)
    sidik = models.CharField("sidik (SHA-256)", max_length=64)

    class Meta:
        verbose_name = "segel riwayat"
        verbose_name_plural = "segel riwayat"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Segel {self.pk}"


class KepalaTersegel(models.Model):
    """One head as a seal fixed it."""

    segel = models.ForeignKey(SegelRiwayat, models.PROTECT, verbose_name="segel", related_name="kepala")
    rantai = models.CharField("rantai", max_length=60)
    jumlah = models.PositiveIntegerField("jumlah baris")
    sidik = models.CharField("sidik baris terakhir", max_length=64)

    class Meta:
        verbose_name = "kepala tersegel"
        verbose_name_plural = "kepala tersegel"
        constraints = [
            models.UniqueConstraint(
                fields=["segel", "rantai"],
                name="kepala_tersegel_unik",
                violation_error_message="Rantai ini sudah ada dalam segel itu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.segel_id}: {self.rantai}"
