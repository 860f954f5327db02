"""`verify_receipt NOMOR`: whether what is stored is still what the receipt was given for."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from realisasi.actions.tanda_terima import fingerprint, row_fingerprints
from realisasi.aturan.tampilan import rp, waktu
from realisasi.management.perintah import Perintah
from realisasi.models import BarisVersi, Paket, Riwayat, VersiLaporan


class Command(Perintah):
    help = "Memeriksa tanda terima: isi yang tersimpan harus sama dengan saat diajukan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("nomor", help="nomor tanda terima")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = VersiLaporan.objects.filter(tanda_terima=options["nomor"]).first()
        if sent is None:
            raise CommandError(f"Tanda terima {options['nomor']} tidak ditemukan.")
        rows = list(sent.baris.all())
        if fingerprint(sent, rows) != sent.sidik:
            raise CommandError(
                f"Isi laporan tidak sama dengan sidik tanda terima {sent}{_which(sent, rows)}."
            )
        total = sum(row.keuangan or 0 for row in rows)
        if total != sent.total_keuangan:
            raise CommandError(f"Total {rp(total)} tidak sama dengan tanda terima {rp(sent.total_keuangan)}.")
        self.stdout.write(f"{sent} benar: diajukan {waktu(sent.diajukan_pada)}, total {rp(total)}.")


def _which(sent: VersiLaporan, rows: list[BarisVersi]) -> str:
    """The rows that differ from what the trail kept of them; nothing where only the head was changed."""
    entry = Riwayat.objects.filter(
        subjek=f"laporan:{sent.laporan_id}", aksi="ajukan", sesudah__tanda_terima=sent.tanda_terima
    ).first()
    kept = ((entry and entry.sesudah) or {}).get("sidik_baris", {})
    stored = row_fingerprints(rows)
    differing = (
        {pk for pk in kept.keys() | stored.keys() if kept.get(pk) != stored.get(pk)} if kept else set()
    )
    names = Paket.objects.filter(pk__in=differing).order_by("pk").values_list("nama", flat=True)
    return f"; baris yang berubah: {', '.join(names)}" if names else ""
