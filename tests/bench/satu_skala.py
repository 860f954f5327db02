"""Works in the database of DATABASE_URL and prints JSON; `make bench` runs it in a process of its own.

Without a scale: loads the demonstration data. With one: adds what is missing to it, and measures.
"""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from time import perf_counter

import django

django.setup()

from realisasi.models import Alokasi  # noqa: E402 - needs the settings
from tests.bench import berkas, halaman, hitung, lapor, muat  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skala", type=int)
    parser.add_argument("--kali", type=int)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    json.dump(measure(options.skala, options.kali) if options.skala else load(), sys.stdout)


def load():
    started = perf_counter()
    muat.load()
    return round(perf_counter() - started, 1)


def measure(scale, kali):
    loaded = muat.fill_up(scale)
    found = []
    for part in (halaman, berkas, hitung, lapor):
        for row in part.measure(kali):
            found.append({**asdict(row), "rasio": row.rasio})
            sys.stderr.write(f"  {row.nama}: {row.milidetik:.1f} ms\n")
    return {
        "skala": scale,
        "alokasi": Alokasi.objects.count(),
        "muat_detik": round(loaded, 1),
        "ukuran": found,
    }


if __name__ == "__main__":
    main()
