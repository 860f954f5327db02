"""Upload of a formulir alokasi."""

from __future__ import annotations

from django import forms


class FormUnggahAlokasi(forms.Form):
    berkas = forms.FileField(
        label="Formulir alokasi (.xlsx)",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Pilih berkas .xlsx formulir alokasi.",
            "empty": "Berkas kosong (0 byte). Simpan ulang formulir, lalu unggah lagi.",
            "missing": "Berkas tidak terkirim. Pilih lagi, lalu unggah.",
            "invalid": "Berkas tidak terkirim. Pilih lagi, lalu unggah.",
        },
    )
    berlaku_dari = forms.DateField(
        label="Revisi berlaku dari",
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Untuk perubahan pagu atau nilai RK; kosong berarti hari ini. "
        "Alokasi baru berlaku dari 1 Januari.",
        error_messages={"invalid": "Tanggal ini tidak terbaca. Tulis misalnya 01-07-2024."},
    )
