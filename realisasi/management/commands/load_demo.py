"""`load_demo`: demonstration data as of a day, through the doors of real input; only in DEMO."""

import argparse
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from daerah.models import Daerah
from realisasi.contoh.muat import load
from realisasi.management.perintah import Perintah
from realisasi.models import Alokasi


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” bukan tanggal; tulis seperti 2024-10-15.") from None


class Command(Perintah):
    help = "Memuat data contoh ke basis data kosong (hanya dengan DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=day, default=settings.DEMO_TODAY, help="hari data contoh")
        parser.add_argument("--scale", type=int, default=1, help="kali lipat alokasi per TA (bidang uji)")

    def handle(self, *args: Any, today: date, scale: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Data contoh hanya dimuat bila DEMO=1.")
        if Alokasi.objects.exists():
            raise CommandError("Sudah ada alokasi: data contoh hanya dimuat ke basis data kosong.")
        if scale < 1:
            raise CommandError("--scale paling sedikit 1.")
        if not Daerah.objects.exists():
            call_command("load_wilayah", verbosity=0)
        try:
            opened = load(today, scale=scale)
        except ValueError as refusal:
            raise CommandError(str(refusal)) from None
        if options["verbosity"]:
            for year in opened:
                self.stdout.write(f"TA {year.tahun}: {len(year.perjalanan)} daerah.")
