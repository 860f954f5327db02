"""The field for an uploaded workbook."""

from __future__ import annotations

from django import forms

NOT_SENT = "Berkas tidak terkirim. Pilih lagi, lalu unggah."


class BidangBuku(forms.FileField):
    """A workbook of one form; what is in it is judged by realisasi.buku."""

    def __init__(self, formulir: str) -> None:
        super().__init__(
            label=f"{formulir.capitalize()} (.xlsx)",
            widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
            error_messages={
                "required": f"Pilih berkas .xlsx {formulir}.",
                "empty": "Berkas kosong (0 byte). Simpan ulang formulir, lalu unggah lagi.",
                "missing": NOT_SENT,
                "invalid": NOT_SENT,
            },
        )
