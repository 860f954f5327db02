"""Help: what this is, who does what, what the words mean. Definitions come from the registry of columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah.cakupan import Peran, sees_nation
from realisasi.aturan import tampilan
from realisasi.aturan.angka import AngkaSalah, read_persen, read_rupiah
from realisasi.models import Alokasi, KodeMasalah, StatusLaporan
from realisasi.rekap.kolom import KOLOM_WILAYAH, kolom
from realisasi.views.periode import periode

LIMA_JUMLAH = kolom(KOLOM_WILAYAH, "pagu", "nilai_rk", "nilai_kontrak", "penyaluran", "realisasi_keuangan")
UKURAN = kolom(
    KOLOM_WILAYAH,
    "serapan",
    "serapan_kab_kota",
    "rata_rata_kab_kota",
    "serapan_kontrak",
    "serapan_diterima",
    "kontrak_pagu",
    "penyaluran_pagu",
    "progres_fisik",
    "capaian_keluaran",
    "deviasi_fisik",
    "sisa_kas",
)
RUPIAH = ("1.234.567", "1234567", "Rp 1.000.000,-", "1,234,567.89", "1,5 miliar")
PERSEN = ("72,5", "72.5", "72,5 %", "101")


@dataclass(frozen=True)
class Contoh:
    """What becomes of a typed figure: read here by the very code that reads the forms."""

    diketik: str
    dibaca: str
    is_terbaca: bool


@require_safe
def bantuan(request: HttpRequest) -> HttpResponse:
    context = {
        "peran": request.user.get_peran_display(),
        "petugas_daerah": request.user.peran in (Peran.OPERATOR, Peran.PENYETUJU),
        "kementerian": sees_nation(request.user),
        "lima_jumlah": LIMA_JUMLAH,
        "ukuran": UKURAN,
        "status": list(StatusLaporan),
        "kode_masalah": KodeMasalah.choices,
        "contoh": [
            *(_example(text, read_rupiah, tampilan.rp) for text in RUPIAH),
            *(_example(text, read_persen, tampilan.persen) for text in PERSEN),
        ],
        "narahubung": _contacts(request),
    }
    return render(request, "bantuan/bantuan.html", context)


def _example(text: str, read: Callable, write: Callable) -> Contoh:
    try:
        return Contoh(text, write(read(text)), is_terbaca=True)
    except AngkaSalah as salah:
        return Contoh(text, salah.pesan, is_terbaca=False)


def _contacts(request: HttpRequest) -> list[Alokasi]:
    """Who at the ministry looks after the officer's own alokasi of this TA."""
    if sees_nation(request.user):
        return []
    own = Alokasi.objects.visible_to(request.user).ikm().filter(daerah=request.user.daerah_id)
    return list(own.filter(tahun=periode(request).tw.tahun).select_related("penanggung_jawab"))
