"""`/ekspor/`: the analysts' workbook of the chosen quarter, in the account's scope."""

from __future__ import annotations

from functools import partial

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.buku.rekap_analis import write_rekap
from realisasi.models import Posisi
from realisasi.rekap.baca import DAERAH, effective_posisi, serapan_rows
from realisasi.views.berkas import workbook_answer
from realisasi.views.izin import only
from realisasi.views.periode import periode


@require_safe
def ekspor(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.EKSPOR)
    tw = periode(request).tw
    rows = serapan_rows(request.user, tw, DAERAH)
    context = {
        "tw": tw,
        "posisi": Posisi,
        "terkunci": effective_posisi(tw, Posisi.SEMENTARA) == Posisi.FINAL,
        "jumlah_daerah": len(rows),
        "jumlah_lapor": sum(row.jumlah_daerah_lapor for row in rows),
        "nasional": sees_nation(request.user),
        "boleh_token": can(request.user, Wewenang.TOKEN),
    }
    return render(request, "ekspor/pilih.html", context)


@require_safe
def unduh(request: HttpRequest) -> FileResponse:
    """The workbook itself; its name says what it holds."""
    only(request, Wewenang.EKSPOR)
    posisi = request.GET.get("posisi") or Posisi.SEMENTARA
    if posisi not in Posisi.values:
        raise Http404
    tw = periode(request).tw
    return workbook_answer(
        partial(write_rekap, user=request.user, tw=tw, now=waktu.now(), posisi=posisi),
        nama=f"rekap-dak-ikm-{tw.tahun}-tw{tw.ke}-{effective_posisi(tw, posisi)}.xlsx",
    )
