"""Accounts by workbook, the list of accounts, and one account."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daerah.cakupan import Wewenang, can
from daerah.kode import DaftarKode
from daerah.models import Pengguna
from daerah.surat import send_password_links
from realisasi.actions import akun as actions
from realisasi.actions.galat import Ditolak
from realisasi.actions.riwayat import LIHAT, record_read
from realisasi.aturan.formulir_akun import BarisAkun
from realisasi.buku.formulir_akun import IsiAkun, SyaratAkun, read_formulir, write_template
from realisasi.buku.penjaga import BukuDitolak
from realisasi.forms.akun import FormAlasan, FormSaringAkun, FormUnggahAkun
from realisasi.models import Riwayat
from realisasi.views.berkas import workbook_answer
from realisasi.views.izin import only

SALT = "akun.impor"
# Seconds between the preview and the decision.
PREVIEW_LIVES = 3600
PER_PAGE = 50
DATES = ("mulai_bertugas", "selesai_bertugas")
# What happens every day, of which the page of an account says nothing: the audit trail shows it.
SEHARI_HARI = (LIHAT, "masuk", "verifikasi dua langkah")
# Under what the trail keeps who looked at many accounts at once.
DAFTAR = "akun:daftar"
MAIL_FAILED = "Surel tidak terkirim. Kirim ulang tautannya dari halaman akun."


# --- by workbook -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def impor(request: HttpRequest) -> HttpResponse:
    """Upload and preview; a second post with the preview applies it."""
    only(request, Wewenang.AKUN)
    if "rencana" in request.POST:
        return _apply(request)
    if request.method != "POST":
        return _upload_page(request, FormUnggahAkun())
    form = FormUnggahAkun(request.POST, request.FILES)
    return _preview(request, form) if form.is_valid() else _upload_page(request, form)


def _upload_page(request: HttpRequest, form: FormUnggahAkun, **more: Any) -> HttpResponse:
    refused = form.errors or more
    return render(request, "akun/impor.html", {"form": form, **more}, status=422 if refused else 200)


def _preview(request: HttpRequest, form: FormUnggahAkun) -> HttpResponse:
    syarat = SyaratAkun(DaftarKode.load(), actions.other_accounts(request.user))
    try:
        isi: IsiAkun = read_formulir(form.cleaned_data["berkas"], syarat=syarat)
    except BukuDitolak as refusal:
        form.add_error("berkas", refusal.pesan)
        return _upload_page(request, form)
    if isi.kesalahan:
        return _upload_page(request, FormUnggahAkun(), kesalahan=isi.kesalahan)
    rencana = actions.plan_import(isi.baris)
    # What changes is shown beside what is stored.
    record_read(by=request.user, subjek=DAFTAR, jumlah=len(rencana.berubah), saringan={"impor": "pratinjau"})
    context = {"rencana": rencana, "tanda": _sign(isi.baris, request.user)}
    return render(request, "akun/impor_rencana.html", context)


def _apply(request: HttpRequest) -> HttpResponse:
    try:
        rows = _unsign(request.POST["rencana"], request.user)
        hasil = actions.import_akun(rows=rows, by=request.user)
    except (signing.BadSignature, Ditolak) as refusal:
        pesan = getattr(refusal, "pesan", "Pratinjau ini tidak berlaku lagi. Unggah berkasnya sekali lagi.")
        return _upload_page(request, FormUnggahAkun(), ditolak=[{"teks": pesan}])
    sent = send_password_links(hasil.baru, alamat=request.build_absolute_uri("/"))
    messages.success(
        request, f"{len(hasil.baru)} akun dibuat, {hasil.berubah} diubah, {hasil.sama} tetap sama."
    )
    if not sent:
        messages.warning(request, MAIL_FAILED)
    return redirect("akun_daftar")


def _sign(rows: tuple[BarisAkun, ...], user: Pengguna) -> str:
    """The rows as they were shown, for this user alone: what is applied is what was previewed."""
    plain = [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(row).items()}
        for row in rows
    ]
    return signing.dumps(plain, salt=f"{SALT}.{user.pk}", compress=True)


def _unsign(signed: str, user: Pengguna) -> list[BarisAkun]:
    plain = signing.loads(signed, salt=f"{SALT}.{user.pk}", max_age=PREVIEW_LIVES)
    return [
        BarisAkun(**{**row, **{name: date.fromisoformat(row[name]) for name in DATES if row[name]}})
        for row in plain
    ]


@require_safe
def formulir(request: HttpRequest) -> FileResponse:
    """An empty form."""
    only(request, Wewenang.AKUN)
    return workbook_answer(partial(write_template, []), nama="formulir-akun.xlsx")


# --- the list and one account ----------------------------------------------------------------------


@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.SANDI)
    form = FormSaringAkun(request.GET, label_suffix="")
    if not form.is_valid():
        raise Http404
    akun = _filtered(Pengguna.objects.manageable_by(request.user), form).select_related("daerah")
    halaman = Paginator(akun.order_by("username"), PER_PAGE).get_page(request.GET.get("halaman"))
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    record_read(by=request.user, subjek=DAFTAR, jumlah=halaman.paginator.count, saringan=asked)
    context = {
        "halaman": halaman,
        "form": form,
        "hari_ini": timezone.localdate(),
        "kelola": can(request.user, Wewenang.AKUN),
    }
    return render(request, "akun/daftar.html", context)


def _filtered(akun: QuerySet[Pengguna], form: FormSaringAkun) -> QuerySet[Pengguna]:
    if form.cleaned_data["peran"]:
        akun = akun.filter(peran=form.cleaned_data["peran"])
    if word := form.cleaned_data["q"]:
        names = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(email__icontains=word)
        akun = akun.filter(names | Q(daerah__nama__icontains=word) | Q(daerah=word))
    return akun


def _managed(request: HttpRequest, pk: int, wewenang: Wewenang = Wewenang.SANDI) -> Pengguna:
    only(request, wewenang)
    return get_object_or_404(Pengguna.objects.manageable_by(request.user).select_related("daerah"), pk=pk)


@require_safe
def rinci(request: HttpRequest, pk: int) -> HttpResponse:
    return _rinci_page(request, _managed(request, pk))


def _rinci_page(request: HttpRequest, akun: Pengguna, form: FormAlasan | None = None) -> HttpResponse:
    kelola = can(request.user, Wewenang.AKUN)
    record_read(by=request.user, subjek=actions.subjek(akun))
    context = {
        "akun": akun,
        "form": form or FormAlasan(),
        "kelola": kelola and akun.pk != request.user.pk,
        "hari_ini": timezone.localdate(),
        "riwayat": _history(akun) if kelola else [],
    }
    return render(request, "akun/rinci.html", context, status=422 if form else 200)


def _history(akun: Pengguna) -> QuerySet[Riwayat]:
    rows = Riwayat.objects.filter(subjek=actions.subjek(akun)).exclude(aksi__in=SEHARI_HARI)
    rows = rows.select_related("pelaku")
    return rows.order_by("-pk")[:20]


@require_POST
def sandi(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the account a link for a new password (or its first one)."""
    akun = _managed(request, pk)
    try:
        actions.allow_new_password(akun=akun, by=request.user)
    except Ditolak as refusal:
        messages.error(request, refusal.pesan)
        return redirect("akun_rinci", pk=pk)
    if send_password_links([akun], alamat=request.build_absolute_uri("/")):
        messages.success(request, f"Tautan kata sandi dikirim ke {akun.email}.")
    else:
        messages.error(request, MAIL_FAILED)
    return redirect("akun_rinci", pk=pk)


@require_POST
def aktif(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the account off, or on again."""
    akun = _managed(request, pk, Wewenang.AKUN)
    return _with_reason(
        request, akun, lambda alasan: _toggle(request, akun, alasan), "Status akun tersimpan."
    )


def _toggle(request: HttpRequest, akun: Pengguna, alasan: str) -> None:
    # What the admin saw decides: a second click must not switch it back.
    actions.set_active(akun=akun, aktif=request.POST.get("aktif") == "ya", alasan=alasan, by=request.user)


@require_POST
def perangkat(request: HttpRequest, pk: int) -> HttpResponse:
    """Release the second factor of somebody who lost it."""
    akun = _managed(request, pk, Wewenang.AKUN)
    return _with_reason(
        request,
        akun,
        lambda alasan: actions.release_devices(akun=akun, alasan=alasan, by=request.user),
        "Perangkat dilepas. Pemilik akun memasang yang baru saat masuk.",
    )


def _with_reason(request: HttpRequest, akun: Pengguna, act: Any, done: str) -> HttpResponse:
    form = FormAlasan(request.POST)
    if not form.is_valid():
        return _rinci_page(request, akun, form)
    try:
        act(form.cleaned_data["alasan"])
    except Ditolak as refusal:
        form.add_error(None, refusal.pesan)
        return _rinci_page(request, akun, form)
    messages.success(request, done)
    return redirect("akun_rinci", pk=akun.pk)
