"""`Authorization: Token …`: a program that reads in the name of an account."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna, TokenAkses

KEYWORD = "Token"
# One answer for unknown, expired, revoked and off duty: it tells a finder of a token nothing.
REFUSED = "Token tidak berlaku. Buat yang baru di halaman Token akses."
# A column about "last used" needs no write for every request of a loop.
NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Pengguna, TokenAkses] | None:
        keyword, _, rahasia = get_authorization_header(request).partition(b" ")
        if keyword.lower() != KEYWORD.lower().encode():
            return None
        token = _find(rahasia.strip())
        if token is None:
            raise AuthenticationFailed(REFUSED)
        _note_use(token)
        return token.pengguna, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


def _find(rahasia: bytes) -> TokenAkses | None:
    """The token, if it and its account are good at this moment."""
    found = (
        TokenAkses.objects.alive(timezone.now())
        .filter(hash=TokenAkses.digest(rahasia.decode("latin-1")))
        .select_related("pengguna__daerah")
        .first()
    )
    if found is None:
        return None
    akun = found.pengguna
    is_good = akun.is_active and akun.on_duty(timezone.localdate()) and can(akun, Wewenang.TOKEN)
    return found if is_good else None


def _note_use(token: TokenAkses) -> None:
    now = timezone.now()
    if token.terakhir_dipakai is None or now - token.terakhir_dipakai >= NOTED_EVERY:
        TokenAkses.objects.filter(pk=token.pk).update(terakhir_dipakai=now)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "realisasi.api.autentikasi.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Authorization: Token …",
        }
