"""Pages, as the outside contract names them."""

from django.urls import path

from realisasi.views import akun, token
from realisasi.views.status import status

urlpatterns = [
    path("status/", status, name="status"),
    path("akun/daftar/", akun.daftar, name="akun_daftar"),
    path("akun/daftar/<int:pk>/", akun.rinci, name="akun_rinci"),
    path("akun/daftar/<int:pk>/sandi/", akun.sandi, name="akun_sandi"),
    path("akun/daftar/<int:pk>/aktif/", akun.aktif, name="akun_aktif"),
    path("akun/daftar/<int:pk>/perangkat/", akun.perangkat, name="akun_perangkat"),
    path("akun/impor/", akun.impor, name="akun_impor"),
    path("akun/impor/formulir/", akun.formulir, name="akun_formulir"),
    path("akun/token/", token.token, name="akun_token"),
    path("akun/token/<int:pk>/cabut/", token.cabut_token, name="akun_token_cabut"),
]
