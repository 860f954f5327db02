"""How figures came to be what they are: their versions, what changed between two days, and what caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import AMOUNTS, Laporan, Paket, PeriodeTriwulan, Peristiwa, RekapTriwulan
from realisasi.rekap.baca import DAERAH, BarisSerapan, effective_posisi, recipient_row, serapan_rows

# What an event says it was, in words; others stand as they are.
JENIS = {
    "ajukan": "diajukan",
    "tarik kembali": "ditarik kembali",
    "verifikasi": "diverifikasi",
    "kembalikan": "dikembalikan",
    "buka kembali": "dibuka kembali",
    "paket": "kontrak dicatat",
    "penyaluran": "dicatat atau dicabut",
    "impor": "dimuat",
}


@dataclass(frozen=True)
class Sebab:
    """One event that moved a figure: when it was counted, in words, and its subject («laporan:12»)."""

    waktu: datetime
    uraian: str
    subjek: str = ""


@dataclass(frozen=True)
class VersiAngka:
    """A figure from when it began to hold until it was replaced (None: it holds now)."""

    baris: BarisSerapan
    dari: datetime
    sampai: datetime | None
    sebab: list[Sebab]


@dataclass(frozen=True)
class Beda:
    """One recipient whose figure differs between two instants; either side may be missing."""

    sebelum: BarisSerapan | None
    sesudah: BarisSerapan | None
    sebab: list[Sebab]

    @property
    def baris(self) -> BarisSerapan:
        found = self.sesudah or self.sebelum
        assert found is not None  # noqa: S101 - one of the two is there by construction
        return found

    @property
    def amounts(self) -> list[str]:
        """The amounts that differ."""
        return [name for name in AMOUNTS if _get(self.sebelum, name) != _get(self.sesudah, name)]

    @property
    def selisih(self) -> int:
        """Change of realisasi keuangan in rupiah; what nobody reported counts as nothing here."""
        return (_get(self.sesudah, "realisasi_keuangan") or 0) - (
            _get(self.sebelum, "realisasi_keuangan") or 0
        )


def figure_versions(user: Any, tw: Triwulan, kode: str, *, posisi: str | None = None) -> list[VersiAngka]:
    """Every version of one recipient's figures of a quarter, the latest first, each with what caused it."""
    rows = list(
        RekapTriwulan.objects.visible_to(user)
        .for_triwulan(tw)
        .filter(daerah=kode, bidang="IKM", posisi=effective_posisi(tw, posisi))
        .select_related("daerah__induk")
        .order_by("-berlaku_dari", "-pk")
    )
    shown = [row for row in rows if row.berlaku_sampai != row.berlaku_dari]
    causes = _causes(tw, {row.alokasi_id for row in shown})
    return [
        VersiAngka(
            recipient_row(row),
            row.berlaku_dari,
            row.berlaku_sampai,
            [cause for cause in causes[row.alokasi_id] if cause.waktu == row.berlaku_dari],
        )
        for row in shown
    ]


def differences(
    user: Any, tw: Triwulan, *, dari: datetime, sampai: datetime | None, posisi: str | None = None
) -> list[Beda]:
    """The recipients whose figures differ between two instants (None: now), with every event in between."""
    before = _rows(user, tw, posisi, dari)
    after = _rows(user, tw, posisi, sampai)
    pairs = [(before.get(kode), after.get(kode)) for kode in sorted(before.keys() | after.keys())]
    moved = [(old, new) for old, new in pairs if _figures(old) != _figures(new)]
    causes = _causes(tw, {(new or old).alokasi_id for old, new in moved if new or old})
    closing = _closing(tw, dari, sampai)
    return [
        Beda(old, new, [*_between(causes[(new or old).alokasi_id], dari, sampai), *closing])
        for old, new in moved
    ]


def _rows(user: Any, tw: Triwulan, posisi: str | None, pada: datetime | None) -> dict[str, BarisSerapan]:
    return {row.kode: row for row in serapan_rows(user, tw, DAERAH, posisi=posisi, pada=pada)}


def _figures(row: BarisSerapan | None) -> tuple[Any, ...] | None:
    if row is None:
        return None
    return (*(getattr(row, name) for name in AMOUNTS), row.jumlah_daerah_lapor, row.dibawa_dari)


def _get(row: BarisSerapan | None, name: str) -> Any:
    return None if row is None else getattr(row, name)


def _between(causes: list[Sebab], dari: datetime, sampai: datetime | None) -> list[Sebab]:
    return [c for c in causes if dari < c.waktu and (sampai is None or c.waktu <= sampai)]


def _causes(tw: Triwulan, alokasi: Iterable[int | None]) -> dict[int | None, list[Sebab]]:
    """Per alokasi what its computations were asked for by, in order of time."""
    found: dict[int | None, list[Sebab]] = defaultdict(list)
    events = list(
        Peristiwa.objects.filter(
            alokasi__in=[pk for pk in alokasi if pk], triwulan__lte=tw.ke, selesai_pada__isnull=False
        ).order_by("selesai_pada", "pk")
    )
    names = _names(events)
    for event in events:
        if event.selesai_pada:
            text = names.get(event.subjek) or event.subjek
            did = JENIS.get(event.jenis, event.jenis)
            found[event.alokasi_id].append(Sebab(event.selesai_pada, f"{text} {did}", event.subjek))
    return found


def _names(events: list[Peristiwa]) -> dict[str, str]:
    """What the subjects of events are called, in two queries."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        kind, _, number = event.subjek.partition(":")
        if number.isdigit():
            wanted[kind].add(int(number))
    reports = Laporan.objects.in_bulk(wanted["laporan"])
    packages = Paket.objects.in_bulk(wanted["paket"])
    return {
        **{f"laporan:{pk}": f"Laporan {tampilan.tw(row.triwulan)}" for pk, row in reports.items()},
        **{f"paket:{pk}": f"Paket {row.nama}:" for pk, row in packages.items()},
        **{f"penyaluran:{pk}": "SP2D KPPN" for pk in wanted["penyaluran"]},
        **{f"alokasi:{pk}": "Alokasi:" for pk in wanted["alokasi"]},
        "formulir alokasi": "Formulir alokasi",
    }


def _closing(tw: Triwulan, dari: datetime, sampai: datetime | None) -> list[Sebab]:
    """The closing of the quarter, if it lies in between: from then on only verified reports count."""
    quarter = PeriodeTriwulan.objects.filter(tahun=tw.tahun, triwulan=tw.ke, ditutup_pada__gt=dari).first()
    if quarter is None or quarter.ditutup_pada is None or (sampai and quarter.ditutup_pada > sampai):
        return []
    return [Sebab(quarter.ditutup_pada, f"{quarter} ditutup; angka final", f"triwulan:{tw.tahun}-{tw.ke}")]
