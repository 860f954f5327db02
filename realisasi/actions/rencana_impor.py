"""What an import of a formulir alokasi would change, read from the rows as they are now; writes nothing.

An empty cell changes nothing. A kegiatan that the form no longer names is listed and stays. Capitals do not
make another kegiatan or sentra: what is stored keeps its spelling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any

from daerah.models import Daerah
from realisasi.aturan.formulir_alokasi import TRIWULAN, BarisAlokasi, by_alokasi, first_stated
from realisasi.aturan.tampilan import desimal, rp, tanggal
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    Alokasi,
    Kegiatan,
    PeriodeTriwulan,
    Sentra,
    TahunAnggaran,
    Target,
    VersiPagu,
    VersiRK,
)

UANG = frozenset({"pagu", "nilai_rk", *(f"target_keu_tw{ke}" for ke in TRIWULAN)})
KEGIATAN_FIELDS = ("volume", "satuan", "penerima_manfaat", "pelaksanaan", "pembayaran")
ALOKASI_FIELDS = ("tematik", "direktorat_pembina")


@dataclass(frozen=True)
class Perubahan:
    """One value that would change; `kolom` as in the form."""

    kolom: str
    sebelum: Any
    sesudah: Any

    @property
    def sebelum_teks(self) -> str:
        return _shown(self.kolom, self.sebelum)

    @property
    def sesudah_teks(self) -> str:
        return _shown(self.kolom, self.sesudah)


@dataclass(frozen=True)
class RencanaKegiatan:
    """A row of the form against the kegiatan that it names (None: new)."""

    baris: BarisAlokasi
    kegiatan_id: int | None
    perubahan: tuple[Perubahan, ...]

    @property
    def is_new(self) -> bool:
        return self.kegiatan_id is None

    @property
    def changes_amount(self) -> bool:
        return any(satu.kolom == "nilai_rk" for satu in self.perubahan)


@dataclass(frozen=True)
class KegiatanTersimpan:
    """A stored kegiatan that the form no longer names."""

    id: int
    rincian: str
    lokasi: str
    nilai_rk: int | None


@dataclass(frozen=True)
class RencanaSentra:
    """A sentra that is new or gets another komoditas."""

    kode_daerah: str
    nama: str
    sentra_id: int | None
    sebelum: str
    sesudah: str


@dataclass(frozen=True)
class RencanaAlokasi:
    """One daerah in one TA: what is stored against what the form says."""

    kode_daerah: str
    nama_daerah: str
    tahun: int
    alokasi_id: int | None
    pagu: int
    berlaku_dari: date
    perubahan: tuple[Perubahan, ...]
    kegiatan: tuple[RencanaKegiatan, ...]
    tidak_disebut: tuple[KegiatanTersimpan, ...]

    @property
    def kunci(self) -> tuple[str, int]:
        return self.kode_daerah, self.tahun

    @property
    def is_new(self) -> bool:
        return self.alokasi_id is None

    @property
    def kegiatan_baru(self) -> list[RencanaKegiatan]:
        return [satu for satu in self.kegiatan if satu.is_new]

    @property
    def kegiatan_berubah(self) -> list[RencanaKegiatan]:
        return [satu for satu in self.kegiatan if satu.perubahan and not satu.is_new]

    @property
    def kegiatan_tetap(self) -> int:
        return sum(not satu.perubahan for satu in self.kegiatan)

    @property
    def is_changed(self) -> bool:
        return bool(self.perubahan) or any(satu.perubahan for satu in self.kegiatan)

    @property
    def changes_amount(self) -> bool:
        return self.changed("pagu") is not None or any(satu.changes_amount for satu in self.kegiatan)

    def changed(self, kolom: str) -> Perubahan | None:
        return next((satu for satu in self.perubahan if satu.kolom == kolom), None)

    @property
    def total_rk(self) -> int:
        """RK after the import, kegiatan that are no longer named included."""
        return sum(satu.baris.nilai_rk for satu in self.kegiatan) + sum(
            satu.nilai_rk or 0 for satu in self.tidak_disebut
        )

    @property
    def mulai(self) -> int:
        """The first triwulan whose figures would change."""
        if self.is_new:
            return Triwulan.of(self.berlaku_dari).ke
        targets = [
            ke
            for ke in TRIWULAN
            if self.changed(f"target_keu_tw{ke}") or self.changed(f"target_fisik_tw{ke}")
        ]
        amounts = [Triwulan.of(self.berlaku_dari).ke] if self.changes_amount else []
        return min([*targets, *amounts], default=4)


@dataclass(frozen=True)
class RencanaImpor:
    """The whole import; with any `halangan` it cannot be applied."""

    baris: tuple[BarisAlokasi, ...]
    diminta: date | None  # the effective date that was asked for
    alokasi: tuple[RencanaAlokasi, ...]
    sentra: tuple[RencanaSentra, ...]
    tahun_baru: tuple[int, ...]
    halangan: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.sentra) or any(satu.is_changed for satu in self.alokasi)

    @property
    def alokasi_berubah(self) -> list[RencanaAlokasi]:
        return [satu for satu in self.alokasi if satu.is_changed]

    @property
    def ringkasan(self) -> str:
        """One sentence: "TA 2025 dibuka; alokasi: 1 baru, 0 berubah, 3 tetap; kegiatan: …"."""
        opened = "".join(f"TA {tahun} dibuka; " for tahun in self.tahun_baru)
        new = [satu for satu in self.alokasi if satu.is_new]
        changed = len(self.alokasi_berubah) - len(new)
        return (
            f"{opened}alokasi: {len(new)} baru, {changed} berubah, "
            f"{len(self.alokasi) - len(new) - changed} tetap; "
            f"kegiatan: {sum(len(satu.kegiatan_baru) for satu in self.alokasi)} baru, "
            f"{sum(len(satu.kegiatan_berubah) for satu in self.alokasi)} berubah, "
            f"{sum(satu.kegiatan_tetap for satu in self.alokasi)} tetap, "
            f"{sum(len(satu.tidak_disebut) for satu in self.alokasi)} tidak disebut lagi."
        )

    @property
    def sidik(self) -> str:
        """Equal for equal plans: tells whether what was previewed is still what would happen."""
        return hashlib.sha256(repr((self.alokasi, self.sentra, self.tahun_baru)).encode()).hexdigest()


def plan_import(
    baris: Sequence[BarisAlokasi], *, now: datetime, berlaku_dari: date | None = None
) -> RencanaImpor:
    """Compare the rows of a form with what is stored. A revision counts from `berlaku_dari` (default today).

    A constant number of queries, however many rows there are.
    """
    stored = Tersimpan(baris)
    hari = now.astimezone(WIB).date()
    alokasi = tuple(
        _plan_alokasi(rows, stored, asked=berlaku_dari, hari=hari)
        for rows in sorted(by_alokasi(baris), key=lambda rows: (rows[0].tahun, rows[0].kode_daerah))
    )
    tahun = {satu.tahun for satu in alokasi}
    return RencanaImpor(
        baris=tuple(baris),
        diminta=berlaku_dari,
        alokasi=alokasi,
        sentra=tuple(_plan_sentra(baris, stored)),
        tahun_baru=tuple(sorted(tahun - stored.tahun)),
        halangan=tuple(halangan for satu in alokasi for halangan in _obstacles(satu, stored)),
    )


class Tersimpan:
    """What is stored for the daerah and years of a form, looked up by what the form calls it."""

    def __init__(self, baris: Iterable[BarisAlokasi]) -> None:
        kode = {row.kode_daerah for row in baris}
        tahun = {row.tahun for row in baris}
        rows = Alokasi.objects.ikm().filter(daerah__in=kode, tahun__in=tahun)
        self.daerah = Daerah.objects.in_bulk(sorted(kode))
        self.tahun = set(TahunAnggaran.objects.filter(tahun__in=tahun).values_list("tahun", flat=True))
        self.alokasi = {(row.daerah_id, row.tahun_id): row for row in rows}
        # In order of their date, so that the last one in force stays in the dictionary.
        self.pagu = {
            versi.alokasi_id: versi
            for versi in VersiPagu.objects.known().filter(alokasi__in=rows).order_by("berlaku_dari")
        }
        self.rk = {
            versi.kegiatan_id: versi
            for versi in VersiRK.objects.known().filter(kegiatan__alokasi__in=rows).order_by("berlaku_dari")
        }
        self.target = {
            (row.alokasi_id, row.triwulan): row for row in Target.objects.known().filter(alokasi__in=rows)
        }
        self.kegiatan: dict[int, dict[tuple[str, ...], Kegiatan]] = {}
        for kegiatan in Kegiatan.objects.filter(alokasi__in=rows).select_related("sentra").order_by("pk"):
            self.kegiatan.setdefault(kegiatan.alokasi_id, {})[kegiatan.kunci] = kegiatan
        self.sentra = {
            (row.daerah_id, row.nama.casefold()): row for row in Sentra.objects.filter(daerah__in=kode)
        }
        self.closed = {
            (row.tahun_id, row.triwulan)
            for row in PeriodeTriwulan.objects.filter(tahun__in=tahun, ditutup_pada__isnull=False)
        }


def _plan_alokasi(
    rows: list[BarisAlokasi], stored: Tersimpan, *, asked: date | None, hari: date
) -> RencanaAlokasi:
    first = rows[0]
    alokasi = stored.alokasi.get(first.alokasi)
    alokasi_id = alokasi.pk if alokasi else None
    kegiatan = stored.kegiatan.get(alokasi_id, {}) if alokasi_id else {}
    named = {row.kunci for row in rows}
    return RencanaAlokasi(
        kode_daerah=first.kode_daerah,
        nama_daerah=str(stored.daerah[first.kode_daerah]),
        tahun=first.tahun,
        alokasi_id=alokasi_id,
        pagu=first.pagu,
        berlaku_dari=_effective(first.tahun, stored, alokasi_id, asked=asked, hari=hari),
        perubahan=tuple(_alokasi_changes(rows, alokasi, stored)),
        kegiatan=tuple(_plan_kegiatan(row, kegiatan.get(row.kunci), stored) for row in rows),
        tidak_disebut=tuple(
            KegiatanTersimpan(row.pk, row.rincian, row.lokasi, _nilai_rk(row, stored))
            for kunci, row in kegiatan.items()
            if kunci not in named
        ),
    )


def _effective(
    tahun: int, stored: Tersimpan, alokasi_id: int | None, *, asked: date | None, hari: date
) -> date:
    """The first version of a TA counts from its first day, a revision from the given day or today.

    A daerah that joins when quarters are closed counts from the first quarter that is still open: the
    closed ones must read as they were.
    """
    awal = date(tahun, 1, 1)
    if alokasi_id not in stored.pagu:
        open_quarters = [tw.awal for tw in Triwulan(tahun, 1).semua if (tahun, tw.ke) not in stored.closed]
        return min(open_quarters, default=awal)
    return asked or min(max(hari, awal), date(tahun, 12, 31))


def _alokasi_changes(
    rows: list[BarisAlokasi], alokasi: Alokasi | None, stored: Tersimpan
) -> Iterable[Perubahan]:
    versi = stored.pagu.get(alokasi.pk) if alokasi else None
    yield from _change("pagu", versi.jumlah if versi else None, rows[0].pagu)
    for name in ALOKASI_FIELDS:
        yield from _change(name, getattr(alokasi, name, ""), first_stated(rows, attrgetter(name)))
    for kind, prefix in (("keuangan", "target_keu"), ("fisik", "target_fisik")):
        for ke in TRIWULAN:
            stated = first_stated(rows, partial(_target, kind=kind, ke=ke))
            target = stored.target.get((alokasi.pk, ke)) if alokasi else None
            yield from _change(f"{prefix}_tw{ke}", getattr(target, kind, None), stated)


def _target(row: BarisAlokasi, *, kind: str, ke: int) -> Any:
    return getattr(row, f"target_{kind}")[ke - 1]


def _plan_kegiatan(row: BarisAlokasi, kegiatan: Kegiatan | None, stored: Tersimpan) -> RencanaKegiatan:
    changes = [
        change
        for name in KEGIATAN_FIELDS
        for change in _change(name, getattr(kegiatan, name, None), getattr(row, name))
    ]
    sentra = kegiatan.sentra.nama if kegiatan else ""
    if sentra.casefold() != row.sentra.casefold():
        changes.append(Perubahan("sentra", sentra, row.sentra))
    changes += _change("nilai_rk", _nilai_rk(kegiatan, stored), row.nilai_rk)
    return RencanaKegiatan(row, kegiatan.pk if kegiatan else None, tuple(changes))


def _nilai_rk(kegiatan: Kegiatan | None, stored: Tersimpan) -> int | None:
    versi = stored.rk.get(kegiatan.pk) if kegiatan else None
    return versi.nilai if versi else None


def _change(kolom: str, sebelum: Any, sesudah: Any) -> Iterable[Perubahan]:
    """Nothing when the form is silent or says what is stored already."""
    if sesudah not in (None, "") and sesudah != sebelum:
        yield Perubahan(kolom, sebelum, sesudah)


def _plan_sentra(baris: Iterable[BarisAlokasi], stored: Tersimpan) -> Iterable[RencanaSentra]:
    """Each sentra once; the row that states its komoditas last is right."""
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for row in baris:
        key = (row.kode_daerah, row.sentra.casefold())
        nama, komoditas = named.get(key, (row.sentra, ""))
        named[key] = (nama, row.komoditas or komoditas)
    for key, (nama, komoditas) in named.items():
        sentra = stored.sentra.get(key)
        if sentra is None:
            yield RencanaSentra(key[0], nama, None, "", komoditas)
        elif komoditas and komoditas != sentra.komoditas:
            yield RencanaSentra(key[0], sentra.nama, sentra.pk, sentra.komoditas, komoditas)


def _obstacles(rencana: RencanaAlokasi, stored: Tersimpan) -> Iterable[str]:
    if not rencana.is_changed:
        return
    where = f"{rencana.nama_daerah} TA {rencana.tahun}"
    closed = [ke for ke in TRIWULAN if ke >= rencana.mulai and (rencana.tahun, ke) in stored.closed]
    if closed:
        label = Triwulan(rencana.tahun, closed[0]).label
        yield (
            f"{where}: perubahan menyentuh {label} yang sudah ditutup. Pilih tanggal berlaku sesudahnya, "
            "dan kosongkan target triwulan yang sudah ditutup."
        )
    if rencana.changes_amount and not rencana.is_new:
        if rencana.berlaku_dari.year != rencana.tahun:
            yield f"{where}: tanggal berlaku {tanggal(rencana.berlaku_dari)} di luar tahun anggarannya."
        latest = _latest_version(rencana, stored)
        if latest and rencana.berlaku_dari < latest:
            yield (
                f"{where}: sudah ada perubahan yang berlaku dari {tanggal(latest)}. "
                "Pilih tanggal berlaku yang sama atau sesudahnya."
            )


def _latest_version(rencana: RencanaAlokasi, stored: Tersimpan) -> date | None:
    """When the amounts that this plan replaces took effect."""
    versions: list[VersiPagu | VersiRK | None] = [
        stored.rk.get(satu.kegiatan_id)
        for satu in rencana.kegiatan
        if satu.kegiatan_id and satu.changes_amount
    ]
    if rencana.alokasi_id and rencana.changed("pagu"):
        versions.append(stored.pagu.get(rencana.alokasi_id))
    return max((versi.berlaku_dari for versi in versions if versi), default=None)


def _shown(kolom: str, nilai: Any) -> str:
    if kolom in UANG:
        return rp(nilai)
    if nilai is None or isinstance(nilai, Decimal):
        return desimal(nilai)
    return str(nilai) or "–"
