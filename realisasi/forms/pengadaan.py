"""The form of one paket: what its daerah records of contract, dates and BAST."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from realisasi.actions.paket import IsianPaket
from realisasi.forms.bidang import RupiahField
from realisasi.forms.tanggal import TanggalField
from realisasi.models import Paket

# Which field a rule of the row is shown beside; its wording is the row's own.
TEMPAT_BATAS = {
    "paket_kontrak_lengkap": "nilai_kontrak",
    "paket_selesai_sesudah_mulai": "selesai",
    "paket_bast_sesudah_kontrak": "tanggal_bast",
}
VERSI_HILANG = "Muat ulang halaman ini, lalu isi lagi: nomor versinya tidak terbaca."


class FormPaket(forms.ModelForm):
    versi = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": VERSI_HILANG, "invalid": VERSI_HILANG},
    )
    nilai_kontrak = RupiahField(
        label="Nilai kontrak (Rp)",
        help_text="Rupiah penuh, bukan ribuan.",
    )
    tanggal_kontrak = TanggalField(label="Tanggal kontrak/surat pesanan")
    mulai = TanggalField(label="Mulai kerja")
    selesai = TanggalField(label="Selesai menurut kontrak")
    tanggal_bast = TanggalField(label="Tanggal BAST", help_text="Hari/bulan/tahun, setelah serah terima.")

    class Meta:
        model = Paket
        fields = (
            "metode",
            "penyedia",
            "nomor_kontrak",
            "nilai_kontrak",
            "tanggal_kontrak",
            "mulai",
            "selesai",
            "tanggal_bast",
        )
        labels = {"nomor_kontrak": "Nomor kontrak/surat pesanan", "metode": "Metode pengadaan"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["versi"].initial = self.instance.versi
        self.fields["metode"].choices = [("", "Belum ditetapkan"), *Paket.Metode.choices]

    def isian(self) -> IsianPaket:
        return IsianPaket(**{name: self.cleaned_data[name] for name in self._meta.fields})

    def validate_constraints(self) -> None:
        """As ModelForm does it, but each rule beside the field that has to change."""
        for constraint in Paket._meta.constraints:
            if constraint.name not in TEMPAT_BATAS:
                continue
            try:
                constraint.validate(Paket, self.instance, exclude=self._get_validation_exclusions())
            except ValidationError as galat:
                self.add_error(TEMPAT_BATAS[constraint.name], galat)
