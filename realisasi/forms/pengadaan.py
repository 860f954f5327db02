"""The form of one paket: what its daerah records of contract, dates and BAST."""

from __future__ import annotations

from typing import Any

from django import forms

from realisasi.actions.paket import IsianPaket
from realisasi.forms.bidang import RupiahField
from realisasi.forms.galat import places_of
from realisasi.forms.tanggal import TanggalField
from realisasi.models import Paket

VERSI_HILANG = "Muat ulang halaman ini, lalu isi lagi: nomor versinya tidak terbaca."
TEMPAT = places_of(
    Paket,
    {
        "paket_kontrak_lengkap": "nilai_kontrak",
        "paket_selesai_sesudah_mulai": "selesai",
        "paket_bast_sesudah_kontrak": "tanggal_bast",
    },
)


class FormPaket(forms.Form):
    versi = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": VERSI_HILANG, "invalid": VERSI_HILANG},
    )
    metode = forms.ChoiceField(
        label="Metode pengadaan",
        choices=[("", "Belum ditetapkan"), *Paket.Metode.choices],
        required=False,
    )
    penyedia = Paket._meta.get_field("penyedia").formfield()
    nomor_kontrak = Paket._meta.get_field("nomor_kontrak").formfield()
    nilai_kontrak = RupiahField(label="Nilai kontrak (Rp)", help_text="Rupiah penuh, bukan ribuan.")
    tanggal_kontrak = TanggalField(label="Tanggal kontrak")
    mulai = TanggalField(label="Mulai kerja")
    selesai = TanggalField(label="Selesai menurut kontrak")
    tanggal_bast = TanggalField(label="Tanggal BAST", help_text="Hari/bulan/tahun, setelah serah terima.")

    def isian(self) -> IsianPaket:
        return IsianPaket(**{name: value for name, value in self.cleaned_data.items() if name != "versi"})


def stored_values(paket: Paket) -> dict[str, Any]:
    """What the form shows of a paket before anything is typed."""
    return {name: getattr(paket, name) for name in FormPaket.base_fields}
