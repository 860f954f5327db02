"""Verification: the queue, one report beside the quarter before, and the ministry's four presses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.actions.galat import Ditolak
from realisasi.actions.laporan import begin_verification, reopen, return_for_fix, verify
from realisasi.aturan.pemeriksaan import Temuan
from realisasi.aturan.tampilan import bilangan
from realisasi.aturan.tampilan import tw as tw_label
from realisasi.forms.laporan import KOLOM_CATATAN, FormAlasan, FormKembalikan
from realisasi.models import Laporan, PeriodeTriwulan, StatusLaporan, VersiLaporan
from realisasi.rekap import antrean
from realisasi.rekap.lapor import states_of
from realisasi.rekap.laporan import check
from realisasi.rekap.lembar import BarisLembar, sent_sheet
from realisasi.views.isian import remarks_by_cell
from realisasi.views.laporan import find_laporan, history
from realisasi.views.penerima import signs
from realisasi.views.saringan import chosen

PER_PAGE = 50
View = Callable[..., HttpResponse]
STATUS = (StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI)
URUTAN = {"temuan": "Temuan terbanyak", "umur": "Paling lama menunggu", "keuangan": "Keuangan terbesar"}


def ministry_only(view: View) -> View:
    """For officers this room does not exist; other ministry roles look, only a verifikator presses."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_nation(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def verifikator_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can(request.user, Wewenang.VERIFIKASI):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return ministry_only(require_POST(guarded))


@ministry_only
@require_safe
def antrian(request: HttpRequest) -> HttpResponse:
    """All that waits, of every TA: a late report of an old quarter must not hide behind the top bar."""
    waiting = antrean.queue(request.user)
    quarters = sorted(set(waiting.values_list("laporan__alokasi__tahun", "laporan__triwulan")), reverse=True)
    periods = {f"{tahun}-{ke}": f"{tw_label(ke)} TA {tahun}" for tahun, ke in quarters}
    asked = chosen(request, "periode", periods)
    status = chosen(request, "status", STATUS)
    urut = chosen(request, "urut", URUTAN) or "temuan"
    found = waiting.filter(laporan__status=status) if status else waiting
    if asked:
        tahun, ke = asked.split("-")
        found = found.filter(laporan__alokasi__tahun=tahun, laporan__triwulan=ke)
    page = Paginator(found.order_by(*antrean.URUTAN[urut]), PER_PAGE).get_page(request.GET.get("halaman"))
    states = states_of([versi.laporan for versi in page.object_list], now=waktu.now())
    context = {
        "halaman": page,
        "baris": [(versi, signs(states[versi.laporan_id]), _waited(versi)) for versi in page.object_list],
        "disaring": bool(asked or status),
        "saringan_lain": [
            _filter("periode", "Triwulan", {"": "Semua triwulan", **periods}, asked),
            _filter("status", "Status", {"": "Semua status", **dict(_status_words())}, status),
            _filter("urut", "Urutkan", URUTAN, urut),
        ],
        "zona": request.user.zona,
    }
    return render(request, "verifikasi/antrean.html", context)


def _waited(versi: Any) -> str:
    """How long it has been waiting, in days of the calendar."""
    days = (waktu.today() - versi.diajukan_pada.astimezone(waktu.WIB).date()).days
    return f"{bilangan(days)} hari" if days > 0 else "hari ini"


def _status_words() -> list[tuple[str, str]]:
    return [(status.value, status.label) for status in STATUS]


def _filter(nama: str, label: str, choices: dict[str, str], terpilih: str) -> dict[str, Any]:
    return {"nama": nama, "label": label, "pilihan": list(choices.items()), "terpilih": terpilih}


@ministry_only
@require_safe
def rinci(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, find_laporan(request, pk))


@verifikator_only
def mulai(request: HttpRequest, pk: int) -> HttpResponse:
    laporan = find_laporan(request, pk)
    try:
        begin_verification(**_judgement(request, laporan))
    except Ditolak as refused:
        return _page(request, find_laporan(request, pk), faults=[refused.pesan], status=409)
    return redirect("verifikasi_rinci", pk=pk)


@verifikator_only
def setujui(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept. Remarks that were typed would be lost with that, so they are asked about first."""
    laporan = find_laporan(request, pk)
    form = FormKembalikan(_packages(laporan), request.POST)
    if any(str(field.value() or "").strip() for field in form):
        pesan = "Ada alasan atau catatan yang belum terkirim. Kembalikan laporan ini, atau kosongkan dahulu."
        return _page(request, laporan, form=form, faults=[pesan], status=422)
    try:
        verify(**_judgement(request, laporan))
    except Ditolak as refused:
        return _page(request, find_laporan(request, pk), faults=[refused.pesan], status=409)
    messages.success(request, f"{laporan.tw.label} {laporan.alokasi} diverifikasi: angkanya kini final.")
    return _to_next(request, laporan)


@verifikator_only
def kembalikan(request: HttpRequest, pk: int) -> HttpResponse:
    laporan = find_laporan(request, pk)
    form = FormKembalikan(_packages(laporan), request.POST)
    if not form.is_valid():
        return _page(request, laporan, form=form, status=422)
    try:
        return_for_fix(
            **_judgement(request, laporan), alasan=form.cleaned_data["alasan"], catatan=form.catatan()
        )
    except Ditolak as refused:
        return _page(request, find_laporan(request, pk), form=form, faults=[refused.pesan], status=409)
    messages.success(request, f"{laporan.tw.label} {laporan.alokasi} dikembalikan ke daerah.")
    return _to_next(request, laporan)


@verifikator_only
def buka(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen a verified report, with a reason."""
    laporan = find_laporan(request, pk)
    form = FormAlasan(request.POST)
    if not form.is_valid():
        return _page(request, laporan, form_buka=form, status=422)
    try:
        reopen(**_judgement(request, laporan), alasan=form.cleaned_data["alasan"])
    except Ditolak as refused:
        return _page(request, find_laporan(request, pk), form_buka=form, faults=[refused.pesan], status=409)
    messages.success(
        request, "Laporan dibuka kembali untuk daerah. Angka terverifikasi tetap dipakai sampai diganti."
    )
    return redirect("verifikasi_rinci", pk=pk)


def _judgement(request: HttpRequest, laporan: Laporan) -> dict[str, Any]:
    """What every judgement passes on, with the submission that was on the screen."""
    shown = request.POST.get("nomor", "")
    nomor = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 6 else None
    return {"laporan_id": laporan.pk, "by": request.user, "now": waktu.now(), "nomor": nomor}


def _packages(laporan: Laporan) -> list[int]:
    return list(laporan.baris.order_by("paket").values_list("paket", flat=True))


def _to_next(request: HttpRequest, laporan: Laporan) -> HttpResponse:
    following = _next(request, laporan)
    return redirect("verifikasi_rinci", pk=following.laporan_id) if following else redirect("verifikasi")


def _next(request: HttpRequest, laporan: Laporan) -> VersiLaporan | None:
    waiting = antrean.queue(request.user).exclude(laporan=laporan)
    return waiting.order_by(*antrean.URUTAN["temuan"]).first()


def _page(
    request: HttpRequest,
    laporan: Laporan,
    *,
    form: FormKembalikan | None = None,
    form_buka: FormAlasan | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = list(laporan.versi_diajukan.select_related("diajukan_oleh", "verifikator").order_by("nomor"))
    sent = next((version for version in reversed(versions) if version.ditarik_pada is None), None)
    if sent is None:  # never sent, or taken back: nothing for the ministry to judge
        raise Http404
    lembar = sent_sheet(sent, laporan, now=waktu.now())
    presses = can(request.user, Wewenang.VERIFIKASI)
    waiting = laporan.status in STATUS
    form = form or FormKembalikan([row.paket.pk for row in lembar.baris])
    findings = check(laporan, now=waktu.now()) if waiting else []
    remarks = remarks_by_cell(sent)
    context = {
        "laporan": laporan,
        "versi": sent,
        "lembar": lembar,
        "baris": [_row(row, form, findings, remarks[row.paket.pk]) for row in lembar.baris],
        "temuan_umum": [finding for finding in findings if finding.paket is None],
        "jumlah_temuan": len(findings),
        "langkah": history(laporan, versions),
        "periode": PeriodeTriwulan.objects.get(tahun=laporan.tw.tahun, triwulan=laporan.triwulan),
        # Of the submission: what its office drafts since a reopening is not the ministry's yet.
        "keadaan": replace(states_of([laporan], now=waktu.now())[laporan.pk], nihil=sent.nihil),
        "form": form,
        "form_buka": form_buka or FormAlasan(),
        "salah": _faults(lembar.baris, form, form_buka, faults or []),
        "dapat_mulai": presses and laporan.status == StatusLaporan.DIAJUKAN,
        "dapat_putuskan": presses and laporan.status == StatusLaporan.SEDANG_DIVERIFIKASI,
        "dapat_kembalikan": presses and waiting,
        "dapat_buka": presses and laporan.status == StatusLaporan.DIVERIFIKASI,
        "berikutnya": _next(request, laporan),
        "zona": request.user.zona,
    }
    return render(request, "verifikasi/rinci.html", context, status=status)


def _row(row: BarisLembar, form: FormKembalikan, findings: list[Temuan], remarks: Any) -> dict[str, Any]:
    """A paket with, for each column, its findings, earlier remarks and the field for a new one."""
    own = [finding for finding in findings if finding.paket == row.paket.pk]
    beside = {"penjelasan": "kode_masalah", "alasan": "kode_masalah"}
    cells = {
        kolom: {
            "temuan": [finding for finding in own if beside.get(finding.kolom, finding.kolom) == kolom],
            "catatan": remarks[kolom],
            "isian": form[f"c{row.paket.pk}-{kolom}"] if f"c{row.paket.pk}-{kolom}" in form.fields else None,
            "berubah": kolom in row.berubah,
        }
        for kolom in KOLOM_CATATAN
    }
    return {"data": row, "sel": cells}


def _faults(
    rows: list[BarisLembar], form: FormKembalikan, form_buka: FormAlasan | None, faults: list[str]
) -> list[dict[str, str]]:
    """The summary: what was refused as a whole, then every field with its paket."""
    names = {f"c{row.paket.pk}": f"Paket {row.nomor}, " for row in rows}
    fields = [field for one in (form, form_buka) if one is not None for field in one if field.errors]
    return [{"url": "", "teks": pesan} for pesan in faults] + [
        {
            "url": f"#{field.auto_id}",
            "teks": f"{names.get(field.name.partition('-')[0], '')}{field.label}: {pesan}",
        }
        for field in fields
        for pesan in field.errors
    ]
