"""The audit trail: who, when, what, before, after, why. Written in the transaction of its change."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Riwayat(models.Model):
    """One recorded act. Rows are only ever added."""

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

    class Meta:
        verbose_name = "riwayat"
        verbose_name_plural = "riwayat"
        db_table = "realisasi_riwayat"
        ordering = ["pk"]
        indexes = [models.Index(fields=["subjek", "id"])]

    def __str__(self) -> str:
        return f"{self.subjek} {self.aksi}"
