"""Whole numbers that add up: every random share of money in the plan comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def dice(*key: object) -> Random:
    """A generator of its own for every question, so that one more question changes no other answer."""
    return Random(":".join(map(str, key)))  # noqa: S311 - the same data every time; nothing secret


def split(total: int, weights: Sequence[int], *, caps: Sequence[int] | None = None) -> list[int]:
    """Split a whole number by weights, exactly; no share exceeds its cap.

    Raises:
        ValueError: when the caps together are below the total.
    """
    room = list(caps) if caps is not None else [total] * len(weights)
    if sum(room) < total:
        raise ValueError(f"{total} does not fit into {sum(room)}")
    shares = [0] * len(room)
    while rest := total - sum(shares):
        live = [weight if have < cap else 0 for weight, have, cap in zip(weights, shares, room, strict=True)]
        if not any(live):  # only shares of no weight have room left
            live = [int(have < cap) for have, cap in zip(shares, room, strict=True)]
        for index, weight in enumerate(live):
            # Rounded up, within what is left: every round gives something away, so it ends.
            more = min(-(-rest * weight // sum(live)), room[index] - shares[index], total - sum(shares))
            shares[index] += more
    return shares
