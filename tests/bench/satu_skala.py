"""Fills the database of DATABASE_URL at one scale, measures, prints JSON; `make bench` runs it per scale."""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402

from tests.bench import berkas, halaman, hitung, lapor  # noqa: E402
from tests.bench.alat import replay  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skala", type=int, required=True)
    parser.add_argument("--kali", type=int, required=True)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("load_wilayah", verbosity=0)
    started = perf_counter()
    call_command("load_demo", "--today=2024-10-15", f"--scale={options.skala}", verbosity=0)
    loaded = perf_counter() - started
    replay(["ANALYZE"])
    found = []
    for part in (halaman, berkas, hitung, lapor):
        for row in part.measure(options.kali):
            found.append({**asdict(row), "rasio": row.rasio})
            sys.stderr.write(f"  {row.nama}: {row.milidetik:.1f} ms\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM realisasi_alokasi")
        alokasi = cursor.fetchone()[0]
    result = {"skala": options.skala, "alokasi": alokasi, "muat_detik": round(loaded, 1), "ukuran": found}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
