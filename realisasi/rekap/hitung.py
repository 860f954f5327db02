"""Fresh figures from the rows: SQL adds up alokasi and areas; nothing is stored here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from daerah.models import Daerah
from realisasi.aturan import serapan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import AMOUNTS, Alokasi, RekapTriwulan, RekapWilayah
from realisasi.rekap.kueri import KOLOM, Titik, compare_sql
from realisasi.rekap.saat import closings_of

KAB_KOTA = ~Q(daerah__jenis=Daerah.Jenis.PROVINSI)


# Later than anything that is ever recorded: an open quarter knows all there is.
SELALU = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Beda:
    """One stored figure that is not what it should be: either side may be missing."""

    tersimpan: int | None
    seharusnya: RekapTriwulan | None


def changed_rekap(alokasi: QuerySet[Alokasi], quarters: Sequence[Triwulan], *, now: datetime) -> list[Beda]:
    """Which recap rows of these alokasi (all of the TA of `quarters`) differ from a fresh computation.

    Amounts are effective on the quarter's last day or today, whichever is earlier (`Triwulan.posisi`). A
    closed quarter knows of pagu, RK, kontrak, penyaluran and target what was recorded at its closing; only
    reports that are verified after a reopening still change it. Before its first pagu takes effect, as in
    quarters closed before it came, an alokasi is not there.
    """
    with connection.cursor() as cursor:
        cursor.execute(*compare_sql(alokasi, points(quarters, now)))
        return [
            Beda(stored, None if values[0] is None else _rekap(values, quarters[0].tahun, now))
            for *values, stored in cursor.fetchall()
        ]


def points(quarters: Sequence[Triwulan], now: datetime) -> list[Titik]:
    closings = closings_of(quarters[0].tahun)
    today = now.astimezone(WIB).date()
    return [Titik(tw.ke, tw.posisi(today), closings.get(tw.ke, SELALU)) for tw in quarters]


def _rekap(values: Sequence[Any], tahun: int, now: datetime) -> RekapTriwulan:
    row = RekapTriwulan(tahun=tahun, berlaku_dari=now, **dict(zip(KOLOM, values, strict=True)))
    row.lapor = bool(row.lapor)  # SQLite has no booleans
    return row


def fresh_wilayah(
    *, quarters: Sequence[Triwulan], bidang: str | None = None, provinsi: str | None = None, now: datetime
) -> list[RekapWilayah]:
    """Unsaved rows of the nation and of one Wilayah (or of all), from the stored recap of their daerah.

    Of one bidang, or of every bidang there is.
    """
    members = RekapTriwulan.objects.current().filter(
        tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
    )
    if bidang:
        members = members.filter(bidang=bidang)
    members = members.annotate(provinsi=Left("daerah_id", 2))
    rates = _kab_kota_pairs(members)
    areas = members.filter(provinsi=provinsi) if provinsi else members
    sums = [
        ({"kode": RekapWilayah.KODE_NASIONAL, "tingkat": RekapWilayah.Tingkat.NASIONAL}, row)
        for row in _sums(members.values("bidang", "triwulan", "posisi"))
    ]
    sums += [
        ({"kode": row.pop("provinsi"), "tingkat": RekapWilayah.Tingkat.PROVINSI}, row)
        for row in _sums(areas.values("bidang", "provinsi", "triwulan", "posisi"))
    ]
    return [_wilayah(area, row, rates, quarters[0].tahun, now) for area, row in sums]


def _sums(grouped: QuerySet[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    return list(
        grouped.order_by().annotate(
            **{f"jumlah_{name}": Sum(name) for name in AMOUNTS},
            jumlah_daerah=Count("daerah_id", distinct=True),
            jumlah_daerah_lapor=Count("pk", filter=Q(lapor=True)),
            jumlah_dibawa=Count("pk", filter=Q(dibawa_dari__isnull=False)),
            jumlah_bertarget=Count("pk", filter=Q(target_keuangan__isnull=False)),
            pagu_lapor=Sum("pagu", filter=Q(lapor=True)),
            pagu_kab_kota=Sum("pagu", filter=KAB_KOTA),
            realisasi_kab_kota=Sum("realisasi_keuangan", filter=KAB_KOTA),
        )
    )


Pairs = dict[tuple[str, str, int, str], list[tuple[int | None, int]]]


def _kab_kota_pairs(members: QuerySet[RekapTriwulan]) -> Pairs:
    """(realisasi, pagu) of each kab/kota by (bidang, area, triwulan, posisi): a mean needs every rate."""
    pairs: Pairs = {}
    rows = members.filter(KAB_KOTA).order_by("daerah_id")
    for bidang, kode, ke, posisi, realisasi, pagu in rows.values_list(
        "bidang", "provinsi", "triwulan", "posisi", "realisasi_keuangan", "pagu"
    ):
        for area in (kode, RekapWilayah.KODE_NASIONAL):
            pairs.setdefault((bidang, area, ke, posisi), []).append((realisasi, pagu))
    return pairs


def _wilayah(
    area: dict[str, str], row: dict[str, Any], rates: Pairs, tahun: int, now: datetime
) -> RekapWilayah:
    amounts = {name: row.pop(f"jumlah_{name}") for name in AMOUNTS}
    key = (row["bidang"], area["kode"], row["triwulan"], row["posisi"])
    return RekapWilayah(
        **area,
        **amounts,
        bidang=row["bidang"],
        tahun=tahun,
        triwulan=row["triwulan"],
        posisi=row["posisi"],
        jumlah_daerah=row["jumlah_daerah"],
        jumlah_daerah_lapor=row["jumlah_daerah_lapor"],
        jumlah_dibawa=row["jumlah_dibawa"],
        jumlah_bertarget=row["jumlah_bertarget"],
        pagu_lapor=row["pagu_lapor"] or 0,
        pagu_kab_kota=row["pagu_kab_kota"] or 0,
        realisasi_kab_kota=row["realisasi_kab_kota"],
        serapan=serapan.persen_dari(amounts["realisasi_keuangan"], amounts["pagu"]),
        rata_rata_kab_kota=serapan.rata_rata_serapan(rates.get(key, [])),
        berlaku_dari=now,
    )
