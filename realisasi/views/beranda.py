"""`/`: the role's own start. An office sees what to do now and by when, the ministry where things stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Peran, Wewenang, can, sees_nation
from realisasi.models import PeriodeTriwulan, RekapWilayah
from realisasi.rekap import antrean
from realisasi.rekap.baca import DAERAH, NASIONAL, PROVINSI, serapan_rows, serapan_series
from realisasi.views import blok, penerima
from realisasi.views.periode import periode

TERATAS = 5


@require_safe
def beranda(request: HttpRequest) -> HttpResponse:
    if can(request.user, Wewenang.LAPOR):
        return _office(request)
    if request.user.peran == Peran.PROVINSI:
        return _overview(request, PROVINSI, request.user.daerah_id)
    return _overview(request, NASIONAL, RekapWilayah.KODE_NASIONAL)


def _office(request: HttpRequest) -> HttpResponse:
    tw = periode(request).tw
    tasks = antrean.officer_tasks(request.user, tw.tahun, now=waktu.now())
    context: dict[str, Any] = {
        "tw": tw,
        "query": periode(request).query,
        "daerah": request.user.daerah,
        "ada_alokasi": bool(tasks),
        "tugas": [
            task for task in tasks if task.ended and (task.perlu_diisi or task.menunggu or task.terhenti)
        ],
        "terhenti": next((task for task in tasks if task.terhenti), None),
        "mendesak": antrean.most_urgent(tasks),
        "berikutnya": next((task for task in tasks if not task.ended), None),
        "hari_ini": waktu.today(),
        "baris": None,
    }
    if tasks:
        context |= _figures(request, DAERAH, request.user.daerah_id)
    return render(request, "beranda/daerah.html", context)


def _overview(request: HttpRequest, tingkat: str, kode: str) -> HttpResponse:
    tw, query = periode(request).tw, periode(request).query
    waiting = antrean.queue(request.user) if sees_nation(request.user) else None
    context: dict[str, Any] = {
        "tw": tw,
        "tingkat": tingkat,
        "kode": kode,
        "query": query,
        "boleh_verifikasi": can(request.user, Wewenang.VERIFIKASI),
        "boleh_ekspor": can(request.user, Wewenang.EKSPOR),
        "boleh_impor": can(request.user, Wewenang.IMPOR),
        **_figures(request, tingkat, kode),
    }
    if waiting is not None:
        context["menunggu"] = waiting.count()
        context["antrean"] = waiting.order_by(*antrean.URUTAN["temuan"])[:TERATAS]
    if context["baris"]:
        provinsi = kode if tingkat == PROVINSI else None
        rows = serapan_rows(request.user, tw, DAERAH, provinsi=provinsi)
        members = penerima.read(request, tw, rows, query)
        closed = PeriodeTriwulan.objects.filter(tahun=tw.tahun, triwulan=tw.ke, ditutup_pada__isnull=False)
        context |= {
            "kalimat": blok.sentence(context["baris"], hari=waktu.today(), is_closed=closed.exists()),
            "perjalanan": penerima.progress(members),
            **penerima.awaited(members),
        }
    return render(request, "beranda/kementerian.html", context)


def _figures(request: HttpRequest, tingkat: str, kode: str) -> dict[str, Any]:
    """Chain and cards of the scope's own row, beside the same quarter of last year."""
    tw = periode(request).tw
    baris = blok.of_quarter(serapan_series(request.user, tw.tahun, tingkat, kode), tw.ke)
    if baris is None:
        return {"baris": None}
    before = blok.of_quarter(blok.year_before(request.user, tw.tahun, tingkat, kode), tw.ke)
    return {"baris": baris, "rantai": blok.chain(baris), "kartu": blok.cards(baris, before)}
