"""The fingerprint of a row of facts: the trail keeps it, so that a row changed past the doors shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import DecimalField, Field, Model

from realisasi.aturan.rantai import sidik
from realisasi.models import (
    BarisVersi,
    Kegiatan,
    KontrakTerdahulu,
    Paket,
    Parameter,
    Penyaluran,
    Target,
    VersiLaporan,
    VersiPagu,
    VersiRK,
)
from realisasi.models.bidang_isian import PersenField

# The name under which the trail keeps rows of a table: «versi_pagu:12».
FAKTA: dict[str, type[Model]] = {
    "versi_pagu": VersiPagu,
    "versi_rk": VersiRK,
    "target": Target,
    "penyaluran": Penyaluran,
    "kegiatan": Kegiatan,
    "paket": Paket,
    "kontrak_terdahulu": KontrakTerdahulu,
    "parameter": Parameter,
    "versi_laporan": VersiLaporan,
    "baris_versi": BarisVersi,
}
NAMA = {model: nama for nama, model in FAKTA.items()}
# Which rule follows is written by that rule's own row, and no figure reads it.
DILUAR = {"digantikan_oleh"}


def fingerprints(rows: Iterable[Model]) -> dict[str, str]:
    """«versi_pagu:12» and the SHA-256 of that row, for each of the rows."""
    return {f"{NAMA[type(row)]}:{row.pk}": row_fingerprint(row) for row in rows}


def row_fingerprint(row: Model) -> str:
    """SHA-256 (hex) of all that a row says, its end included, in one form whatever database keeps it.

    What is empty is left out: a column that a later release adds, empty, leaves older fingerprints true.
    """
    said = {field: getattr(row, field.attname) for field in _fields(type(row))}
    return sidik(
        {field.attname: _plain(field, value) for field, value in said.items() if value not in (None, "")}
    )


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if field.name not in DILUAR)


def _plain(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, DecimalField | PersenField):
        return f"{Decimal(value):.2f}"  # every decimal of a fact has two digits
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
