"""Why an action refused: each carries an Indonesian message that a page shows as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from realisasi.aturan.pemeriksaan import Temuan
    from realisasi.models import Laporan, Paket


class Ditolak(Exception):
    """The act is not possible now; `pesan` says why and what to do, `kolom` names the field it is about."""

    def __init__(self, pesan: str, *, kolom: str = "") -> None:
        super().__init__(pesan)
        self.pesan = pesan
        self.kolom = kolom


class Basi(Ditolak):
    """Somebody else saved in between (409); `laporan` is what is stored now."""

    def __init__(self, laporan: Laporan) -> None:
        super().__init__("Laporan ini sudah disimpan lebih baru oleh orang lain atau dari tab lain.")
        self.laporan = laporan


class Terkunci(Ditolak):
    """The batas lapor has passed; the same is taken once the daerah has a dispensasi."""


class PaketBasi(Ditolak):
    """The same for a package; `paket` is what is stored now."""

    def __init__(self, paket: Paket) -> None:
        super().__init__("Paket ini sudah disimpan lebih baru oleh orang lain atau dari tab lain.")
        self.paket = paket


class AdaTemuan(Ditolak):
    """Findings that block the submission."""

    def __init__(self, temuan: list[Temuan]) -> None:
        super().__init__(f"{len(temuan)} hal harus diperbaiki sebelum diajukan.")
        self.temuan = temuan


def require(condition: bool, pesan: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Ditolak(pesan)
