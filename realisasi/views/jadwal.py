"""The calendar of a TA: when reports are taken, who is let in late, closing a quarter and what came after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.actions.dispensasi import grant_dispensasi, revoke_dispensasi
from realisasi.actions.galat import Ditolak
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import WIB
from realisasi.buku.penjaga import XLSX
from realisasi.buku.rekap_analis import closing_book
from realisasi.forms.aturan import FormTutup
from realisasi.forms.dispensasi import FormCabut, FormDispensasi
from realisasi.forms.galat import show_refusal
from realisasi.models import Dispensasi, PeriodeTriwulan, StatusLaporan
from realisasi.models.laporan import WAITING
from realisasi.rekap.lapor import reporting
from realisasi.rekap.pembukaan import reopened_after_closing
from realisasi.views import dispensasi
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


@dataclass(frozen=True)
class Salah:
    """A refused form, in the place where the page shows it again."""

    form: forms.Form | None = None
    tutup: Mapping[int, FormTutup] = field(default_factory=dict)
    beri: FormDispensasi | None = None
    cabut: Mapping[int, FormCabut] = field(default_factory=dict)


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
            close_triwulan(
                tw=found.tw,
                by=request.user,
                now=waktu.now(),
                alasan=form.cleaned_data["alasan"],
                buku=closing_book,
            )
        except Ditolak as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{found} ditutup. Angkanya kini final.")
            return _back(found.tahun_id)
    return _page(request, found.tahun_id, Salah(form, tutup={found.pk: form}))


@require_POST
def beri(request: HttpRequest) -> HttpResponse:
    """Let a daerah in late."""
    only(request, Wewenang.JADWAL)
    tahun = periode(request).tw.tahun
    form = dispensasi.give_form(request, tahun, request.POST)
    if form.is_valid():
        try:
            row = grant_dispensasi(
                alokasi=form.cleaned_data["alokasi"],
                triwulan=form.cleaned_data["triwulan"],
                sampai=form.saat,
                alasan=form.cleaned_data["alasan"],
                by=request.user,
                now=waktu.now(),
            )
        except (Ditolak, ValidationError) as refused:
            show_refusal(form, refused)
        else:
            until = tampilan.waktu(row.sampai, row.daerah.zona_waktu)
            messages.success(request, f"{row.daerah} boleh melaporkan {row.periode} sampai {until}.")
            return _back(tahun, "#dispensasi")
    return _page(request, tahun, Salah(form, beri=form))


@require_POST
def cabut(request: HttpRequest, pk: int) -> HttpResponse:
    """End a waiver before its time."""
    only(request, Wewenang.JADWAL)
    rows = Dispensasi.objects.visible_to(request.user).select_related("daerah", "periode")
    row = get_object_or_404(rows, pk=pk)
    form = dispensasi.take_form(row, request.POST)
    if form.is_valid():
        try:
            revoke_dispensasi(
                dispensasi_id=row.pk, alasan=form.cleaned_data["alasan"], by=request.user, now=waktu.now()
            )
        except Ditolak as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"Dispensasi {row.daerah} untuk {row.periode} dicabut.")
            return _back(row.periode.tahun_id, "#dispensasi")
    return _page(request, row.periode.tahun_id, Salah(form, cabut={row.pk: form}))


@require_safe
def buku(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook that was kept when a quarter was closed."""
    only(request, Wewenang.EKSPOR)
    if not sees_nation(request.user):
        raise Http404
    found = get_object_or_404(PeriodeTriwulan.objects.exclude(buku=""), pk=pk)
    try:
        stored = found.buku.open()
    except FileNotFoundError as missing:
        raise Http404 from missing
    nama = f"penutupan-dak-ikm-{found.tahun_id}-tw{found.triwulan}.xlsx"
    return FileResponse(stored, as_attachment=True, filename=nama, content_type=XLSX)


def _back(tahun: int, place: str = "") -> HttpResponse:
    return redirect(f"{reverse('jadwal')}?tahun={tahun}{place}")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _page(request: HttpRequest, tahun: int, salah: Salah | None = None) -> HttpResponse:
    now, refused = waktu.now(), salah or Salah()
    states = reporting(request.user, tahun, now=now)
    quarters = list(
        PeriodeTriwulan.objects.filter(tahun=tahun).select_related("ditutup_oleh").order_by("triwulan")
    )
    admin = can(request.user, Wewenang.JADWAL)
    closed = [quarter for quarter in quarters if quarter.is_closed]
    reopened = reopened_after_closing(request.user, closed)
    context: dict[str, Any] = {
        "tahun": tahun,
        "salah": refused.form,
        "baris": [
            _row(quarter, [state[quarter.triwulan] for state in states.values()], now, admin, refused.tutup)
            for quarter in quarters
        ],
        "dispensasi": dispensasi.waivers(request, tahun, now, refused.cabut),
        "form_dispensasi": refused.beri or (dispensasi.give_form(request, tahun) if admin else None),
        "penutupan": [(quarter, reopened.get(quarter.triwulan, [])) for quarter in closed],
        "boleh_unduh": can(request.user, Wewenang.EKSPOR),
    }
    return render(request, "jadwal/jadwal.html", context, status=422 if salah else 200)


def _row(
    quarter: PeriodeTriwulan,
    states: list[Any],
    now: datetime,
    may_close: bool,
    refused: Mapping[int, FormTutup],
) -> BarisJadwal:
    count = Counter(state.status for state in states)
    closable = may_close and not quarter.is_closed and quarter.tw.akhir < now.astimezone(WIB).date()
    waiting = sum(count[status] for status in WAITING)
    form = refused.get(quarter.pk) or FormTutup(auto_id=f"id_{quarter.pk}_%s")
    form.fields["alasan"].required = bool(waiting)  # for the label; the action itself insists on it
    return BarisJadwal(
        periode=quarter,
        keadaan=_state(quarter, now),
        daerah=len(states),
        lapor=sum(count[status] for status in REPORTED),
        diverifikasi=count[StatusLaporan.DIVERIFIKASI],
        menunggu=waiting,
        terlambat=sum(state.terlambat for state in states),
        form=form if closable or quarter.pk in refused else None,
    )


def _state(quarter: PeriodeTriwulan, now: datetime) -> str:
    if quarter.is_closed:
        return "DITUTUP"
    if not quarter.is_opened(now):
        return "BELUM_DIBUKA"
    if quarter.is_past_limit(now):
        return "LEWAT_BATAS"
    return "LEWAT_TENGGAT" if now > quarter.tenggat else "MASA_LAPOR"
