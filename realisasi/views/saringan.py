"""What a list may be filtered by: names and values from an allowlist only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from daerah import waktu
from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.rekap.saat import saat_of
from realisasi.views.periode import periode


@dataclass(frozen=True)
class HariDaftar:
    """The day a list is read on. Work of any day is shown as it is now, unless a quarter was asked for.

    `pada`: as known at this instant (None: now). What a closed quarter keeps is known at its closing.
    """

    tw: Triwulan
    hari: date
    per_triwulan: bool
    pada: datetime | None


def day_of(request: HttpRequest) -> HariDaftar:
    """The end of the quarter that was asked for, else today (of an older TA: its last day)."""
    chosen = periode(request)
    asked = bool(request.GET.get("triwulan"))
    tw = chosen.tw if asked else Triwulan(chosen.tw.tahun, 4)
    saat = saat_of(tw, now=waktu.now(), pada=chosen.pada)
    return HariDaftar(tw=tw, hari=saat.hari, per_triwulan=asked, pada=saat.tahu if asked else saat.pada)


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
