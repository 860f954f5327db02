"""`verify_riwayat`: whether the audit trail is whole; if not, exit 1 and the first broken link of a chain."""

from typing import Any

from django.core.management.base import CommandError

from realisasi.actions.periksa_riwayat import PemeriksaanRiwayat
from realisasi.aturan.tampilan import rupiah, waktu
from realisasi.management.perintah import Perintah

DIHITUNG = ("rantai", "baris", "segel", "kepala tersegel", "tanda terima", "fakta")


class Command(Perintah):
    help = "Memeriksa jejak audit: rantai, kepala, segel, tanda terima, dan sidik fakta."

    def handle(self, *args: Any, **options: Any) -> None:
        pemeriksaan = PemeriksaanRiwayat()
        count = 0
        for fault in pemeriksaan.broken():
            self.stdout.write(f"PUTUS: {fault}.")
            count += 1
        if count:
            raise CommandError(f"Jejak audit tidak utuh: {rupiah(count)} temuan.")
        self.stdout.write(_summary(pemeriksaan))


def _summary(pemeriksaan: PemeriksaanRiwayat) -> str:
    counts = (f"{rupiah(pemeriksaan.jumlah[name])} {name}" for name in DIHITUNG)
    lines = [f"Jejak audit utuh: {', '.join(counts)}."]
    if pemeriksaan.tanpa_sidik:
        parts = ", ".join(f"{name} {rupiah(count)}" for name, count in pemeriksaan.tanpa_sidik.items())
        lines.append(f"Tanpa sidik (lebih tua dari sidik fakta, bawaan aplikasi, atau bidang uji): {parts}.")
    if segel := pemeriksaan.segel_terakhir:
        lines.append(f"Segel terakhir: nomor {segel.pk}, {waktu(segel.waktu)}, sidik {segel.sidik}.")
    else:
        lines.append("Belum pernah disegel.")
    return "\n".join(lines)
