"""The writing rules of `aturan.tampilan` as template filters. Built in: no template has to load them."""

from django import template

from realisasi.aturan import tampilan

register = template.Library()

for _tulis in (
    tampilan.rupiah,
    tampilan.tambahan,
    tampilan.rp,
    tampilan.miliar,
    tampilan.desimal,
    tampilan.persen,
    tampilan.arah,
    tampilan.beda,
    tampilan.poin,
    tampilan.tw,
    tampilan.bilangan,
    tampilan.tanggal,
    tampilan.tanggal_pendek,
    tampilan.waktu,
    tampilan.waktu_pendek,
    tampilan.sisa_hari,
):
    register.filter(_tulis.__name__, _tulis)
