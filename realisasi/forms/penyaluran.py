"""The form of one SP2D."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet

from realisasi.forms.bidang import RupiahField
from realisasi.forms.galat import places_of
from realisasi.forms.tanggal import TanggalField
from realisasi.models import Alokasi, Penyaluran

TEMPAT = places_of(Penyaluran, {"penyaluran_satu_berlaku": "nomor_sp2d", "penyaluran_positif": "jumlah"})


class FormPenyaluran(forms.Form):
    alokasi = forms.ModelChoiceField(
        queryset=Alokasi.objects.none(),
        label="Daerah",
        error_messages={
            "required": "Pilih daerah penerima.",
            "invalid_choice": "Daerah ini tidak ada dalam daftar penerima TA ini. Pilih dari daftar.",
        },
    )
    tahap = forms.ChoiceField(
        choices=Penyaluran.Tahap.choices,
        label="Tahap penyaluran",
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih tahap penyaluran."},
    )
    nomor_sp2d = forms.CharField(
        max_length=60,
        label="Nomor SP2D",
        help_text="Seperti tertulis pada SP2D KPPN.",
        error_messages={"required": "Isi nomor SP2D."},
    )
    tanggal_sp2d = TanggalField(
        label="Tanggal SP2D", required=True, error_messages={"required": "Isi tanggal SP2D."}
    )
    jumlah = RupiahField(
        label="Jumlah (Rp)",
        required=True,
        help_text="Rupiah penuh, bukan ribuan.",
        error_messages={"required": "Isi jumlah yang masuk ke RKUD."},
    )

    def __init__(self, *args: Any, penerima: QuerySet[Alokasi], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alokasi"].queryset = penerima
        self.fields["alokasi"].choices = [("", "Pilih daerah"), *by_province(penerima)]

    def clean_nomor_sp2d(self) -> str:
        # A number pasted with two blanks is still the same SP2D.
        return " ".join(self.cleaned_data["nomor_sp2d"].split())


def by_province(penerima: QuerySet[Alokasi]) -> list[tuple[str, list[tuple[int, str]]]]:
    rows = penerima.select_related("daerah__induk").order_by("daerah_id")
    grouped = groupby(rows, key=lambda alokasi: (alokasi.daerah.induk or alokasi.daerah).nama)
    return [(nama, [(alokasi.pk, str(alokasi.daerah)) for alokasi in group]) for nama, group in grouped]


class FormHapusPenyaluran(forms.Form):
    """Why an SP2D is taken back."""

    alasan = forms.CharField(label="Alasan penghapusan", max_length=2000)
