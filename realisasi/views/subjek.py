"""What a subject of the audit trail is called, and the page that shows it: «laporan:12» and the like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from daerah.cakupan import Wewenang, can
from daerah.models import Pengguna
from realisasi.aturan.parameter import ATURAN
from realisasi.aturan.tampilan import tw as tw_label
from realisasi.models import Alokasi, Dispensasi, Laporan, Paket, Penyaluran, Sentra

# Kind -> its word in the filter.
JENIS = {
    "laporan": "Laporan triwulan",
    "alokasi": "Alokasi",
    "paket": "Paket",
    "penyaluran": "Penyaluran",
    "sentra": "Sentra",
    "dispensasi": "Dispensasi",
    "triwulan": "Jadwal triwulan",
    "tahun": "Tahun anggaran",
    "parameter": "Aturan",
    "akun": "Akun",
}


@dataclass(frozen=True)
class Subjek:
    """What it is called and where it is shown ("": nowhere that this reader may go)."""

    nama: str
    url: str = ""


def describe(subjects: Iterable[str], user: Pengguna) -> dict[str, Subjek]:
    """Each subject by its written form; a fixed number of queries, however many there are."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for subjek in set(subjects):
        kind, _, key = subjek.partition(":")
        by_kind[kind].append(key)
    found: dict[str, Subjek] = {}
    for kind, keys in by_kind.items():
        named = NAMES[kind](keys, user) if kind in NAMES else {}
        for key in keys:
            found[f"{kind}:{key}"] = named.get(key) or Subjek(f"{JENIS.get(kind, kind)} {key}")
    return found


def _rows(model: Any, keys: list[str], *related: str) -> Iterable[Any]:
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit()]
    return model.objects.filter(pk__in=numbers).select_related(*related)


def _laporan(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        str(row.pk): Subjek(
            f"Laporan {row.tw.label} TA {row.tw.tahun}, {row.alokasi.daerah}",
            reverse("laporan_rinci", args=[row.pk]),
        )
        for row in _rows(Laporan, keys, "alokasi__daerah")
    }


def _alokasi(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        str(row.pk): Subjek(f"Alokasi {row}", _alokasi_url(row, user))
        for row in _rows(Alokasi, keys, "daerah")
    }


def _alokasi_url(row: Alokasi, user: Pengguna) -> str:
    """Where it is kept, for who keeps it; else what its daerah made of it."""
    if can(user, Wewenang.IMPOR):
        return reverse("alokasi", args=[row.pk])
    return f"{reverse('daerah', args=[row.daerah_id])}?tahun={row.tahun_id}"


def _paket(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        str(row.pk): Subjek(
            f"Paket {row.nama}, {row.kegiatan.alokasi.daerah}", reverse("paket", args=[row.pk])
        )
        for row in _rows(Paket, keys, "kegiatan__alokasi__daerah")
    }


def _penyaluran(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        str(row.pk): Subjek(f"SP2D {row.nomor_sp2d}, {row.alokasi}", _alokasi_url(row.alokasi, user))
        for row in _rows(Penyaluran, keys, "alokasi__daerah")
    }


def _dispensasi(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        str(row.pk): Subjek(
            f"Dispensasi {row.periode}, {row.daerah}", f"{reverse('jadwal')}?tahun={row.periode.tahun_id}"
        )
        for row in _rows(Dispensasi, keys, "periode", "daerah")
    }


def _sentra(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {str(row.pk): Subjek(f"{row}, {row.daerah}") for row in _rows(Sentra, keys, "daerah")}


def _akun(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    manages = can(user, Wewenang.AKUN)
    named = {
        str(row.pk): Subjek(f"Akun {row}", reverse("akun_rinci", args=[row.pk]) if manages else "")
        for row in _rows(Pengguna, keys)
    }
    return {**named, "daftar": Subjek("Daftar akun", reverse("akun_daftar") if manages else "")}


def _triwulan(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    named = {}
    for key in keys:
        tahun, _, ke = key.partition("-")
        if ke in ("1", "2", "3", "4"):
            named[key] = Subjek(f"{tw_label(int(ke))} TA {tahun}", f"{reverse('jadwal')}?tahun={tahun}")
    return named


def _tahun(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {key: Subjek(f"TA {key}", f"{reverse('jadwal')}?tahun={key}") for key in keys}


def _parameter(keys: list[str], user: Pengguna) -> dict[str, Subjek]:
    return {
        key: Subjek(f"Aturan {ATURAN[key].label}", f"{reverse('aturan')}?ta=semua#{key}")
        for key in keys
        if key in ATURAN
    }


NAMES: dict[str, Callable[[list[str], Pengguna], dict[str, Subjek]]] = {
    "laporan": _laporan,
    "alokasi": _alokasi,
    "paket": _paket,
    "penyaluran": _penyaluran,
    "dispensasi": _dispensasi,
    "sentra": _sentra,
    "akun": _akun,
    "triwulan": _triwulan,
    "tahun": _tahun,
    "parameter": _parameter,
}
