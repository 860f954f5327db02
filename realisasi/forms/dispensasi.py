"""The forms that let a daerah in late, and that end it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet

from realisasi.aturan.nilai_aturan import CONTOH_JAM, NilaiSalah, read_nilai
from realisasi.aturan.parameter import Satuan
from realisasi.aturan.triwulan import WIB
from realisasi.forms.penyaluran import by_province
from realisasi.forms.tanggal import TanggalField
from realisasi.models import Alokasi, Dispensasi, PeriodeTriwulan

ALASAN = forms.Textarea(attrs={"rows": 2})


class FormDispensasi(forms.Form):
    """A daerah of one TA, one of its open quarters, the last instant in WIB, and why."""

    alokasi = forms.ModelChoiceField(
        queryset=Alokasi.objects.none(),
        label="Daerah",
        error_messages={
            "required": "Pilih daerahnya.",
            "invalid_choice": "Daerah ini tidak ada dalam daftar penerima TA ini. Pilih dari daftar.",
        },
    )
    triwulan = forms.TypedChoiceField(
        label="Triwulan",
        coerce=int,
        error_messages={
            "required": "Pilih triwulannya.",
            "invalid_choice": "Triwulan ini tidak terbuka. Pilih dari daftar.",
        },
    )
    sampai = TanggalField(
        label="Sampai tanggal",
        required=True,
        error_messages={"required": "Isi hari terakhir dispensasi."},
    )
    jam = forms.CharField(
        label="Sampai pukul (WIB)",
        max_length=10,
        initial="23.59",
        help_text=CONTOH_JAM,
        error_messages={"required": f"Isi jamnya. {CONTOH_JAM}"},
    )
    alasan = forms.CharField(
        label="Alasan",
        max_length=Dispensasi._meta.get_field("alasan").max_length,
        widget=ALASAN,
        help_text="Daerah membacanya pada laporannya.",
        error_messages={"required": "Tulis alasannya. Dispensasi tanpa alasan tidak diberikan."},
    )

    def __init__(
        self,
        *args: Any,
        penerima: QuerySet[Alokasi],
        triwulan: list[PeriodeTriwulan],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alokasi"].queryset = penerima
        self.fields["alokasi"].choices = [("", "Pilih daerah"), *by_province(penerima)]
        self.fields["triwulan"].choices = [
            ("", "Pilih triwulan"),
            *((quarter.triwulan, quarter.tw.label) for quarter in triwulan),
        ]

    def clean_jam(self) -> time:
        try:
            return time.fromisoformat(read_nilai(Satuan.JAM, self.cleaned_data["jam"]))
        except NilaiSalah as salah:
            raise forms.ValidationError(salah.pesan, code="jam") from salah

    @property
    def saat(self) -> datetime:
        """The last instant that was typed."""
        return datetime.combine(self.cleaned_data["sampai"], self.cleaned_data["jam"], tzinfo=WIB)


class FormCabut(forms.Form):
    """Why a waiver ends before its time."""

    alasan = forms.CharField(
        label="Alasan pencabutan",
        max_length=1000,
        widget=ALASAN,
        error_messages={"required": "Tulis alasan pencabutan."},
    )
