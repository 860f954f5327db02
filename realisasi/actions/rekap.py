"""Storing figures: a changed one ends its row and starts another; an unchanged one is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from realisasi.aturan.triwulan import Triwulan
from realisasi.models import AMOUNTS, Alokasi, Peristiwa, RekapTriwulan, RekapWilayah, TahunAnggaran
from realisasi.rekap.hitung import fresh_rekap, fresh_wilayah

BATCH = 500
REKAP_FIELDS = (*AMOUNTS, "lapor", "dibawa_dari")
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
        alokasi = Alokasi.objects.select_for_update(no_key=True, of=("self",)).get(pk=alokasi_id)
        covered = list(
            Peristiwa.objects.open()
            .filter(alokasi=alokasi_id, triwulan__gte=mulai.ke)
            .values_list("pk", flat=True)
        )
        _store_alokasi(Alokasi.objects.filter(pk=alokasi_id), mulai.seterusnya, now)
        # Two workers that each add up an area without the other's row would lose one of them.
        TahunAnggaran.objects.select_for_update(no_key=True).get(pk=mulai.tahun)
        provinsi = alokasi.daerah_id[:2]
        _store_areas(bidang=str(alokasi.bidang_id), quarters=mulai.seterusnya, provinsi=provinsi, now=now)
        Peristiwa.objects.filter(pk__in=covered).update(selesai_pada=now)


def compute_all(*, tahun: int | None = None, triwulan: int | None = None, now: datetime) -> int:
    """Recompute everything (of a TA, of a quarter); returns the number of alokasi."""
    count = 0
    for alokasi, quarters, bidang in _scopes(tahun, triwulan):
        with transaction.atomic():
            # The same order as above: alokasi, then their TA.
            list(alokasi.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            covered = list(Peristiwa.objects.open().filter(alokasi__in=alokasi).values_list("pk", "triwulan"))
            for batch in _batches(alokasi):
                _store_alokasi(batch, quarters, now)
            TahunAnggaran.objects.select_for_update(no_key=True).get(pk=quarters[0].tahun)
            _store_areas(bidang=bidang, quarters=quarters, provinsi=None, now=now)
            done = [pk for pk, ke in covered if ke >= quarters[0].ke and quarters[-1].ke == 4]
            Peristiwa.objects.filter(pk__in=done).update(selesai_pada=now)
        count += alokasi.count()
    return count


def find_differences(
    *, tahun: int | None = None, triwulan: int | None = None, now: datetime
) -> list[Perbedaan]:
    """What `compute_all` would change; writes nothing. Rows with an open event are *menunggu*, not wrong."""
    found: list[Perbedaan] = []
    for alokasi, quarters, bidang in _scopes(tahun, triwulan):
        waiting = set(
            Peristiwa.objects.open().filter(alokasi__in=alokasi).values_list("alokasi_id", flat=True)
        )
        for batch in _batches(alokasi):
            for tw in quarters:
                fresh = fresh_rekap(batch, tw, now=now)
                found += _compare(fresh, _stored_rekap(batch, [tw]), rekap_key, REKAP_FIELDS, waiting)
        areas = fresh_wilayah(bidang=bidang, quarters=quarters, now=now)
        found += _compare(areas, _stored_areas(bidang, quarters, None), wilayah_key, WILAYAH_FIELDS, set())
    return found


def _scopes(
    tahun: int | None, triwulan: int | None
) -> Iterator[tuple[models.QuerySet[Alokasi], tuple[Triwulan, ...], str]]:
    """(alokasi, quarters, bidang) of every TA and bidang asked for."""
    scopes = Alokasi.objects.order_by("tahun_id", "bidang_id").values_list("tahun_id", "bidang_id").distinct()
    for year, bidang in scopes.filter(tahun=tahun) if tahun else scopes:
        quarters = (Triwulan(year, triwulan),) if triwulan else Triwulan(year, 1).semua
        yield Alokasi.objects.filter(tahun=year, bidang=bidang), quarters, bidang


def _batches(alokasi: models.QuerySet[Alokasi]) -> Iterator[models.QuerySet[Alokasi]]:
    pks = list(alokasi.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        yield Alokasi.objects.filter(pk__in=pks[start : start + BATCH])


def _store_alokasi(alokasi: models.QuerySet[Alokasi], quarters: Iterable[Triwulan], now: datetime) -> None:
    quarters = list(quarters)
    fresh = [row for tw in quarters for row in fresh_rekap(alokasi, tw, now=now)]
    _replace(fresh, _stored_rekap(alokasi, quarters), rekap_key, REKAP_FIELDS, now)


def _store_areas(*, bidang: str, quarters: Iterable[Triwulan], provinsi: str | None, now: datetime) -> None:
    quarters = list(quarters)
    fresh = fresh_wilayah(bidang=bidang, quarters=quarters, provinsi=provinsi, now=now)
    _replace(fresh, _stored_areas(bidang, quarters, provinsi), wilayah_key, WILAYAH_FIELDS, now)


def _stored_rekap(alokasi: models.QuerySet[Alokasi], quarters: list[Triwulan]) -> list[RekapTriwulan]:
    stored = RekapTriwulan.objects.current().filter(alokasi__in=alokasi.order_by().values("pk"))
    return list(stored.filter(triwulan__in=[tw.ke for tw in quarters]))


def _stored_areas(bidang: str, quarters: Iterable[Triwulan], provinsi: str | None) -> list[RekapWilayah]:
    quarters = list(quarters)
    stored = RekapWilayah.objects.current().filter(
        bidang=bidang, tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
    )
    if provinsi:
        stored = stored.filter(kode__in=[provinsi, RekapWilayah.KODE_NASIONAL])
    return list(stored)


def rekap_key(row: RekapTriwulan) -> tuple[Any, ...]:
    return (row.alokasi_id, row.triwulan, row.posisi)


def wilayah_key(row: RekapWilayah) -> tuple[Any, ...]:
    return (row.tingkat, row.kode, row.triwulan, row.posisi)


def _replace(
    fresh: list[Any], stored: list[Any], key: Callable[[Any], Any], fields: tuple[str, ...], now: datetime
) -> None:
    """End what changed or is gone, insert what is new; rows that agree keep their interval."""
    held = {key(row): row for row in stored}
    new = [row for row in fresh if not _agrees(row, held.get(key(row)), fields)]
    unchanged = {key(row) for row in fresh} - {key(row) for row in new}
    ended = [row.pk for row in stored if key(row) not in unchanged]
    model = type(fresh[0]) if fresh else type(stored[0]) if stored else None
    if model is not None:
        model.objects.filter(pk__in=ended).update(berlaku_sampai=now)
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
