"""Transfers as they stand on a day, per tahap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum

from realisasi.models import Alokasi, Bidang, Penyaluran


@dataclass(frozen=True, kw_only=True)
class JumlahTahap:
    """What one Tahap Penyaluran brought (rupiah) and how many daerah got it."""

    tahap: Penyaluran.Tahap
    jumlah: int | None
    daerah: int


def by_tahap(
    user: Any, *, tahun: int, hari: date, pada: datetime | None = None, provinsi: str = ""
) -> list[JumlahTahap]:
    """Every tahap in order; None where nothing was transferred yet."""
    transfers = (
        Penyaluran.objects.visible_to(user)
        .known(pada)
        .filter(alokasi__tahun=tahun, alokasi__bidang=Bidang.IKM, tanggal_sp2d__lte=hari)
    )
    if provinsi:
        transfers = transfers.filter(alokasi__daerah__kode__startswith=provinsi)
    sums = transfers.order_by().values("tahap").annotate(
        total=Sum("jumlah"), daerah=Count("alokasi", distinct=True)
    )  # fmt: skip
    found = {row["tahap"]: row for row in sums}
    return [
        JumlahTahap(
            tahap=tahap,
            jumlah=found[tahap]["total"] if tahap in found else None,
            daerah=found[tahap]["daerah"] if tahap in found else 0,
        )
        for tahap in Penyaluran.Tahap
    ]


def transfers_of(
    user: Any, alokasi: Iterable[int], hari: date, pada: datetime | None = None
) -> dict[int, dict[str, list[Penyaluran]]]:
    """alokasi -> tahap -> its transfers by day."""
    found: dict[int, dict[str, list[Penyaluran]]] = defaultdict(lambda: defaultdict(list))
    visible = Penyaluran.objects.visible_to(user).known(pada)
    visible = visible.filter(alokasi__in=list(alokasi), tanggal_sp2d__lte=hari)
    for row in visible.order_by("tanggal_sp2d", "pk"):
        found[row.alokasi_id][row.tahap].append(row)
    return found


def excess_over_pagu(alokasi: Alokasi, hari: date) -> int | None:
    """By how many rupiah all transfers of an alokasi exceed its pagu; None where they do not."""
    pagu = Alokasi.objects.with_pagu(hari).values_list("pagu", flat=True).get(pk=alokasi.pk)  # type: ignore[attr-defined]
    total = Penyaluran.objects.known().filter(alokasi=alokasi).aggregate(total=Sum("jumlah"))["total"] or 0
    return total - pagu if pagu is not None and total > pagu else None
