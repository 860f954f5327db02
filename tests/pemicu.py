"""Taking the guards of the database away for a moment, as somebody with the database in hand could."""

from contextlib import contextmanager

from django.db import connection

from realisasi import pemicu


@contextmanager
def lifted():
    """The guards of history are away inside, and stand again afterwards."""
    settle()
    pemicu.remove()
    try:
        yield
    finally:
        settle()
        pemicu.install()


def settle():
    """PostgreSQL changes no trigger of a table whose foreign keys still wait to be checked."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
