"""What components/tabel.html shows: columns and cells as data, so that no list writes its table by hand."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Kolom:
    """A header. `urut` is aria-sort's word for the current order, `urut_url` the link that changes it."""

    label: str
    satuan: str = ""
    is_angka: bool = False
    urut_url: str = ""
    urut: str = ""


@dataclass(frozen=True)
class Sel:
    """A cell: text already written, perhaps a link, a second line, a bar (percent) or states beside it.

    `nada` is a tone of app.css for the text (its sign or word must say the same without colour).
    """

    teks: str = ""
    url: str = ""
    sub: str = ""
    batang: Decimal | None = None
    status: tuple[str, ...] = ()
    nada: str = ""


@dataclass(frozen=True)
class Tabel:
    """`utuh`: long, scrolls with the page under its head. `sebaris`: the second line of a name stands beside
    it where there is room. `ringkas`: small, stays a table on phones too."""

    judul: str
    kolom: list[Kolom]
    baris: list[list[Sel]]
    jumlah: list[Sel] = field(default_factory=list)
    utuh: bool = False
    sebaris: bool = False
    ringkas: bool = False

    @property
    def bagian(self) -> list[tuple[str, list[list[tuple[Kolom, Sel]]]]]:
        """Body and foot, each cell beside its column: on a phone a cell has to name its column itself."""
        bagian = [("tbody", self.baris), ("tfoot", [self.jumlah] if self.jumlah else [])]
        return [
            (elemen, [list(zip(self.kolom, baris, strict=True)) for baris in isi])
            for elemen, isi in bagian
            if isi
        ]
