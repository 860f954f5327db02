"""The form that adds a rule, and the one that closes a quarter."""

from __future__ import annotations

from typing import Any

from django import forms

from daerah.kode import DaftarKode, KodeSalah
from daerah.models import Daerah
from realisasi.aturan.angka import AngkaSalah
from realisasi.aturan.nilai_aturan import (
    CONTOH_HARI_BULAN,
    CONTOH_JAM,
    CONTOH_JEDA,
    CONTOH_TANGGAL,
    HIDUP,
    MATI,
    NilaiSalah,
    read_nilai,
)
from realisasi.aturan.parameter import Aturan, Satuan
from realisasi.forms.tanggal import TanggalField
from realisasi.models import PeriodeTriwulan, Tanda

TAHUN_PERTAMA = 2016  # the programme's first year
TAHUN_KE_DEPAN = 2
CONTOH = {
    Satuan.RUPIAH: "Rupiah penuh, misalnya 1.000.000.000.",
    Satuan.PERSEN: "Persen dari 0 sampai 100, misalnya 72,5.",
    Satuan.BILANGAN: "Bilangan bulat, misalnya 14.",
    Satuan.TANGGAL: CONTOH_TANGGAL,
    Satuan.HARI_BULAN: CONTOH_HARI_BULAN,
    Satuan.JAM: f"{CONTOH_JAM} Waktu WIB.",
    Satuan.JEDA: CONTOH_JEDA,
    Satuan.SAKLAR: "",
}


class NilaiField(forms.CharField):
    """The value of one rule, read and checked by its unit."""

    def __init__(self, *, satuan: Satuan) -> None:
        self.satuan = satuan
        super().__init__(
            label="Nilai",
            max_length=60,
            help_text=CONTOH[satuan],
            widget=self._widget(satuan),
            error_messages={"required": f"Isi nilainya. {CONTOH[satuan]}".strip()},
        )

    @staticmethod
    def _widget(satuan: Satuan) -> forms.Widget:
        if satuan is Satuan.SAKLAR:
            return forms.Select(choices=[("", "Pilih"), (HIDUP, "Hidup"), (MATI, "Mati")])
        return forms.TextInput(attrs={"autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_nilai(self.satuan, text)
        except (AngkaSalah, NilaiSalah) as salah:
            raise forms.ValidationError(salah.pesan, code="nilai") from salah


class FormAturan(forms.Form):
    tahun = forms.TypedChoiceField(label="Tahun anggaran", coerce=int, empty_value=None, required=False)
    daerah = forms.CharField(
        label="Kode daerah",
        max_length=10,
        required=False,
        help_text="Kosong: semua daerah. Isi hanya bila aturannya mengecualikan satu daerah, misalnya 52.02.",
    )
    sumber = forms.CharField(
        label="Sumber hukum",
        max_length=300,
        help_text="Nama dan nomor peraturan atau surat, dengan pasalnya.",
        error_messages={"required": "Isi sumbernya. Aturan tanpa sumber tidak dapat dipertanggungjawabkan."},
    )
    tanda = forms.ChoiceField(
        label="Kepastian",
        choices=Tanda.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih seberapa pasti aturan ini."},
    )
    berlaku_dari = TanggalField(
        label="Berlaku dari",
        required=True,
        help_text="Hari/bulan/tahun. Untuk hari sebelumnya, jawaban lama tetap berlaku.",
        error_messages={"required": "Isi sejak kapan aturan ini berlaku."},
    )

    def __init__(self, *args: Any, aturan: Aturan, tahun_ini: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nilai"] = NilaiField(satuan=aturan.satuan)
        years = range(tahun_ini + TAHUN_KE_DEPAN, TAHUN_PERTAMA - 1, -1)
        self.fields["tahun"].choices = [("", "Semua TA"), *((year, f"TA {year}") for year in years)]
        self.order_fields(["nilai", "tahun", "daerah", "sumber", "tanda", "berlaku_dari"])

    def clean_daerah(self) -> Daerah | None:
        kode = self.cleaned_data["daerah"]
        if not kode:
            return None
        try:
            return DaftarKode.load().recipient(kode)
        except KodeSalah as salah:
            raise forms.ValidationError(salah.pesan, code="kode") from salah


class FormTutup(forms.Form):
    """The reason for closing a quarter while reports are still waiting."""

    alasan = forms.CharField(
        label="Alasan",
        max_length=PeriodeTriwulan._meta.get_field("alasan").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
