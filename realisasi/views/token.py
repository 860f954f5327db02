"""Own tokens for programs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from daerah.cakupan import Wewenang
from daerah.models import TokenAkses
from realisasi.actions import akun as actions
from realisasi.forms.akun import FormToken
from realisasi.views.izin import only


@sensitive_variables("rahasia")
@require_http_methods(["GET", "HEAD", "POST"])
def token(request: HttpRequest) -> HttpResponse:
    """The own tokens; a new one shows its secret once."""
    only(request, Wewenang.TOKEN)
    form = FormToken(request.POST if request.method == "POST" else None)
    rahasia = ""
    if request.method == "POST" and form.is_valid():
        _, rahasia = actions.issue_token(**form.cleaned_data, by=request.user)
        form = FormToken()
    context = {
        "daftar_token": TokenAkses.objects.visible_to(request.user),
        "form": form,
        "rahasia": rahasia,
        "kini": timezone.now(),
    }
    return render(request, "akun/token.html", context, status=422 if form.errors else 200)


@require_POST
def cabut_token(request: HttpRequest, pk: int) -> HttpResponse:
    only(request, Wewenang.TOKEN)
    found = get_object_or_404(TokenAkses.objects.visible_to(request.user), pk=pk)
    actions.revoke_token(token=found, by=request.user)
    messages.success(request, f"Token {found.label} dicabut.")
    return redirect("akun_token")
