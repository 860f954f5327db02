"""The doors: signing in and out."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpResponse

from daerah.forms import FormMasuk
from daerah.jejak import record_act
from daerah.masuk import ENDED, start_session_clock


class InvalidIs422:
    """A form that was refused answers 422, so that scripts and tests can tell it from a page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Masuk(InvalidIs422, LoginView):
    template_name = "akun/masuk.html"
    authentication_form = FormMasuk
    redirect_authenticated_user = True

    def form_valid(self, form: FormMasuk) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record_act(form.get_user(), "masuk", self.request)
        start_session_clock(self.request)
        self.request.session.pop(ENDED, None)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sesi_berakhir=self.request.session.get(ENDED, False), **kwargs)
