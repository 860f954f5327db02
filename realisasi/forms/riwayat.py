"""The filter of the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms

from realisasi.actions.riwayat import AKSI
from realisasi.forms.tanggal import TanggalField
from realisasi.views.subjek import JENIS


class FormSaringRiwayat(forms.Form):
    q = forms.CharField(
        label="Cari",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "daerah, pelaku, alasan"}),
    )
    pelaku = forms.CharField(label="Pelaku", max_length=150, required=False)
    jenis = forms.ChoiceField(label="Tentang", choices=[("", "Semua"), *JENIS.items()], required=False)
    aksi = forms.ChoiceField(
        label="Tindakan", choices=[("", "Semua"), *((name, name) for name in AKSI)], required=False
    )
    dari = TanggalField(label="Dari", help_text="")
    sampai = TanggalField(label="Sampai", help_text="")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dari, sampai = data.get("dari"), data.get("sampai")
        if dari and sampai and dari > sampai:
            self.add_error("sampai", "Tanggal akhir harus pada atau sesudah tanggal awal.")
        return data
