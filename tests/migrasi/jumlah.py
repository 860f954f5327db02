"""Answers the statements given as JSON, as JSON."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
django.setup()

from django.db import connection  # noqa: E402 - only after the set-up


def plain(value):
    return float(value) if isinstance(value, Decimal) else value


with connection.cursor() as cursor:
    found = {}
    for name, statement in json.loads(sys.argv[1]).items():
        cursor.execute(statement)
        found[name] = [[plain(value) for value in row] for row in cursor.fetchall()]
json.dump(found, sys.stdout)
