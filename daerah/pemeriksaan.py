"""Start-up checks: outside a demonstration no default secret and no demonstration account."""

from typing import Any

import openpyxl
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from daerah.models import Pengguna


def unsafe_settings() -> list[checks.CheckMessage]:
    """What forbids serving real users; needs no database."""
    if settings.DEMO or settings.SECRET_KEY != settings.DEFAULT_SECRET_KEY:
        return []
    return [checks.Error("SECRET_KEY masih bawaan.", hint="Isi SECRET_KEY di lingkungan.", id="dakikm.E001")]


def demo_accounts() -> list[checks.CheckMessage]:
    """Accounts whose password is printed in the README must not be there outside a demonstration."""
    if settings.DEMO:
        return []
    try:
        exists = Pengguna.objects.filter(contoh=True, is_active=True).exists()
    except DatabaseError:  # not migrated yet: no accounts at all
        return []
    if not exists:
        return []
    return [checks.Error("Ada akun contoh aktif.", hint="Mulai dari basis data kosong.", id="dakikm.E002")]


@checks.register()
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    return unsafe_settings()


@checks.register()
def check_defusedxml(**kwargs: Any) -> list[checks.CheckMessage]:
    if openpyxl.DEFUSEDXML:
        return []
    return [checks.Error("defusedxml tidak terpasang; berkas Excel tidak aman dibaca.", id="dakikm.E003")]


@checks.register(checks.Tags.database)
def check_demo_accounts(**kwargs: Any) -> list[checks.CheckMessage]:
    return demo_accounts()


def refuse_unsafe_start() -> None:
    """Stop the server before its first request.

    Raises:
        ImproperlyConfigured: with every reason.
    """
    reasons = [*unsafe_settings(), *demo_accounts()]
    if reasons:
        raise ImproperlyConfigured(" ".join(f"{r.msg} {r.hint}" for r in reasons))
