"""Whether the trail is whole: every chain, head, seal and receipt, and every fact against its fingerprint.

Reads everything once and holds no more than one batch of rows at a time; what the acts said of facts waits
in a file that vanishes with the check.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery

from realisasi import pemicu
from realisasi.actions.segel import RANTAI_SEGEL
from realisasi.actions.sidik_fakta import FAKTA, row_fingerprint
from realisasi.actions.tanda_terima import fingerprint
from realisasi.aturan.rantai import IsiRiwayat, sidik_riwayat, sidik_segel
from realisasi.aturan.tampilan import waktu
from realisasi.models import (
    KepalaRiwayat,
    KepalaTersegel,
    Parameter,
    Riwayat,
    SegelRiwayat,
    VersiLaporan,
)

BATCH = 1000
SEGEL_SEKALI = 20  # seals with their heads in memory at once


class PemeriksaanRiwayat:
    """One check; `broken` goes through everything, the counts say afterwards what there was."""

    def __init__(self) -> None:
        self.jumlah: Counter[str] = Counter()
        # Rows of facts of which no act says anything: older than the fingerprints, or of a test bidang.
        self.tanpa_sidik: Counter[str] = Counter()
        self.segel_terakhir: SegelRiwayat | None = None
        self._putus: set[str] = set()
        self._sejak: datetime | None = None
        self._fakta = sqlite3.connect("")
        self._fakta.execute(
            "CREATE TABLE fakta (nama TEXT, pk INTEGER, sidik TEXT, riwayat INTEGER, PRIMARY KEY (nama, pk))"
            " WITHOUT ROWID"
        )

    def broken(self) -> Iterator[str]:
        """The first broken link of each chain, and all else that does not agree, as sentences."""
        with _one_moment():
            for tabel in pemicu.missing():
                yield f"Penjaga tabel {tabel} tidak terpasang. Jalankan: python manage.py migrate"
            yield from self._chains()
            yield from self._sealed_heads()
            yield from self._seals()
            yield from self._receipts()
            for nama, model in FAKTA.items():
                yield from self._facts(nama, model)

    # --- chains ---------------------------------------------------------------------------------------

    def _chains(self) -> Iterator[str]:
        heads = dict(KepalaRiwayat.objects.exclude(rantai=RANTAI_SEGEL).values_list("rantai", "jumlah"))
        ends = dict(KepalaRiwayat.objects.values_list("rantai", "sidik"))
        rows = Riwayat.objects.order_by("rantai", "urutan").iterator(chunk_size=BATCH)
        for rantai, links in groupby(rows, key=attrgetter("rantai")):
            self.jumlah["rantai"] += 1
            yield from self._report(rantai, self._chain(links, heads.pop(rantai, None), ends.get(rantai, "")))
        for rantai, jumlah in heads.items():
            yield from self._report(rantai, f": kepala menyebut {jumlah} baris, yang ada 0")

    def _report(self, rantai: str, fault: str) -> Iterator[str]:
        if fault and rantai not in self._putus:
            self._putus.add(rantai)
            yield f"Rantai {rantai}{fault}"

    def _chain(self, links: Iterable[Riwayat], jumlah: int | None, akhir: str) -> str:
        """What is wrong with a chain, at its first broken link; "" for a whole one."""
        fault, count, before = "", 0, ""
        for row in links:
            fault = fault or _fault_of(row, count + 1, before)
            count, before = count + 1, row.sidik
            self._keep_facts(row)
        self.jumlah["baris"] += count
        if fault:
            return fault
        if jumlah is None:
            return f": kepalanya tidak ada, barisnya {count}"
        if jumlah != count:
            return f": kepala menyebut {jumlah} baris, yang ada {count}"
        return "" if akhir == before else f": kepala tidak cocok dengan baris terakhir (baris {count})"

    def _keep_facts(self, row: Riwayat) -> None:
        if not row.fakta:
            return
        self._sejak = min(self._sejak or row.waktu, row.waktu)
        said = ((*name.split(":"), sidik, row.pk) for name, sidik in row.fakta.items())
        # Acts on one fact are in one chain, in their order: the last one counts.
        self._fakta.executemany("INSERT OR REPLACE INTO fakta VALUES (?, ?, ?, ?)", said)

    # --- seals ----------------------------------------------------------------------------------------

    def _sealed_heads(self) -> Iterator[str]:
        stored = Riwayat.objects.filter(rantai=OuterRef("rantai"), urutan=OuterRef("jumlah"))
        heads = KepalaTersegel.objects.order_by("rantai", "jumlah").annotate(
            nomor=Subquery(stored.values("pk")[:1]), sekarang=Subquery(stored.values("sidik")[:1])
        )
        for head in heads.iterator(chunk_size=BATCH):
            self.jumlah["kepala tersegel"] += 1
            if head.sekarang != head.sidik:
                yield from self._report(head.rantai, _fault_of_sealed(head))

    def _seals(self) -> Iterator[str]:
        count, before, fault = 0, "", ""
        seals = SegelRiwayat.objects.order_by("pk").prefetch_related("kepala")
        for segel in seals.iterator(chunk_size=SEGEL_SEKALI):
            fault = fault or _fault_of_seal(segel, before)
            count, before, self.segel_terakhir = count + 1, segel.sidik, segel
        self.jumlah["segel"] = count
        head = KepalaRiwayat.objects.filter(rantai=RANTAI_SEGEL).first()
        if not fault and (head.jumlah if head else 0) != count:
            fault = f": kepala menyebut {head.jumlah if head else 0} segel, yang ada {count}"
        if not fault and head and head.sidik != before:
            fault = ": kepala tidak cocok dengan segel terakhir"
        yield from self._report(RANTAI_SEGEL, fault)

    # --- receipts and facts -----------------------------------------------------------------------------

    def _receipts(self) -> Iterator[str]:
        for batch in _batches(VersiLaporan.objects.prefetch_related("baris")):
            self.jumlah["tanda terima"] += len(batch)
            for sent in batch:
                rows = list(sent.baris.all())
                if fingerprint(sent, rows) != sent.sidik:
                    yield f"Tanda terima {sent}: isi laporan tidak sama dengan sidiknya"
                elif sum(row.keuangan or 0 for row in rows) != sent.total_keuangan:
                    yield f"Tanda terima {sent}: totalnya bukan jumlah barisnya"

    def _facts(self, nama: str, model: type[Model]) -> Iterator[str]:
        last = 0
        for batch in _batches(model._default_manager.all()):
            kept = self._kept(nama, last, batch[-1].pk)
            last = batch[-1].pk
            for row in batch:
                sidik, riwayat = kept.pop(row.pk, ("", 0))
                yield from self._fact(nama, row, sidik, riwayat)
            yield from _lost(nama, kept)
        yield from _lost(nama, self._kept(nama, last, None))

    def _fact(self, nama: str, row: Model, sidik: str, riwayat: int) -> Iterator[str]:
        if not sidik:
            self.tanpa_sidik[nama] += 1
            if self._sejak and (moment := _recorded_at(row)) and moment >= self._sejak:
                yield f"Fakta {nama}:{row.pk} tidak ditulis lewat aplikasi: tidak ada riwayatnya"
            return
        self.jumlah["fakta"] += 1
        if row_fingerprint(row) != sidik:
            yield f"Fakta {nama}:{row.pk} tidak sama dengan yang dicatat riwayat nomor {riwayat}"

    def _kept(self, nama: str, after: int, until: int | None) -> dict[int, tuple[str, int]]:
        """What acts said of the facts with these numbers."""
        found = self._fakta.execute(
            "SELECT pk, sidik, riwayat FROM fakta WHERE nama = ? AND pk > ? AND pk <= ?",
            (nama, after, until or 2**63 - 1),
        )
        return {pk: (sidik, riwayat) for pk, sidik, riwayat in found}


def _fault_of(row: Riwayat, expected: int, before: str) -> str:
    if row.urutan != expected:
        return f" putus pada baris {expected}: baris itu tidak ada (berikutnya riwayat nomor {row.pk})"
    values = {name: getattr(row, name) for name in IsiRiwayat.__dataclass_fields__ if name != "pelaku"}
    if sidik_riwayat(IsiRiwayat(**values, pelaku=row.pelaku_id)) != row.sidik:
        return f" putus pada baris {expected} (riwayat nomor {row.pk}): isi tidak cocok dengan sidiknya"
    if row.sidik_sebelum != before:
        return f" putus pada baris {expected} (riwayat nomor {row.pk}): tidak menyambung ke baris sebelumnya"
    return ""


def _fault_of_sealed(head: Any) -> str:
    """Why a head that a seal fixed is not the row that stands there now."""
    by = f"segel nomor {head.segel_id}"
    if head.nomor is None:
        count = Riwayat.objects.filter(rantai=head.rantai).count()
        return f": {by} menyebut {head.jumlah} baris, yang ada {count}"
    return f" putus pada baris {head.jumlah} (riwayat nomor {head.nomor}): tidak sama dengan yang ada di {by}"


def _fault_of_seal(segel: SegelRiwayat, before: str) -> str:
    heads = [(row.rantai, row.jumlah, row.sidik) for row in segel.kepala.all()]
    name = f" putus pada segel nomor {segel.pk} ({waktu(segel.waktu)})"
    if len(heads) != segel.jumlah_rantai:
        return f"{name}: menyebut {segel.jumlah_rantai} rantai, yang ada {len(heads)}"
    if sidik_segel(segel.waktu, heads, segel.sidik_sebelum) != segel.sidik:
        return f"{name}: isi tidak cocok dengan sidiknya"
    return "" if segel.sidik_sebelum == before else f"{name}: tidak menyambung ke segel sebelumnya"


def _recorded_at(row: Any) -> datetime | None:
    """When a fact says that it was recorded by somebody; None where it cannot say."""
    if isinstance(row, Parameter) and row.dicatat_oleh_id is None:  # a rule that came with the application
        return None
    return getattr(row, "dicatat_pada", None) or getattr(row, "diajukan_pada", None)


def _lost(nama: str, kept: dict[int, tuple[str, int]]) -> Iterator[str]:
    for pk, (_, riwayat) in kept.items():
        yield f"Fakta {nama}:{pk} hilang; riwayat nomor {riwayat} mencatatnya"


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows in order of their number, some at a time."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read is of one instant, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Django's own transactions would keep every writer out meanwhile.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
