"""`/riwayat/`: the audit trail, for those who check. Newest first, told in words, with what changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah.cakupan import Wewenang
from realisasi.aturan.triwulan import WIB
from realisasi.forms.riwayat import FormSaringRiwayat
from realisasi.models import Alokasi, Paket, Riwayat, SegelRiwayat
from realisasi.views.isi_riwayat import Ubahan, changes_of, paket_numbers
from realisasi.views.izin import only
from realisasi.views.subjek import Subjek, describe

PER_PAGE = 50
# Of one act, an import for instance, a list shows so many changes; its own page shows them all.
PALING_BANYAK = 12
# What an address may ask for besides the form: exactly one subject, chain, row, or what is older than a row.
NAMA = re.compile(r"[a-z]+:[\w.-]{1,50}", re.ASCII)
NOMOR = re.compile(r"[1-9]\d{0,17}", re.ASCII)
SATU = {"subjek": NAMA, "rantai": NAMA, "nomor": NOMOR, "sebelum": NOMOR}


@dataclass(frozen=True)
class Jejak:
    """One row of the trail as the page tells it."""

    baris: Riwayat
    subjek: Subjek
    ubahan: list[Ubahan]
    lebih: int


@require_safe
def riwayat(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.JEJAK)
    asked = {name: _asked(request, name) for name in SATU}
    form = FormSaringRiwayat(request.GET)
    valid = form.is_valid()
    rows = _filtered(form.cleaned_data, asked) if valid else Riwayat.objects.none()
    found = list(rows.select_related("pelaku__daerah").order_by("-pk")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    narrowed = {name: asked[name] for name in ("subjek", "rantai", "nomor") if asked[name]}
    context: dict[str, Any] = {
        "form": form,
        "peristiwa": _told(shown, request, most=None if asked["nomor"] else PALING_BANYAK),
        "lebih_lama": shown[-1].pk if len(found) > PER_PAGE else None,
        "terbaru": not asked["sebelum"],
        "hanya": [(name, value, _without(request, name)) for name, value in narrowed.items()],
        "disaring": bool(narrowed) or (valid and any(form.cleaned_data.values())),
        "segel": SegelRiwayat.objects.order_by("pk").last(),
        "zona": request.user.zona,
    }
    return render(request, "riwayat/riwayat.html", context, status=200 if valid else 422)


def _asked(request: HttpRequest, name: str) -> str:
    """The value of a parameter that is no field of the form, "" where it was not given.

    Raises:
        Http404: nothing that this page ever links to.
    """
    value = request.GET.get(name, "")
    if value and not SATU[name].fullmatch(value):
        raise Http404
    return value


def _filtered(data: dict[str, Any], asked: dict[str, str]) -> QuerySet[Riwayat]:
    exact = {
        "subjek": asked["subjek"],
        "rantai": asked["rantai"],
        "pk": asked["nomor"],
        "pk__lt": asked["sebelum"],
        "aksi": data["aksi"],
        "pelaku__username": data["pelaku"],
        "subjek__startswith": data["jenis"] and f"{data['jenis']}:",
        "waktu__gte": data["dari"] and _midnight(data["dari"]),
        "waktu__lt": data["sampai"] and _midnight(data["sampai"] + timedelta(days=1)),
    }
    rows = Riwayat.objects.filter(**{name: value for name, value in exact.items() if value})
    return rows.filter(_says(data["q"])) if data["q"] else rows


def _midnight(day: date) -> datetime:
    """The ministry reads WIB."""
    return datetime.combine(day, time(), tzinfo=WIB)


def _says(word: str) -> Q:
    """Rows whose subject, actor, act or reason holds the word, or whose daerah is called so."""
    of_place = Alokasi.objects.filter(daerah__nama__icontains=word).values_list("pk", flat=True)
    return (
        Q(subjek__icontains=word)
        | Q(aksi__icontains=word)
        | Q(alasan__icontains=word)
        | Q(pelaku__username__icontains=word)
        | Q(pelaku__first_name__icontains=word)
        | Q(rantai__in=[f"alokasi:{pk}" for pk in of_place])
    )


def _told(rows: list[Riwayat], request: HttpRequest, *, most: int | None) -> list[Jejak]:
    subjects = describe((row.subjek for row in rows), request.user)
    names = dict(Paket.objects.filter(pk__in=paket_numbers(rows)).values_list("pk", "nama"))
    told = []
    for row in rows:
        changes = changes_of(row, paket=names, zona=request.user.zona)
        told.append(Jejak(row, subjects[row.subjek], changes[:most], len(changes) - len(changes[:most])))
    return told


def _without(request: HttpRequest, name: str) -> str:
    """The same page without one of its parameters."""
    query = request.GET.copy()
    for gone in (name, "sebelum"):
        query.pop(gone, None)
    return f"{request.path}?{query.urlencode()}"
