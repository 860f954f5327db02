"""Accounts: signing in and out, passwords, the second factor, the own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from daerah.views.akun import akun
from daerah.views.dua_langkah import dua_langkah, kode_cadangan
from daerah.views.masuk import Masuk
from daerah.views.sandi import AturSandi, GantiSandi, LupaSandi, LupaSandiTerkirim

urlpatterns = [
    path("masuk/", Masuk.as_view(), name="masuk"),
    path("keluar/", LogoutView.as_view(), name="keluar"),
    path("akun/", akun, name="akun"),
    path("akun/sandi/", GantiSandi.as_view(), name="ganti_sandi"),
    path("akun/lupa-sandi/", LupaSandi.as_view(), name="lupa_sandi"),
    path("akun/lupa-sandi/terkirim/", LupaSandiTerkirim.as_view(), name="lupa_sandi_terkirim"),
    path("akun/atur-sandi/<uidb64>/<token>/", AturSandi.as_view(), name="atur_sandi"),
    path("akun/dua-langkah/", dua_langkah, name="dua_langkah"),
    path("akun/dua-langkah/kode/", kode_cadangan, name="kode_cadangan"),
]
