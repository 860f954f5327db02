"""`/ekspor/`: the analysts' workbook of the chosen quarter, in the account's scope."""

from __future__ import annotations

from functools import partial

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.actions.galat import Ditolak
from realisasi.actions.pekerjaan import ask
from realisasi.buku.rekap_analis import rekap_name, write_rekap
from realisasi.forms.ekspor import FormEkspor
from realisasi.forms.galat import show_refusal
from realisasi.models import Pekerjaan, Posisi
from realisasi.rekap.baca import DAERAH, serapan_rows
from realisasi.rekap.saat import Saat, saat_of
from realisasi.views.berkas import workbook_answer
from realisasi.views.izin import only
from realisasi.views.periode import periode


@require_safe
def ekspor(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.EKSPOR)
    saat = _saat(request)
    return _page(request, saat, FormEkspor(terkunci=bool(saat.ditutup)))


@require_POST
def minta(request: HttpRequest) -> HttpResponse:
    """Ask for the workbook: it is written in the background, its own page shows how far it is."""
    only(request, Wewenang.EKSPOR)
    saat = _saat(request)
    form = FormEkspor(request.POST, terkunci=bool(saat.ditutup))
    if periode(request).tahu.galat:
        form.add_error(None, periode(request).tahu.galat)
    if form.is_valid():
        try:
            job = ask(
                jenis=Pekerjaan.Jenis.EKSPOR_REKAP,
                parameter=_parameter(saat, form.cleaned_data.get("posisi")),
                by=request.user,
            )
        except Ditolak as refused:
            show_refusal(form, refused)
        else:
            return redirect(reverse("pekerjaan_rinci", args=[job.pk]) + periode(request).query)
    return _page(request, saat, form, status=422)


def _saat(request: HttpRequest) -> Saat:
    return saat_of(periode(request).tw, now=waktu.now(), pada=periode(request).pada)


def _parameter(saat: Saat, posisi: str | None) -> dict[str, object]:
    return {
        "tahun": saat.tw.tahun,
        "triwulan": saat.tw.ke,
        "posisi": saat.posisi(posisi),
        "pada": saat.pada.isoformat() if saat.pada else None,
    }


def _page(request: HttpRequest, saat: Saat, form: FormEkspor, status: int = 200) -> HttpResponse:
    rows = serapan_rows(request.user, saat.tw, DAERAH, pada=saat.pada)
    context = {
        "tw": saat.tw,
        "tahu": periode(request).tahu,
        "query": periode(request).query_pada,
        "form": form,
        "terkunci": bool(saat.ditutup),
        "jumlah_daerah": len(rows),
        "jumlah_lapor": sum(row.jumlah_daerah_lapor for row in rows),
        "nasional": sees_nation(request.user),
        "boleh_token": can(request.user, Wewenang.TOKEN),
    }
    return render(request, "ekspor/pilih.html", context, status=status)


@require_safe
def unduh(request: HttpRequest) -> FileResponse:
    """The workbook at once, for links and programs that know its address."""
    only(request, Wewenang.EKSPOR)
    posisi = request.GET.get("posisi") or Posisi.SEMENTARA
    if posisi not in Posisi.values:
        raise Http404
    saat = _saat(request)
    return workbook_answer(
        partial(write_rekap, user=request.user, tw=saat.tw, now=waktu.now(), posisi=posisi, pada=saat.pada),
        nama=rekap_name(saat, posisi),
    )
