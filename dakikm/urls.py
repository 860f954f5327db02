"""Addresses: contract first, the rooms' own lists below."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("daerah.urls")),
    path("", include("realisasi.urls")),
    path("api/v1/", include("realisasi.api.urls")),
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="masuk", query_string=True)),
    ),
]

handler400 = "realisasi.views.galat.bad_request"
handler403 = "realisasi.views.galat.forbidden"
handler404 = "realisasi.views.galat.not_found"
handler500 = "realisasi.views.galat.server_error"
