"""What the analysts' workbook shall hold."""

from __future__ import annotations

from typing import Any

from django import forms

from realisasi.models import Posisi

PILIHAN = (
    (Posisi.SEMENTARA, "Sementara: juga laporan yang sedang diajukan"),
    (Posisi.FINAL, "Final: hanya laporan terverifikasi"),
)


class FormEkspor(forms.Form):
    """The position of the figures; a closed quarter (`terkunci`) leaves no choice."""

    posisi = forms.ChoiceField(
        choices=PILIHAN,
        initial=Posisi.SEMENTARA,
        label="Posisi angka",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih posisi angka.",
            "invalid_choice": "Posisi ini tidak ada. Pilih sementara atau final.",
        },
    )

    def __init__(self, *args: Any, terkunci: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if terkunci:
            del self.fields["posisi"]
