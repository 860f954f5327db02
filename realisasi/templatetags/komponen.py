"""Components that must not see the page's own context: each takes what it shows and nothing else."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django import template
from django.core.paginator import Page

from realisasi.gambar import lambang

register = template.Library()


@register.inclusion_tag("components/status.html")
def status(kode: str, *tanda: str, daftar: Iterable[str] = ()) -> dict[str, object]:
    """{% status laporan.status "NIHIL" daftar=flags %}: a state and its flags as word, icon and colour."""
    return {"lambang": [lambang.SEMUA[satu] for satu in (kode, *tanda, *(daftar or ())) if satu]}


@register.inclusion_tag("components/kartu.html")
def kartu(
    nama: str,
    nilai: str,
    *,
    selisih: Decimal | None = None,
    pembanding: str = "",
    kebalikan: bool = False,
    keterangan: str = "",
    sekurang: bool = False,
    posisi: str = "",
    asal: object = None,
    zona: str = "WIB",
) -> dict[str, object]:
    """{% kartu "Serapan nasional" rate|persen selisih=beda pembanding="TW III 2023" %}: one figure."""
    return locals()


@register.filter
def nomor_halaman(halaman: Page) -> Iterator[str | int]:
    """The page numbers to show: both ends, two neighbours, an ellipsis between."""
    return halaman.paginator.get_elided_page_range(halaman.number, on_each_side=2, on_ends=1)
