"""`/`: the role's own start. An office sees what to do now and by when, the ministry where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Peran, Wewenang, can
from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Alokasi, Laporan, PeriodeTriwulan, RekapWilayah, StatusLaporan, VersiLaporan
from realisasi.rekap.baca import DAERAH, NASIONAL, PROVINSI, serapan_series
from realisasi.rekap.lapor import StatusLapor, reporting
from realisasi.views.dasbor import area_blocks
from realisasi.views.periode import periode

DONE = (StatusLaporan.DIVERIFIKASI,)
OURS = (None, "BELUM_LAPOR", StatusLaporan.KONSEP, StatusLaporan.DIKEMBALIKAN)


@dataclass(frozen=True)
class Tugas:
    """One report of the own daerah that is not verified yet."""

    tw: Triwulan
    keadaan: StatusLapor
    tenggat: datetime | None
    sisa: str
    alasan: str

    @property
    def giliran_daerah(self) -> bool:
        """Whether the next step is the office's, not the ministry's."""
        return self.keadaan.status in OURS


@require_safe
def beranda(request: HttpRequest) -> HttpResponse:
    if can(request.user, Wewenang.LAPOR):
        return _office(request)
    if request.user.peran == Peran.PROVINSI:
        return _overview(request, PROVINSI, request.user.daerah_id)
    return _overview(request, NASIONAL, RekapWilayah.KODE_NASIONAL)


def _office(request: HttpRequest) -> HttpResponse:
    tw = periode(request).tw
    alokasi = Alokasi.objects.visible_to(request.user).ikm().filter(tahun=tw.tahun).first()
    context: dict[str, Any] = {"tw": tw, "alokasi": alokasi}
    if alokasi:
        tugas = _tasks(request, alokasi)
        series = serapan_series(request.user, tw.tahun, DAERAH, alokasi.daerah_id)
        context |= {
            "tugas": tugas,
            "utama": next((satu for satu in tugas if satu.giliran_daerah), None),
            **area_blocks(series, tw.ke),
        }
    return render(request, "beranda/daerah.html", context)


def _tasks(request: HttpRequest, alokasi: Alokasi) -> list[Tugas]:
    """Quarters that are due and not verified, the latest first."""
    now = waktu.now()
    today = now.astimezone(WIB).date()
    state = reporting(request.user, alokasi.tahun_id, now=now, alokasi=[alokasi.pk])[alokasi.pk]
    deadlines = dict(
        PeriodeTriwulan.objects.filter(tahun=alokasi.tahun_id).values_list("triwulan", "tenggat")
    )
    reasons = dict(
        VersiLaporan.objects.filter(laporan__alokasi=alokasi, laporan__status=StatusLaporan.DIKEMBALIKAN)
        .order_by("nomor")
        .values_list("laporan__triwulan", "alasan_pengembalian")
    )
    return [
        Tugas(
            tw,
            state[tw.ke],
            deadlines.get(tw.ke),
            tampilan.sisa_hari(deadlines[tw.ke].astimezone(WIB).date(), today) if tw.ke in deadlines else "",
            reasons.get(tw.ke, ""),
        )
        for tw in Triwulan(alokasi.tahun_id, 4).sampai_ini
        if state[tw.ke].status is not None and state[tw.ke].status not in DONE
    ]


def _overview(request: HttpRequest, tingkat: str, kode: str) -> HttpResponse:
    tw = periode(request).tw
    waiting = Laporan.objects.visible_to(request.user).waiting()
    context: dict[str, Any] = {
        "tw": tw,
        "tingkat": tingkat,
        "kode": kode,
        "query": periode(request).query,
        "menunggu": waiting.count(),
        "tertua": waiting.order_by("terakhir_diajukan_pada").select_related("alokasi__daerah").first(),
        "boleh_verifikasi": can(request.user, Wewenang.VERIFIKASI),
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
        **area_blocks(serapan_series(request.user, tw.tahun, tingkat, kode), tw.ke),
    }
    return render(request, "beranda/kementerian.html", context)
