"""Mail about accounts: the link with which a person sets a password."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from daerah.models import Pengguna

logger = logging.getLogger(__name__)

AKTIVASI = ("Aktifkan akun DAK IKM Anda", "akun/surel/aktivasi.txt")
ATUR_ULANG = ("Atur ulang kata sandi DAK IKM", "akun/surel/atur_ulang.txt")
HOUR = 3600


def send_password_links(akun: Iterable[Pengguna], *, alamat: str) -> bool:
    """Mail each account its link: to activate it, or to set a new password. Call it after the commit.

    False when the mail server did not take them all; the accounts themselves are not touched by that.
    """
    letters = [_letter(satu, alamat) for satu in akun if satu.email]
    try:
        get_connection().send_messages(letters)
    except (OSError, SMTPException):
        logger.exception("%d surel akun tidak terkirim", len(letters))
        return False
    return True


def _letter(akun: Pengguna, alamat: str) -> EmailMessage:
    judul, templat = ATUR_ULANG if akun.has_usable_password() else AKTIVASI
    context = {
        "akun": akun,
        "tautan": alamat.rstrip("/") + password_link(akun),
        "jam": settings.PASSWORD_RESET_TIMEOUT // HOUR,
    }
    return EmailMessage(judul, render_to_string(templat, context), to=[akun.email])


def password_link(akun: Pengguna) -> str:
    uid = urlsafe_base64_encode(force_bytes(akun.pk))
    return reverse("atur_sandi", args=[uid, default_token_generator.make_token(akun)])
