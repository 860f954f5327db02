"""Forms of one alokasi: its pembina, a revised pagu, its targets."""

from __future__ import annotations

from typing import Any

from django import forms

from daerah.cakupan import MINISTRY
from daerah.models import Pengguna
from realisasi.actions.alokasi import IsianTarget
from realisasi.aturan import tampilan
from realisasi.forms.bidang import PersenField, RupiahField
from realisasi.models import Alokasi, Target

TRIWULAN = (1, 2, 3, 4)


class PembinaForm(forms.Form):
    direktorat_pembina = forms.CharField(label="Direktorat pembina", max_length=120, required=False)
    penanggung_jawab = forms.ModelChoiceField(
        Pengguna.objects.none(), label="Penanggung jawab", required=False, empty_label="Belum ditetapkan"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Pengguna.objects.filter(peran__in=MINISTRY, is_active=True).order_by("username")
        self.fields["penanggung_jawab"].queryset = people  # type: ignore[attr-defined]


class PaguForm(forms.Form):
    jumlah = RupiahField(label="Pagu baru (Rp)", required=True)
    berlaku_dari = forms.DateField(
        label="Berlaku dari", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sumber = forms.CharField(label="Sumber", max_length=300, help_text="Misalnya nomor KMK.")


class TargetForm(forms.Form):
    """Eight cells: keuangan and fisik of the four quarters, cumulative; a reason for the change."""

    alasan = forms.CharField(label="Alasan perubahan", max_length=2000)

    def __init__(self, *args: Any, alokasi: Alokasi, **kwargs: Any) -> None:
        stored = {target.triwulan: target for target in Target.objects.known().filter(alokasi=alokasi)}
        initial = {}
        for ke, target in stored.items():
            initial |= {f"keuangan_{ke}": target.keuangan, f"fisik_{ke}": target.fisik}
        super().__init__(*args, initial=initial, **kwargs)
        cells = {}
        for ke in TRIWULAN:
            cells[f"keuangan_{ke}"] = RupiahField(label=f"Target keuangan s.d. {tampilan.tw(ke)} (Rp)")
            cells[f"fisik_{ke}"] = PersenField(label=f"Target fisik s.d. {tampilan.tw(ke)} (%)")
        self.fields = {**cells, **self.fields}

    def isian(self) -> dict[int, IsianTarget]:
        data = self.cleaned_data
        return {
            ke: IsianTarget(keuangan=data[f"keuangan_{ke}"], fisik=data[f"fisik_{ke}"]) for ke in TRIWULAN
        }
