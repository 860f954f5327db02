"""The sums of areas in one statement: what is stored of them beside what their members add up to.

Members are the stored recap rows of the daerah; an alokasi is its daerah's only one of a bidang and TA, so
rows are daerah. The nation is added up from its provinces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from daerah.models import Daerah
from realisasi.aturan.triwulan import Triwulan
from realisasi.models.rekap import AMOUNTS

# What a row of the statement holds, in this order; what follows the key is compared with what is stored.
KUNCI = ("bidang", "tingkat", "kode", "triwulan", "posisi")
JUMLAH = (
    *AMOUNTS, "jumlah_daerah", "jumlah_daerah_lapor", "jumlah_dibawa", "jumlah_bertarget", "pagu_lapor",
    "pagu_kab_kota", "realisasi_kab_kota",
)  # fmt: skip
KOLOM = (*KUNCI, *JUMLAH)

# How a member counts; the same names are added up again for the nation.
ANGGOTA = {
    **{name: name for name in AMOUNTS},
    "jumlah_daerah": "1",
    "jumlah_daerah_lapor": "CASE WHEN lapor THEN 1 ELSE 0 END",
    "jumlah_dibawa": "CASE WHEN dibawa_dari IS NULL THEN 0 ELSE 1 END",
    "jumlah_bertarget": "CASE WHEN target_keuangan IS NULL THEN 0 ELSE 1 END",
    "pagu_lapor": "CASE WHEN lapor THEN pagu ELSE 0 END",
    "pagu_kab_kota": "CASE WHEN kab_kota THEN pagu ELSE 0 END",
    "realisasi_kab_kota": "CASE WHEN kab_kota THEN realisasi_keuangan END",
}

BANDINGKAN = """
WITH anggota AS (
    SELECT r.bidang, SUBSTR(r.daerah_id, 1, 2) AS kode, r.triwulan, r.posisi, r.lapor, r.dibawa_dari,
           d.jenis <> %s AS kab_kota, {amounts}
    FROM realisasi_rekaptriwulan r
    JOIN daerah_daerah d ON d.kode = r.daerah_id
    WHERE r.berlaku_sampai IS NULL AND {scope}
),
provinsi AS (
    SELECT bidang, kode, triwulan, posisi, {sums}
    FROM anggota
    GROUP BY bidang, kode, triwulan, posisi
),
baru AS {materialized} (
    SELECT bidang, 'provinsi' AS tingkat, kode, triwulan, posisi, {names}
    FROM provinsi
    WHERE {place}
    UNION ALL
    SELECT bidang, 'nasional', '00', triwulan, posisi, {totals}
    FROM provinsi
    GROUP BY bidang, triwulan, posisi
),
ada AS {materialized} (
    SELECT r.id, r.bidang, r.tingkat, r.kode, r.triwulan, r.posisi, {names}
    FROM realisasi_rekapwilayah r
    WHERE r.berlaku_sampai IS NULL AND {scope} AND (tingkat = 'nasional' OR {place})
)
SELECT {columns}, ada.id AS tersimpan
FROM baru
LEFT JOIN ada ON {same}
WHERE ada.id IS NULL OR {different}
UNION ALL
SELECT {columns}, ada.id
FROM ada
LEFT JOIN baru ON {same}
WHERE baru.kode IS NULL
"""


def compare_sql(
    quarters: Sequence[Triwulan], bidang: str | None = None, provinsi: str | None = None
) -> tuple[str, list[Any]]:
    """KOLOM of what should be (all NULL: nothing) and the id of the stored row that differs, or NULL.

    Of one bidang or all; of the nation and one Wilayah or all.
    """
    scope, scoped = _scope(quarters, bidang)
    place, placed = ("kode = %s", [provinsi]) if provinsi else ("1 = 1", [])
    distinct = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    text = BANDINGKAN.format(
        amounts=", ".join(f"r.{name}" for name in AMOUNTS),
        sums=", ".join(f"{_sum(value)} AS {name}" for name, value in ANGGOTA.items()),
        totals=", ".join(_sum(name) for name in JUMLAH),
        names=", ".join(JUMLAH),
        columns=", ".join(f"baru.{name}" for name in KOLOM),
        same=" AND ".join(f"ada.{name} = baru.{name}" for name in KUNCI),
        different=" OR ".join(f"ada.{name} {distinct} baru.{name}" for name in JUMLAH),
        scope=scope,
        place=place,
        materialized="MATERIALIZED" if connection.vendor == "postgresql" else "",
    )
    return text, [Daerah.Jenis.PROVINSI, *scoped, *placed, *scoped, *placed]


def _scope(quarters: Sequence[Triwulan], bidang: str | None) -> tuple[str, list[Any]]:
    marks = ", ".join("%s" for _ in quarters)
    text = f"r.tahun = %s AND r.triwulan IN ({marks})"
    params: list[Any] = [quarters[0].tahun, *(tw.ke for tw in quarters)]
    return (f"{text} AND r.bidang = %s", [*params, bidang]) if bidang else (text, params)


def _sum(value: str) -> str:
    """PostgreSQL adds bigint up to numeric, which is slow to compare and to read."""
    return f"CAST(SUM({value}) AS bigint)"
