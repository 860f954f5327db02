"""Form fields for figures as Indonesian officers type them; what was typed is shown again as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from realisasi.aturan import angka, tampilan

# No figure needs more; what is longer is a paste gone wrong and is not worth reading.
TERPANJANG = 60


class AngkaField(forms.CharField):
    """A text input that gives a number; each kind says how it is read and how a stored one is written."""

    inputmode = "decimal"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput(attrs={"inputmode": self.inputmode, "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def read(self, text: str) -> int | Decimal | None:
        raise NotImplementedError

    def write(self, value: int | Decimal) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if len(text) > TERPANJANG:
            raise forms.ValidationError(
                f"Isian sepanjang {len(text)} karakter bukan angka. Ketik ulang angkanya.", code="angka"
            )
        try:
            return self.read(text)
        except angka.AngkaSalah as salah:
            raise forms.ValidationError(salah.pesan, code="angka") from salah

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.write(value)


class RupiahField(AngkaField):
    """Whole rupiah, `1.234.567`."""

    inputmode = "numeric"

    def read(self, text: str) -> int | None:
        return angka.read_rupiah(text)

    def write(self, value: int | Decimal) -> str:
        return tampilan.rupiah(int(value))


class DesimalField(AngkaField):
    """A volume, `1250,5`: at most twelve digits before the comma, as the column holds them."""

    LIMIT = Decimal(10) ** 12

    def read(self, text: str) -> Decimal | None:
        value = angka.read_desimal(text)
        if value is not None and value >= self.LIMIT:
            raise angka.AngkaSalah("Lebih dari 12 angka di depan koma. Periksa kelebihan nol.")
        return value

    def write(self, value: int | Decimal) -> str:
        # Without dots: `1.250` could be one and a quarter, and reading it again would be refused.
        return tampilan.desimal(value).replace(".", "")


class PersenField(AngkaField):
    """A percent from 0 to 100, `72,50`."""

    def read(self, text: str) -> Decimal | None:
        return angka.read_persen(text)

    def write(self, value: int | Decimal) -> str:
        return tampilan.desimal(value, 2)
