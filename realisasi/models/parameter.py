"""Rules that change every year, as rows with their legal source."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from daerah.models import Daerah


class Tanda(models.TextChoices):
    """How sure we are of a rule."""

    C = "C", "Pasti"
    I = "I", "Disimpulkan"  # noqa: E741 - the field's own mark
    U = "U", "Belum dipastikan"


class ParameterQuerySet(models.QuerySet["Parameter"]):
    def as_of(self, *, hari: date, dicatat: datetime | None = None) -> ParameterQuerySet:
        """Rows in force on a day, as far as they had been recorded by an instant."""
        known = self.filter(berlaku_dari__lte=hari)
        return known if dicatat is None else known.filter(dicatat_pada__lte=dicatat)

    def rows_of(
        self, tahun: int, *, hari: date, daerah: str | None = None, dicatat: datetime | None = None
    ) -> dict[str, Parameter]:
        """The row that answers for each rule of a TA, by its key, in one query.

        The narrowest row wins (daerah over TA over all years), then the latest in force, then the
        latest recorded: an extension is a new row and leaves the answer of an earlier day as it was.
        """
        rows = (
            self.as_of(hari=hari, dicatat=dicatat)
            .filter(Q(tahun=tahun) | Q(tahun=None), Q(daerah=daerah) | Q(daerah=None))
            .order_by(
                models.F("daerah_id").asc(nulls_first=True),
                models.F("tahun").asc(nulls_first=True),
                "berlaku_dari",
                "dicatat_pada",
                "pk",
            )
        )
        return {row.kunci: row for row in rows}

    def values_of(
        self, tahun: int, *, hari: date, daerah: str | None = None, dicatat: datetime | None = None
    ) -> dict[str, Any]:
        """The value of each rule of a TA, by its key."""
        found = self.rows_of(tahun, hari=hari, daerah=daerah, dicatat=dicatat)
        return {kunci: row.nilai for kunci, row in found.items()}


class Parameter(models.Model):
    """One rule: a date, percentage, threshold or switch, per TA and where the law allows per daerah."""

    kunci = models.CharField("aturan", max_length=60)
    tahun = models.PositiveSmallIntegerField(
        "tahun anggaran", null=True, blank=True, help_text="Kosong: semua TA."
    )
    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah", null=True, blank=True)
    nilai = models.JSONField("nilai")
    sumber = models.CharField("sumber hukum", max_length=300)
    tanda = models.CharField("tanda", max_length=1, choices=Tanda.choices)
    berlaku_dari = models.DateField("berlaku dari")
    dicatat_pada = models.DateTimeField("dicatat pada")
    dicatat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="dicatat oleh", null=True, blank=True
    )
    digantikan_oleh = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="digantikan oleh",
        null=True,
        blank=True,
        related_name="menggantikan",
    )

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = "parameter"
        verbose_name_plural = "parameter"
        ordering = ["kunci", "tahun", "berlaku_dari", "pk"]
        indexes = [models.Index(fields=["tahun", "kunci"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sumber=""),
                name="parameter_bersumber",
                violation_error_message="Setiap aturan harus punya sumber.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kunci} TA {self.tahun or 'semua'}"
