"""The calendar of a TA: deadlines, who reported, and closing a quarter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.actions.galat import Ditolak
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.forms.aturan import FormTutup
from realisasi.forms.galat import show_refusal
from realisasi.models import PeriodeTriwulan, StatusLaporan
from realisasi.models.laporan import WAITING
from realisasi.rekap.lapor import reporting
from realisasi.views.izin import only
from realisasi.views.periode import periode

REPORTED = (*WAITING, StatusLaporan.DIVERIFIKASI)


@dataclass(frozen=True, kw_only=True)
class BarisJadwal:
    """One quarter: where it stands and how many daerah (of `daerah`) are how far."""

    periode: PeriodeTriwulan
    keadaan: str
    daerah: int
    lapor: int
    diverifikasi: int
    menunggu: int
    terlambat: int
    form: FormTutup | None


@require_safe
def jadwal(request: HttpRequest) -> HttpResponse:
    if not sees_nation(request.user):
        raise Http404
    return _page(request, periode(request).tw.tahun)


@require_POST
def tutup(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.JADWAL)
    found = get_object_or_404(PeriodeTriwulan, pk=_number(request.POST.get("periode", "")))
    form = FormTutup(request.POST, auto_id=f"id_{found.pk}_%s")
    if form.is_valid():
        try:
            close_triwulan(tw=found.tw, by=request.user, now=waktu.now(), alasan=form.cleaned_data["alasan"])
        except Ditolak as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{found} ditutup. Angkanya kini final.")
            return redirect(f"{reverse('jadwal')}?tahun={found.tahun_id}")
    return _page(request, found.tahun_id, refused={found.pk: form}, status=422)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _page(
    request: HttpRequest, tahun: int, *, refused: dict[int, FormTutup] | None = None, status: int = 200
) -> HttpResponse:
    now = waktu.now()
    states = reporting(request.user, tahun, now=now)
    quarters = PeriodeTriwulan.objects.filter(tahun=tahun).select_related("ditutup_oleh").order_by("triwulan")
    may_close = can(request.user, Wewenang.JADWAL)
    context: dict[str, Any] = {
        "tahun": tahun,
        "salah": next(iter((refused or {}).values()), None),
        "baris": [
            _row(
                quarter, [state[quarter.triwulan] for state in states.values()], now, may_close, refused or {}
            )
            for quarter in quarters
        ],
    }
    return render(request, "jadwal/jadwal.html", context, status=status)


def _row(
    quarter: PeriodeTriwulan,
    states: list[Any],
    now: datetime,
    may_close: bool,
    refused: dict[int, FormTutup],
) -> BarisJadwal:
    count = Counter(state.status for state in states)
    closable = may_close and not quarter.is_closed and quarter.tw.akhir < now.astimezone(WIB).date()
    waiting = sum(count[status] for status in WAITING)
    form = refused.get(quarter.pk) or FormTutup(auto_id=f"id_{quarter.pk}_%s")
    form.fields["alasan"].required = bool(waiting)  # for the label; the action itself insists on it
    return BarisJadwal(
        periode=quarter,
        keadaan=_state(quarter, quarter.tw, now),
        daerah=len(states),
        lapor=sum(count[status] for status in REPORTED),
        diverifikasi=count[StatusLaporan.DIVERIFIKASI],
        menunggu=waiting,
        terlambat=sum(state.terlambat for state in states),
        form=form if closable or quarter.pk in refused else None,
    )


def _state(quarter: PeriodeTriwulan, tw: Triwulan, now: datetime) -> str:
    today = now.astimezone(WIB).date()
    if quarter.is_closed:
        return "DITUTUP"
    if today < tw.awal:
        return "BELUM_MULAI"
    if today <= tw.akhir:
        return "BERJALAN"
    return "MASA_LAPOR" if now <= quarter.tenggat else "LEWAT_TENGGAT"
