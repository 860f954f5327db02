"""What a list may be filtered by: names and values from an allowlist only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from daerah import waktu
from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.views.periode import periode


@dataclass(frozen=True)
class Saat:
    """The day a list is read on. Work of any day is shown as it is now, unless a quarter was asked for."""

    tw: Triwulan
    hari: date
    per_triwulan: bool


def day_of(request: HttpRequest) -> Saat:
    """The end of the quarter that was asked for, else today (of an older TA: its last day)."""
    chosen = periode(request).tw
    asked = bool(request.GET.get("triwulan"))
    tw = chosen if asked else Triwulan(chosen.tahun, 4)
    return Saat(tw=tw, hari=tw.posisi(waktu.today()), per_triwulan=asked)


def chosen(request: HttpRequest, nama: str, allowed: Collection[str]) -> str:
    """The value of one filter, "" where none was chosen.

    Raises:
        Http404: a value that the list does not offer.
    """
    asked = request.GET.get(nama, "")
    if asked and asked not in allowed:
        raise Http404
    return asked


def provinces(request: HttpRequest) -> QuerySet[Daerah]:
    """The provinces to choose from: those whose whole Wilayah the account sees."""
    return Daerah.objects.wilayah_visible_to(request.user)
