"""Forms of the accounts' rooms."""

from django import forms

from daerah.cakupan import Peran
from realisasi.actions.akun import MASA_TOKEN
from realisasi.forms.unggah import BidangBuku

PERAN_DAFTAR = [(value, label) for value, label in Peran.choices if value != Peran.SISTEM]


class FormUnggahAkun(forms.Form):
    berkas = BidangBuku("formulir akun")


class FormSaringAkun(forms.Form):
    q = forms.CharField(label="Cari", max_length=80, required=False)
    peran = forms.ChoiceField(label="Peran", choices=[("", "Semua"), *PERAN_DAFTAR], required=False)


class FormAlasan(forms.Form):
    alasan = forms.CharField(
        label="Alasan",
        max_length=500,
        help_text="Tersimpan di jejak audit.",
        error_messages={"required": "Tulis alasannya: alasan ini tersimpan di jejak audit."},
    )


class FormToken(forms.Form):
    label = forms.CharField(
        label="Nama token",
        max_length=80,
        help_text="Untuk apa token ini, misalnya Power BI Sekretariat.",
        error_messages={"required": "Beri nama, supaya kelak Anda tahu token mana yang dicabut."},
    )
    hari = forms.TypedChoiceField(
        label="Berlaku",
        coerce=int,
        choices=[(hari, f"{hari} hari") for hari in MASA_TOKEN],
        error_messages={"invalid_choice": "Pilih salah satu masa berlaku dalam daftar."},
    )
