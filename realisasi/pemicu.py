"""Guards in the database itself: what is history is only ever added, whoever asks.

A form, the shell and a hand on the database meet the same refusal (an IntegrityError with one sentence).
They are set up after every migration, because SQLite drops the triggers of a table that it rebuilds, and are
away while migrations run: a migration may bring old rows into a new shape.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

FUNGSI = "realisasi_jaga"
AWALAN = "jaga_"


@dataclass(frozen=True)
class Jaga:
    """One table whose rows are never deleted. `sekali`: columns that may be filled in, once; `bebas`: columns
    that may change; every other column stays as it was written."""

    tabel: str
    sekali: tuple[str, ...] = ()
    bebas: tuple[str, ...] = ()

    @property
    def pesan(self) -> str:
        """What is said to whoever tries otherwise."""
        if not (self.sekali or self.bebas):
            return f"{self.tabel}: baris hanya boleh ditambah, tidak diubah dan tidak dihapus."
        filled = f"hanya {', '.join(self.sekali)} yang boleh diisi, satu kali" if self.sekali else ""
        moved = f"hanya {', '.join(self.bebas)} yang boleh berubah" if self.bebas else ""
        return (
            f"{self.tabel}: baris tidak dihapus dan isinya tetap; {'; '.join(filter(None, (filled, moved)))}."
        )


DICABUT = ("dicabut_pada",)
BERAKHIR = ("berlaku_sampai",)
DIJAGA = (
    Jaga("realisasi_riwayat"),
    Jaga("realisasi_segelriwayat"),
    Jaga("realisasi_kepalatersegel"),
    Jaga("realisasi_barisversi"),
    Jaga(
        "realisasi_versilaporan",
        sekali=(
            "ditarik_pada",
            "verifikasi_dimulai_pada",
            "diverifikasi_pada",
            "dikembalikan_pada",
            "alasan_pengembalian",
            "dibuka_kembali_pada",
            "alasan_pembukaan",
        ),
        bebas=("verifikator_id",),  # one may begin and another one end it
    ),
    Jaga("realisasi_versipagu", sekali=DICABUT),
    Jaga("realisasi_versirk", sekali=DICABUT),
    Jaga("realisasi_target", sekali=DICABUT),
    Jaga("realisasi_penyaluran", sekali=DICABUT),
    Jaga("realisasi_kontrakterdahulu", sekali=DICABUT),
    Jaga("realisasi_rekaptriwulan", sekali=BERAKHIR),
    Jaga("realisasi_rekapwilayah", sekali=BERAKHIR),
    Jaga("realisasi_parameter", bebas=("digantikan_oleh_id",)),
)


# --- SQL: (name of the trigger, statement that creates it) -----------------------------------------

FUNGSI_POSTGRES = f"""
CREATE OR REPLACE FUNCTION {FUNGSI}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sekali text[] := TG_ARGV[1]::text[];
    bebas text[] := TG_ARGV[2]::text[];
    kolom text;
    lama jsonb;
    baru jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND cardinality(sekali || bebas) > 0 THEN
        lama := to_jsonb(OLD) - bebas;
        baru := to_jsonb(NEW) - bebas;
        FOREACH kolom IN ARRAY sekali LOOP
            IF coalesce(lama ->> kolom, '') = '' THEN
                lama := lama - kolom;
                baru := baru - kolom;
            END IF;
        END LOOP;
        IF lama = baru THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def _postgres(jaga: Jaga, cursor: Any) -> Iterator[tuple[str, str]]:
    # The function compares whole rows: a trigger that named columns would stand in the way of ALTER TABLE.
    arguments = f"'{jaga.pesan}', '{{{','.join(jaga.sekali)}}}', '{{{','.join(jaga.bebas)}}}'"
    for name, event, each in (("baris", "UPDATE OR DELETE", "ROW"), ("kosong", "TRUNCATE", "STATEMENT")):
        trigger = f"{AWALAN}{jaga.tabel}_{name}"
        head = f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {event} ON {jaga.tabel}"
        yield trigger, f"{head} FOR EACH {each} EXECUTE FUNCTION {FUNGSI}({arguments})"


def _sqlite(jaga: Jaga, cursor: Any) -> Iterator[tuple[str, str]]:
    changed = " OR ".join(_sqlite_changes(jaga, _columns(jaga, cursor)))
    # Only the words of an INSERT tell REPLACE from a new row, and its deletion fires no trigger.
    taken = " OR ".join(_sqlite_taken(jaga, cursor))
    for name, event, condition in (
        ("ubah", "UPDATE", f"WHEN {changed} " if jaga.sekali or jaga.bebas else ""),
        ("hapus", "DELETE", ""),
        ("timpa", "INSERT", f"WHEN {taken} "),
    ):
        trigger = f"{AWALAN}{jaga.tabel}_{name}"
        head = f"CREATE TRIGGER {trigger} BEFORE {event} ON {jaga.tabel}"
        yield trigger, f"{head} {condition}BEGIN SELECT RAISE(ABORT, '{jaga.pesan}'); END"


def _sqlite_changes(jaga: Jaga, columns: list[str]) -> Iterator[str]:
    for column in columns:
        if column in jaga.sekali:
            yield f"(coalesce(OLD.{column}, '') <> '' AND OLD.{column} IS NOT NEW.{column})"
        elif column not in jaga.bebas:
            yield f"OLD.{column} IS NOT NEW.{column}"


def _sqlite_taken(jaga: Jaga, cursor: Any) -> Iterator[str]:
    """For each unique key: whether a row of the table has that of the new row already."""
    keys = [(["id"], False)]
    cursor.execute(f"PRAGMA index_list({jaga.tabel})")
    for _, index, is_unique, _, is_partial in cursor.fetchall():
        if is_unique:
            cursor.execute(f"PRAGMA index_info({index})")
            keys.append(([row[2] for row in cursor.fetchall()], bool(is_partial)))
    for columns, is_partial in keys:
        same = [f"{column} = NEW.{column}" for column in columns]
        # Every partial key here is that of the rows that hold now.
        same += [f"{side}{jaga.sekali[0]} IS NULL" for side in ("", "NEW.")] if is_partial else []
        yield f"EXISTS (SELECT 1 FROM {jaga.tabel} WHERE {' AND '.join(same)})"  # noqa: S608 - names of ours


BUAT = {"postgresql": _postgres, "sqlite": _sqlite}
TERPASANG = {
    "postgresql": "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)",
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
}
HAPUS = {"postgresql": "DROP TRIGGER IF EXISTS {0} ON {1}", "sqlite": "DROP TRIGGER IF EXISTS {0}"}


# --- putting up and taking away -----------------------------------------------------------------------


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put every guard up; one that stands is put up again, in its present form."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        wanted = dict(
            pair for jaga in DIJAGA if _has_shape(jaga, cursor) for pair in _statements(jaga, cursor)
        )
        is_postgres = connection.vendor == "postgresql"
        # PostgreSQL replaces them in place: dropping one would wait for every reader of its table.
        _drop(cursor, kept=wanted if is_postgres else ())
        for statement in [*([FUNGSI_POSTGRES] if is_postgres else []), *wanted.values()]:
            cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take every guard away."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _drop(cursor)


def remove_for_migrations(using: str, plan: Any = None, **kwargs: Any) -> None:
    """Before migrations: they are let at the rows; without any to run the guards stay."""
    if plan:
        remove(using)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The tables on which a guard does not stand."""
    with connections[using].cursor() as cursor:
        standing = _standing(cursor)
        return [
            jaga.tabel
            for jaga in DIJAGA
            if not {name for name, _ in _statements(jaga, cursor)} <= standing.keys()
        ]


def _statements(jaga: Jaga, cursor: Any) -> Iterator[tuple[str, str]]:
    return BUAT[cursor.db.vendor](jaga, cursor)


def _standing(cursor: Any) -> dict[str, str]:
    """Our triggers and their tables."""
    cursor.execute(TERPASANG[cursor.db.vendor])
    return {name: tabel for name, tabel in cursor.fetchall() if name.startswith(AWALAN)}


def _drop(cursor: Any, kept: Container[str] = ()) -> None:
    for name, tabel in _standing(cursor).items():
        if name not in kept:
            cursor.execute(HAPUS[cursor.db.vendor].format(name, tabel))


def _has_shape(jaga: Jaga, cursor: Any) -> bool:
    """Whether the table is there in the form that is guarded: after a migration back it may not be."""
    return {*jaga.sekali, *jaga.bebas, "id"} <= set(_columns(jaga, cursor))


def _columns(jaga: Jaga, cursor: Any) -> list[str]:
    introspection = cursor.db.introspection
    if jaga.tabel not in introspection.table_names(cursor):
        return []
    return [column.name for column in introspection.get_table_description(cursor, jaga.tabel)]
