"""Forms of the own account."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils import timezone

from daerah.models import Pengguna


class FormMasuk(AuthenticationForm):
    # One sentence for every reason (unknown, wrong password, inactive, off duty).
    error_messages = {
        "invalid_login": (
            "Nama pengguna atau kata sandi tidak cocok, atau akun tidak sedang bertugas. "
            "Periksa huruf besar dan kecil, lalu coba lagi."
        ),
        "inactive": "Nama pengguna atau kata sandi tidak cocok.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Nama pengguna"
        self.fields["username"].error_messages["required"] = "Isi nama pengguna."
        self.fields["password"].label = "Kata sandi"
        self.fields["password"].error_messages["required"] = "Isi kata sandi."


class FormLupaSandi(forms.Form):
    surel = forms.EmailField(
        label="Alamat surel",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Isi alamat surel yang terdaftar.",
            "invalid": "Ini bukan alamat surel. Tulis lengkap, misalnya nama@contoh.go.id.",
        },
    )

    def accounts(self) -> Iterator[Pengguna]:
        """The accounts of this address that may sign in; most often one or none."""
        today = timezone.localdate()
        found = Pengguna.objects.filter(email__iexact=self.cleaned_data["surel"], is_active=True)
        return (akun for akun in found.select_related("daerah") if akun.on_duty(today))


class FormAturSandi(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_password_fields(self)


class FormGantiSandi(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Kata sandi sekarang"
        name_password_fields(self)


def name_password_fields(form: forms.Form) -> None:
    form.fields["new_password1"].label = "Kata sandi baru"
    form.fields["new_password2"].label = "Ulangi kata sandi baru"
    form.fields["new_password2"].help_text = ""


class FormKode(forms.Form):
    """A code of the authenticator, or one of the recovery codes."""

    kode_verifikasi = forms.CharField(
        label="Kode",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
        error_messages={"required": "Isi kode enam angka dari aplikasi autentikator."},
    )

    def clean_kode_verifikasi(self) -> str:
        kode = re.sub(r"[\s-]", "", self.cleaned_data["kode_verifikasi"]).lower()
        if not re.fullmatch(r"\d{6}|[a-z2-7]{8}", kode, flags=re.ASCII):
            raise forms.ValidationError(
                "Isi enam angka dari aplikasi autentikator, atau delapan huruf dan angka satu kode cadangan."
            )
        return kode
