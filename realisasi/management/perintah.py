"""What commands share: the arguments of a quarter, and refusals that read like a sentence."""

from __future__ import annotations

import argparse
import re
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realisasi.actions.galat import Ditolak
from realisasi.aturan.triwulan import Triwulan
from realisasi.rekap.saat import end_of


class Perintah(BaseCommand):
    """A command on data: no start-up checks (they guard the server), refusals as one line and exit 1."""

    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Ditolak as refusal:
            raise CommandError(refusal.pesan) from refusal


def add_triwulan(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--tahun", type=_tahun, required=required, help="tahun anggaran")
    parser.add_argument("--triwulan", type=int, choices=(1, 2, 3, 4), required=required, help="1 sampai 4")


def add_pada(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pada", type=_pada, metavar="YYYY-MM-DD", help="angka sebagaimana diketahui pada akhir hari itu"
    )


def _pada(text: str) -> datetime:
    try:
        return end_of(date.fromisoformat(text))
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text[:20]!r}: isi tanggal YYYY-MM-DD") from None


def _tahun(text: str) -> int:
    if not re.fullmatch(r"20\d{2}", text, flags=re.ASCII):
        raise argparse.ArgumentTypeError(f"{text[:20]!r}: isi tahun 2000 sampai 2099")
    return int(text)


def triwulan_of(options: dict[str, Any]) -> Triwulan:
    return Triwulan(options["tahun"], options["triwulan"])
