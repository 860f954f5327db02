"""`/ekspor/`: the analysts' workbook of the chosen quarter, in the account's scope."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, sees_nation
from realisasi.buku.rekap_analis import write_rekap
from realisasi.models import Posisi
from realisasi.rekap.baca import DAERAH, effective_posisi, serapan_rows
from realisasi.views.izin import only
from realisasi.views.periode import periode

TIPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    buku = BytesIO()
    write_rekap(buku, user=request.user, tw=tw, now=waktu.now(), posisi=posisi)
    buku.seek(0)
    name = f"rekap-dak-ikm-{tw.tahun}-tw{tw.ke}-{effective_posisi(tw, posisi)}.xlsx"
    return FileResponse(buku, as_attachment=True, filename=name, content_type=TIPE)
