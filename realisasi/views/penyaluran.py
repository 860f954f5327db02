"""Transfers to the RKUD: what each daerah received per tahap, and the form that enters it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.actions.galat import Ditolak
from realisasi.actions.penyaluran import record_penyaluran, remove_penyaluran
from realisasi.aturan import tampilan
from realisasi.forms.galat import show_refusal
from realisasi.forms.penyaluran import TEMPAT, FormHapusPenyaluran, FormPenyaluran
from realisasi.models import Alokasi, Parameter, Penyaluran, Peristiwa
from realisasi.rekap.baca import DAERAH, NASIONAL, PROVINSI, BarisSerapan, serapan_rows
from realisasi.rekap.penyaluran import JumlahTahap, by_tahap, excess_over_pagu, transfers_of
from realisasi.views.izin import only
from realisasi.views.periode import periode
from realisasi.views.saringan import HariDaftar, chosen, day_of, provinces

PER_HALAMAN = 50
BATAS = {
    Penyaluran.Tahap.I: "batas.tahap_1",
    Penyaluran.Tahap.II: "batas.tahap_2",
    Penyaluran.Tahap.III: "batas.tahap_3",
}


@dataclass(frozen=True)
class SelTahap:
    """What one daerah received in one tahap."""

    nama: str
    jumlah: int | None
    sp2d: list[Penyaluran]


@dataclass(frozen=True)
class BarisPenyaluran:
    baris: BarisSerapan
    tahap: list[SelTahap]
    # A change that the figures of this row do not contain yet.
    menunggu: bool


@require_safe
def penyaluran(request: HttpRequest) -> HttpResponse:
    saat = day_of(request)
    options = list(provinces(request))
    kode = chosen(request, "provinsi", {p.kode for p in options})
    rows = serapan_rows(request.user, saat.tw, DAERAH, pada=periode(request).pada, provinsi=kode)
    page = Paginator(rows, PER_HALAMAN).get_page(request.GET.get("halaman"))
    stages = by_tahap(request.user, tahun=saat.tw.tahun, hari=saat.hari, pada=saat.pada, provinsi=kode)
    rules = Parameter.objects.rows_of(saat.tw.tahun, hari=saat.hari)
    shown = [s for s in stages if s.tahap != Penyaluran.Tahap.SEKALIGUS or s.jumlah]
    context = {
        "saat": saat,
        "tahu": periode(request).tahu,
        "halaman": page,
        "baris": _rows(request, list(page), shown, saat),
        "tahap": shown,
        "kartu": [_card(stage, len(rows), rules.get(BATAS.get(stage.tahap, "")), saat) for stage in shown],
        "jumlah": _total(request, saat, kode) if len(rows) > 1 else None,
        "provinsi": options if len(options) > 1 else [],
        "provinsi_terpilih": kode,
        "boleh_catat": can(request.user, Wewenang.PENYALURAN),
        "query": periode(request).query,
    }
    return render(request, "penyaluran/daftar.html", context)


def _rows(
    request: HttpRequest, rows: list[BarisSerapan], stages: list[JumlahTahap], saat: HariDaftar
) -> list[BarisPenyaluran]:
    pks = [row.alokasi_id for row in rows if row.alokasi_id]
    transfers = transfers_of(request.user, pks, saat.hari, saat.pada)
    waiting = set(Peristiwa.objects.open().filter(alokasi__in=pks).values_list("alokasi", flat=True))
    found = []
    for row in rows:
        received = transfers[row.alokasi_id or 0]
        cells = []
        for stage in stages:
            sp2d = received.get(stage.tahap, [])
            total = sum(one.jumlah for one in sp2d) if sp2d else None
            cells.append(SelTahap(stage.tahap.label, total, sp2d))
        found.append(BarisPenyaluran(row, cells, row.alokasi_id in waiting))
    return found


def _total(request: HttpRequest, saat: HariDaftar, provinsi: str) -> BarisSerapan | None:
    """The area's own row: sums and rates of a list are never added up a second time."""
    pada = periode(request).pada
    if sees_nation(request.user) and not provinsi:
        rows = serapan_rows(request.user, saat.tw, NASIONAL, pada=pada)
    else:
        kode = provinsi or request.user.daerah_id
        rows = serapan_rows(request.user, saat.tw, PROVINSI, pada=pada, kode=kode)
    return rows[0] if rows else None


def _card(stage: JumlahTahap, daerah: int, cut_off: Parameter | None, saat: HariDaftar) -> dict[str, Any]:
    """One tahap: how much, for how many daerah, and by when."""
    parts = [f"{stage.daerah} dari {daerah} daerah"] if daerah > 1 else []
    if cut_off:
        hari = date.fromisoformat(cut_off.nilai)
        left = f", {tampilan.sisa_hari(hari, saat.hari)}" if hari >= saat.hari else ""
        parts.append(f"batas {tampilan.tanggal(hari)}{left}")
    return {
        "nama": stage.tahap.label,
        "nilai": tampilan.miliar(stage.jumlah),
        "keterangan": " · ".join(parts),
        "tanda": "U" if cut_off and cut_off.tanda == "U" else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def catat(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.PENYALURAN)
    chosen_period = periode(request)
    penerima = Alokasi.objects.visible_to(request.user).ikm().filter(tahun=chosen_period.tw.tahun)
    form = FormPenyaluran(
        request.POST or None, penerima=penerima, initial={"alokasi": request.GET.get("alokasi")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = record_penyaluran(by=request.user, now=waktu.now(), **form.cleaned_data)
        except (Ditolak, ValidationError) as refused:
            show_refusal(form, refused, TEMPAT)
        else:
            _confirm(request, saved)
            again = request.POST.get("tindakan") == "lagi"
            target = reverse("penyaluran_catat" if again else "penyaluran")
            return redirect(f"{target}?tahun={chosen_period.tw.tahun}")
    context = {"form": form, "tahun": chosen_period.tw.tahun, "query": chosen_period.query}
    return render(request, "penyaluran/catat.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hapus(request: HttpRequest, pk: int) -> HttpResponse:
    """One SP2D, and the way to take it back with a reason."""
    only(request, Wewenang.PENYALURAN)
    found = get_object_or_404(
        Penyaluran.objects.visible_to(request.user).known().select_related("alokasi__daerah"), pk=pk
    )
    form = FormHapusPenyaluran(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_penyaluran(penyaluran_id=pk, by=request.user, now=waktu.now(), **form.cleaned_data)
        except Ditolak as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"SP2D {found.nomor_sp2d} dihapus; alasannya tercatat.")
            return redirect(f"{reverse('penyaluran')}?tahun={found.alokasi.tahun_id}")
    context = {"form": form, "penyaluran": found}
    return render(request, "penyaluran/hapus.html", context, status=422 if form.is_bound else 200)


def _confirm(request: HttpRequest, saved: Penyaluran) -> None:
    """Echo what was understood; warn, never block, where the sum exceeds the pagu."""
    messages.success(
        request,
        f"Tercatat: {saved.get_tahap_display()} untuk {saved.alokasi.daerah}, "
        f"{tampilan.rp(saved.jumlah)}, SP2D {saved.nomor_sp2d} "
        f"tanggal {tampilan.tanggal(saved.tanggal_sp2d)}.",
    )
    if excess := excess_over_pagu(saved.alokasi, waktu.today()):
        messages.warning(
            request,
            f"Seluruh penyaluran {saved.alokasi.daerah} kini {tampilan.rp(excess)} di atas pagunya. "
            "Periksa jumlah dan tahapnya.",
        )
