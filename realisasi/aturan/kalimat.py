"""The sentence on top of a dashboard: what is known, how surely, and what is still missing.

Words only: every figure arrives computed. A missing figure is said, never written as a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from realisasi.aturan import tampilan
from realisasi.aturan.triwulan import Triwulan

# What the ministry waits for, by the status of a single recipient's report.
DITUNGGU = {
    "BELUM_LAPOR": "belum masuk",
    "KONSEP": "belum diajukan",
    "DIKEMBALIKAN": "dikembalikan dan menunggu perbaikan",
    "DIAJUKAN": "menunggu verifikasi",
    "SEDANG_DIVERIFIKASI": "sedang diverifikasi",
    # Verified a moment ago: its event is still open.
    "DIVERIFIKASI": "sudah diverifikasi dan sedang dihitung",
}


@dataclass(frozen=True)
class Klausa:
    """A clause whose middle is printed bold."""

    awal: str
    angka: str = ""
    akhir: str = ""

    def __str__(self) -> str:
        return f"{self.awal}{self.angka}{self.akhir}"


@dataclass(frozen=True)
class Kalimat:
    utama: Klausa
    peringatan: Klausa | None = None

    def __str__(self) -> str:
        return " ".join(str(klausa) for klausa in (self.utama, self.peringatan) if klausa)


@dataclass(frozen=True, kw_only=True)
class Keadaan:
    """What the sentence speaks of; `hari` is today, `pagu_belum` belongs to the `belum` without a report.

    `dibawa_dari` (of a single recipient) is the quarter whose figure stands in for this one, `status_laporan`
    the state of its report.
    """

    subjek: str
    tw: Triwulan
    hari: date
    is_final: bool
    is_closed: bool
    pagu: int
    serapan: Decimal | None
    sekurang: bool
    belum: int
    pagu_belum: int
    dibawa_dari: int | None = None
    status_laporan: str | None = None

    @property
    def ended(self) -> bool:
        return self.tw.akhir < self.hari


def compose(keadaan: Keadaan) -> Kalimat:
    """The sentence of one area or recipient."""
    utama = _known(keadaan) if keadaan.serapan is not None else _nothing_known(keadaan)
    return Kalimat(_capitalised(keadaan.subjek, utama), _missing(keadaan))


def _capitalised(subjek: str, klausa: Klausa) -> Klausa:
    awal = f"{subjek} {klausa.awal}" if subjek else klausa.awal
    if awal:
        return Klausa(awal[0].upper() + awal[1:], klausa.angka, klausa.akhir)
    return klausa


def _known(k: Keadaan) -> Klausa:
    lower = "sekurang-kurangnya " if k.sekurang else ""
    rate = tampilan.persen(k.serapan)
    if k.is_closed:
        what = f"TA {k.tw.tahun}" if k.tw.ke == 4 else f"{k.tw.label} TA {k.tw.tahun}"
        return Klausa(f"{what} ditutup dengan {lower}", rate, " pagu terserap.")
    if k.dibawa_dari:
        return Klausa(lower, rate, f" pagu terserap menurut laporan {tampilan.tw(k.dibawa_dari)}.")
    source = "laporan terverifikasi" if k.is_final else "laporan terakhir"
    if not k.ended:
        return Klausa(f"{k.tw.label} masih berjalan; menurut {source}, {lower}", rate, " pagu terserap.")
    awal = f"menurut {source}, {lower}" if k.is_final else lower
    return Klausa(awal, rate, f" pagu terserap sampai {k.tw.label} TA {k.tw.tahun}.")


def _nothing_known(k: Keadaan) -> Klausa:
    if k.hari < date(k.tw.tahun, 1, 1):
        return Klausa(f"TA {k.tw.tahun} belum dimulai; pagu ", tampilan.miliar(k.pagu), " sudah ditetapkan.")
    report = "laporan terverifikasi" if k.is_final else "laporan yang dihitung"
    if k.is_closed:
        return Klausa(f"{k.tw.label} TA {k.tw.tahun} ditutup tanpa {report}.")
    if not k.ended:
        return Klausa(f"{k.tw.label} TA {k.tw.tahun} masih berjalan; belum ada {report}.")
    return Klausa(f"belum ada {report} sampai {k.tw.label} TA {k.tw.tahun}.")


def _missing(k: Keadaan) -> Klausa | None:
    """Reports of this quarter that do not count yet; before its end nobody owes one."""
    if not k.belum or not k.ended:
        return None
    if k.status_laporan:
        return Klausa(f"Laporan {k.tw.label} {DITUNGGU[k.status_laporan]}.")
    many = tampilan.bilangan(k.belum)
    if k.is_closed:
        verb = "ditutup tanpa laporan terverifikasi."
        return Klausa(f"{many.capitalize()} daerah dengan pagu ", tampilan.miliar(k.pagu_belum), f" {verb}")
    verb = "belum diverifikasi." if k.is_final else "belum masuk atau dikembalikan."
    return Klausa(f"Laporan {many} daerah dengan pagu ", tampilan.miliar(k.pagu_belum), f" {verb}")
