"""Work that must not be lost between commit and queue."""

from __future__ import annotations

from django.db import models

from realisasi.models.alokasi import KE, Alokasi


class PeristiwaQuerySet(models.QuerySet["Peristiwa"]):
    def open(self) -> PeristiwaQuerySet:
        """Not yet computed; beat sends them again until they are."""
        return self.filter(selesai_pada__isnull=True)


class Peristiwa(models.Model):
    """Outbox: amounts of an alokasi changed from this quarter on, its recap must follow.

    Closed by the task in the transaction that stored the figures, never by whoever sent the message.
    """

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    triwulan = models.PositiveSmallIntegerField("mulai triwulan", choices=KE)
    jenis = models.CharField("jenis", max_length=40)
    subjek = models.CharField("subjek", max_length=60)
    dibuat_pada = models.DateTimeField("dibuat pada")
    selesai_pada = models.DateTimeField("selesai pada", null=True, blank=True)
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
            )
        ]
