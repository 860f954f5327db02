"""`tutup_triwulan`: a person closes a quarter; from then on its figures are final."""

from typing import Any

from django.core.management.base import CommandParser

from daerah import waktu
from daerah.models import Pengguna
from realisasi.actions.penutupan import close_triwulan
from realisasi.buku.rekap_analis import closing_book
from realisasi.management.perintah import Perintah, add_triwulan, triwulan_of


class Command(Perintah):
    help = "Menutup triwulan."

    def add_arguments(self, parser: CommandParser) -> None:
        add_triwulan(parser)
        parser.add_argument("--alasan", default="", help="wajib bila masih ada laporan di kementerian")

    def handle(self, *args: Any, **options: Any) -> None:
        periode = close_triwulan(
            tw=triwulan_of(options),
            by=Pengguna.objects.sistem(),
            now=waktu.now(),
            alasan=options["alasan"],
            buku=closing_book,
        )
        self.stdout.write(f"{periode} ditutup. Sidik buku kerja: {periode.sidik_buku}")
