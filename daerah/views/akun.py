"""The own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daerah.cakupan import Wewenang, can
from daerah.masuk import needs_second_factor


@require_safe
def akun(request: HttpRequest) -> HttpResponse:
    context = {
        "dua_langkah": needs_second_factor(request.user),
        "punya_token": can(request.user, Wewenang.TOKEN),
        "kelola_akun": can(request.user, Wewenang.SANDI),
        "impor_akun": can(request.user, Wewenang.AKUN),
    }
    return render(request, "akun/akun.html", context)
