"""`compute_rekap`: computes the stored figures again, or checks them without writing."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from daerah import waktu
from realisasi.actions.rekap import compute_all, find_differences
from realisasi.management.perintah import Perintah, add_triwulan


class Command(Perintah):
    help = "Menghitung ulang rekap; --check hanya membandingkan dan keluar 1 bila ada yang berbeda."

    def add_arguments(self, parser: CommandParser) -> None:
        add_triwulan(parser, required=False)
        parser.add_argument("--check", action="store_true", help="hanya memeriksa, tidak menulis")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = {"tahun": options["tahun"], "triwulan": options["triwulan"], "now": waktu.now()}
        if not options["check"]:
            self.stdout.write(f"{compute_all(**scope)} alokasi dihitung.")
            return
        found = find_differences(**scope)
        for row in found:
            state = "menunggu" if row.menunggu else "BERBEDA"
            columns = ", ".join(
                f"{name} {stored} seharusnya {fresh}" for name, (stored, fresh) in row.kolom.items()
            )
            self.stdout.write(f"{state}: {row.baris}: {columns}")
        wrong = sum(not row.menunggu for row in found)
        if wrong:
            raise CommandError(f"{wrong} baris rekap berbeda dari hitungan baru.")
        self.stdout.write(f"Rekap cocok; {len(found)} baris menunggu.")
