"""`tutup_triwulan`: a person closes a quarter; from then on its figures are final."""

from typing import Any

from django.core.management.base import CommandParser

from daerah import waktu
from daerah.models import Pengguna
from realisasi.actions.penutupan import close_triwulan
from realisasi.actions.peristiwa import compute_open
from realisasi.management.perintah import Perintah, add_triwulan, triwulan_of


class Command(Perintah):
    help = "Menutup triwulan."

    def add_arguments(self, parser: CommandParser) -> None:
        add_triwulan(parser)
        parser.add_argument("--alasan", default="", help="wajib bila masih ada laporan di kementerian")

    def handle(self, *args: Any, **options: Any) -> None:
        now = waktu.now()
        compute_open(now=now)
        periode = close_triwulan(
            tw=triwulan_of(options), by=Pengguna.objects.sistem(), now=now, alasan=options["alasan"]
        )
        self.stdout.write(f"{periode} ditutup.")
