"""Reads the kode of a daerah from a workbook's cell, and helps where a spreadsheet has spoiled it.

A kode is text: as a number `32.10` becomes `32.1`, and a code without its dot may be a BPS code, which often
is the Kemendagri code of another daerah. Such a code is refused with the daerah that were perhaps meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from daerah.models import Daerah

FORMAT = "Tulis sebagai teks: dua angka untuk provinsi (32), titik dan dua angka lagi untuk kab/kota (32.10)."


class KodeSalah(ValueError):
    """A kode that names no daerah for sure; `pesan` is meant for the person who typed it."""

    def __init__(self, pesan: str) -> None:
        super().__init__(pesan)
        self.pesan = pesan


class DaftarKode:
    """All daerah by their kode of today, of before 2022, and of BPS: one query for a whole workbook."""

    def __init__(self, daerah: Iterable[Daerah]) -> None:
        self.by_kode = {d.kode: d for d in daerah}
        self.by_kode_lama = {d.kode_lama: d for d in self.by_kode.values() if d.kode_lama}
        self.by_bps = {d.kode_bps: d for d in self.by_kode.values() if d.kode_bps}

    @classmethod
    def load(cls) -> DaftarKode:
        return cls(Daerah.objects.all())

    def recipient(self, value: object) -> Daerah:
        """The daerah with a budget of its own that a cell names.

        Raises:
            KodeSalah: with what was found and what was perhaps meant.
        """
        daerah = self.find(value)
        if daerah.administratif:
            raise KodeSalah(
                f"{daerah.kode} ({daerah}) adalah wilayah administratif DKI Jakarta tanpa APBD sendiri, "
                "sehingga tidak menerima alokasi. Pakai 31 (Pemerintah Provinsi DKI Jakarta) bila dimaksud."
            )
        return daerah

    def find(self, value: object) -> Daerah:
        """The daerah that a cell names, administrative areas included."""
        if not isinstance(value, str):
            raise KodeSalah(
                f"{_found(value)} berupa angka atau tanggal, padahal kode harus teks."
                f"{self._meant(value)} {FORMAT}"
            )
        kode = value.strip()
        daerah = self.by_kode.get(kode) or self.by_kode_lama.get(kode)
        if daerah is None:
            raise KodeSalah(f"{_found(kode)} {_why_not(kode)}.{self._meant(kode)} {FORMAT}")
        return daerah

    def _meant(self, value: object) -> str:
        """ " Maksudnya 32.10 (Kab. Majalengka)?", with every daerah that the spoiled code may stand for."""
        meant = list(dict.fromkeys(self._candidates(str(value).strip())))
        if not meant:
            return ""
        names = " atau ".join(f"{d.kode} ({d})" for d in meant[:3])
        return f" Maksudnya {names}?"

    def _candidates(self, text: str) -> Iterable[Daerah]:
        if bps := self.by_bps.get(text):
            yield bps
        parts = re.fullmatch(r"(\d{1,2})\D?(\d{0,2})", text, flags=re.ASCII)
        if not parts:
            return
        provinsi, rest = parts[1].zfill(2), parts[2]
        # A lost zero may have stood before ("32.01") or after ("32.10") the digit that is left.
        endings = [rest.ljust(2, "0"), rest.rjust(2, "0")] if rest else []
        for kode in [f"{provinsi}.{ending}" for ending in endings] or [provinsi]:
            if daerah := self.by_kode.get(kode):
                yield daerah


def _why_not(kode: str) -> str:
    if re.fullmatch(r"\d{4}", kode, flags=re.ASCII):
        return "tanpa titik: bisa kode BPS, bisa kode Kemendagri"
    if re.fullmatch(r"\d{2}(\.\d{2})?", kode, flags=re.ASCII):
        return "tidak ada dalam daftar 552 daerah"
    if re.fullmatch(r"\d{1,2}\.\d{0,2}", kode, flags=re.ASCII):
        return "kehilangan angka nol"
    return "bukan kode Kemendagri"


def _found(value: object) -> str:
    shown = "".join(char if char.isprintable() else " " for char in str(value)).strip()
    return f"“{shown if len(shown) <= 20 else shown[:19] + '…'}”"
