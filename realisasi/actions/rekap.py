"""Storing figures: a changed one ends its row and starts another; an unchanged one is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from realisasi.aturan.triwulan import Triwulan
from realisasi.models import AMOUNTS, Alokasi, Peristiwa, RekapTriwulan, RekapWilayah, TahunAnggaran
from realisasi.rekap.hitung import changed_rekap, fresh_wilayah
from realisasi.rekap.kueri import ISI

BATCH = 500
REKAP_FIELDS = ISI
WILAYAH_FIELDS = (
    *AMOUNTS, "jumlah_daerah", "jumlah_daerah_lapor", "jumlah_dibawa", "jumlah_bertarget", "pagu_lapor",
    "pagu_kab_kota", "realisasi_kab_kota", "serapan", "rata_rata_kab_kota",
)  # fmt: skip


@dataclass(frozen=True)
class Perbedaan:
    """A stored figure that differs from a fresh computation."""

    baris: str
    kolom: dict[str, tuple[Any, Any]]
    menunggu: bool


def compute_alokasi(*, alokasi_id: int, mulai: Triwulan, now: datetime) -> None:
    """Recompute one alokasi from a quarter on (figures are carried forward) and the areas above it.

    Safe to run twice and in parallel: the alokasi's row is locked first, then its TA's, always in this order.
    The open events it covers are closed in the same transaction.
    """
    with transaction.atomic():
        own = Alokasi.objects.filter(pk=alokasi_id)
        alokasi = own.select_for_update(no_key=True, of=("self",)).get()
        events = Peristiwa.objects.open().filter(alokasi=alokasi_id, triwulan__gte=mulai.ke)
        covered = list(events.values_list("pk", flat=True))
        moment = not_before(mulai.tahun, now)
        _store_alokasi(own, mulai.seterusnya, moment)
        _store_areas(
            mulai.seterusnya, bidang=str(alokasi.bidang_id), provinsi=alokasi.daerah_id[:2], now=moment
        )
        # The very instant at which the new figures begin: it names what caused them.
        Peristiwa.objects.filter(pk__in=covered).update(selesai_pada=moment)


def compute_all(*, tahun: int | None = None, triwulan: int | None = None, now: datetime) -> int:
    """Recompute everything (of a TA, of a quarter); returns the number of alokasi."""
    count = 0
    for alokasi, quarters in _scopes(tahun, triwulan):
        with transaction.atomic():
            # The same order as above: alokasi, then their TA.
            count += len(alokasi.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            # What a quarter alone does not cover stays open: later ones carry its figures forward.
            reaches = quarters[0].ke if quarters[-1].ke == 4 else 5
            events = Peristiwa.objects.open().filter(alokasi__in=alokasi, triwulan__gte=reaches)
            covered = list(events.values_list("pk", flat=True))
            moment = not_before(quarters[0].tahun, now)
            _store_alokasi(alokasi, quarters, moment)
            _store_areas(quarters, now=moment)
            for start in range(0, len(covered), BATCH):
                Peristiwa.objects.filter(pk__in=covered[start : start + BATCH]).update(selesai_pada=moment)
    return count


def find_differences(
    *, tahun: int | None = None, triwulan: int | None = None, now: datetime
) -> list[Perbedaan]:
    """What `compute_all` would change; writes nothing. Rows with an open event are *menunggu*, not wrong."""
    found: list[Perbedaan] = []
    for alokasi, quarters in _scopes(tahun, triwulan):
        events = Peristiwa.objects.open().filter(alokasi__in=alokasi)
        waiting = set(events.values_list("alokasi_id", flat=True))
        differ = changed_rekap(alokasi, quarters, now=now)
        stored = RekapTriwulan.objects.in_bulk([row.tersimpan for row in differ if row.tersimpan])
        fresh = [row.seharusnya for row in differ if row.seharusnya]
        found += _compare(fresh, list(stored.values()), rekap_key, REKAP_FIELDS, waiting)
        areas = fresh_wilayah(quarters=quarters, now=now)
        found += _compare(areas, _stored_areas(quarters), wilayah_key, WILAYAH_FIELDS, set())
    return found


def _scopes(
    tahun: int | None, triwulan: int | None
) -> Iterator[tuple[models.QuerySet[Alokasi], Sequence[Triwulan]]]:
    """(alokasi, quarters) of every TA asked for."""
    years = Alokasi.objects.order_by("tahun_id").values_list("tahun_id", flat=True).distinct()
    for year in years.filter(tahun=tahun) if tahun else years:
        quarters = (Triwulan(year, triwulan),) if triwulan else Triwulan(year, 1).semua
        yield Alokasi.objects.filter(tahun=year), quarters


def not_before(tahun: int, now: datetime) -> datetime:
    """The instant at which new figures of a TA begin: a clock that lags never begins them in the past."""
    latest = RekapWilayah.objects.current().filter(tahun=tahun).aggregate(latest=Max("berlaku_dari"))
    return max(now, latest["latest"] or now)


def _store_alokasi(alokasi: models.QuerySet[Alokasi], quarters: Sequence[Triwulan], now: datetime) -> None:
    differ = changed_rekap(alokasi, quarters, now=now)
    ended = [row.tersimpan for row in differ if row.tersimpan]
    _replace(RekapTriwulan, ended, [row.seharusnya for row in differ if row.seharusnya], now)


def _store_areas(
    quarters: Sequence[Triwulan], *, bidang: str | None = None, provinsi: str | None = None, now: datetime
) -> None:
    # Two workers that each add up an area without the other's row would lose one of them.
    TahunAnggaran.objects.select_for_update(no_key=True).get(pk=quarters[0].tahun)
    stored = {wilayah_key(row): row for row in _stored_areas(quarters, bidang, provinsi)}
    fresh = fresh_wilayah(quarters=quarters, bidang=bidang, provinsi=provinsi, now=now)
    new = [row for row in fresh if not _agrees(row, stored.get(wilayah_key(row)), WILAYAH_FIELDS)]
    unchanged = {wilayah_key(row) for row in fresh} - {wilayah_key(row) for row in new}
    _replace(RekapWilayah, [row.pk for key, row in stored.items() if key not in unchanged], new, now)


def _stored_areas(
    quarters: Sequence[Triwulan], bidang: str | None = None, provinsi: str | None = None
) -> list[RekapWilayah]:
    stored = RekapWilayah.objects.current().filter(
        tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
    )
    if bidang:
        stored = stored.filter(bidang=bidang)
    if provinsi:
        stored = stored.filter(kode__in=[provinsi, RekapWilayah.KODE_NASIONAL])
    return list(stored)


def rekap_key(row: RekapTriwulan) -> tuple[Any, ...]:
    return (row.alokasi_id, row.triwulan, row.posisi)


def wilayah_key(row: RekapWilayah) -> tuple[Any, ...]:
    return (row.bidang, row.tingkat, row.kode, row.triwulan, row.posisi)


def _replace(
    model: type[RekapTriwulan] | type[RekapWilayah], ended: list[int], new: list[Any], now: datetime
) -> None:
    """End what changed or is gone, insert what is new; rows that agree keep their interval."""
    for start in range(0, len(ended), BATCH):
        model.objects.filter(pk__in=ended[start : start + BATCH]).update(berlaku_sampai=now)
    model.objects.bulk_create(new, batch_size=BATCH)


def _agrees(row: Any, stored: Any, fields: tuple[str, ...]) -> bool:
    return stored is not None and all(getattr(row, name) == getattr(stored, name) for name in fields)


def _compare(
    fresh: list[Any], stored: list[Any], key: Callable[[Any], Any], fields: tuple[str, ...], waiting: set[int]
) -> list[Perbedaan]:
    held, wanted = {key(row): row for row in stored}, {key(row): row for row in fresh}
    found = []
    for name in sorted(held.keys() | wanted.keys(), key=str):
        before, after = held.get(name), wanted.get(name)
        columns = {
            field: (getattr(before, field, None), getattr(after, field, None))
            for field in fields
            if getattr(before, field, None) != getattr(after, field, None)
        }
        if columns or before is None or after is None:
            row = after or before
            found.append(Perbedaan(_label(row), columns, getattr(row, "alokasi_id", None) in waiting))
    return found


def _label(row: Any) -> str:
    area = f"daerah {row.daerah_id}" if isinstance(row, RekapTriwulan) else f"{row.tingkat} {row.kode}"
    return f"{area} {row.bidang} TA {row.tahun} {row.tw.label} {row.posisi}"
