"""What a receipt stands for: the copy of each submitted row, and the fingerprint of all of it."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from realisasi.aturan.serapan import capaian_sejuta
from realisasi.aturan.triwulan import WIB
from realisasi.models import BarisVersi, VersiLaporan

# What an officer fills in for one paket.
FIELDS = ("keuangan", "volume_selesai", "progres_fisik", "kode_masalah", "penjelasan", "alasan")


def copy_row(sent: VersiLaporan, row: Any, paket: Any) -> BarisVersi:
    """The submitted copy of whatever holds the FIELDS; `paket` carries RK and contract as of the quarter."""
    kegiatan = paket.kegiatan
    return BarisVersi(
        versi=sent,
        paket=paket,
        **{name: getattr(row, name) for name in FIELDS},
        nilai_rk=paket.nilai_rk,
        nilai_kontrak=paket.kontrak,
        volume=kegiatan.volume,
        satuan=kegiatan.satuan,
        penerima_manfaat=kegiatan.penerima_manfaat,
        pelaksanaan=kegiatan.pelaksanaan,
        pembayaran=kegiatan.pembayaran,
        capaian_sejuta=capaian_sejuta(row.volume_selesai, kegiatan.volume),
    )


def fingerprint(sent: VersiLaporan, rows: list[BarisVersi]) -> str:
    """SHA-256 over what was submitted, in one canonical form: `verify_receipt` computes it again."""
    content = {
        "tanda_terima": sent.tanda_terima,
        "diajukan_oleh": sent.diajukan_oleh_id,
        "diajukan_pada": sent.diajukan_pada.astimezone(WIB).isoformat(),
        "nihil": sent.nihil,
        "alasan_nihil": sent.alasan_nihil,
        "catatan": sent.catatan,
        "baris": [_row_content(row) for row in sorted(rows, key=lambda row: row.paket_id)],
    }
    return _sha256(content)


def row_fingerprints(rows: list[BarisVersi]) -> dict[str, str]:
    """SHA-256 of each submitted row, by paket: the trail keeps them, so that a changed row can be named."""
    return {str(row.paket_id): _sha256(_row_content(row)) for row in rows}


def _row_content(row: BarisVersi) -> dict[str, Any]:
    columns = (*FIELDS, "nilai_rk", "nilai_kontrak", "volume", "satuan", "pelaksanaan", "pembayaran")
    return {"paket": row.paket_id, **{name: _canonical(getattr(row, name)) for name in columns}}


def _sha256(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, Decimal) else value
