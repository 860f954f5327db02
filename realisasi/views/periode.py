"""Which TA and triwulan a page is about: `?tahun=2024&triwulan=3`, or the latest quarter that has ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from daerah import waktu
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi


@dataclass(frozen=True)
class Periode:
    """The quarter of the page, and the years there are to choose from (latest first)."""

    tw: Triwulan
    tahun_tersedia: list[int]
    dipilih: bool

    @property
    def query(self) -> str:
        """What a link appends so that a choice survives navigation; nothing where nothing was chosen."""
        return f"?tahun={self.tw.tahun}&triwulan={self.tw.ke}" if self.dipilih else ""


def periode(request: HttpRequest) -> Periode:
    """Read once a request.

    Raises:
        Http404: a year or quarter that does not exist.
    """
    if not hasattr(request, "periode_dak"):
        request.periode_dak = _read(request)  # type: ignore[attr-defined]
    return request.periode_dak  # type: ignore[attr-defined,no-any-return]


def _read(request: HttpRequest) -> Periode:
    years = list(Alokasi.objects.ikm().order_by("-tahun").values_list("tahun_id", flat=True).distinct())
    today = waktu.today()
    started = [year for year in years if year <= today.year]
    default_year = (started or years or [today.year])[0]
    tahun = _number(request.GET.get("tahun"), {*years, default_year}) or default_year
    ke = _number(request.GET.get("triwulan"), {1, 2, 3, 4})
    chosen = bool(request.GET.get("tahun") or request.GET.get("triwulan"))
    return Periode(Triwulan(tahun, ke) if ke else Triwulan.last_reported(tahun, today), years, chosen)


def _number(text: str | None, known: set[int]) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) not in known:
        raise Http404
    return int(text)
