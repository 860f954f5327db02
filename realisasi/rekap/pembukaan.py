"""Reports that were reopened after their quarter was closed, and what that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from realisasi.models import Bidang, PeriodeTriwulan, Riwayat, VersiLaporan


@dataclass(frozen=True, kw_only=True)
class Pembukaan:
    """One reopening: the verified submission that was opened, who did it, and the one that replaced it."""

    versi: VersiLaporan
    jejak: Riwayat | None
    pengganti: VersiLaporan | None

    def changes_after(self, closing: datetime) -> bool:
        """Whether it changed, or still may change, the figures of a quarter closed at this instant."""
        replaced = self.pengganti and self.pengganti.diverifikasi_pada
        return replaced is None or replaced > closing


def reopened_after_closing(user: Any, closed: Iterable[PeriodeTriwulan]) -> dict[int, list[Pembukaan]]:
    """The reopenings since the closing of each of these quarters of one TA, by triwulan, the oldest first."""
    closing = {quarter.triwulan: quarter.ditutup_pada for quarter in closed}
    reopened = list(
        VersiLaporan.objects.visible_to(user)
        .filter(
            laporan__alokasi__bidang=Bidang.IKM,
            laporan__alokasi__tahun__in={quarter.tahun_id for quarter in closed},
            laporan__triwulan__in=closing,
            dibuka_kembali_pada__isnull=False,
        )
        .select_related("laporan__alokasi__daerah")
        .order_by("dibuka_kembali_pada", "pk")
    )
    trails, verified = _trails(reopened), _verified(reopened)
    found: dict[int, list[Pembukaan]] = defaultdict(list)
    for versi in reopened:
        trail = trails[versi.laporan_id].pop(0) if trails[versi.laporan_id] else None
        later = (one for one in verified[versi.laporan_id] if one.nomor > versi.nomor)
        row = Pembukaan(versi=versi, jejak=trail, pengganti=next(later, None))
        if row.changes_after(closing[versi.laporan.triwulan]):
            found[versi.laporan.triwulan].append(row)
    return found


def _trails(reopened: list[VersiLaporan]) -> dict[int, list[Riwayat]]:
    """The audit rows of every reopening of these reports, in order of time: the first is of the first."""
    names = {f"laporan:{versi.laporan_id}": versi.laporan_id for versi in reopened}
    rows = Riwayat.objects.filter(subjek__in=names, aksi="buka kembali").select_related("pelaku")
    found: dict[int, list[Riwayat]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[names[row.subjek]].append(row)
    return found


def _verified(reopened: list[VersiLaporan]) -> dict[int, list[VersiLaporan]]:
    reports = {versi.laporan_id for versi in reopened}
    rows = VersiLaporan.objects.filter(laporan__in=reports, diverifikasi_pada__isnull=False)
    found: dict[int, list[VersiLaporan]] = defaultdict(list)
    for row in rows.order_by("nomor"):
        found[row.laporan_id].append(row)
    return found
