"""`/perubahan/`: what changed between two days and why; of one recipient, every version of its figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can
from daerah.models import Daerah
from realisasi.aturan import tampilan
from realisasi.forms.perubahan import FormPerubahan
from realisasi.models import Posisi
from realisasi.rekap.kolom import KOLOM_WILAYAH
from realisasi.rekap.perubahan import Beda, Sebab, differences, figure_versions
from realisasi.rekap.saat import end_of, known_on
from realisasi.views.periode import periode
from realisasi.views.saringan import chosen

BAWAAN = timedelta(days=30)
LABEL = {column.key: column.label for column in KOLOM_WILAYAH}


@require_safe
def perubahan(request: HttpRequest) -> HttpResponse:
    kode = request.GET.get("kode")
    return _versions(request, kode) if kode else _between(request)


def _versions(request: HttpRequest, kode: str) -> HttpResponse:
    """The life of one figure."""
    daerah = get_object_or_404(Daerah.objects.visible_to(request.user).select_related("induk"), pk=kode)
    tw, posisi = periode(request).tw, chosen(request, "posisi", Posisi.values) or None
    versions = figure_versions(request.user, tw, daerah.kode, posisi=posisi)
    context = {
        "daerah": daerah,
        "tw": tw,
        "versi": [(version, [_linked(request, cause) for cause in version.sebab]) for version in versions],
        "posisi": versions[0].baris.posisi if versions else "",
        "query": periode(request).query,
    }
    return render(request, "perubahan/versi.html", context)


def _between(request: HttpRequest) -> HttpResponse:
    today = waktu.today()
    form = FormPerubahan(request.GET if "dari" in request.GET else None, hari_ini=today)
    dari, sampai = today - BAWAAN, today
    if form.is_bound and form.is_valid():
        dari, sampai = form.cleaned_data["dari"] or sampai - BAWAAN, form.cleaned_data["sampai"]
    elif not form.is_bound:
        form = FormPerubahan(initial={"dari": dari, "sampai": sampai}, hari_ini=today)
    tw, posisi = periode(request).tw, chosen(request, "posisi", Posisi.values) or None
    # A form that cannot be read compares nothing; what was typed stays in it.
    found = [] if form.errors else _found(request, tw, dari, sampai, posisi)
    context: dict[str, Any] = {
        "form": form,
        "tw": tw,
        "dari": dari,
        "sampai": sampai,
        "beda": [(one, _amounts(one), [_linked(request, cause) for cause in one.sebab]) for one in found],
        "selisih": sum(one.selisih for one in found),
        "query": periode(request).query,
        "lead": "&" if periode(request).query else "?",
    }
    return render(request, "perubahan/perubahan.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, tw: Any, dari: date, sampai: date, posisi: str | None) -> list[Beda]:
    later = known_on(sampai, today=waktu.today())
    found = differences(request.user, tw, dari=end_of(dari), sampai=later, posisi=posisi)
    return sorted(found, key=lambda one: (-abs(one.selisih), one.baris.kode))


def _amounts(one: Beda) -> list[tuple[str, str, str]]:
    """(name, before, after) of the amounts that a page shows and that differ."""
    return [
        (LABEL[name], _text(one.sebelum, name), _text(one.sesudah, name))
        for name in one.amounts
        if name in LABEL
    ]


def _text(row: Any, name: str) -> str:
    return tampilan.rupiah(getattr(row, name)) if row else tampilan.KOSONG


def _linked(request: HttpRequest, cause: Sebab) -> tuple[Sebab, str]:
    """A cause with the page that shows who did it: the trail for those who may read it, else the report."""
    if can(request.user, Wewenang.JEJAK) and ":" in cause.subjek:
        return cause, f"{reverse('riwayat')}?{urlencode({'subjek': cause.subjek})}"
    kind, _, number = cause.subjek.partition(":")
    routes = {"laporan": "laporan_rinci", "paket": "paket"}
    return cause, reverse(routes[kind], args=[number]) if kind in routes else ""
