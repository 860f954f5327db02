"""*Aturan dan Sumber*: every rule with its source; the admin adds rows, nobody changes one."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can
from realisasi.actions.galat import Ditolak
from realisasi.actions.parameter import add_parameter
from realisasi.aturan import tampilan
from realisasi.aturan.nilai_aturan import write_nilai
from realisasi.aturan.parameter import ATURAN, Aturan
from realisasi.forms.aturan import FormAturan
from realisasi.forms.galat import show_refusal
from realisasi.models import Parameter
from realisasi.views.izin import only
from realisasi.views.periode import periode
from realisasi.views.saringan import chosen

SEMUA_TA = "semua"
# First part of a rule's key -> heading; the order of the registry stays.
KELOMPOK = {
    "lapor": "Laporan triwulan",
    "periksa": "Pemeriksaan laporan",
    "rk": "Rencana kegiatan",
    "pagu": "Rencana kegiatan",
    "penunjang": "Rencana kegiatan",
    "salur": "Besar penyaluran",
    "syarat": "Syarat Tahap Penyaluran II dan III",
    "batas": "Batas waktu penyaluran",
    "warna": "Tampilan",
}
LAIN = "Lain-lain"


@dataclass(frozen=True)
class BarisAturan:
    """One row of a rule, its value written by its unit, and whether it answers today."""

    row: Parameter
    nilai: str
    berlaku: bool
    pengganti: str


@dataclass
class IsiAturan:
    aturan: Aturan
    baris: list[BarisAturan] = field(default_factory=list)


@require_safe
def aturan(request: HttpRequest) -> HttpResponse:
    tahun, years = _year(request)
    rows = Parameter.objects.select_related("daerah", "dicatat_oleh", "digantikan_oleh")
    if tahun:
        rows = rows.filter(tahun=tahun) | rows.filter(tahun=None)
    answering = (
        {row.pk for row in Parameter.objects.rows_of(tahun, hari=waktu.today()).values()} if tahun else set()
    )
    context = {
        "kelompok": _groups(
            rows.order_by(F("tahun").desc(nulls_last=True), "-berlaku_dari", "-pk"), answering
        ),
        "tahun": tahun,
        "hari_ini": waktu.today(),
        "saringan": [
            {
                "nama": "ta",
                "label": "Tahun anggaran",
                "pilihan": [(SEMUA_TA, "Semua TA"), *((str(year), f"TA {year}") for year in years)],
                "terpilih": str(tahun or SEMUA_TA),
            }
        ],
        "boleh_tambah": can(request.user, Wewenang.ATURAN),
        "zona": request.user.zona,
    }
    return render(request, "aturan/daftar.html", context)


def _year(request: HttpRequest) -> tuple[int | None, list[int]]:
    """The TA whose rules are shown (None: all), and those to choose from."""
    of_page = periode(request).tw.tahun
    known = Parameter.objects.exclude(tahun=None).order_by().values_list("tahun", flat=True).distinct()
    years = sorted({*known, of_page}, reverse=True)
    asked = chosen(request, "ta", {SEMUA_TA, *map(str, years)}) or str(of_page)
    return (None if asked == SEMUA_TA else int(asked)), years


def _groups(rows: object, answering: set[int]) -> dict[str, list[IsiAturan]]:
    by_key = {kunci: IsiAturan(rule) for kunci, rule in ATURAN.items()}
    for row in rows:  # type: ignore[attr-defined]
        if row.kunci in by_key:
            by_key[row.kunci].baris.append(_line(row, answering))
    groups: dict[str, list[IsiAturan]] = {}
    for kunci, found in by_key.items():
        groups.setdefault(KELOMPOK.get(kunci.split(".")[0], LAIN), []).append(found)
    return groups


def _line(row: Parameter, answering: set[int]) -> BarisAturan:
    satuan, follower = ATURAN[row.kunci].satuan, row.digantikan_oleh
    replaced_by = (
        f"{write_nilai(satuan, follower.nilai)}, sejak {tampilan.tanggal_pendek(follower.berlaku_dari)}"
        if follower
        else ""
    )
    return BarisAturan(
        row=row,
        nilai=write_nilai(satuan, row.nilai),
        berlaku=row.pk in answering,
        pengganti=replaced_by,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def tambah(request: HttpRequest) -> HttpResponse:
    """One more row of a rule."""
    only(request, Wewenang.ATURAN)
    kunci = chosen(request, "kunci", ATURAN)
    if not kunci:
        raise Http404
    rule, tahun = ATURAN[kunci], periode(request).tw.tahun
    form = FormAturan(
        request.POST or None, aturan=rule, tahun_ini=waktu.today().year, initial={"tahun": tahun}
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = add_parameter(kunci=kunci, by=request.user, now=waktu.now(), **form.cleaned_data)
        except (Ditolak, ValidationError) as refused:
            show_refusal(form, refused)
        else:
            return _added(request, row, rule)
    now = Parameter.objects.rows_of(tahun, hari=waktu.today()).get(kunci)
    context = {
        "form": form,
        "aturan": rule,
        "tahun": tahun,
        "sekarang": now,
        "nilai_sekarang": write_nilai(rule.satuan, now.nilai) if now else "",
    }
    return render(request, "aturan/tambah.html", context, status=422 if form.is_bound else 200)


def _added(request: HttpRequest, row: Parameter, rule: Aturan) -> HttpResponse:
    scope = f"TA {row.tahun}" if row.tahun else "semua TA"
    place = f", {row.daerah}" if row.daerah else ""
    messages.success(
        request,
        f"{rule.label} ({scope}{place}): {write_nilai(rule.satuan, row.nilai)}, "
        f"berlaku dari {tampilan.tanggal(row.berlaku_dari)}. Baris lama tetap tersimpan.",
    )
    return redirect(f"{reverse('aturan')}?ta={row.tahun or SEMUA_TA}#aturan-{row.pk}")
