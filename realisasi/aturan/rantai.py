"""The hash chain of the audit trail: what is hashed, and in which form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_BENTUK = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class IsiRiwayat:
    """One row of the trail as its hash covers it; `sidik_sebelum` ties it to the row before in its chain."""

    rantai: str
    urutan: int
    waktu: datetime
    pelaku: int
    subjek: str
    aksi: str
    sebelum: Any
    sesudah: Any
    alasan: str
    fakta: Any
    sidik_sebelum: str


def sidik_riwayat(isi: IsiRiwayat) -> str:
    """SHA-256 (hex) of one row; the same on every database, however it keeps JSON and times."""
    return sidik({**vars(isi), "waktu": isi.waktu.astimezone(UTC).isoformat(timespec="microseconds")})


def sidik_segel(waktu: datetime, kepala: Iterable[tuple[str, int, str]], sidik_sebelum: str) -> str:
    """SHA-256 (hex) of a seal over (rantai, jumlah, sidik) of the heads that it fixes."""
    moment = waktu.astimezone(UTC).isoformat(timespec="microseconds")
    return sidik([moment, sorted([list(satu) for satu in kepala]), sidik_sebelum])


def sidik(isi: Any) -> str:
    """SHA-256 (hex) of a value in its one JSON form: keys sorted, no blanks, text as it is."""
    return hashlib.sha256(_BENTUK.encode(isi).encode()).hexdigest()


def rantai_of(subjek: str, alokasi: int | None) -> str:
    """The chain of a subject: its alokasi's where it has one, its TA's for a quarter, else its own."""
    if alokasi is not None:
        return f"alokasi:{alokasi}"
    kind, _, name = subjek.partition(":")
    return f"tahun:{name[:4]}" if kind == "triwulan" else subjek
