"""The sheet of one report: its rows beside plan, contract and the quarter before, with their totals.

A working copy is read with the amounts of today, a submitted version with the amounts copied into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from realisasi.aturan.serapan import SEPERSERATUS_PERSEN, persen_dari
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    Alokasi,
    BarisLaporan,
    BarisVersi,
    Laporan,
    Paket,
    Pelaksanaan,
    Penyaluran,
    Target,
    VersiLaporan,
)
from realisasi.rekap.baca import persen_volume
from realisasi.rekap.laporan import earlier_values

ASKED = ("keuangan", "volume_selesai", "progres_fisik")


@dataclass(frozen=True, kw_only=True)
class BarisLembar:
    """One paket: what was filled in (`isian`), what was planned, what the last verified quarter said."""

    nomor: int
    paket: Paket
    isian: BarisLaporan | BarisVersi
    nilai_rk: int | None
    nilai_kontrak: int | None
    volume: Decimal
    satuan: str
    penerima_manfaat: int | None
    pelaksanaan: str
    pembayaran: str
    lalu: BarisVersi | None

    @property
    def uraian(self) -> str:
        """Menu and rincian; a paket named after its rincian does not say it twice."""
        menu, rincian = self.paket.kegiatan.menu, self.paket.kegiatan.rincian
        return menu if rincian == self.paket.nama else f"{menu} › {rincian}"

    @property
    def keuangan_lalu(self) -> int | None:
        return self.lalu.keuangan if self.lalu else None

    @property
    def volume_lalu(self) -> Decimal | None:
        return self.lalu.volume_selesai if self.lalu else None

    @property
    def progres_lalu(self) -> Decimal | None:
        return self.lalu.progres_fisik if self.lalu else None

    @property
    def bobot(self) -> int | None:
        """Weight of its progress: nilai kontrak, or nilai RK before a contract."""
        return self.nilai_rk if self.nilai_kontrak is None else self.nilai_kontrak

    @property
    def swakelola(self) -> bool:
        return self.pelaksanaan == Pelaksanaan.SWAKELOLA

    @property
    def tambahan(self) -> int | None:
        """Rupiah gained since the last verified quarter of the TA."""
        if self.isian.keuangan is None:
            return None
        return self.isian.keuangan - (self.keuangan_lalu or 0)

    @property
    def persen_keuangan(self) -> Decimal | None:
        """Column 13: realisasi keuangan over nilai RK."""
        return persen_dari(self.isian.keuangan, self.nilai_rk)

    @property
    def persen_volume(self) -> Decimal | None:
        """Column 15: volume selesai over volume."""
        return persen_volume(self.isian.volume_selesai, self.volume)

    @property
    def berubah(self) -> frozenset[str]:
        """The columns that differ from the last verified quarter; without one nothing is marked."""
        if self.lalu is None:
            return frozenset()
        return frozenset(name for name in ASKED if getattr(self.isian, name) != getattr(self.lalu, name))


@dataclass(frozen=True, kw_only=True)
class Lembar:
    """A whole report. `sebelum` is the verified quarter that stands beside it, None where there is none."""

    laporan: Laporan
    baris: list[BarisLembar]
    sebelum: Triwulan | None
    pagu: int | None
    penyaluran: int
    target: Target | None

    @property
    def keuangan(self) -> int:
        return sum(row.isian.keuangan or 0 for row in self.baris)

    @property
    def tambahan(self) -> int:
        return sum(row.tambahan or 0 for row in self.baris)

    @property
    def nilai_rk(self) -> int:
        return sum(row.nilai_rk or 0 for row in self.baris)

    @property
    def kontrak_kontraktual(self) -> int:
        return sum(row.nilai_kontrak or 0 for row in self.baris if not row.swakelola)

    @property
    def kontrak_swakelola(self) -> int:
        return sum(row.nilai_kontrak or 0 for row in self.baris if row.swakelola)

    @property
    def persen(self) -> Decimal | None:
        """Serapan: realisasi keuangan over pagu."""
        return persen_dari(self.keuangan, self.pagu)

    @property
    def persen_rk(self) -> Decimal | None:
        return persen_dari(self.keuangan, self.nilai_rk)

    @property
    def fisik(self) -> Decimal | None:
        """Progress weighted by contract, or by RK before one."""
        done = sum(
            (row.bobot or 0) * int(row.isian.progres_fisik.scaleb(2))
            for row in self.baris
            if row.isian.progres_fisik is not None
        )
        return persen_dari(done, sum(row.bobot or 0 for row in self.baris) * SEPERSERATUS_PERSEN)

    @property
    def target_keuangan(self) -> int | None:
        return self.target.keuangan if self.target else None

    @property
    def target_fisik(self) -> Decimal | None:
        return self.target.fisik if self.target else None

    @property
    def capaian_target(self) -> Decimal | None:
        return persen_dari(self.keuangan, self.target_keuangan)

    @property
    def isian(self) -> int:
        """How many cells are asked for."""
        return len(self.baris) * len(ASKED)

    @property
    def terisi(self) -> int:
        return sum(getattr(row.isian, name) is not None for row in self.baris for name in ASKED)

    def with_values(self, typed: Mapping[int, BarisLaporan]) -> Lembar:
        """The same sheet with what was typed in place of what is stored."""
        rows = [replace(row, isian=typed.get(row.paket.pk, row.isian)) for row in self.baris]
        return replace(self, baris=rows)


def working_sheet(laporan: Laporan, *, now: datetime) -> Lembar:
    """The working copy, a row for every paket of the alokasi (an empty one where none is stored yet)."""
    hari = laporan.tw.posisi(now.astimezone(WIB).date())
    packages = Paket.objects.filter(kegiatan__alokasi=laporan.alokasi_id).with_amounts(hari)
    stored = {row.paket_id: row for row in laporan.baris.all()}
    before = earlier_values(laporan)
    rows = [
        BarisLembar(
            nomor=nomor,
            paket=paket,
            isian=stored.get(paket.pk) or BarisLaporan(laporan=laporan, paket=paket),
            nilai_rk=paket.nilai_rk,
            nilai_kontrak=paket.kontrak,
            volume=paket.kegiatan.volume,
            satuan=paket.kegiatan.satuan,
            penerima_manfaat=paket.kegiatan.penerima_manfaat,
            pelaksanaan=paket.kegiatan.pelaksanaan,
            pembayaran=paket.kegiatan.pembayaran,
            lalu=_latest(before, paket.pk),
        )
        for nomor, paket in enumerate(packages.select_related("kegiatan").order_by("kegiatan", "pk"), start=1)
    ]
    return _sheet(laporan, rows, before, now)


def sent_sheet(versi: VersiLaporan, laporan: Laporan, *, now: datetime) -> Lembar:
    """A submission as it was sent."""
    before = earlier_values(laporan)
    sent = versi.baris.select_related("paket__kegiatan").order_by("paket__kegiatan", "paket")
    rows = [
        BarisLembar(
            nomor=nomor,
            paket=row.paket,
            isian=row,
            nilai_rk=row.nilai_rk,
            nilai_kontrak=row.nilai_kontrak,
            volume=row.volume,
            satuan=row.satuan,
            penerima_manfaat=row.penerima_manfaat,
            pelaksanaan=row.pelaksanaan,
            pembayaran=row.pembayaran,
            lalu=_latest(before, row.paket_id),
        )
        for nomor, row in enumerate(sent, start=1)
    ]
    return _sheet(laporan, rows, before, now)


def _latest(before: dict[int, list[BarisVersi]], paket: int) -> BarisVersi | None:
    return before[paket][0] if paket in before else None


def _sheet(
    laporan: Laporan, rows: list[BarisLembar], before: dict[int, list[BarisVersi]], now: datetime
) -> Lembar:
    hari = laporan.tw.posisi(now.astimezone(WIB).date())
    quarters = {row.versi.laporan.triwulan for earlier in before.values() for row in earlier}
    received = Penyaluran.objects.known().filter(alokasi=laporan.alokasi_id, tanggal_sp2d__lte=hari)
    return Lembar(
        laporan=laporan,
        baris=rows,
        sebelum=Triwulan(laporan.tw.tahun, max(quarters)) if quarters else None,
        pagu=Alokasi.objects.filter(pk=laporan.alokasi_id).with_pagu(hari).get().pagu,
        penyaluran=received.aggregate(jumlah=Sum("jumlah"))["jumlah"] or 0,
        target=Target.objects.known().filter(alokasi=laporan.alokasi_id, triwulan=laporan.triwulan).first(),
    )
