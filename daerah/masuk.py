"""Signing in: who counts as there, from where, for how long, and who needs a second factor."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from daerah.models import Pengguna

START, SEEN, ENDED = "sesi_mulai", "sesi_terakhir", "sesi_berakhir"
# The moment of the last request is kept this exactly: a session row is not written for every page.
SEEN_EVERY = 60


class DutyBackend(ModelBackend):
    """An account counts only while its duty lasts, also for sessions already open."""

    def user_can_authenticate(self, user: Any) -> bool:
        # Real time, not the demonstration day: this is about people, not about data.
        return super().user_can_authenticate(user) and user.on_duty(timezone.localdate())

    def get_user(self, user_id: Any) -> Pengguna | None:
        # With its daerah: nearly every page shows it or needs its zone.
        user = Pengguna.objects.select_related("daerah").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def client_address(request: HttpRequest) -> str:
    """The address that failed sign-ins are counted for.

    Behind our proxy every request comes from the proxy itself; it appends the true address, whatever the
    client wrote before it.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.DI_BELAKANG_PROKSI else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def needs_second_factor(user: Any) -> bool:
    return settings.WAJIB_TOTP and user.is_authenticated and user.is_ministry


def is_half_way(user: Any) -> bool:
    """Whether the password was given, but not the second factor that this account needs."""
    return needs_second_factor(user) and not user.is_verified()


def start_session_clock(request: HttpRequest) -> None:
    """A fresh sign-in, also of somebody who was signed in already, has its whole time."""
    request.session[START] = request.session[SEEN] = time.time()


def session_is_over(request: HttpRequest) -> bool:
    """Whether the session is too old or was left alone too long; otherwise notes that it is in use."""
    now = time.time()
    started, seen = request.session.get(START), request.session.get(SEEN)
    if started is None or seen is None:
        start_session_clock(request)
        return False
    if now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESI_DIAM:
        return True
    if now - seen > SEEN_EVERY:
        request.session[SEEN] = now
    return False
