"""Column types of the field: whole rupiah, and percent kept exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models


class RupiahField(models.BigIntegerField):
    """Whole rupiah. No float ever touches it."""

    default_validators = [MinValueValidator(0, message="Jumlah rupiah tidak boleh di bawah nol.")]


class PersenField(models.IntegerField):
    """A percent 0–100 with two digits, a Decimal in Python, hundredths of a percent in the column.

    Integers, so that a weighted sum in SQL is exact on SQLite too, whose decimals are floats.
    """

    def from_db_value(self, value: int | None, *args: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int(Decimal(value).scaleb(2).to_integral_value())

    @property
    def validators(self) -> list[Any]:  # IntegerField's own would compare with the column's integer range
        return []

    def formfield(self, **kwargs: Any) -> Any:
        raise NotImplementedError("Persen dibaca oleh formulir sendiri (realisasi.forms).")
