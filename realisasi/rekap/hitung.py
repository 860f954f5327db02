"""Fresh figures from the rows: SQL adds up alokasi and areas; nothing is stored here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from daerah.models import Daerah
from realisasi.aturan import serapan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Alokasi, RekapTriwulan, RekapWilayah
from realisasi.rekap import kueri, kueri_wilayah
from realisasi.rekap.saat import closings_of

# The rates of an area that are stored.
RATES = ("serapan", "rata_rata_kab_kota")
KAB_KOTA = ~Q(daerah__jenis=Daerah.Jenis.PROVINSI)


# Later than anything that is ever recorded: an open quarter knows all there is.
SELALU = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Beda:
    """One stored row (its id) that is not what it should be (column -> value): either side may be missing."""

    tersimpan: int | None
    seharusnya: dict[str, Any] | None


def rekap_sql(
    alokasi: QuerySet[Alokasi], quarters: Sequence[Triwulan], *, now: datetime
) -> tuple[str, list[Any]]:
    """Which recap rows of these alokasi (all of the TA of `quarters`) differ from a fresh computation.

    Amounts are effective on the quarter's last day or today, whichever is earlier (`Triwulan.posisi`). A
    closed quarter knows of pagu, RK, kontrak, penyaluran and target what was recorded at its closing; only
    reports that are verified after a reopening still change it. Before its first pagu takes effect, as in
    quarters closed before it came, an alokasi is not there.
    """
    return kueri.compare_sql(alokasi, points(quarters, now))


def points(quarters: Sequence[Triwulan], now: datetime) -> list[kueri.Titik]:
    """The quarters as the statement reads them."""
    closings = closings_of(quarters[0].tahun)
    today = now.astimezone(WIB).date()
    return [kueri.Titik(tw.ke, tw.posisi(today), closings.get(tw.ke, SELALU)) for tw in quarters]


def changed_rekap(alokasi: QuerySet[Alokasi], quarters: Sequence[Triwulan], *, now: datetime) -> list[Beda]:
    """The rows of `rekap_sql`."""
    return _differing(*rekap_sql(alokasi, quarters, now=now), kueri.KOLOM)


def changed_wilayah(
    quarters: Sequence[Triwulan], *, bidang: str | None = None, provinsi: str | None = None
) -> list[Beda]:
    """Which rows of areas differ from what the stored recap of their daerah gives.

    Of one bidang or of all, of the nation and one Wilayah or all. Sums are compared by the database; rates,
    which only `aturan.serapan` takes, one by one.
    """
    means = _Rerata(quarters, bidang)
    statement = kueri_wilayah.compare_sql(quarters, bidang, provinsi)
    found = _differing(*statement, kueri_wilayah.KOLOM)
    for row in found:
        if row.seharusnya:
            row.seharusnya.update(_rates(row.seharusnya, means))
    return found + _misrated(
        stored_wilayah(quarters, bidang, provinsi), means, {row.tersimpan for row in found}
    )


def _differing(text: str, params: list[Any], columns: Sequence[str]) -> list[Beda]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [
            Beda(stored, None if values[0] is None else dict(zip(columns, values, strict=True)))
            for *values, stored in cursor.fetchall()
        ]


def stored_wilayah(
    quarters: Sequence[Triwulan], bidang: str | None = None, provinsi: str | None = None
) -> Any:
    """The current rows of the nation and of one Wilayah (or of all)."""
    stored = RekapWilayah.objects.current().filter(
        tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
    )
    if bidang:
        stored = stored.filter(bidang=bidang)
    if provinsi:
        stored = stored.filter(kode__in=[provinsi, RekapWilayah.KODE_NASIONAL])
    return stored


def _misrated(stored: Any, means: _Rerata, skip: set[int | None]) -> list[Beda]:
    """Whose sums are right and whose rates are not."""
    names = ("realisasi_keuangan", "pagu", *RATES, *_Rerata.KUNCI)
    wrong = [
        pk
        for pk, realisasi, pagu, rate, mean, *key in stored.values_list("pk", *names)
        if rate != serapan.persen_dari(realisasi, pagu) or mean != means.of(*key)
    ]
    rows = stored.filter(pk__in=set(wrong) - skip).values("pk", *kueri_wilayah.KOLOM)
    return [Beda(row.pop("pk"), {**row, **_rates(row, means)}) for row in rows]


def _rates(row: dict[str, Any], means: _Rerata) -> dict[str, Decimal | None]:
    share = serapan.persen_dari(row["realisasi_keuangan"], row["pagu"])
    return dict(zip(RATES, (share, means.of(*(row[name] for name in _Rerata.KUNCI))), strict=True))


class _Rerata:
    """The mean of an area's kab/kota: it needs every single rate, so sums cannot give it."""

    KUNCI = ("bidang", "kode", "triwulan", "posisi")

    def __init__(self, quarters: Sequence[Triwulan], bidang: str | None) -> None:
        members = RekapTriwulan.objects.current().filter(
            tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
        )
        if bidang:
            members = members.filter(bidang=bidang)
        rows = members.filter(KAB_KOTA).annotate(provinsi=Left("daerah_id", 2))
        self.pasangan: dict[tuple[str, str, int, str], list[tuple[int | None, int]]] = defaultdict(list)
        for name, kode, ke, posisi, *pair in rows.values_list(
            "bidang", "provinsi", "triwulan", "posisi", "realisasi_keuangan", "pagu"
        ):
            self.pasangan[name, RekapWilayah.KODE_NASIONAL, ke, posisi].append(pair)
            self.pasangan[name, kode, ke, posisi].append(pair)

    def of(self, bidang: str, kode: str, triwulan: int, posisi: str) -> Decimal | None:
        return serapan.rata_rata_serapan(self.pasangan.get((bidang, kode, triwulan, posisi), ()))
