"""`import_alokasi`: the same import as the page, all or nothing; figures are there when it returns."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daerah import waktu
from daerah.models import Pengguna
from realisasi.actions.impor import apply_import, plan_import
from realisasi.actions.peristiwa import compute_open, without_messages
from realisasi.actions.rencana_impor import Perubahan, RencanaAlokasi
from realisasi.buku.formulir_alokasi import IsiFormulir, read_formulir
from realisasi.buku.kolom_alokasi import Syarat
from realisasi.buku.penjaga import BukuDitolak
from realisasi.management.perintah import Perintah


class Command(Perintah):
    help = "Memuat formulir alokasi; semua atau tidak sama sekali."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("berkas", metavar="FILE", type=Path, help="formulir alokasi (.xlsx)")
        parser.add_argument("--dry-run", action="store_true", help="hanya menampilkan yang akan berubah")

    def handle(self, *args: Any, **options: Any) -> None:
        now = waktu.now()
        isi = self._read(options["berkas"])
        rencana = plan_import(isi.baris, now=now)
        for satu in rencana.alokasi_berubah:
            self.stdout.write("\n".join(describe(satu)))
        self.stdout.write(rencana.ringkasan)
        if rencana.halangan:
            raise CommandError("\n".join(rencana.halangan))
        if options["dry_run"]:
            self.stdout.write("Uji saja: tidak ada yang ditulis.")
            return
        with without_messages():
            apply_import(rencana, by=Pengguna.objects.sistem(), now=now)
        compute_open(now=now)
        self.stdout.write("Formulir alokasi dimuat.")

    def _read(self, berkas: Path) -> IsiFormulir:
        try:
            isi = read_formulir(berkas, syarat=Syarat.load(hari=waktu.today()))
        except BukuDitolak as refusal:
            raise CommandError(refusal.pesan) from refusal
        except OSError as galat:
            raise CommandError(f"Berkas {berkas} tidak dapat dibuka: {galat.strerror}.") from galat
        for fault in isi.kesalahan:
            self.stderr.write(str(fault))
        if isi.kesalahan:
            raise CommandError(f"{len(isi.kesalahan)} kesalahan; tidak ada yang dimuat.")
        return isi


def describe(satu: RencanaAlokasi) -> Iterable[str]:
    """The changes of one alokasi, a line each."""
    baru = " (baru)" if satu.is_new else f" (berlaku dari {satu.berlaku_dari:%d-%m-%Y})"
    yield f"{satu.kode_daerah} {satu.nama_daerah} TA {satu.tahun}{baru}"
    yield from _lines("  ", satu.perubahan)
    for kegiatan in satu.kegiatan_baru:
        yield f"  + {kegiatan.baris.rincian}, {kegiatan.baris.lokasi}"
    for kegiatan in satu.kegiatan_berubah:
        yield f"  ~ {kegiatan.baris.rincian}, {kegiatan.baris.lokasi}"
        yield from _lines("    ", kegiatan.perubahan)
    for lama in satu.tidak_disebut:
        yield f"  ? tidak disebut lagi, tetap tersimpan: {lama.rincian}, {lama.lokasi}"


def _lines(indent: str, perubahan: Iterable[Perubahan]) -> Iterable[str]:
    for satu in perubahan:
        yield f"{indent}{satu.kolom}: {satu.sebelum_teks} > {satu.sesudah_teks}"
