"""`/alokasi/<id>/`: what the ministry keeps of one alokasi besides the import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from daerah import waktu
from daerah.cakupan import Wewenang
from realisasi.actions import alokasi as aksi
from realisasi.actions.galat import Ditolak
from realisasi.forms.alokasi import PaguForm, PembinaForm, TargetForm
from realisasi.models import Alokasi
from realisasi.views.izin import only


@require_http_methods(["GET", "HEAD", "POST"])
def alokasi(request: HttpRequest, pk: int) -> HttpResponse:
    only(request, Wewenang.IMPOR)
    found = get_object_or_404(Alokasi.objects.visible_to(request.user).ikm().select_related("daerah"), pk=pk)
    forms_of_page = _forms(found)
    status = 200
    if request.method == "POST":
        name = request.POST.get("tindakan", "")
        make = MAKERS.get(name)
        if make is not None:
            forms_of_page[name] = make(found, request.POST)
            if _apply(request, found, name, forms_of_page[name]):
                messages.success(request, "Tersimpan. Angka dihitung ulang dalam beberapa detik.")
                return redirect("alokasi", pk=pk)
        status = 422
    context = {"alokasi": found, "versi_pagu": found.versipagu_set.order_by("berlaku_dari"), **forms_of_page}
    return render(request, "alokasi/rinci.html", context, status=status)


def _forms(found: Alokasi) -> dict[str, forms.Form]:
    return {name: make(found, None) for name, make in MAKERS.items()}


def _pembina(found: Alokasi, data: Any) -> forms.Form:
    current = {"direktorat_pembina": found.direktorat_pembina, "penanggung_jawab": found.penanggung_jawab_id}
    return PembinaForm(data, initial=current, prefix="pembina")


def _pagu(found: Alokasi, data: Any) -> forms.Form:
    return PaguForm(data, initial={"berlaku_dari": waktu.today()}, prefix="pagu")


def _target(found: Alokasi, data: Any) -> forms.Form:
    return TargetForm(data, alokasi=found, prefix="target")


MAKERS: dict[str, Callable[[Alokasi, Any], forms.Form]] = {
    "pembina": _pembina,
    "pagu": _pagu,
    "target": _target,
}


def _apply(request: HttpRequest, found: Alokasi, name: str, form: forms.Form) -> bool:
    """Call the action of the submitted form; its refusal stands beside the field."""
    if not form.is_valid():
        return False
    common = {"alokasi_id": found.pk, "by": request.user}
    try:
        if name == "pembina":
            aksi.assign(**common, **form.cleaned_data)
        elif name == "pagu":
            aksi.revise_pagu(**common, **form.cleaned_data, now=waktu.now())
        else:
            alasan = form.cleaned_data["alasan"]
            aksi.revise_target(**common, isian=form.isian(), alasan=alasan, now=waktu.now())  # type: ignore[attr-defined]
    except Ditolak as refusal:
        form.add_error(refusal.kolom or None, refusal.pesan)
        return False
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
