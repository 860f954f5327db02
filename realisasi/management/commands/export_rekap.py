"""`export_rekap`: the analysts' workbook of a quarter."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daerah import waktu
from daerah.models import Pengguna
from realisasi.buku.rekap_analis import write_rekap
from realisasi.management.perintah import Perintah, add_pada, add_triwulan, triwulan_of
from realisasi.models import Posisi


class Command(Perintah):
    help = "Menulis buku kerja analis."

    def add_arguments(self, parser: CommandParser) -> None:
        add_triwulan(parser)
        parser.add_argument("--posisi", choices=Posisi.values)
        add_pada(parser)
        parser.add_argument("-o", "--output", metavar="FILE.xlsx", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        # Whole before it touches the disk: no half workbook is left behind.
        buku = BytesIO()
        user, now = Pengguna.objects.sistem(), waktu.now()
        write_rekap(
            buku, user=user, tw=triwulan_of(options), now=now, posisi=options["posisi"], pada=options["pada"]
        )
        out: Path = options["output"]
        try:
            out.write_bytes(buku.getvalue())
        except OSError as galat:
            raise CommandError(f"{out} tidak dapat ditulis: {galat.strerror}.") from galat
        self.stdout.write(f"{out} ditulis.")
