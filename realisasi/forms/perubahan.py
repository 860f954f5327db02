"""Two days to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from realisasi.forms.tanggal import TanggalField


class FormPerubahan(forms.Form):
    dari = TanggalField(label="Dari akhir hari", help_text="")
    sampai = TanggalField(label="Sampai akhir hari", help_text="")

    def __init__(self, *args: Any, hari_ini: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hari_ini = hari_ini

    def clean_sampai(self) -> date:
        found: date = self.cleaned_data["sampai"] or self.hari_ini
        if found > self.hari_ini:
            raise forms.ValidationError("Tanggal ini belum terjadi. Isi hari ini atau sebelumnya.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dari, sampai = data.get("dari"), data.get("sampai")
        if dari and sampai and dari >= sampai:
            self.add_error("dari", "Tanggal awal harus sebelum tanggal akhir.")
        return data
