"""Kurva-S: cumulative lines over the quarters of one year, in a wide and a narrow drawing.

A missing value leaves a gap. Each line is named where it ends, and names are moved apart until none overlaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil

from realisasi.aturan import tampilan

# Months after 1 January at which TW 0 (nothing yet) to TW IV stand.
BULAN_TW = (0, 3, 6, 9, 12)
NAMA_TITIK = ("Awal tahun", "TW I", "TW II", "TW III", "TW IV")
BULAN_PENDEK = ("Jan", "Mar", "Jun", "Sep", "Des")
LANGKAH_SUMBU = 25


@dataclass(frozen=True)
class Deret:
    """One line: five values, percent, from TW 0 to TW IV. `kunci` is its colour in tokens.css.

    `singkat` is its name inside the drawing, where room is scarce; the table says the whole."""

    kunci: str
    nama: str
    nilai: Sequence[Decimal | int | None]
    singkat: str = ""

    @property
    def label(self) -> str:
        return self.singkat or self.nama


@dataclass(frozen=True)
class Bingkai:
    """Size of one drawing, in its own units; `baris` lines of text make a label.

    `kanan` grows until the name of every line fits."""

    kelas: str
    lebar: int
    tinggi: int
    kiri: int
    kanan: int
    atas: int
    bawah: int
    huruf: float
    jarak: int
    baris: int

    @property
    def tinggi_label(self) -> int:
        return self.jarak * self.baris

    @property
    def dasar(self) -> int:
        return self.tinggi - self.bawah

    @property
    def tepi_kanan(self) -> int:
        return self.lebar - self.kanan


# The least that stays free right of the drawing, and between a point and its name.
SISI, JEDA = 24, 8

LEBAR = Bingkai("lebar", 720, 330, kiri=46, kanan=SISI, atas=26, bawah=40, huruf=8.8, jarak=17, baris=1)
SEMPIT = Bingkai("sempit", 340, 330, kiri=44, kanan=SISI, atas=26, bawah=42, huruf=9.6, jarak=16, baris=2)


@dataclass(frozen=True)
class Titik:
    x: str
    y: str
    judul: str


@dataclass(frozen=True)
class Garis:
    kunci: str
    ruas: list[str]
    titik: list[Titik]


@dataclass(frozen=True)
class Label:
    """The name and last value of a line. `y` is the top of its box."""

    kunci: str
    nama: str
    nilai: str
    x: float
    y: float
    panjang: float

    @property
    def kiri(self) -> str:
        return f"{self.x:.1f}"

    @property
    def garis_huruf(self) -> str:
        """Where the first line of text stands, thirteen units below the top of the box."""
        return f"{self.y + 13:.1f}"

    def is_beside(self, lain: "Label") -> bool:
        """Whether both share a column, so that their heights could clash."""
        return self.x < lain.x + lain.panjang and lain.x < self.x + self.panjang


@dataclass(frozen=True)
class Gambar:
    bingkai: Bingkai
    garis: list[Garis]
    label: list[Label]
    sumbu_y: list[Titik]
    sumbu_x: list[Titik]
    kini: Titik | None


def draw(deret: Sequence[Deret], hari_ini: date | None, bingkai: Bingkai) -> Gambar:
    """One drawing in the given frame; `hari_ini` is None when the year is over or not begun."""
    puncak = _puncak(deret)
    bingkai = replace(bingkai, kanan=max((_right_margin(satu, bingkai) for satu in deret), default=SISI))
    label = [_label(satu, bingkai, puncak) for satu in deret if _last_known(satu) is not None]
    return Gambar(
        bingkai=bingkai,
        garis=[_garis(satu, bingkai, puncak) for satu in deret],
        label=spread(label, atas=bingkai.atas - 8, bawah=bingkai.dasar, tinggi=bingkai.tinggi_label),
        sumbu_y=[
            Titik(str(bingkai.kiri), f"{_y(nilai, bingkai, puncak):.1f}", f"{nilai}%")
            for nilai in range(0, puncak + 1, LANGKAH_SUMBU)
        ],
        sumbu_x=[
            Titik(f"{_x(bulan, bingkai):.1f}", BULAN_PENDEK[ke], tampilan.tw(ke) if ke else "")
            for ke, bulan in enumerate(BULAN_TW)
        ],
        kini=None if hari_ini is None else _kini(hari_ini, bingkai),
    )


def spread(label: Sequence[Label], *, atas: float, bawah: float, tinggi: float) -> list[Label]:
    """Move labels up or down, as little as needed, until no two overlap and all stay in the frame."""
    turun: list[Label] = []
    for satu in sorted(label, key=lambda satu: satu.y):
        lantai = max((lain.y + tinggi for lain in turun if lain.is_beside(satu)), default=atas)
        turun.append(replace(satu, y=max(satu.y, lantai, atas)))
    naik: list[Label] = []
    for satu in reversed(turun):
        langit = min((lain.y - tinggi for lain in naik if lain.is_beside(satu)), default=bawah - tinggi)
        naik.append(replace(satu, y=min(satu.y, langit, bawah - tinggi)))
    return list(reversed(naik))


def describe(deret: Sequence[Deret]) -> str:
    """The picture as one sentence: where each line stands last."""
    bagian = []
    for satu in deret:
        ke = _last_known(satu)
        if ke is not None:
            bagian.append(f"{satu.nama} {tampilan.persen(satu.nilai[ke])} pada {NAMA_TITIK[ke]}")
    return "; ".join(bagian) or "Belum ada angka"


def _puncak(deret: Sequence[Deret]) -> int:
    """The top of the axis: 100%, or the next step that holds what went beyond."""
    terbesar = max((nilai for satu in deret for nilai in satu.nilai if nilai is not None), default=0)
    puncak = 100
    while puncak < terbesar:
        puncak += LANGKAH_SUMBU
    return puncak


def _x(bulan: float, bingkai: Bingkai) -> float:
    return bingkai.kiri + (bingkai.tepi_kanan - bingkai.kiri) * bulan / 12


def _y(persen: Decimal | int, bingkai: Bingkai, puncak: int) -> float:
    return bingkai.dasar - (bingkai.dasar - bingkai.atas) * float(persen) / puncak


def _last_known(deret: Deret) -> int | None:
    return max((ke for ke, nilai in enumerate(deret.nilai) if nilai is not None), default=None)


def _label_width(nama: str, nilai: str, bingkai: Bingkai) -> float:
    huruf = len(nama) + 1 + len(nilai) if bingkai.baris == 1 else max(len(nama), len(nilai))
    return huruf * bingkai.huruf


def _right_margin(deret: Deret, bingkai: Bingkai) -> int:
    """How much room the name of a line needs, given where in the year the line ends."""
    ke = _last_known(deret)
    if not ke:
        return SISI
    panjang = _label_width(deret.label, tampilan.persen(deret.nilai[ke]), bingkai) + JEDA
    bidang = (bingkai.lebar - bingkai.kiri - panjang) * 12 / BULAN_TW[ke]
    return max(SISI, ceil(bingkai.lebar - bingkai.kiri - bidang))


def _label(deret: Deret, bingkai: Bingkai, puncak: int) -> Label:
    ke = _last_known(deret) or 0
    nilai = tampilan.persen(deret.nilai[ke])
    return Label(
        kunci=deret.kunci,
        nama=deret.label,
        nilai=nilai,
        x=_x(BULAN_TW[ke], bingkai) + JEDA,
        y=_y(deret.nilai[ke] or 0, bingkai, puncak) - bingkai.tinggi_label / 2,
        panjang=_label_width(deret.label, nilai, bingkai),
    )


def _garis(deret: Deret, bingkai: Bingkai, puncak: int) -> Garis:
    titik = [
        None
        if nilai is None
        else Titik(
            f"{_x(BULAN_TW[ke], bingkai):.1f}",
            f"{_y(nilai, bingkai, puncak):.1f}",
            f"{deret.nama}, {NAMA_TITIK[ke]}: {tampilan.persen(nilai)}",
        )
        for ke, nilai in enumerate(deret.nilai)
    ]
    # Only neighbours are joined: a quarter without a figure stays an open gap.
    ruas = [f"M{dari.x} {dari.y}L{ke.x} {ke.y}" for dari, ke in pairwise(titik) if dari and ke]
    return Garis(deret.kunci, ruas, [satu for satu in titik if satu])


def _kini(hari_ini: date, bingkai: Bingkai) -> Titik:
    bulan = hari_ini.month - 1 + (hari_ini.day - 1) / 31
    return Titik(f"{_x(bulan, bingkai):.1f}", "", tampilan.tanggal_pendek(hari_ini)[:-5])
