"""Pages, as the outside contract names them."""

from django.conf import settings
from django.urls import path

from realisasi.views import (
    akun,
    alokasi,
    aturan,
    bantuan,
    dasbor,
    ekspor,
    impor,
    jadwal,
    laporan,
    pekerjaan,
    pengadaan,
    penyaluran,
    perubahan,
    riwayat,
    token,
    verifikasi,
)
from realisasi.views.beranda import beranda
from realisasi.views.gaya import gaya
from realisasi.views.status import status

urlpatterns = [
    path("", beranda, name="beranda"),
    path("nasional/", dasbor.nasional, name="nasional"),
    path("provinsi/<str:kode>/", dasbor.provinsi, name="provinsi"),
    path("daerah/", dasbor.daerah_daftar, name="daerah_daftar"),
    path("daerah/<str:kode>/", dasbor.daerah, name="daerah"),
    path("alokasi/<int:pk>/", alokasi.alokasi, name="alokasi"),
    path("perubahan/", perubahan.perubahan, name="perubahan"),
    path("ekspor/", ekspor.ekspor, name="ekspor"),
    path("ekspor/minta/", ekspor.minta, name="ekspor_minta"),
    path("ekspor/rekap.xlsx", ekspor.unduh, name="ekspor_unduh"),
    path("pekerjaan/", pekerjaan.daftar, name="pekerjaan"),
    path("pekerjaan/<int:pk>/", pekerjaan.rinci, name="pekerjaan_rinci"),
    path("pekerjaan/<int:pk>/keadaan/", pekerjaan.keadaan, name="pekerjaan_keadaan"),
    path("pekerjaan/<int:pk>/berkas/", pekerjaan.berkas, name="pekerjaan_berkas"),
    path("pekerjaan/<int:pk>/ulang/", pekerjaan.ulang, name="pekerjaan_ulang"),
    path("pekerjaan/alokasi/<int:pk>/ulang/", pekerjaan.hitung_ulang, name="pekerjaan_hitung_ulang"),
    path("status/", status, name="status"),
    path("akun/daftar/", akun.daftar, name="akun_daftar"),
    path("akun/daftar/<int:pk>/", akun.rinci, name="akun_rinci"),
    path("akun/daftar/<int:pk>/sandi/", akun.sandi, name="akun_sandi"),
    path("akun/daftar/<int:pk>/aktif/", akun.aktif, name="akun_aktif"),
    path("akun/daftar/<int:pk>/perangkat/", akun.perangkat, name="akun_perangkat"),
    path("akun/impor/", akun.impor, name="akun_impor"),
    path("akun/impor/formulir/", akun.formulir, name="akun_formulir"),
    path("impor/", impor.impor, name="impor"),
    path("impor/pratinjau/", impor.pratinjau, name="impor_pratinjau"),
    path("impor/formulir/", impor.formulir, name="impor_formulir"),
    path("akun/token/", token.token, name="akun_token"),
    path("akun/token/<int:pk>/cabut/", token.cabut_token, name="akun_token_cabut"),
    # Packages, transfers, rules, calendar, help.
    path("pengadaan/", pengadaan.pengadaan, name="pengadaan"),
    path("pengadaan/<int:pk>/", pengadaan.paket, name="paket"),
    path("penyaluran/", penyaluran.penyaluran, name="penyaluran"),
    path("penyaluran/catat/", penyaluran.catat, name="penyaluran_catat"),
    path("penyaluran/<int:pk>/hapus/", penyaluran.hapus, name="penyaluran_hapus"),
    path("aturan/", aturan.aturan, name="aturan"),
    path("aturan/tambah/", aturan.tambah, name="aturan_tambah"),
    path("jadwal/", jadwal.jadwal, name="jadwal"),
    path("jadwal/tutup/", jadwal.tutup, name="jadwal_tutup"),
    path("jadwal/dispensasi/", jadwal.beri, name="jadwal_dispensasi"),
    path("jadwal/dispensasi/<int:pk>/cabut/", jadwal.cabut, name="jadwal_dispensasi_cabut"),
    path("jadwal/<int:pk>/buku/", jadwal.buku, name="jadwal_buku"),
    path("bantuan/", bantuan.bantuan, name="bantuan"),
    path("riwayat/", riwayat.riwayat, name="riwayat"),
]

# Quarterly reports and their verification.
urlpatterns += [
    path("laporan/", laporan.daftar, name="laporan"),
    path("laporan/mulai/", laporan.mulai, name="laporan_mulai"),
    path("laporan/<int:pk>/", laporan.rinci, name="laporan_rinci"),
    path("laporan/<int:pk>/tanda-terima/", laporan.tanda_terima, name="laporan_tanda_terima"),
    path("laporan/<int:pk>/tarik/", laporan.tarik, name="laporan_tarik"),
    path("verifikasi/", verifikasi.antrian, name="verifikasi"),
    path("verifikasi/<int:pk>/", verifikasi.rinci, name="verifikasi_rinci"),
    path("verifikasi/<int:pk>/mulai/", verifikasi.mulai, name="verifikasi_mulai"),
    path("verifikasi/<int:pk>/setujui/", verifikasi.setujui, name="verifikasi_setujui"),
    path("verifikasi/<int:pk>/kembalikan/", verifikasi.kembalikan, name="verifikasi_kembalikan"),
    path("verifikasi/<int:pk>/buka/", verifikasi.buka, name="verifikasi_buka"),
]

if settings.DEMO:
    urlpatterns.append(path("gaya/", gaya, name="gaya"))
