"""A day as Indonesians write it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from realisasi.aturan.nilai_aturan import CONTOH_TANGGAL, read_tanggal

HINT = "Hari/bulan/tahun."


class TanggalField(forms.DateField):
    """Typed, not picked: a picker follows the browser's language, and in an English one 3 May reads 05/03."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", HINT)
        attrs = {"inputmode": "text", "autocomplete": "off"}
        super().__init__(widget=forms.DateInput(format="%d/%m/%Y", attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = str(value).strip()
        found = read_tanggal(text)
        if found is None:
            raise forms.ValidationError(f"“{text[:40]}” bukan tanggal. {CONTOH_TANGGAL}", code="tanggal")
        return found
