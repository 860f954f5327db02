"""When something goes wrong: pages and JSON that tell the user what to do and a stranger nothing.

The pages are rendered without the request: what failed may have been a context processor or the database.
"""

import logging
import secrets
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from daerah.kirim_ulang import kept_fields
from realisasi.api import galat as galat_api

logger = logging.getLogger(__name__)

LAST_RESORT = "<!doctype html><html lang=id><title>Galat</title><p>Terjadi galat. Nomor rujukan: {nomor}</p>"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Says neither the address nor the reason: a foreign object must look like a missing one.
    return _answer(request, 404)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(galat_api.body(status), status=status)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """The exception itself is logged by Django; the number ties the user's call to that moment."""
    nomor = secrets.token_hex(4).upper()
    logger.error("Galat, nomor rujukan %s, %s %s", nomor, request.method, request.path)
    if _is_api(request):
        pesan = f"{galat_api.GALAT[500][1]} Nomor rujukan: {nomor}"
        return JsonResponse(galat_api.body(500, pesan=pesan), status=500)
    try:
        page = render_to_string("500.html", {"nomor": nomor})
    except Exception:  # noqa: BLE001 - whatever else is broken, the user still gets the number
        page = LAST_RESORT.format(nomor=nomor)
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form comes back with all that was typed and a fresh token.

    Only to the page's own origin: shown for a form that another site posted, the page would let that site
    have its values sent with one click.
    """
    if _is_api(request):
        return JsonResponse(galat_api.body(403), status=403)
    own = _is_own(request)
    context = {
        "alamat": request.get_full_path(),
        "isian": kept_fields(request) if own else [],
        "berkas": bool(request.FILES),
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)


def _is_own(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    sent_from = urlsplit(origin)
    return (sent_from.scheme, sent_from.netloc) == (request.scheme, request.get_host())


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
