"""Passwords: forgotten, set by a mailed link, changed."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import FormView, TemplateView

from daerah.forms import FormAturSandi, FormGantiSandi, FormLupaSandi
from daerah.jejak import record_act
from daerah.models import Pengguna
from daerah.surat import send_password_links
from daerah.views.masuk import InvalidIs422

logger = logging.getLogger(__name__)

# Seconds in which one account gets one mail, however often somebody asks.
ONE_MAIL_IN = 300


@method_decorator(login_not_required, name="dispatch")
class LupaSandi(InvalidIs422, FormView):
    """Answers alike whether the address is known or not."""

    template_name = "akun/lupa_sandi.html"
    form_class = FormLupaSandi
    success_url = reverse_lazy("lupa_sandi_terkirim")

    def form_valid(self, form: FormLupaSandi) -> HttpResponse:
        akun = [satu for satu in form.accounts() if cache.add(f"lupa-sandi:{satu.pk}", 1, ONE_MAIL_IN)]
        if akun:
            self._record(akun)
            send_password_links(akun, alamat=self.request.build_absolute_uri("/"))
        return super().form_valid(form)

    @transaction.atomic
    def _record(self, akun: list[Pengguna]) -> None:
        # Whoever asked is not known: anybody may type an address.
        for satu in akun:
            record_act(satu, "minta tautan kata sandi", self.request, by=Pengguna.objects.sistem())


@method_decorator(login_not_required, name="dispatch")
class LupaSandiTerkirim(TemplateView):
    template_name = "akun/lupa_sandi_terkirim.html"


class AturSandi(InvalidIs422, PasswordResetConfirmView):
    """Behind the mailed link: the first password of a new account, or a new one."""

    template_name = "akun/atur_sandi.html"
    form_class = FormAturSandi
    success_url = reverse_lazy("masuk")

    def get_user(self, uidb64: str) -> Pengguna | None:
        akun = super().get_user(uidb64)
        may_sign_in = akun is not None and akun.is_active and akun.on_duty(timezone.localdate())
        return akun if may_sign_in else None

    def form_valid(self, form: FormAturSandi) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record_act(self.user, "atur kata sandi", self.request)
        logger.info("Sandi akun %d diatur lewat tautan surel", self.user.pk)
        messages.success(self.request, "Kata sandi tersimpan. Silakan masuk.")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "akun": self.user}


class GantiSandi(InvalidIs422, PasswordChangeView):
    template_name = "akun/ganti_sandi.html"
    form_class = FormGantiSandi
    success_url = reverse_lazy("akun")

    def form_valid(self, form: FormGantiSandi) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record_act(self.request.user, "ganti kata sandi", self.request)
        logger.info("Sandi akun %d diganti pemiliknya", self.request.user.pk)
        messages.success(self.request, "Kata sandi diganti. Sesi Anda di perangkat lain sudah diakhiri.")
        return response
