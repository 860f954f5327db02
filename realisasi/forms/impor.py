"""Upload of a formulir alokasi."""

from __future__ import annotations

from django import forms

from realisasi.forms.unggah import BidangBuku


class FormUnggahAlokasi(forms.Form):
    berkas = BidangBuku("formulir alokasi")
    berlaku_dari = forms.DateField(
        label="Revisi berlaku dari",
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Untuk perubahan pagu atau nilai RK; kosong berarti hari ini. "
        "Alokasi baru berlaku dari 1 Januari.",
        error_messages={"invalid": "Tanggal ini tidak terbaca. Tulis misalnya 01-07-2024."},
    )
