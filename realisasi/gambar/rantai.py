"""The five amounts as one chain: where the money is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# The order in which money travels; each key is a colour of tokens.css.
KUNCI = ("pagu", "rk", "kontrak", "salur", "serap")


@dataclass(frozen=True)
class MataRantai:
    """One amount: its rate comes from `serapan`, its note says what is missing from the one before."""

    kunci: str
    nama: str
    nilai: int | None
    persen: Decimal | None
    catatan: str = ""


@dataclass(frozen=True)
class Batang:
    """A link with the lengths that its bar needs, in percent of pagu: the picture's own unit."""

    mata: MataRantai
    panjang: str
    sebelumnya: str


@dataclass(frozen=True)
class Rantai:
    batang: list[Batang]
    skala: str


def _panjang(persen: Decimal | None) -> str:
    return f"{persen or 0:.2f}"


def draw(mata_rantai: Sequence[MataRantai]) -> Rantai:
    """Bars on one common scale, which grows when an amount is larger than pagu."""
    batang = []
    sebelumnya: Decimal | None = None
    for mata in mata_rantai:
        batang.append(Batang(mata, _panjang(mata.persen), _panjang(sebelumnya)))
        sebelumnya = mata.persen if mata.persen is not None else sebelumnya
    terpanjang = max((mata.persen for mata in mata_rantai if mata.persen is not None), default=Decimal(0))
    return Rantai(batang, skala=_panjang(max(terpanjang, Decimal(100))))
