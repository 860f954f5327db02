"""Facts that are never overwritten: each row says from when until when we held it to be true.

When a fact takes effect (`berlaku_dari`, a contract's or transfer's day) is a fact of the field; when it was
recorded is about us. Figures *as reported on* an instant read both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q

M = TypeVar("M", bound=models.Model)


def known_at(pada: datetime | None) -> Q:
    """Condition on a Tercatat row: held to be true at an instant (None: now)."""
    if pada is None:
        return Q(dicabut_pada__isnull=True)
    return Q(dicatat_pada__lte=pada) & (Q(dicabut_pada__isnull=True) | Q(dicabut_pada__gt=pada))


class TercatatQuerySet(models.QuerySet[M]):
    def known(self, pada: datetime | None = None) -> Any:
        """The rows held to be true at an instant; without one, those that are true as far as we know now."""
        return self.filter(known_at(pada))


class Tercatat(models.Model):
    dicatat_pada = models.DateTimeField("dicatat pada")
    # Replaced by a better row, or taken back; the row stays readable.
    dicabut_pada = models.DateTimeField("dicabut pada", null=True, blank=True)

    class Meta:
        abstract = True


def interval_valid(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(dicabut_pada__isnull=True) | Q(dicabut_pada__gte=F("dicatat_pada")),
        name=name,
        violation_error_message="Waktu pencabutan tidak boleh sebelum waktu pencatatan.",
    )
