"""What every page frame needs: menu, chosen TA and TW, zone, the demonstration's day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from daerah import waktu
from daerah.cakupan import Peran, Wewenang, can, sees_nation
from daerah.masuk import is_half_way
from daerah.models import Pengguna
from realisasi.models import Laporan
from realisasi.views.periode import Periode, periode


def _is_province(user: Pengguna) -> bool:
    return user.peran == Peran.PROVINSI


# (label, url name, who sees it); a room that is not built yet is not in the menu.
MENU: tuple[tuple[str, str, Callable[[Pengguna], bool]], ...] = (
    ("Beranda", "beranda", lambda user: True),
    ("Nasional", "nasional", sees_nation),
    ("Daerah", "daerah_daftar", lambda user: sees_nation(user) or _is_province(user)),
    ("Pengadaan", "pengadaan", lambda user: True),
    ("Penyaluran", "penyaluran", lambda user: True),
    ("Laporan Triwulan", "laporan", lambda user: True),
    ("Verifikasi", "verifikasi", sees_nation),
    ("Jadwal", "jadwal", sees_nation),
    ("Unggah Data", "impor", lambda user: can(user, Wewenang.IMPOR)),
    ("Unduh Data", "ekspor", lambda user: can(user, Wewenang.EKSPOR)),
    ("Pekerjaan", "pekerjaan", lambda user: can(user, Wewenang.EKSPOR)),
    ("Akun", "akun_daftar", lambda user: can(user, Wewenang.SANDI)),
    ("Jejak Audit", "riwayat", lambda user: can(user, Wewenang.JEJAK)),
    ("Aturan", "aturan", lambda user: True),
    ("Bantuan", "bantuan", lambda user: True),
)


# Pages whose figures can be shown as they were known on a past day.
BISA_PADA = frozenset({"nasional", "daerah_daftar", "pengadaan", "penyaluran", "ekspor"})


def kerangka(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"demo": settings.DEMO, "user": user, "zona": "WIB"}
    if settings.DEMO:
        frame["demo_hari"] = waktu.demo_day()
    if user is None or not user.is_authenticated or is_half_way(user):
        return {"kerangka": frame}
    frame["zona"] = user.zona
    try:
        chosen = periode(request)
    except Http404:  # the page says so itself; its frame must not fail too
        return {"kerangka": frame}
    frame |= {
        "menu": _menu(request, user, chosen),
        "jejak": can(user, Wewenang.JEJAK),
        "query": chosen.query,
        "tahun": chosen.tw.tahun,
        "triwulan": chosen.tw.ke,
        "tahun_tersedia": chosen.tahun_tersedia,
    }
    return {"kerangka": frame}


def _menu(request: HttpRequest, user: Pengguna, chosen: Periode) -> list[dict[str, Any]]:
    badges = {}
    if can(user, Wewenang.VERIFIKASI):
        badges["verifikasi"] = Laporan.objects.visible_to(user).waiting().count()
    entries = []
    for label, name, allowed in MENU:
        if allowed(user):
            url = reverse(name)
            active = request.path == url if url == "/" else request.path.startswith(url)
            query = chosen.query_pada if name in BISA_PADA else chosen.query
            entries.append({"label": label, "url": url + query, "aktif": active, "lencana": badges.get(name)})
    return entries
