"""Before and after of an audit row in the words of the screen: labels, rupiah, dates, names of statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daerah.cakupan import Peran
from realisasi.aturan import tampilan
from realisasi.aturan.formulir_alokasi import TRIWULAN
from realisasi.aturan.nilai_aturan import fits, write_nilai
from realisasi.aturan.parameter import ATURAN
from realisasi.models import KodeMasalah, Paket, Penyaluran, Riwayat, StatusLaporan
from realisasi.models.kegiatan import Pelaksanaan, Pembayaran
from realisasi.rekap.kolom import KOLOM_PAKET

Jalur = tuple[str, ...]

LABEL = {
    **{column.key: column.label for column in KOLOM_PAKET},
    "alasan": "Alasan isian",
    "alokasi": "Nomor alokasi",
    "aktif": "Aktif",
    "alamat": "Alamat jaringan",
    "awalan": "Awalan token",
    "batas_lapor": "Batas lapor",
    "belum_selesai": "Laporan belum selesai",
    "berlaku_dari": "Berlaku dari",
    "catatan": "Catatan pada sel",
    "daerah": "Daerah",
    "dibuka_pada": "Dibuka pada",
    "dicabut_pada": "Dicabut pada",
    "direktorat_pembina": "Direktorat pembina",
    "ditutup_pada": "Ditutup pada",
    "fisik": "Target fisik",
    "jabatan": "Jabatan",
    "jumlah": "Jumlah",
    "kedaluwarsa": "Kedaluwarsa",
    "kegiatan": "Kegiatan",
    "keuangan": "Keuangan",
    "kode_daerah": "Daerah",
    "komoditas": "Komoditas",
    "label": "Nama token",
    "mulai_bertugas": "Mulai bertugas",
    "nama": "Nama",
    "nilai": "Nilai",
    "nilai_rk": "Nilai RK",
    "nomor_sp2d": "Nomor SP2D",
    "pagu": "Pagu",
    "pelaksanaan": "Pelaksanaan",
    "pembayaran": "Pembayaran",
    "penanggung_jawab": "Penanggung jawab",
    "penerima_manfaat": "Penerima manfaat",
    "peran": "Peran",
    "perangkat": "Perangkat",
    "sampai": "Sampai",
    "saringan": "Saringan",
    "satuan": "Satuan",
    "selesai_bertugas": "Selesai bertugas",
    "sidik": "Sidik isi",
    "sidik_buku": "Sidik buku kerja",
    "status": "Status",
    "sumber": "Sumber",
    "surel": "Surel",
    "tahap": "Tahap penyaluran",
    "tahun": "Tahun anggaran",
    "tanda_terima": "Tanda terima",
    "tanggal_sp2d": "Tanggal SP2D",
    "telepon": "Telepon",
    "tematik": "Tematik",
    "tenggat": "Tenggat",
    "triwulan": "Triwulan",
    "volume": "Volume",
    "volume_selesai": "Volume selesai",
    **{f"target_keu_tw{ke}": f"Target keuangan {tampilan.tw(ke)}" for ke in TRIWULAN},
    **{f"target_fisik_tw{ke}": f"Target fisik {tampilan.tw(ke)}" for ke in TRIWULAN},
}
UANG = {"keuangan", "nilai_kontrak", "nilai_rk", "pagu", *(f"target_keu_tw{ke}" for ke in TRIWULAN)}
PERSEN = {"fisik", "progres_fisik", *(f"target_fisik_tw{ke}" for ke in TRIWULAN)}
DESIMAL = {"volume", "volume_selesai"}
PILIHAN: dict[str, Mapping[Any, Any]] = {
    "kode_masalah": dict(KodeMasalah.choices),
    "metode": dict(Paket.Metode.choices),
    "pelaksanaan": dict(Pelaksanaan.choices),
    "pembayaran": dict(Pembayaran.choices),
    "peran": dict(Peran.choices),
    "status": dict(StatusLaporan.choices),
    "tahap": dict(Penyaluran.Tahap.choices),
}
# Fingerprints of rows are for the commands that check them.
TAK_DITAMPILKAN = {"sidik_baris"}
# Who reads the trail has to see that an address changed, not to collect addresses.
DISAMARKAN = {"surel", "telepon"}
# What names a row of a list, instead of its place in it.
PENAMA = ("rincian", "menu", "lokasi")


@dataclass(frozen=True)
class Ubahan:
    """One value of an audit row as a page prints it."""

    label: str
    sebelum: str
    sesudah: str


def paket_numbers(entries: Iterable[Riwayat]) -> set[int]:
    """The packages whose rows these audit rows of reports name by number."""
    return {
        int(key)
        for entry in entries
        if entry.subjek.startswith("laporan:")
        for values in (entry.sebelum, entry.sesudah)
        for key in values or {}
        if key.isdigit()
    }


def changes_of(entry: Riwayat, *, paket: Mapping[int, str], zona: str) -> list[Ubahan]:
    """What differs between before and after, in the order of the act; `paket`: names by number."""
    before, after = dict(_leaves(entry.sebelum)), dict(_leaves(entry.sesudah))
    return [
        Ubahan(
            _label(path, entry.subjek, paket),
            _words(entry, path, before.get(path), zona),
            _words(entry, path, after.get(path), zona),
        )
        for path in dict.fromkeys([*before, *after])
        if _differ(path[-1], before.get(path), after.get(path)) and path[0] not in TAK_DITAMPILKAN
    ]


def _differ(name: str, before: Any, after: Any) -> bool:
    if name in PERSEN | DESIMAL and before is not None and after is not None:
        # «0.00» and «0» are one figure.
        return _number(before, tampilan.desimal) != _number(after, tampilan.desimal)
    return bool(before != after)


def _leaves(values: Any, path: Jalur = ()) -> Iterator[tuple[Jalur, Any]]:
    """Every single value with the names that lead to it."""
    if isinstance(values, dict):
        for name, value in values.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(values, list) and values and all(isinstance(one, dict) for one in values):
        for place, one in enumerate(values, start=1):
            rest = {name: value for name, value in one.items() if name not in PENAMA}
            yield from _leaves(rest, (*path, str(one.get("rincian", place))))
    elif path:
        yield path, values


def _label(path: Jalur, subjek: str, paket: Mapping[int, str]) -> str:
    return ", ".join(_part(name, subjek, paket) for name in path)


def _part(name: str, subjek: str, paket: Mapping[int, str]) -> str:
    if name.isdigit() and subjek.startswith("laporan:"):
        return paket.get(int(name), f"Paket {name}")
    if name.isdigit() and subjek.startswith("alokasi:"):
        return tampilan.tw(int(name))
    return LABEL.get(name, name.replace("_", " "))


def _words(entry: Riwayat, path: Jalur, value: Any, zona: str) -> str:
    name = path[-1]
    if value in (None, "", []):
        return tampilan.KOSONG
    if name in DISAMARKAN:
        return _veiled(str(value))
    rule = ATURAN.get(entry.subjek.partition(":")[2]) if name == "nilai" else None
    if rule and fits(rule.satuan, value):
        return write_nilai(rule.satuan, value)
    if name in PILIHAN and isinstance(value, str | int):
        return str(PILIHAN[name].get(value, value))
    if name in UANG or (name == "jumlah" and entry.subjek.startswith("penyaluran:")):
        return _number(value, lambda number: tampilan.rp(int(number)))
    if name in PERSEN:
        return _number(value, tampilan.persen)
    if name in DESIMAL:
        return _number(value, tampilan.desimal)
    return _plain(value, zona)


def _number(value: Any, write: Any) -> str:
    try:
        return str(write(Decimal(str(value))))
    except (ArithmeticError, ValueError):
        return str(value)


def _plain(value: Any, zona: str) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, dict | list):
        return ", ".join(map(str, value))
    text = str(value)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return tampilan.tanggal(date.fromisoformat(text))
        if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            return tampilan.waktu_pendek(datetime.fromisoformat(text), zona)
    except ValueError:  # somebody's number that only looks like a day
        pass
    return text


def _veiled(text: str) -> str:
    """«s…@contoh.go.id», «…111»."""
    name, at, place = text.rpartition("@")
    return f"{name[:1]}…@{place}" if at else f"…{text[-3:]}"
