"""The rules of the schedule that came with this release, for a database that was installed before it."""

import csv
import json
from pathlib import Path
from typing import Any

from django.db import migrations
from django.utils import timezone

DATA = Path(__file__).resolve().parents[1] / "data" / "parameter.csv"
KUNCI = ("lapor.dibuka", "lapor.batas")


def load(apps: Any, schema_editor: Any) -> None:
    Parameter = apps.get_model("realisasi", "Parameter")
    there = set(Parameter.objects.filter(kunci__in=KUNCI).values_list("kunci", flat=True))
    with DATA.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kunci"] in set(KUNCI) - there]
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
        for row in rows
    )


class Migration(migrations.Migration):
    dependencies = [("realisasi", "0005_tercatat_wajib")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
