"""Checks on a report, as pure functions of what was filled in and what is known (domain section 7).

A finding names its row and column, what was found, what was expected and what to do. `TOLAK` blocks the
submission, `ALASAN` asks for a reason (then it is satisfied), and the limits come in as arguments: they are
Parameter rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from realisasi.aturan import serapan
from realisasi.aturan.tampilan import desimal, persen, rp, tanggal


class Tingkat(Enum):
    TOLAK = "tolak"
    ALASAN = "alasan"


@dataclass(frozen=True)
class Temuan:
    """One finding. `paket` is None for the report as a whole; `kolom` is the field it stands beside."""

    kode: str
    tingkat: Tingkat
    kolom: str
    pesan: str
    paket: int | None = None
    terjawab: bool = False

    @property
    def menghalangi(self) -> bool:
        """Whether the report cannot be submitted because of it."""
        return not self.terjawab


@dataclass(frozen=True, kw_only=True)
class Batas:
    """Limits of the checks, from Parameter: points of percent, a factor, and a day."""

    selisih_fisik_keuangan: Decimal
    faktor_ribuan: int
    akhir_kontrak: date


@dataclass(frozen=True, kw_only=True)
class Nilai:
    """Cumulative figures of one paket at the end of one quarter."""

    keuangan: int | None
    progres_fisik: Decimal | None
    volume_selesai: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Baris:
    """One row to check, with the facts of its paket and its earlier quarters (verified figures)."""

    paket: int
    nilai: Nilai
    kode_masalah: int | None
    penjelasan: str
    alasan: str
    nilai_rk: int | None
    nilai_kontrak: int | None
    selesai: date | None
    ada_bast: bool
    sebelumnya: Nilai | None = None
    dua_sebelumnya: Nilai | None = None
    # Whether the contract was there two quarters ago: one that has just begun cannot stand still.
    kontrak_dua_sebelumnya: bool = False


Temukan = Callable[[Baris, Batas], Temuan | None]


def check_baris(baris: Baris, batas: Batas) -> Iterator[Temuan]:
    """Every finding of one row, those that block first."""
    for check in (*BLOCKING, *ASKING):
        finding = check(baris, batas)
        if finding is not None:
            yield finding


def check_laporan(*, total_keuangan: int, penyaluran: int, alasan: str) -> Iterator[Temuan]:
    """Findings of the report as a whole: keuangan above what was received (Dana Talangan Daerah)."""
    if total_keuangan > penyaluran:
        yield Temuan(
            kode="melebihi_penyaluran",
            tingkat=Tingkat.ALASAN,
            kolom="catatan",
            pesan=f"Total realisasi keuangan {rp(total_keuangan)} melebihi dana yang diterima di RKUD "
            f"{rp(penyaluran)}. Periksa angkanya, atau tulis alasannya di Catatan (misalnya Dana Talangan "
            "Daerah).",
            terjawab=bool(alasan.strip()),
        )


def _block(baris: Baris, kode: str, kolom: str, pesan: str) -> Temuan:
    return Temuan(kode=kode, tingkat=Tingkat.TOLAK, kolom=kolom, pesan=pesan, paket=baris.paket)


def _ask(baris: Baris, kode: str, kolom: str, pesan: str) -> Temuan:
    return Temuan(
        kode=kode,
        tingkat=Tingkat.ALASAN,
        kolom=kolom,
        pesan=f"{pesan} Perbaiki angkanya, atau tulis alasannya.",
        paket=baris.paket,
        terjawab=bool(baris.alasan.strip()),
    )


def missing_keuangan(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.nilai.keuangan is not None:
        return None
    return _block(
        baris, "keuangan_kosong", "keuangan", "Belum diisi. Tulis 0 bila memang belum ada pembayaran."
    )


def missing_progress(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.nilai.progres_fisik is not None:
        return None
    return _block(
        baris, "fisik_kosong", "progres_fisik", "Belum diisi. Tulis 0 bila pekerjaan belum dimulai."
    )


def above_contract(baris: Baris, batas: Batas) -> Temuan | None:
    if (
        baris.nilai.keuangan is None
        or baris.nilai_kontrak is None
        or baris.nilai.keuangan <= baris.nilai_kontrak
    ):
        return None
    pesan = (
        f"{rp(baris.nilai.keuangan)} melebihi nilai kontrak {rp(baris.nilai_kontrak)}. "
        "Perbaiki angkanya, atau catat adendum kontrak di Pengadaan."
    )
    return _block(baris, "melebihi_kontrak", "keuangan", pesan)


def unexplained_problem(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.kode_masalah is None or baris.penjelasan.strip():
        return None
    return _block(
        baris, "masalah_tanpa_penjelasan", "penjelasan", "Kode masalah dipilih: tulis penjelasannya."
    )


def falling_keuangan(baris: Baris, batas: Batas) -> Temuan | None:
    """A cumulative figure below the last verified quarter needs a reason (a correction)."""
    before = baris.sebelumnya.keuangan if baris.sebelumnya else None
    if not _is_below(baris.nilai.keuangan, before):
        return None
    return _fell(baris, "keuangan", rp(baris.nilai.keuangan), rp(before))


def falling_fisik(baris: Baris, batas: Batas) -> Temuan | None:
    before = baris.sebelumnya.progres_fisik if baris.sebelumnya else None
    if not _is_below(baris.nilai.progres_fisik, before):
        return None
    return _fell(baris, "progres_fisik", persen(baris.nilai.progres_fisik), persen(before))


def falling_volume(baris: Baris, batas: Batas) -> Temuan | None:
    before = baris.sebelumnya.volume_selesai if baris.sebelumnya else None
    if not _is_below(baris.nilai.volume_selesai, before):
        return None
    return _fell(baris, "volume_selesai", desimal(baris.nilai.volume_selesai), desimal(before))


def _fell(baris: Baris, kolom: str, now: str, before: str) -> Temuan:
    found = f"{now} di bawah triwulan terverifikasi sebelumnya {before}. Angka bersifat kumulatif."
    return _ask(baris, f"{kolom}_turun", kolom, found)


def _is_below(now: int | Decimal | None, before: int | Decimal | None) -> bool:
    return now is not None and before is not None and now < before


def paid_without_contract(baris: Baris, batas: Batas) -> Temuan | None:
    if not baris.nilai.keuangan or baris.nilai_kontrak is not None:
        return None
    return _ask(
        baris, "tanpa_kontrak", "keuangan", "Ada pembayaran tetapi kontrak belum dicatat di Pengadaan."
    )


def contract_above_rk(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.nilai_kontrak is None or baris.nilai_rk is None or baris.nilai_kontrak <= baris.nilai_rk:
        return None
    found = f"Nilai kontrak {rp(baris.nilai_kontrak)} melebihi nilai RK {rp(baris.nilai_rk)}."
    return _ask(baris, "kontrak_melebihi_rk", "keuangan", found)


def typed_in_thousands(baris: Baris, batas: Batas) -> Temuan | None:
    """A figure so small beside its contract or RK that it was probably typed in thousands."""
    keuangan, basis = baris.nilai.keuangan, baris.nilai_kontrak or baris.nilai_rk
    if not keuangan or not basis or keuangan * batas.faktor_ribuan > basis:
        return None
    found = f"{rp(keuangan)} sangat kecil dibanding {rp(basis)}: mungkin ditulis dalam ribuan rupiah."
    return _ask(baris, "mungkin_ribuan", "keuangan", found)


def money_and_work_apart(baris: Baris, batas: Batas) -> Temuan | None:
    paid = serapan.persen_dari(baris.nilai.keuangan, baris.nilai_kontrak or baris.nilai_rk)
    work = baris.nilai.progres_fisik
    apart = serapan.selisih(paid, work)
    if apart is None or not baris.nilai.keuangan or abs(apart) <= batas.selisih_fisik_keuangan:
        return None
    if apart > 0:
        found = f"Keuangan {persen(paid)} jauh di atas fisik {persen(work)}."
        return _ask(baris, "keuangan_mendahului", "keuangan", found)
    return _ask(
        baris,
        "fisik_mendahului",
        "progres_fisik",
        f"Fisik {persen(work)} jauh di atas keuangan {persen(paid)}.",
    )


def finished_without_bast(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.nilai.progres_fisik != 100 or baris.ada_bast:
        return None
    return _ask(
        baris, "tanpa_bast", "progres_fisik", "Fisik 100% tetapi tanggal BAST belum dicatat di Pengadaan."
    )


def standing_still(baris: Baris, batas: Batas) -> Temuan | None:
    """No change for two quarters while a contract runs."""
    if baris.nilai_kontrak is None or baris.ada_bast or not baris.kontrak_dua_sebelumnya:
        return None
    if not baris.nilai == baris.sebelumnya == baris.dua_sebelumnya:
        return None
    return _ask(
        baris,
        "tidak_bergerak",
        "progres_fisik",
        "Tidak ada perubahan selama dua triwulan padahal kontrak berjalan.",
    )


def contract_crosses_year(baris: Baris, batas: Batas) -> Temuan | None:
    if baris.nilai_kontrak is None or baris.selesai is None or baris.selesai <= batas.akhir_kontrak:
        return None
    found = f"Kontrak berakhir {tanggal(baris.selesai)}, sesudah {tanggal(batas.akhir_kontrak)}."
    return _ask(baris, "lewat_tahun", "progres_fisik", found)


BLOCKING: tuple[Temukan, ...] = (missing_keuangan, missing_progress, above_contract, unexplained_problem)
ASKING: tuple[Temukan, ...] = (
    falling_keuangan,
    falling_fisik,
    falling_volume,
    paid_without_contract,
    contract_above_rk,
    typed_in_thousands,
    money_and_work_apart,
    finished_without_bast,
    standing_still,
    contract_crosses_year,
)
