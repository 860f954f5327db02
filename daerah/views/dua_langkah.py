"""The second factor: set up an authenticator, give its code, keep recovery codes."""

from django.contrib.auth.views import RedirectURLMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as verify_session
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from segno import make as make_qr

from daerah.forms import FormKode
from daerah.jejak import record_act
from daerah.masuk import needs_second_factor
from daerah.models import Pengguna

RECOVERY_CODES = 10
DIGITS = 6


@never_cache
@sensitive_post_parameters("kode_verifikasi")
def dua_langkah(request: HttpRequest) -> HttpResponse:
    """Give the code of the own device; whoever has none yet sets one up first."""
    if not needs_second_factor(request.user):
        raise Http404
    if request.user.is_verified():
        return redirect(_next(request))
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    return _verify(request, device) if device else _enrol(request)


@require_POST
@never_cache
def kode_cadangan(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones end."""
    if not needs_second_factor(request.user):
        raise Http404
    return _show_recovery_codes(request)


def _verify(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    form = FormKode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kode = form.cleaned_data["kode_verifikasi"]
        used = device if len(kode) == DIGITS else StaticDevice.objects.filter(user=request.user).first()
        if _accepts(request, used, kode, form):
            return redirect(_next(request))
    return _page(request, "akun/dua_langkah.html", form)


def _enrol(request: HttpRequest) -> HttpResponse:
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    if device is None:
        device = TOTPDevice.objects.create(user=request.user, name="Autentikator", confirmed=False)
    form = FormKode(request.POST if request.method == "POST" else None)
    given = form.cleaned_data["kode_verifikasi"] if request.method == "POST" and form.is_valid() else ""
    if given and _accepts(request, device, given, form):
        return _show_recovery_codes(request)
    return _page(request, "akun/dua_langkah_pasang.html", form, qr=_qr(device), kunci=_key(device))


def _accepts(request: HttpRequest, device: Device | None, kode: str, form: FormKode) -> bool:
    """Whether the device took the code; then it is confirmed and the session verified."""
    if device is None or not verify_token(request.user, device.persistent_id, kode):
        form.add_error("kode_verifikasi", _why_refused(device))
        return False
    with transaction.atomic():
        # The row was changed under a lock by the check itself: only this column is ours.
        is_new = type(device).objects.filter(pk=device.pk, confirmed=False).update(confirmed=True)
        act = "pasang perangkat verifikasi" if is_new else "verifikasi dua langkah"
        record_act(request.user, act, request, perangkat=device.name)
    device.refresh_from_db()
    request.session.cycle_key()
    verify_session(request, device)
    return True


def _why_refused(device: Device | None) -> str:
    if device is not None:
        device.refresh_from_db()
        allowed, detail = device.verify_is_allowed()
        if not allowed and device.throttling_failure_count > 1:
            seconds = max(1, round((detail["locked_until"] - timezone.now()).total_seconds()))
            return f"Kode tidak cocok. Tunggu {seconds} detik sebelum mencoba kode berikutnya."
    return (
        "Kode tidak cocok atau sudah dipakai. Pakai kode yang sedang tampil dan periksa jam perangkat Anda."
    )


def _show_recovery_codes(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        kode = _renew_recovery_codes(request.user)
        record_act(request.user, "buat kode cadangan", request)
    return render(request, "akun/kode_cadangan.html", {"daftar_kode": kode, "lanjut": _next(request)})


def _renew_recovery_codes(user: Pengguna) -> list[str]:
    # The device stays: a session that a recovery code verified holds on to it.
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Kode cadangan"})
    device.token_set.all().delete()
    kode = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=satu) for satu in kode)
    return kode


def _qr(device: TOTPDevice) -> SafeString:
    svg = make_qr(device.config_url, error="m").svg_inline(scale=5, border=4, light="#fff", svgclass="qr")
    return mark_safe(svg)  # noqa: S308 - made here, of attributes only; the text is drawn, not written


def _key(device: TOTPDevice) -> str:
    """The secret for typing, in groups of four."""
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _page(request: HttpRequest, template: str, form: FormKode, **more: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "next": _next(request), **more}, status=status)


def _next(request: HttpRequest) -> str:
    """The page that was asked for before, if it is one of ours."""
    mixin = RedirectURLMixin()
    mixin.request = request
    return mixin.get_redirect_url() or "/"
