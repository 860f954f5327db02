"""The report form: one row of fields a paket and what is said of the report as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from realisasi.actions.laporan import Catatan, Isian, IsianBaris
from realisasi.forms.bidang import DesimalField, PersenField, RupiahField
from realisasi.models import BarisLaporan, KodeMasalah
from realisasi.rekap.lembar import Lembar

KOLOM_CATATAN = {
    "keuangan": "Realisasi keuangan",
    "volume_selesai": "Volume selesai",
    "progres_fisik": "Progres fisik",
    "kode_masalah": "Masalah dan alasan",
}


class FormBaris(forms.Form):
    """What is asked for one paket. Nothing is required to save; a submission is checked by its action."""

    keuangan = RupiahField(label="Realisasi keuangan")
    volume_selesai = DesimalField(label="Volume selesai")
    progres_fisik = PersenField(label="Progres fisik")
    kode_masalah = forms.TypedChoiceField(
        label="Kode masalah",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Tidak ada"), *((kode.value, f"{kode.value} · {kode.label}") for kode in KodeMasalah)],
        error_messages={"invalid_choice": "Kode “%(value)s” tidak ada. Pilih 1 sampai 11 dari daftar."},
    )
    penjelasan = forms.CharField(label="Penjelasan masalah", required=False, max_length=1000)
    alasan = forms.CharField(label="Alasan", required=False, max_length=1000)

    def isian(self) -> IsianBaris:
        return IsianBaris(**self.cleaned_data)


class FormUmum(forms.Form):
    """The fields of the report as a whole."""

    versi = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Halaman ini tidak lengkap. Simpan isian di tempat lain, lalu muat ulang halaman.",
            "invalid": "Halaman ini tidak lengkap. Simpan isian di tempat lain, lalu muat ulang halaman.",
        },
    )
    nihil = forms.BooleanField(label="Nihil: tidak ada perkembangan pada triwulan ini", required=False)
    alasan_nihil = forms.CharField(label="Alasan nihil", required=False, max_length=1000)
    catatan = forms.CharField(
        label="Catatan umum",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("nihil") and not cleaned.get("alasan_nihil") and "alasan_nihil" not in self.errors:
            self.add_error(
                "alasan_nihil", "Laporan nihil perlu alasan. Tulis mengapa tidak ada perkembangan."
            )
        return cleaned


class FormulirLaporan:
    """The whole form over a sheet: `umum` and, by paket, `baris`."""

    def __init__(self, lembar: Lembar, data: QueryDict | None = None) -> None:
        laporan = lembar.laporan
        stored = {name: getattr(laporan, name) for name in FormUmum.base_fields}
        self.umum = FormUmum(data, initial=stored)
        self.baris = {row.paket.pk: _row_form(row.isian, data) for row in lembar.baris}

    def is_valid(self) -> bool:
        # Every form is asked, also after a faulty one: all faults are shown at once.
        sent = [form for form in self.baris.values() if form.is_bound]
        return not [form for form in (self.umum, *sent) if not form.is_valid()]

    def tie_findings(self, cells: Mapping[int | None, Collection[str]]) -> None:
        """Let a screen reader read what was found together with the cell that it stands beside."""
        for paket, form in self.baris.items():
            for kolom in cells.get(paket, ()):
                attrs = form.fields[kolom].widget.attrs
                attrs["aria-describedby"] = f"{form[kolom].auto_id}_temuan"

    def isian(self) -> Isian:
        """What was filled in, once valid. A row that the page did not send is left as it is stored."""
        rows = {paket: form.isian() for paket, form in self.baris.items() if form.is_bound}
        return Isian(baris=rows, **self.umum.cleaned_data)

    def typed(self) -> dict[int, BarisLaporan]:
        """Unsaved rows with what could be read, to show increments and totals of."""
        return {
            paket: BarisLaporan(paket_id=paket, **getattr(form, "cleaned_data", {}))
            for paket, form in self.baris.items()
            if form.is_bound
        }


def _row_form(row: Any, data: QueryDict | None) -> FormBaris:
    prefix = f"p{row.paket_id}"
    sent = data is not None and f"{prefix}-keuangan" in data
    initial = {name: getattr(row, name) for name in FormBaris.base_fields}
    return FormBaris(data if sent else None, prefix=prefix, initial=initial)


class FormMulai(forms.Form):
    alokasi = forms.IntegerField(min_value=1)
    triwulan = forms.IntegerField(min_value=1, max_value=4)


class FormAlasan(forms.Form):
    """Why a report goes back to its daerah."""

    alasan = forms.CharField(
        label="Alasan",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tulis alasannya: daerah membacanya sebagai hal pertama."},
    )


class FormKembalikan(FormAlasan):
    """A return: its reason and a remark on any cell."""

    def __init__(self, packages: list[int], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["alasan"].label = "Alasan pengembalian"
        for paket in packages:
            for kolom, label in KOLOM_CATATAN.items():
                self.fields[f"c{paket}-{kolom}"] = forms.CharField(
                    label=f"Catatan: {label}", required=False, max_length=1000
                )

    def catatan(self) -> list[Catatan]:
        """The remarks that were written."""
        found = []
        for name, teks in self.cleaned_data.items():
            paket, _, kolom = name.removeprefix("c").partition("-")
            if kolom and teks:
                found.append(Catatan(paket=int(paket), kolom=kolom, teks=teks))
        return found
