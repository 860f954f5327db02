"""What the rows of a formulir alokasi must agree on, and how they add up (rupiah, target cumulative).

What stands once per alokasi (pagu, tematik, direktorat, target) is repeated on its rows, so the repetitions
have to agree. A single cell was read before it comes here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from realisasi.aturan.tampilan import desimal, rp

TRIWULAN = (1, 2, 3, 4)


@dataclass(frozen=True)
class BarisAlokasi:
    """One row of the sheet: a kegiatan with what belongs to its alokasi."""

    kode_daerah: str
    tahun: int
    pagu: int
    sentra: str
    menu: str
    rincian: str
    komponen: str
    lokasi: str
    volume: Decimal
    satuan: str
    nilai_rk: int
    pelaksanaan: str
    pembayaran: str
    tematik: str = ""
    komoditas: str = ""
    penerima_manfaat: int | None = None
    direktorat_pembina: str = ""
    target_keuangan: tuple[int | None, ...] = (None,) * 4
    target_fisik: tuple[Decimal | None, ...] = (None,) * 4
    nomor: int = field(default=0, compare=False)  # its row in the sheet

    @property
    def alokasi(self) -> tuple[str, int]:
        return self.kode_daerah, self.tahun

    @property
    def kunci(self) -> tuple[str, ...]:
        return kunci_kegiatan(self.menu, self.rincian, self.komponen, self.lokasi)


def kunci_kegiatan(menu: str, rincian: str, komponen: str, lokasi: str) -> tuple[str, ...]:
    """What makes it the same kegiatan within its alokasi; capitals do not."""
    return tuple(text.casefold() for text in (menu, rincian, komponen, lokasi))


@dataclass(frozen=True)
class AturanAlokasi:
    """The rules of one TA that a formulir alokasi is held against."""

    toleransi: int
    pagu_terkecil: int


@dataclass(frozen=True)
class TemuanBaris:
    """A fault between rows, at the row and column where it should be repaired."""

    nomor: int
    kolom: str
    pesan: str


def by_alokasi(rows: Iterable[BarisAlokasi]) -> list[list[BarisAlokasi]]:
    """The rows of each alokasi, in the order of the sheet."""
    groups = defaultdict(list)
    for row in rows:
        groups[row.alokasi].append(row)
    return list(groups.values())


def first_stated(rows: Iterable[BarisAlokasi], read: Callable[[BarisAlokasi], Any]) -> Any:
    """What an alokasi says once: the first row that says it; None when none does."""
    return next((value for value in map(read, rows) if value not in (None, "")), None)


def find_repeated(rows: Iterable[BarisAlokasi]) -> Iterator[TemuanBaris]:
    """Rows that name a kegiatan for the second time."""
    seen: dict[tuple[Any, ...], BarisAlokasi] = {}
    for row in rows:
        first = seen.setdefault((row.alokasi, row.kunci), row)
        if first is not row:
            yield TemuanBaris(
                row.nomor,
                "rincian",
                f"Kegiatan ini sudah ada di baris {first.nomor} (daerah, tahun, menu, rincian, komponen, dan "
                "lokasi sama). Gabungkan, atau bedakan rinciannya.",
            )


def check_alokasi(
    rows: list[BarisAlokasi], aturan: AturanAlokasi, *, complete: bool
) -> Iterator[TemuanBaris]:
    """Faults of one alokasi; sums are judged only when no row is missing from them (`complete`)."""
    yield from _check_smallest(rows[0], aturan)
    yield from _check_same(rows, "pagu", lambda row: row.pagu, rp)
    yield from _check_same(rows, "tematik", lambda row: row.tematik, _quoted)
    yield from _check_same(rows, "direktorat_pembina", lambda row: row.direktorat_pembina, _quoted)
    for sentra in {row.sentra.casefold(): row.sentra for row in rows}:
        of_sentra = [row for row in rows if row.sentra.casefold() == sentra]
        yield from _check_same(of_sentra, "komoditas", lambda row: row.komoditas, _quoted, scope="sentra")
    yield from _check_targets(rows, "target_keu", "target_keuangan", rp)
    yield from _check_targets(rows, "target_fisik", "target_fisik", desimal)
    if complete:
        yield from _check_total(rows, aturan)


def _check_smallest(row: BarisAlokasi, aturan: AturanAlokasi) -> Iterator[TemuanBaris]:
    if row.pagu < aturan.pagu_terkecil:
        yield TemuanBaris(
            row.nomor,
            "pagu",
            f"Pagu {rp(row.pagu)} terlalu kecil untuk satu alokasi (paling sedikit "
            f"{rp(aturan.pagu_terkecil)}). Tulis dalam rupiah penuh, bukan ribuan atau jutaan.",
        )


def _check_same(
    rows: list[BarisAlokasi],
    kolom: str,
    read: Callable[[BarisAlokasi], Any],
    show: Callable[[Any], str],
    scope: str = "daerah dan tahun",
) -> Iterator[TemuanBaris]:
    stated = [row for row in rows if read(row) not in (None, "")]
    for row in stated[1:]:
        if read(row) != read(stated[0]):
            yield TemuanBaris(
                row.nomor,
                kolom,
                f"{show(read(row))} berbeda dengan {show(read(stated[0]))} di baris {stated[0].nomor}, "
                f"padahal {kolom} satu {scope} harus sama. Samakan, atau periksa {scope}nya.",
            )


def _check_total(rows: list[BarisAlokasi], aturan: AturanAlokasi) -> Iterator[TemuanBaris]:
    total, pagu = sum(row.nilai_rk for row in rows), rows[0].pagu
    lines = f"baris {rows[0].nomor}" + (f"–{rows[-1].nomor}" if len(rows) > 1 else "")
    if total > pagu + aturan.toleransi:
        yield TemuanBaris(
            rows[0].nomor,
            "nilai_rk",
            f"Jumlah nilai RK {rp(total)} ({lines}) melebihi pagu {rp(pagu)} lebih dari toleransi "
            f"{rp(aturan.toleransi)}. Periksa nilai_rk dan pagu.",
        )
    # RK and pagu differ by little, so a sum within 5% of a thousandth of the pagu was typed in thousands.
    elif total and abs(total * 1000 - pagu) * 20 <= pagu:
        yield TemuanBaris(
            rows[0].nomor,
            "nilai_rk",
            f"Jumlah nilai RK {rp(total)} ({lines}) hanya seperseribu pagu {rp(pagu)}, tampaknya ditulis "
            "dalam ribuan. Tulis dalam rupiah penuh.",
        )


def _check_targets(
    rows: list[BarisAlokasi], prefix: str, kind: str, show: Callable[[Any], str]
) -> Iterator[TemuanBaris]:
    reached: tuple[str, Any] | None = None
    for ke in TRIWULAN:
        kolom = f"{prefix}_tw{ke}"
        read = partial(_target, kind=kind, ke=ke)
        stated = [row for row in rows if read(row) is not None]
        if not stated:
            continue
        value, nomor = read(stated[0]), stated[0].nomor
        yield from _check_same(rows, kolom, read, show)
        if reached and value < reached[1]:
            yield TemuanBaris(
                nomor,
                kolom,
                f"{show(value)} lebih kecil daripada {reached[0]} {show(reached[1])}. Target bersifat "
                "kumulatif: isi jumlah sampai dengan triwulan itu.",
            )
        if kind == "target_keuangan" and value > stated[0].pagu:
            yield TemuanBaris(
                nomor, kolom, f"{show(value)} melebihi pagu {rp(stated[0].pagu)}. Periksa target dan pagu."
            )
        reached = kolom, value


def _target(row: BarisAlokasi, *, kind: str, ke: int) -> Any:
    return getattr(row, kind)[ke - 1]


def _quoted(text: str) -> str:
    return f"“{text[:60]}”"
