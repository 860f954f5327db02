"""`show_serapan`: the rows of `api/v1/serapan/`, the whole list."""

import json
from typing import Any

from django.core.management.base import CommandParser

from daerah.models import Pengguna
from realisasi.management.perintah import Perintah, add_pada, add_triwulan, triwulan_of
from realisasi.models import Posisi
from realisasi.rekap.baca import NASIONAL, TINGKAT, serapan_rows
from realisasi.rekap.kolom import KOLOM_SERAPAN


class Command(Perintah):
    help = "Menampilkan serapan per wilayah atau penerima, urut kode."

    def add_arguments(self, parser: CommandParser) -> None:
        add_triwulan(parser)
        parser.add_argument("--tingkat", choices=TINGKAT, default=NASIONAL)
        parser.add_argument("--posisi", choices=Posisi.values)
        add_pada(parser)
        parser.add_argument("--json", action="store_true", help="sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = serapan_rows(
            Pengguna.objects.sistem(),
            triwulan_of(options),
            options["tingkat"],
            posisi=options["posisi"],
            pada=options["pada"],
        )
        if options["json"]:
            data = [{column.key: column.as_json(row) for column in KOLOM_SERAPAN} for row in rows]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(
                " · ".join(f"{column.label}: {column.as_text(row)}" for column in KOLOM_SERAPAN)
            )
