"""Pages, as the outside contract names them."""

from django.urls import path

from realisasi.views.status import status

urlpatterns = [
    path("status/", status, name="status"),
]
