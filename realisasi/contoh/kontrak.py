"""Contracts of one allocation: who, when, for how much, and what will have been paid on them at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from realisasi.contoh import kosakata
from realisasi.contoh.bagi import dice, split
from realisasi.contoh.kegiatan import AlokasiContoh, KegiatanContoh
from realisasi.contoh.pagu import JUTA, Bagian, Nasib
from realisasi.models import Komponen, Paket, Pelaksanaan

# First and last day of signing, within the year; the daftar kontrak closes on 21 July.
MASA_KONTRAK = {
    Komponen.PENUNJANG: ((2, 12), (4, 5)),
    Komponen.RUMAH_PRODUKSI: ((4, 8), (6, 22)),
    Komponen.UPT: ((4, 8), (6, 22)),
    Komponen.RUMAH_KEMASAN: ((4, 22), (7, 3)),
    Komponen.SARANA: ((5, 6), (7, 10)),
    Komponen.IPAL: ((5, 6), (7, 10)),
    Komponen.IPAB: ((5, 6), (7, 10)),
    Komponen.MESIN: ((5, 20), (7, 15)),
}
HARI_TERAKHIR = (7, 19)  # nobody here signs on the very last day
SESUDAH_BATAS = ((7, 26), (9, 6))
ROMAWI = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
METODE_KODE = {Paket.Metode.E_PURCHASING: "SP", Paket.Metode.SWAKELOLA: "NK"}


@dataclass(frozen=True, kw_only=True)
class Kontrak:
    """A contract as signed, and what will have been paid on it by 31 December."""

    metode: Paket.Metode
    penyedia: str
    nomor: str
    tanggal: date
    nilai: int
    mulai: date
    selesai: date
    dibayar: int  # in the end
    didanai: bool  # signed by the cut-off, so that transfers cover it

    @property
    def tuntas(self) -> bool:
        """Paid in full and handed over by the end of the TA."""
        return self.dibayar == self.nilai


@dataclass(frozen=True)
class Nilai:
    """Amounts of one package: contract (None: never signed in time) and final payment."""

    kontrak: int | None
    dibayar: int


def sign(alokasi: AlokasiContoh, bagian: Bagian) -> tuple[Kontrak | None, ...]:
    """One contract per kegiatan, or None where there never is one."""
    acak = dice("kontrak", alokasi.tahun, alokasi.daerah.kode)
    nilai = _amounts([k.nilai_rk for k in alokasi.kegiatan], bagian, acak)
    geser = timedelta(days=_shift(bagian, acak))
    return tuple(
        _contract(alokasi, kegiatan, ke, amounts, geser, acak)
        for ke, (kegiatan, amounts) in enumerate(zip(alokasi.kegiatan, nilai, strict=True), start=1)
    )


def _amounts(rk: Sequence[int], bagian: Bagian, acak: Random) -> list[Nilai]:
    """Contracts and final payments that come to exactly what the daerah absorbs in the end.

    The gap between RK and payments is sisa tender first, then a package without a funded contract, then
    work left unfinished on the largest packages.
    """
    if bagian.nasib is Nasib.MACET:
        return [Nilai(None, 0) for _ in rk]
    kurang = sum(rk) - bagian.realisasi
    gagal = _failed(rk, kurang, bagian, acak)
    kurang -= rk[gagal] if gagal is not None else 0
    jalan = [0 if ke == gagal else nilai for ke, nilai in enumerate(rk)]
    sisa_tender = min(kurang, sum(jalan) * acak.randint(18, 42) // 1000)
    if kurang - sisa_tender < sum(jalan) * 45 // 1000:
        sisa_tender = kurang
    hemat = split(sisa_tender, [n * acak.randint(1, 4) for n in jalan], caps=[n // 6 for n in jalan])
    kontrak = [n - h for n, h in zip(jalan, hemat, strict=True)]
    belum = _unfinished(kontrak, kurang - sisa_tender)
    return [
        _failed_amounts(rk[ke], acak) if ke == gagal else Nilai(nilai, nilai - belum[ke])
        for ke, nilai in enumerate(kontrak)
    ]


def _failed(rk: Sequence[int], kurang: int, bagian: Bagian, acak: Random) -> int | None:
    """The package that gets no funded contract: the largest that the gap can hold, if there is trouble."""
    if bagian.nasib is Nasib.LANCAR or acak.randint(1, 4) == 1:
        return None
    ruang = kurang - sum(rk) * 25 // 1000
    muat = [ke for ke, nilai in enumerate(rk) if 200 * JUTA < nilai <= ruang]
    return max(muat, key=lambda ke: rk[ke]) if muat else None


def _failed_amounts(rk: int, acak: Random) -> Nilai:
    """No contract at all, or one signed after the cut-off, which no transfer covers."""
    return Nilai(rk * 97 // 100 if acak.randint(1, 3) == 1 else None, 0)


def _unfinished(kontrak: Sequence[int], sisa: int) -> list[int]:
    """What stays unpaid, on as few and as large packages as can hold it."""
    belum = [0] * len(kontrak)
    for batas in (60, 85):  # percent of the contract
        for ke in sorted(range(len(kontrak)), key=lambda ke: -kontrak[ke]):
            lebih = min(sisa, kontrak[ke] * batas // 100 - belum[ke])
            belum[ke] += lebih
            sisa -= lebih
    return belum


def _shift(bagian: Bagian, acak: Random) -> int:
    """Days earlier (a few well prepared) or later (those in trouble) than usual."""
    if bagian.nasib is Nasib.LANCAR:
        return -50 if acak.randint(1, 12) == 1 else acak.randint(-12, 6)
    return acak.randint(0, 16)


def _contract(
    alokasi: AlokasiContoh, kegiatan: KegiatanContoh, ke: int, nilai: Nilai, geser: timedelta, acak: Random
) -> Kontrak | None:
    if nilai.kontrak is None:
        return None
    didanai = nilai.dibayar > 0
    tanggal = _signing_day(alokasi.tahun, kegiatan.komponen, geser, didanai, acak)
    metode = _method(kegiatan, acak)
    mulai = workday(tanggal + timedelta(days=acak.randint(3, 8)))
    return Kontrak(
        metode=metode,
        penyedia=_provider(kegiatan, acak),
        nomor=_number(alokasi, metode, ke, tanggal, acak),
        tanggal=tanggal,
        nilai=nilai.kontrak,
        mulai=mulai,
        selesai=_end(alokasi, kegiatan, acak),
        dibayar=nilai.dibayar,
        didanai=didanai,
    )


def _end(alokasi: AlokasiContoh, kegiatan: KegiatanContoh, acak: Random) -> date:
    """Delivery in October or November where BAST releases the money, in December otherwise."""
    if alokasi.by_bast(kegiatan):
        return workday(date(alokasi.tahun, 10, 5) + timedelta(days=acak.randint(0, 40)))
    return date(alokasi.tahun, 12, acak.randint(8, 27))


def _signing_day(tahun: int, komponen: Komponen, geser: timedelta, didanai: bool, acak: Random) -> date:
    awal, akhir = (date(tahun, *hari) for hari in (MASA_KONTRAK[komponen] if didanai else SESUDAH_BATAS))
    hari = awal + timedelta(days=acak.randint(0, (akhir - awal).days))
    if not didanai:
        return workday(hari)
    return workday(min(max(hari + geser, date(tahun, 2, 5)), date(tahun, *HARI_TERAKHIR)))


def workday(hari: date) -> date:
    """This day, or the Friday before a weekend."""
    return hari - timedelta(days=max(0, hari.weekday() - 4))


def _method(kegiatan: KegiatanContoh, acak: Random) -> Paket.Metode:
    if kegiatan.pelaksanaan == Pelaksanaan.SWAKELOLA:
        return Paket.Metode.SWAKELOLA
    if kegiatan.komponen is Komponen.PENUNJANG:
        return Paket.Metode.PENGADAAN_LANGSUNG if kegiatan.nilai_rk <= 100 * JUTA else Paket.Metode.SELEKSI
    if kegiatan.komponen is Komponen.MESIN:
        return acak.choice((Paket.Metode.E_PURCHASING, Paket.Metode.E_PURCHASING, Paket.Metode.TENDER))
    return Paket.Metode.PENGADAAN_LANGSUNG if kegiatan.nilai_rk <= 200 * JUTA else Paket.Metode.TENDER


def _provider(kegiatan: KegiatanContoh, acak: Random) -> str:
    if kegiatan.pelaksanaan == Pelaksanaan.SWAKELOLA:
        return f"Pokmas Contoh Sentra {acak.randint(1, 40):02}"
    bidang = acak.choice(kosakata.PENYEDIA_BIDANG[kegiatan.komponen])
    return f"{'PT' if kegiatan.nilai_rk > 2500 * JUTA else 'CV'} Contoh {bidang} {acak.randint(1, 60):02}"


def _number(alokasi: AlokasiContoh, metode: Paket.Metode, ke: int, tanggal: date, acak: Random) -> str:
    kode = METODE_KODE.get(metode, "SPK")
    urut = acak.randint(10, 380)
    return f"{urut:03}.{ke}/{kode}-DAK.IKM/{alokasi.daerah.kode}/{ROMAWI[tanggal.month - 1]}/{tanggal.year}"
