"""Writing facts: a better one ends the row before it, a wrong one is taken back, none is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from realisasi.models.tercatat import Tercatat

F = TypeVar("F", bound=Tercatat)


def put_all(rows: Iterable[F], *, keys: tuple[str, ...], now: datetime) -> list[F]:
    """Store facts of one model; each ends the one that held its key (attribute names) until now.

    Returns all rows that it touched, the ended ones too: the trail keeps their fingerprints.
    """
    new = list(rows)
    if not new:
        return []
    model = type(new[0])
    wanted = {tuple(getattr(row, key) for key in keys) for row in new}
    # The first key narrows the search to the rows of the same owners.
    owners = {row[0] for row in wanted}
    held = model._default_manager.filter(dicabut_pada__isnull=True, **{f"{keys[0]}__in": owners})
    ended = [row for row in held if tuple(getattr(row, key) for key in keys) in wanted]
    model._default_manager.filter(pk__in=[row.pk for row in ended]).update(dicabut_pada=now)
    for row in ended:
        row.dicabut_pada = now
    for row in new:
        row.dicatat_pada = now
    return [*ended, *model._default_manager.bulk_create(new, batch_size=500)]


def put(row: F, *, keys: tuple[str, ...], now: datetime) -> list[F]:
    """Store one fact; it ends the one that held its key until now. Returns both."""
    return put_all([row], keys=keys, now=now)
