"""The one statement that adds up what belongs to a quarter, for PostgreSQL and SQLite alike.

It is set-based: the same text computes one alokasi and all of them. Each quarter comes with the day on
which amounts are read (`hari`) and the instant up to which recorded facts are known to it (`tahu`: all of
them while it is open, those of its closing afterwards, so that a closed quarter is no longer moved).

Two turns of phrase are for PostgreSQL's planner, which knows nothing about rows made on the way and joins
them in nested loops where it expects few (ten thousand alokasi: hours instead of a second). `urut < 2` is
taken for a third of the rows, `urut = 1` for one in two hundred; and the pagu, without which a row is not
there, is looked up beside its alokasi and quarter, so that everything else hangs on a number of rows that the
planner does know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from realisasi.models import Alokasi
from realisasi.models.rekap import AMOUNTS

# What a row of the statement holds, in this order; what follows the key is compared with what is stored.
KUNCI = ("alokasi_id", "triwulan", "posisi")
ISI = (*AMOUNTS, "lapor", "dibawa_dari")
KOLOM = (*KUNCI, "daerah_id", "bidang", *ISI)


@dataclass(frozen=True)
class Titik:
    """One quarter as the statement reads it."""

    ke: int
    hari: date
    tahu: datetime


HITUNG = """
tw AS ({quarters}),
posisi AS (SELECT 'final' AS posisi UNION ALL SELECT 'sementara'),
a AS (SELECT id, daerah_id, bidang_id FROM realisasi_alokasi WHERE id IN ({alokasi})),
pagu AS {materialized} (
    SELECT a.id AS alokasi_id, a.daerah_id, a.bidang_id AS bidang, tw.ke, tw.tahu, (
               SELECT v.jumlah
               FROM realisasi_versipagu v
               WHERE v.alokasi_id = a.id AND v.berlaku_dari <= tw.hari AND v.dicatat_pada <= tw.tahu
                 AND (v.dicabut_pada IS NULL OR v.dicabut_pada > tw.tahu)
               ORDER BY v.berlaku_dari DESC LIMIT 1
           ) AS jumlah
    FROM a
    CROSS JOIN tw
),
rk AS (
    SELECT kegiatan_id, ke, nilai
    FROM (
        SELECT v.kegiatan_id, tw.ke, v.nilai,
               ROW_NUMBER() OVER (PARTITION BY v.kegiatan_id, tw.ke ORDER BY v.berlaku_dari DESC) AS urut
        FROM a
        JOIN realisasi_kegiatan k ON k.alokasi_id = a.id
        JOIN realisasi_versirk v ON v.kegiatan_id = k.id
        JOIN tw ON v.berlaku_dari <= tw.hari AND v.dicatat_pada <= tw.tahu
               AND (v.dicabut_pada IS NULL OR v.dicabut_pada > tw.tahu)
    ) versi
    WHERE urut < 2
),
terdahulu AS (
    SELECT paket_id, ke, nilai_kontrak
    FROM (
        SELECT t.paket_id, tw.ke, t.nilai_kontrak,
               ROW_NUMBER() OVER (PARTITION BY t.paket_id, tw.ke ORDER BY t.id DESC) AS urut
        FROM a
        JOIN realisasi_kegiatan k ON k.alokasi_id = a.id
        JOIN realisasi_paket p ON p.kegiatan_id = k.id
        JOIN realisasi_kontrakterdahulu t ON t.paket_id = p.id
        JOIN tw ON t.tanggal_kontrak <= tw.hari AND t.dicatat_pada <= tw.tahu AND t.dicabut_pada > tw.tahu
    ) versi
    WHERE urut < 2
),
paket AS (
    SELECT alokasi_id, paket_id, ke, rk, kontrak, COALESCE(kontrak, rk) AS bobot
    FROM (
        SELECT k.alokasi_id, p.id AS paket_id, tw.ke, rk.nilai AS rk,
               CASE WHEN p.kontrak_dicatat_pada > tw.tahu THEN terdahulu.nilai_kontrak
                    WHEN p.tanggal_kontrak <= tw.hari THEN p.nilai_kontrak
               END AS kontrak
        FROM a
        CROSS JOIN tw
        JOIN realisasi_kegiatan k ON k.alokasi_id = a.id
        LEFT JOIN rk ON rk.kegiatan_id = k.id AND rk.ke = tw.ke
        LEFT JOIN realisasi_paket p ON p.kegiatan_id = k.id
        LEFT JOIN terdahulu ON terdahulu.paket_id = p.id AND terdahulu.ke = tw.ke
    ) satu
),
rencana AS (
    SELECT alokasi_id, ke, SUM(rk) AS nilai_rk, SUM(kontrak) AS nilai_kontrak, SUM(bobot) AS bobot
    FROM paket
    GROUP BY alokasi_id, ke
),
salur AS (
    SELECT s.alokasi_id, tw.ke, SUM(s.jumlah) AS jumlah
    FROM a
    JOIN realisasi_penyaluran s ON s.alokasi_id = a.id
    JOIN tw ON s.tanggal_sp2d <= tw.hari AND s.dicatat_pada <= tw.tahu
           AND (s.dicabut_pada IS NULL OR s.dicabut_pada > tw.tahu)
    GROUP BY s.alokasi_id, tw.ke
),
versi AS (
    SELECT alokasi_id, ke, posisi, versi_id, asal
    FROM (
        SELECT l.alokasi_id, tw.ke, posisi.posisi, v.id AS versi_id, l.triwulan AS asal,
               ROW_NUMBER() OVER (
                   PARTITION BY l.alokasi_id, tw.ke, posisi.posisi ORDER BY l.triwulan DESC, v.nomor DESC
               ) AS urut
        FROM a
        JOIN realisasi_laporan l ON l.alokasi_id = a.id
        JOIN realisasi_versilaporan v ON v.laporan_id = l.id
        JOIN tw ON l.triwulan <= tw.ke
             -- A closed quarter carries no earlier one that was first verified after its closing.
             AND (l.triwulan = tw.ke OR l.pertama_diverifikasi_pada IS NULL
                  OR l.pertama_diverifikasi_pada <= tw.tahu)
        JOIN posisi ON v.diverifikasi_pada IS NOT NULL OR (
            posisi.posisi = 'sementara' AND v.dikembalikan_pada IS NULL AND v.ditarik_pada IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM realisasi_versilaporan w
                WHERE w.laporan_id = l.id AND w.diverifikasi_pada IS NOT NULL
            )
        )
    ) satu
    WHERE urut < 2
),
baris AS {materialized} (
    SELECT dipakai.versi_id, dipakai.ke, b.paket_id, b.keuangan, b.progres_fisik, b.capaian_sejuta
    FROM (SELECT DISTINCT versi_id, ke FROM versi) dipakai
    JOIN realisasi_barisversi b ON b.versi_id = dipakai.versi_id
),
isi AS (
    SELECT baris.versi_id, baris.ke, SUM(baris.keuangan) AS keuangan,
           SUM(paket.bobot * baris.progres_fisik) AS bobot_fisik,
           SUM(paket.bobot * baris.capaian_sejuta) AS bobot_keluaran
    FROM baris
    JOIN paket ON paket.paket_id = baris.paket_id AND paket.ke = baris.ke
    GROUP BY baris.versi_id, baris.ke
),
baru AS {materialized} (
    SELECT pagu.alokasi_id, pagu.ke AS triwulan, posisi.posisi, pagu.daerah_id, pagu.bidang,
           pagu.jumlah AS pagu,
           CAST(COALESCE(rencana.nilai_rk, 0) AS bigint) AS nilai_rk,
           CAST(COALESCE(rencana.nilai_kontrak, 0) AS bigint) AS nilai_kontrak,
           CAST(COALESCE(salur.jumlah, 0) AS bigint) AS penyaluran,
           CAST(isi.keuangan AS bigint) AS realisasi_keuangan,
           CAST(COALESCE(rencana.bobot, 0) AS bigint) AS bobot,
           CAST(isi.bobot_fisik AS bigint) AS bobot_fisik,
           CAST(isi.bobot_keluaran AS bigint) AS bobot_keluaran,
           target.keuangan AS target_keuangan,
           CAST(COALESCE(rencana.bobot, 0) * target.fisik AS bigint) AS bobot_target,
           CASE WHEN versi.asal = pagu.ke THEN {true} ELSE {false} END AS lapor,
           CASE WHEN versi.asal < pagu.ke THEN versi.asal END AS dibawa_dari
    FROM pagu
    CROSS JOIN posisi
    LEFT JOIN rencana ON rencana.alokasi_id = pagu.alokasi_id AND rencana.ke = pagu.ke
    LEFT JOIN salur ON salur.alokasi_id = pagu.alokasi_id AND salur.ke = pagu.ke
    LEFT JOIN versi ON versi.alokasi_id = pagu.alokasi_id AND versi.ke = pagu.ke
          AND versi.posisi = posisi.posisi
    LEFT JOIN isi ON isi.versi_id = versi.versi_id AND isi.ke = versi.ke
    LEFT JOIN realisasi_target target ON target.alokasi_id = pagu.alokasi_id AND target.triwulan = pagu.ke
          AND target.dicatat_pada <= pagu.tahu
          AND (target.dicabut_pada IS NULL OR target.dicabut_pada > pagu.tahu)
    WHERE pagu.jumlah IS NOT NULL
)
"""

# What is stored and what it should be: rows of which either side is missing or any amount differs.
BANDINGKAN = """
WITH {hitung},
ada AS {materialized} (
    SELECT id, {kunci}, {isi}
    FROM realisasi_rekaptriwulan
    WHERE berlaku_sampai IS NULL AND triwulan IN (SELECT ke FROM tw) AND alokasi_id IN (SELECT id FROM a)
)
SELECT {baru_kolom}, ada.id AS tersimpan
FROM baru
LEFT JOIN ada ON {sama}
WHERE ada.id IS NULL OR {berbeda}
UNION ALL
SELECT {kosong}, ada.id
FROM ada
WHERE NOT EXISTS (
    SELECT 1
    FROM pagu
    WHERE pagu.alokasi_id = ada.alokasi_id AND pagu.ke = ada.triwulan AND pagu.jumlah IS NOT NULL
)
"""


def fresh_sql(alokasi: models.QuerySet[Alokasi], quarters: Sequence[Titik]) -> tuple[str, list[Any]]:
    """The bare statement (KOLOM of every row) and its parameters."""
    hitung, params = _hitung(alokasi, quarters)
    return f"WITH {hitung} SELECT {', '.join(KOLOM)} FROM baru", params  # noqa: S608 - fixed names only


def compare_sql(alokasi: models.QuerySet[Alokasi], quarters: Sequence[Titik]) -> tuple[str, list[Any]]:
    """KOLOM of what should be (all NULL: nothing) and the id of the stored row that differs, or NULL."""
    hitung, params = _hitung(alokasi, quarters)
    distinct = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    text = BANDINGKAN.format(
        hitung=hitung,
        materialized=_materialized(),
        kunci=", ".join(KUNCI),
        isi=", ".join(ISI),
        baru_kolom=", ".join(f"baru.{name}" for name in KOLOM),
        sama=" AND ".join(f"ada.{name} = baru.{name}" for name in KUNCI),
        berbeda=" OR ".join(f"ada.{name} {distinct} baru.{name}" for name in ISI),
        kosong=", ".join("NULL" for _ in KOLOM),
    )
    return text, params


def _hitung(alokasi: models.QuerySet[Alokasi], quarters: Sequence[Titik]) -> tuple[str, list[Any]]:
    chosen, params = alokasi.order_by().values("pk").query.sql_with_params()
    columns = "%s AS ke, %s AS hari, %s AS tahu"
    if connection.vendor == "postgresql":
        columns = "%s::smallint AS ke, %s::date AS hari, %s::timestamptz AS tahu"
    true, false = ("1", "0") if connection.vendor == "sqlite" else ("TRUE", "FALSE")
    text = HITUNG.format(
        quarters=" UNION ALL ".join(f"SELECT {columns}" for _ in quarters),
        alokasi=chosen,
        materialized=_materialized(),
        true=true,
        false=false,
    )
    return text, [value for titik in quarters for value in _adapted(titik)] + list(params)


def _adapted(titik: Titik) -> tuple[Any, ...]:
    ops = connection.ops
    return (
        titik.ke,
        ops.adapt_datefield_value(titik.hari),
        ops.adapt_datetimefield_value(titik.tahu),
    )


def _materialized() -> str:
    """Both sides are read twice; SQLite decides for itself (the word came with 3.35)."""
    return "MATERIALIZED" if connection.vendor == "postgresql" else ""
