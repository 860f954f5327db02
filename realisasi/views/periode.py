"""Which TA and triwulan a page is about, as known when: `?tahun=2024&triwulan=3&pada=14/10/2024`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest

from daerah import waktu
from realisasi.aturan.nilai_aturan import CONTOH_TANGGAL, read_tanggal
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi
from realisasi.rekap.saat import known_on


@dataclass(frozen=True)
class Pengetahuan:
    """The day as of which a figure page shows what was known; today, unless an earlier one was asked for."""

    hari: date
    pada: datetime | None = None
    diketik: str = ""
    galat: str = ""


@dataclass(frozen=True)
class Periode:
    """The quarter of the page, and the years there are to choose from (latest first)."""

    tw: Triwulan
    tahun_tersedia: list[int]
    dipilih: bool
    tahu: Pengetahuan

    @property
    def pada(self) -> datetime | None:
        return self.tahu.pada

    @property
    def query(self) -> str:
        """What a link appends so that a choice survives navigation; nothing where nothing was chosen."""
        return f"?tahun={self.tw.tahun}&triwulan={self.tw.ke}" if self.dipilih else ""

    @property
    def query_pada(self) -> str:
        """The same for links between pages that can show a past day."""
        if self.pada is None:
            return self.query
        return f"?tahun={self.tw.tahun}&triwulan={self.tw.ke}&pada={self.tahu.hari.isoformat()}"


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
    tahu = _known(request.GET.get("pada", "").strip())
    started = [year for year in years if year <= tahu.hari.year]
    default_year = (started or years or [tahu.hari.year])[0]
    tahun = _number(request.GET.get("tahun"), {*years, default_year}) or default_year
    ke = _number(request.GET.get("triwulan"), {1, 2, 3, 4})
    chosen = bool(request.GET.get("tahun") or request.GET.get("triwulan"))
    tw = Triwulan(tahun, ke) if ke else Triwulan.last_reported(tahun, tahu.hari)
    return Periode(tw, years, chosen, tahu)


def _known(text: str) -> Pengetahuan:
    """A day typed in any usual way; one that cannot be leaves the figures of today and says why."""
    today = waktu.today()
    if not text:
        return Pengetahuan(today)
    hari = read_tanggal(text)
    if hari is None:
        return Pengetahuan(today, diketik=text, galat=f"“{text[:40]}” bukan tanggal. {CONTOH_TANGGAL}")
    if hari > today:
        return Pengetahuan(
            today, diketik=text, galat="Tanggal ini belum terjadi. Isi hari ini atau sebelumnya."
        )
    return Pengetahuan(hari, known_on(hari, today=today), diketik=f"{hari:%d/%m/%Y}")


def _number(text: str | None, known: set[int]) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) not in known:
        raise Http404
    return int(text)
