"""/impor/: upload a formulir alokasi, see what would change, apply it.

Between the preview and the decision the file waits on the server, one a user; what is applied is read from it
again, and only if it still means what was shown.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang
from realisasi.actions.galat import Ditolak
from realisasi.actions.impor import RencanaBerubah, apply_import, plan_import
from realisasi.actions.rencana_impor import RencanaImpor
from realisasi.buku.formulir_alokasi import IsiFormulir, read_formulir, write_template
from realisasi.buku.kolom_alokasi import Syarat
from realisasi.buku.penjaga import BukuDitolak
from realisasi.forms.impor import FormUnggahAlokasi
from realisasi.views.berkas import workbook_answer
from realisasi.views.izin import only

SESSION = "impor_alokasi"  # name and effective date of the file that waits
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def impor(request: HttpRequest) -> HttpResponse:
    """The upload: a file that can be read whole waits for its preview; another is refused with all faults."""
    only(request, Wewenang.IMPOR)
    if request.method != "POST":
        return _upload_page(request, FormUnggahAlokasi())
    form = FormUnggahAlokasi(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form)
    try:
        isi = _read(form.cleaned_data["berkas"])
    except BukuDitolak as refusal:
        form.add_error("berkas", refusal.pesan)
        return _upload_page(request, form)
    if isi.kesalahan:
        return _upload_page(request, form, kesalahan=isi.kesalahan)
    _keep(request, form)
    return redirect("impor_pratinjau")


@require_http_methods(["GET", "HEAD", "POST"])
def pratinjau(request: HttpRequest) -> HttpResponse:
    """What the waiting file would change; a post applies it."""
    only(request, Wewenang.IMPOR)
    rencana = _plan_waiting(request)
    if rencana is None:
        messages.info(request, "Tidak ada berkas yang menunggu. Unggah formulir alokasi.")
        return redirect("impor")
    if request.method != "POST":
        return _preview_page(request, rencana)
    if request.POST.get("sidik") != rencana.sidik:
        return _preview_page(request, rencana, berubah=True)
    try:
        apply_import(rencana, by=request.user, now=waktu.now())
    except RencanaBerubah as refusal:
        return _preview_page(request, refusal.rencana, berubah=True)
    except Ditolak:  # the obstacles stand on the page already
        return _preview_page(request, rencana, status=422)
    _forget(request)
    messages.success(request, f"Formulir alokasi dimuat: {rencana.ringkasan}")
    return redirect("impor")


@require_safe
def formulir(request: HttpRequest) -> FileResponse:
    """An empty form."""
    only(request, Wewenang.IMPOR)
    return workbook_answer(partial(write_template, []), nama="formulir-alokasi.xlsx")


def _upload_page(request: HttpRequest, form: FormUnggahAlokasi, **more: Any) -> HttpResponse:
    refused = form.errors or more
    return render(request, "impor/unggah.html", {"form": form, **more}, status=422 if refused else 200)


def _preview_page(
    request: HttpRequest, rencana: RencanaImpor, *, berubah: bool = False, status: int = 200
) -> HttpResponse:
    shown = [satu for satu in rencana.alokasi if satu.is_changed or satu.tidak_disebut]
    context = {
        "rencana": rencana,
        "berubah": berubah,
        "nama_berkas": request.session[SESSION]["nama"],
        "halaman": Paginator(shown, PER_PAGE).get_page(request.GET.get("halaman")),
    }
    return render(request, "impor/pratinjau.html", context, status=409 if berubah else status)


def _read(berkas: Any) -> IsiFormulir:
    return read_formulir(berkas, syarat=Syarat.load(hari=waktu.today()))


def _place(request: HttpRequest) -> str:
    """One waiting file a user, under a name that nobody typed."""
    return f"impor/{request.user.pk}.xlsx"


def _keep(request: HttpRequest, form: FormUnggahAlokasi) -> None:
    _forget(request)
    berkas, berlaku_dari = form.cleaned_data["berkas"], form.cleaned_data["berlaku_dari"]
    berkas.seek(0)
    default_storage.save(_place(request), berkas)
    request.session[SESSION] = {
        "nama": berkas.name[:100],
        "berlaku_dari": berlaku_dari.isoformat() if berlaku_dari else None,
    }


def _forget(request: HttpRequest) -> None:
    default_storage.delete(_place(request))
    request.session.pop(SESSION, None)


def _plan_waiting(request: HttpRequest) -> RencanaImpor | None:
    """The plan of the waiting file; None when there is none, or when a rule changed and it has faults now."""
    waiting = request.session.get(SESSION)
    if waiting is None or not default_storage.exists(_place(request)):
        return None
    with default_storage.open(_place(request)) as berkas:
        isi = _read(berkas)
    if isi.kesalahan:
        return None
    asked = date.fromisoformat(waiting["berlaku_dari"]) if waiting["berlaku_dari"] else None
    return plan_import(isi.baris, now=waktu.now(), berlaku_dari=asked)
