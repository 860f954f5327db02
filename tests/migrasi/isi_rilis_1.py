"""Fills a database that stands at the first release with what that release had written into it.

`rilis_1.json.gz` is a copy of demonstration data of 15 October 2024 for some twenty daerah, written by the
first release itself: per model its columns and rows, values as text. Run as a module, so that the migrated
database is never the one of the suite.
"""

import gzip
import json
import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

RILIS_1 = {"daerah": "0002_token_akses", "realisasi": "0002_isian_awal"}


def fill():
    old = MigrationExecutor(connection).loader.project_state(list(RILIS_1.items())).apps
    with gzip.open(Path(__file__).with_name("rilis_1.json.gz"), "rt", encoding="utf-8") as berkas:
        tables = json.load(berkas)
    models = [old.get_model(label) for label in tables]
    with transaction.atomic():
        for model in models:
            model._base_manager.all().delete()  # the rows that the release ships are in the copy, too
        for model in models:
            model._base_manager.bulk_create(rows_of(model, **tables[model._meta.label_lower]), batch_size=200)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


def rows_of(model, kolom, baris):
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for values in baris:
        named = zip(kolom, values, strict=True)
        yield model(**{name: read(fields[name], text) for name, text in named})


def read(field, text):
    if text is None or field.get_internal_type() == "JSONField":
        return text
    return field.target_field.to_python(text) if field.is_relation else field.to_python(text)


if __name__ == "__main__":
    django.setup()
    # The first release had no guards; those of today are set up after every migration.
    import_module("realisasi.pemicu").remove()
    fill()
    sys.stdout.write("terisi\n")
