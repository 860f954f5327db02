"""Errors of the API: one shape, stable codes, Indonesian sentences."""

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

# By status: what a program switches on, and what a person reads.
GALAT: dict[int, tuple[str, str]] = {
    400: ("permintaan_salah", "Permintaan tidak dapat dibaca."),
    401: ("belum_masuk", "Sertakan token yang berlaku di kepala Authorization: Token …"),
    403: ("dilarang", "Akun ini tidak berwenang untuk permintaan ini."),
    404: ("tidak_ditemukan", "Yang diminta tidak ada."),
    405: ("metode_salah", "Metode HTTP ini tidak dilayani di alamat ini."),
    406: ("bentuk_tidak_dilayani", "Jawaban hanya tersedia sebagai application/json."),
    409: ("bentrok", "Data sudah berubah sejak dibaca; baca ulang lalu ulangi."),
    415: ("isi_bukan_json", "Isi permintaan harus application/json."),
    429: ("terlalu_sering", "Terlalu banyak permintaan; tunggu sebelum mencoba lagi."),
    500: ("galat_server", "Terjadi galat di server."),
}
ISIAN_SALAH = ("isian_salah", "Ada isian yang salah; lihat rincian.")
UMUM = "umum"


def body(status: int, *, pesan: str = "", rincian: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The JSON of an error that happened outside a view of the API as well as inside."""
    kode, baku = GALAT.get(status, GALAT[400])
    return {"kode": kode, "pesan": pesan or baku, "rincian": rincian or {}}


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Any answer but success in our shape; what is not foreseen is left to become a 500."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = body(response.status_code)
    if isinstance(exc, exceptions.ValidationError):
        response.data["kode"], response.data["pesan"] = ISIAN_SALAH
        response.data["rincian"] = _by_field(exc.detail)
    elif isinstance(exc, exceptions.AuthenticationFailed):
        response.data["pesan"] = str(exc.detail)
    return response


def _by_field(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {UMUM: _texts(detail)}
    return {UMUM if key == "non_field_errors" else str(key): _texts(value) for key, value in detail.items()}


def _texts(detail: Any) -> list[str]:
    """The sentences of one field, however deep a nested list holds them."""
    if isinstance(detail, dict):
        return [f"{key}: {text}" for key, value in detail.items() for text in _texts(value)]
    if isinstance(detail, list | tuple):
        return [text for value in detail for text in _texts(value)]
    return [str(detail)]
