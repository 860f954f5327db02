"""Storing figures: a changed one ends its row and starts another; an unchanged one is left alone."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, Peristiwa, RekapTriwulan, RekapWilayah, TahunAnggaran
from realisasi.rekap import kueri, kueri_wilayah
from realisasi.rekap.hitung import RATES, Beda, changed_rekap, changed_wilayah, rekap_sql

BATCH = 500
WILAYAH_FIELDS = (*kueri_wilayah.JUMLAH, *RATES)


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
        rows = changed_rekap(alokasi, quarters, now=now)
        found += _named(RekapTriwulan, rows, kueri.ISI, quarters[0].tahun, waiting)
        areas = changed_wilayah(quarters)
        found += _named(RekapWilayah, areas, WILAYAH_FIELDS, quarters[0].tahun)
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
    """End what changed or is gone, insert what is new; rows that agree keep their interval.

    All inside the database: what differs is put aside, so that no row comes here and nothing is computed
    twice.
    """
    text, params = rekap_sql(alokasi, quarters, now=now)
    moment = connection.ops.adapt_datetimefield_value(now)
    columns = ", ".join(kueri.KOLOM)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE beda AS {text}", params)
        cursor.execute(
            "UPDATE realisasi_rekaptriwulan SET berlaku_sampai = %s WHERE id IN (SELECT tersimpan FROM beda)",
            [moment],
        )
        cursor.execute(
            f"INSERT INTO realisasi_rekaptriwulan (tahun, berlaku_dari, {columns}) "  # noqa: S608 - fixed names
            f"SELECT %s, %s, {columns} FROM beda WHERE alokasi_id IS NOT NULL",
            [quarters[0].tahun, moment],
        )
        cursor.execute("DROP TABLE beda")


def _store_areas(
    quarters: Sequence[Triwulan], *, bidang: str | None = None, provinsi: str | None = None, now: datetime
) -> None:
    # Two workers that each add up an area without the other's row would lose one of them.
    TahunAnggaran.objects.select_for_update(no_key=True).get(pk=quarters[0].tahun)
    changed = changed_wilayah(quarters, bidang=bidang, provinsi=provinsi)
    ended = [row.tersimpan for row in changed if row.tersimpan]
    new = [row.seharusnya for row in changed if row.seharusnya]
    for start in range(0, len(ended), BATCH):
        RekapWilayah.objects.filter(pk__in=ended[start : start + BATCH]).update(berlaku_sampai=now)
    for start in range(0, len(new), BATCH):
        _insert_areas(new[start : start + BATCH], quarters[0].tahun, now)


def _insert_areas(rows: list[dict[str, Any]], tahun: int, now: datetime) -> None:
    """As `bulk_create` would, at a third of its time: thousands of areas have dozens of columns."""
    names = (*kueri_wilayah.KOLOM, *RATES)
    moment = connection.ops.adapt_datetimefield_value(now)
    marks = f"({', '.join(['%s'] * (len(names) + 2))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO realisasi_rekapwilayah (tahun, berlaku_dari, {', '.join(names)}) "  # noqa: S608
            f"VALUES {', '.join([marks] * len(rows))}",
            [value for row in rows for value in (tahun, moment, *(row[name] for name in names))],
        )


def _named(
    model: type[RekapTriwulan] | type[RekapWilayah],
    changed: Sequence[Beda],
    fields: tuple[str, ...],
    tahun: int,
    waiting: Container[int] = (),
) -> list[Perbedaan]:
    """What differs, in words for a reader."""
    held = model.objects.in_bulk([row.tersimpan for row in changed if row.tersimpan])
    found = []
    for row in changed:
        before = held.get(row.tersimpan) if row.tersimpan else None
        after = model(tahun=tahun, **row.seharusnya) if row.seharusnya else None
        columns = {
            field: (getattr(before, field, None), getattr(after, field, None))
            for field in fields
            if getattr(before, field, None) != getattr(after, field, None)
        }
        name = after or before
        found.append(Perbedaan(_label(name), columns, getattr(name, "alokasi_id", None) in waiting))
    return sorted(found, key=lambda satu: satu.baris)


def _label(row: Any) -> str:
    area = f"daerah {row.daerah_id}" if isinstance(row, RekapTriwulan) else f"{row.tingkat} {row.kode}"
    return f"{area} {row.bidang} TA {row.tahun} {row.tw.label} {row.posisi}"
