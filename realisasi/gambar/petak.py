"""The tile grid of the 38 provinces: every province the same size, each a link, coloured in five classes."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise

from realisasi.aturan import tampilan

# Short name (fits a wide tile) and the two letters of ISO 3166-2 (fit a narrow one).
SINGKATAN = {
    "11": ("Aceh", "AC"),
    "12": ("Sumut", "SU"),
    "13": ("Sumbar", "SB"),
    "14": ("Riau", "RI"),
    "15": ("Jambi", "JA"),
    "16": ("Sumsel", "SS"),
    "17": ("Bengkulu", "BE"),
    "18": ("Lampung", "LA"),
    "19": ("Babel", "BB"),
    "21": ("Kepri", "KR"),
    "31": ("Jakarta", "JK"),
    "32": ("Jabar", "JB"),
    "33": ("Jateng", "JT"),
    "34": ("DIY", "YO"),
    "35": ("Jatim", "JI"),
    "36": ("Banten", "BT"),
    "51": ("Bali", "BA"),
    "52": ("NTB", "NB"),
    "53": ("NTT", "NT"),
    "61": ("Kalbar", "KB"),
    "62": ("Kalteng", "KT"),
    "63": ("Kalsel", "KS"),
    "64": ("Kaltim", "KI"),
    "65": ("Kaltara", "KU"),
    "71": ("Sulut", "SA"),
    "72": ("Sulteng", "ST"),
    "73": ("Sulsel", "SN"),
    "74": ("Sultra", "SG"),
    "75": ("Gorontalo", "GO"),
    "76": ("Sulbar", "SR"),
    "81": ("Maluku", "MA"),
    "82": ("Malut", "MU"),
    "91": ("Papua", "PA"),
    "92": ("P. Barat", "PB"),
    "93": ("P. Sel.", "PS"),
    "94": ("P. Teng.", "PT"),
    "95": ("P. Peg.", "PE"),
    "96": ("PB Daya", "PD"),
}


@dataclass(frozen=True)
class Isi:
    """What one Wilayah Provinsi shows: its rate (None: no figure yet) and where its page is."""

    kode: str
    nama: str
    nilai: Decimal | None
    url: str


@dataclass(frozen=True)
class Susunan:
    """Tile size of one drawing, and from which column on the archipelago continues on a second line."""

    kelas: str
    lebar_petak: int
    tinggi_petak: int
    celah: int
    kolom_lipat: int
    kolom: int
    baris: int
    nama: int

    @property
    def lebar(self) -> int:
        return self.kolom * (self.lebar_petak + self.celah)

    @property
    def tinggi(self) -> int:
        return self.baris * (self.tinggi_petak + self.celah)

    @property
    def tengah(self) -> str:
        return f"{self.lebar_petak / 2:.1f}"


LEBAR = Susunan("lebar", 71, 46, 4, kolom_lipat=99, kolom=17, baris=7, nama=0)
# Sumatra, Jawa and Kalimantan above, Bali to Papua below: seventeen columns are too small for a thumb.
SEMPIT = Susunan("sempit", 37, 37, 3, kolom_lipat=9, kolom=9, baris=13, nama=1)
# The second line starts under the first, which is seven rows high; its own first row would be empty.
BARIS_LIPAT = 6


@dataclass(frozen=True)
class Petak:
    isi: Isi | None
    kelas: str
    nama: str
    teks: str
    x: int
    y: int


@cache
def _tempat() -> dict[str, tuple[int, int]]:
    teks = (files("daerah") / "data" / "petak_provinsi.csv").read_text(encoding="utf-8")
    return {
        baris["kode"]: (int(baris["kolom"]), int(baris["baris"]))
        for baris in csv.DictReader(teks.splitlines())
    }


def kelas(nilai: Decimal | None, ambang: Sequence[int]) -> str:
    """k1 (lowest) to k5, each class beginning at its threshold; no figure is a hatch of its own."""
    if nilai is None:
        return "arsir"
    return f"k{1 + sum(batas <= nilai for batas in ambang)}"


def legend(ambang: Sequence[int]) -> list[tuple[str, str]]:
    """Class and words of every step, thresholds spelled out."""
    tengah = [f"{bawah}–{atas}%" for bawah, atas in pairwise(ambang)]
    kata = [f"di bawah {ambang[0]}%", *tengah, f"{ambang[-1]}% ke atas"]
    langkah = [(f"k{ke}", isi) for ke, isi in enumerate(kata, start=1)]
    return [*langkah, ("arsir", "belum ada angka"), ("tanpa", "tanpa alokasi")]


def draw(daftar: Sequence[Isi], ambang: Sequence[int], susunan: Susunan) -> list[Petak]:
    """All 38 tiles; a province outside `daftar` has no allocation and is an empty frame."""
    per_kode = {isi.kode: isi for isi in daftar}
    return [_petak(kode, per_kode.get(kode), ambang, susunan) for kode in _tempat()]


def _petak(kode: str, isi: Isi | None, ambang: Sequence[int], susunan: Susunan) -> Petak:
    kolom, baris = _tempat()[kode]
    if kolom >= susunan.kolom_lipat:
        kolom, baris = kolom - susunan.kolom_lipat + 1, baris + BARIS_LIPAT
    return Petak(
        isi=isi,
        kelas=kelas(isi.nilai, ambang) if isi else "tanpa",
        nama=SINGKATAN[kode][susunan.nama],
        teks=tampilan.persen(isi.nilai) if isi else "",
        x=(kolom - 1) * (susunan.lebar_petak + susunan.celah),
        y=(baris - 1) * (susunan.tinggi_petak + susunan.celah),
    )
