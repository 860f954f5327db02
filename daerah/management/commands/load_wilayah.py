"""`load_wilayah`: the 552 regions from the project's own copy; repeatable."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from daerah.models import Daerah

DATA = Path(__file__).resolve().parents[2] / "data"
# DKI Jakarta's six areas are administrative (UU 29/2007): they carry no budget.
DKI = "31"


def rows() -> list[Daerah]:
    """Provinces first, so that the parent of a kab/kota is there before it."""
    with (DATA / "padanan_kode.csv").open(encoding="utf-8") as file:
        padanan = {row["kode"]: row for row in csv.DictReader(file)}
    with (DATA / "wilayah.csv").open(encoding="utf-8") as file:
        found = [_daerah(row, padanan[row["kode"]]) for row in csv.DictReader(file)]
    return sorted(found, key=lambda daerah: (daerah.induk_id is not None, daerah.kode))


def _daerah(row: dict[str, str], padanan: dict[str, str]) -> Daerah:
    is_province = row["jenis"] == "provinsi"
    return Daerah(
        kode=row["kode"],
        nama=row["nama"],
        jenis=row["jenis"],
        induk_id=None if is_province else row["kode_provinsi"],
        zona_waktu=row["zona_waktu"],
        lat=row["lat"],
        lon=row["lon"],
        administratif=not is_province and row["kode_provinsi"] == DKI,
        kode_bps=padanan["kode_bps"],
        kode_lama=padanan["kode_lama_2021"],
    )


class Command(BaseCommand):
    help = "Memuat 552 wilayah (38 provinsi, 416 kabupaten, 98 kota); dapat diulang."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = rows()
        fields = [f.name for f in Daerah._meta.concrete_fields if not f.primary_key]
        Daerah.objects.bulk_create(found, update_conflicts=True, unique_fields=["kode"], update_fields=fields)
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(found)} wilayah dimuat.")
