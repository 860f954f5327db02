"""The bidang that is shown, and the rules known when the application was first installed."""

import csv
import json
from pathlib import Path
from typing import Any

from django.db import migrations
from django.utils import timezone

DATA = Path(__file__).resolve().parents[1] / "data" / "parameter.csv"


def load(apps: Any, schema_editor: Any) -> None:
    Bidang = apps.get_model("realisasi", "Bidang")
    Parameter = apps.get_model("realisasi", "Parameter")
    Bidang.objects.get_or_create(kode="IKM", defaults={"nama": "Industri Kecil dan Menengah"})
    with DATA.open(encoding="utf-8") as file:
        Parameter.objects.bulk_create(
            Parameter(
                kunci=row["kunci"],
                tahun=row["tahun"] or None,
                nilai=json.loads(row["nilai"]),
                sumber=row["sumber"],
                tanda=row["tanda"],
                berlaku_dari=row["berlaku_dari"],
                dicatat_pada=timezone.now(),
            )
            for row in csv.DictReader(file)
        )


class Migration(migrations.Migration):
    dependencies = [("realisasi", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
