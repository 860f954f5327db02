"""Forms of the accounts' rooms."""

from django import forms

from daerah.cakupan import Peran
from realisasi.actions.akun import MASA_TOKEN

PERAN_DAFTAR = [(value, label) for value, label in Peran.choices if value != Peran.SISTEM]


class FormUnggahAkun(forms.Form):
    berkas = forms.FileField(
        label="Formulir akun (.xlsx)",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Pilih berkas .xlsx formulir akun.",
            "empty": "Berkas kosong (0 byte). Simpan ulang formulir, lalu unggah lagi.",
            "missing": "Berkas tidak terkirim. Pilih lagi, lalu unggah.",
            "invalid": "Berkas tidak terkirim. Pilih lagi, lalu unggah.",
        },
    )


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
