"""Pictures for templates: each tag hands ready rates to `gambar` and shows a partial with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import template

from realisasi.aturan import tampilan
from realisasi.gambar import kurva, lambang, petak
from realisasi.gambar import rantai as gambar_rantai

register = template.Library()

TRIWULAN = (1, 2, 3, 4)
LEGENDA = [*lambang.LAPORAN.values(), *lambang.TANDA.values()]


@dataclass(frozen=True)
class BarisMatriks:
    """One daerah and, of each of its four triwulan, status and flags by code; none: not due yet."""

    nama: str
    url: str
    status: Sequence[Sequence[str]]


@register.inclusion_tag("components/grafik_rantai.html")
def rantai(mata_rantai: Sequence[gambar_rantai.MataRantai]) -> dict[str, object]:
    """{% rantai lima_jumlah %}: the five amounts as bars on one scale."""
    return {"rantai": gambar_rantai.draw(mata_rantai)}


@register.inclusion_tag("components/grafik_kurva_s.html")
def kurva_s(deret: Sequence[kurva.Deret], hari_ini: date | None = None) -> dict[str, object]:
    """{% kurva_s deret hari_ini %}: cumulative lines; `hari_ini` only when it lies in the year shown."""
    return {
        "gambar": [kurva.draw(deret, hari_ini, bingkai) for bingkai in (kurva.LEBAR, kurva.SEMPIT)],
        "uraian": kurva.describe(deret),
        "deret": deret,
        "baris": [(nama, [satu.nilai[ke] for satu in deret]) for ke, nama in enumerate(kurva.NAMA_TITIK)],
    }


@register.inclusion_tag("components/grafik_batang.html")
def batang(persen: Decimal | None) -> dict[str, object]:
    """{% batang rate %}: a bar for a table cell; the figure itself stands beside it."""
    return {
        "panjang": None if persen is None else f"{min(max(persen, 0), 100):.2f}",
        "melampaui": persen is not None and persen > 100,
    }


@register.inclusion_tag("components/grafik_matriks.html")
def matriks(baris: Sequence[BarisMatriks]) -> dict[str, object]:
    """{% matriks daftar %}: who has reported which triwulan."""
    isi = [
        (
            satu,
            [
                (tampilan.tw(ke), [lambang.SEMUA[kode] for kode in kodes])
                for ke, kodes in zip(TRIWULAN, satu.status, strict=True)
            ],
        )
        for satu in baris
    ]
    return {"baris": isi, "kepala": [tampilan.tw(ke) for ke in TRIWULAN], "legenda": LEGENDA}


@register.inclusion_tag("components/grafik_petak.html")
def peta_petak(
    daftar: Sequence[petak.Isi], ambang: Sequence[int], ukuran: str = "Serapan"
) -> dict[str, object]:
    """{% peta_petak daftar ambang "Serapan" %}: 38 provinces as tiles, the four thresholds printed."""
    return {
        "gambar": [(susunan, petak.draw(daftar, ambang, susunan)) for susunan in (petak.LEBAR, petak.SEMPIT)],
        "legenda": petak.legend(ambang),
        "daftar": daftar,
        "ukuran": ukuran,
    }
