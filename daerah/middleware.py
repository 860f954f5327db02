"""What holds for every request of a person: private answers, sessions that end, the second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse

from daerah.kirim_ulang import kept_fields
from daerah.masuk import ENDED, is_half_way, session_is_over

GetResponse = Callable[[HttpRequest], HttpResponse]
# Where an account without its second factor may go: to give it, or to leave.
BEFORE_VERIFICATION = frozenset({"dua_langkah", "keluar"})


class PrivateAnswers:
    """No cache keeps what a view answered; static files say themselves how long they may be kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SessionLimits:
    """Ends sessions that are idle or old, before anybody asks who the user is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and session_is_over(request):
            logout(request)
            request.session[ENDED] = True  # the sign-in page says why it is shown
        return self.get_response(request)


class SignInRequired(LoginRequiredMiddleware):
    """Sends strangers to sign in; a form that was sent after the session had ended waits meanwhile."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        isian = kept_fields(request) if request.method == "POST" else []
        if not isian:
            return super().handle_no_permission(request, view_func)
        # The token was right, so the form is ours: showing its values again helps nobody else.
        context = {
            "alamat": request.get_full_path(),
            "isian": isian,
            "berkas": bool(request.FILES),
            "csrf_token": get_token(request),
        }
        return HttpResponse(render_to_string("akun/masuk_dulu.html", context), status=403)


class SecondFactor:
    """Nobody of the ministry gets anywhere with a password alone (WAJIB_TOTP)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not is_half_way(request.user):
            return None
        if request.path.startswith("/api/"):
            raise PermissionDenied
        is_public = not getattr(view, "login_required", True)
        if is_public or request.resolver_match.url_name in BEFORE_VERIFICATION:
            return None
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('dua_langkah')}?{query}")
