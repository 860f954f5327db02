"""The rencana kegiatan of one allocation: four to eight lines whose RK fits the pagu."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from daerah.models import Daerah
from realisasi.contoh import kosakata
from realisasi.contoh.bagi import dice, split
from realisasi.contoh.kosakata import Komoditas
from realisasi.contoh.pagu import Bagian, Nasib
from realisasi.models import Komponen, Pelaksanaan, Pembayaran

RIBU = 1000
# Up to this pagu everything is paid sekaligus (salur.pagu_sekaligus of the rules in force).
PAGU_SEKALIGUS = 1_000_000_000

# Share of the RK in per mille, smallest and largest.
PORSI = {
    Komponen.RUMAH_PRODUKSI: (280, 380),
    Komponen.UPT: (180, 260),
    Komponen.RUMAH_KEMASAN: (90, 140),
    Komponen.MESIN: (200, 300),
    Komponen.IPAL: (30, 55),
    Komponen.IPAB: (18, 35),
    Komponen.SARANA: (45, 90),
    Komponen.PENUNJANG: (24, 42),
}
SUSUNAN = (
    (Komponen.RUMAH_PRODUKSI, Komponen.MESIN, Komponen.IPAL, Komponen.PENUNJANG),
    (Komponen.RUMAH_PRODUKSI, Komponen.MESIN, Komponen.IPAL, Komponen.IPAB, Komponen.PENUNJANG),
    (
        Komponen.RUMAH_PRODUKSI, Komponen.RUMAH_KEMASAN, Komponen.MESIN,
        Komponen.IPAL, Komponen.SARANA, Komponen.PENUNJANG,
    ),
    (Komponen.UPT, Komponen.RUMAH_KEMASAN, Komponen.MESIN, Komponen.MESIN, Komponen.IPAL, Komponen.PENUNJANG),
    (
        Komponen.RUMAH_PRODUKSI, Komponen.UPT, Komponen.MESIN, Komponen.MESIN,
        Komponen.IPAL, Komponen.IPAB, Komponen.PENUNJANG,
    ),
    (
        Komponen.RUMAH_PRODUKSI, Komponen.UPT, Komponen.RUMAH_KEMASAN, Komponen.MESIN,
        Komponen.IPAL, Komponen.IPAB, Komponen.SARANA, Komponen.PENUNJANG,
    ),
)  # fmt: skip
SUSUNAN_KECIL = (Komponen.MESIN, Komponen.RUMAH_KEMASAN, Komponen.IPAB, Komponen.PENUNJANG)

# Target by the end of each quarter in percent: smallest and largest.
TARGET_KEUANGAN = ((0, 2), (10, 16), (44, 54), (100, 100))
TARGET_FISIK = ((1, 5), (16, 26), (58, 70), (100, 100))


@dataclass(frozen=True, kw_only=True)
class KegiatanContoh:
    """One row of the formulir alokasi, the columns of a kegiatan."""

    menu: str
    rincian: str
    komponen: Komponen
    lokasi: str
    volume: int
    satuan: str
    penerima_manfaat: int
    nilai_rk: int
    pelaksanaan: Pelaksanaan
    pembayaran: Pembayaran


@dataclass(frozen=True, kw_only=True)
class AlokasiContoh:
    """One allocation as its formulir alokasi says it."""

    daerah: Daerah
    tahun: int
    tematik: str
    pagu: int
    sentra: str
    komoditas: str
    direktorat_pembina: str
    target_keuangan: tuple[int, ...]
    target_fisik: tuple[int, ...]
    kegiatan: tuple[KegiatanContoh, ...]

    @property
    def nilai_rk(self) -> int:
        return sum(k.nilai_rk for k in self.kegiatan)

    def by_bast(self, kegiatan: KegiatanContoh) -> bool:
        """Whether a line is paid at once when it is handed over (small allocations: by contract)."""
        return self.pagu > PAGU_SEKALIGUS and kegiatan.pembayaran == Pembayaran.SEKALIGUS


def draft_alokasi(bagian: Bagian, tahun: int, *, campuran: bool) -> AlokasiContoh:
    """The formulir alokasi of one daerah. `campuran`: its machines are paid sekaligus by BAST."""
    acak = dice("kegiatan", tahun, bagian.daerah.kode)
    komoditas, desa = _sentra(bagian.daerah)
    susunan = SUSUNAN_KECIL if bagian.pagu <= PAGU_SEKALIGUS else acak.choice(SUSUNAN)
    nilai_rk = bagian.pagu - _selisih_pagu(bagian, acak)
    bobot = [acak.randint(*PORSI[komponen]) for komponen in susunan]
    nilai = [ribu * RIBU for ribu in split(nilai_rk // RIBU, bobot)]
    kegiatan = tuple(
        _line(komponen, rk, ke, komoditas, desa, bagian, campuran, acak)
        for ke, (komponen, rk) in enumerate(zip(susunan, nilai, strict=True))
    )
    total = sum(k.nilai_rk for k in kegiatan)
    return AlokasiContoh(
        daerah=bagian.daerah,
        tahun=tahun,
        tematik=komoditas.tematik,
        pagu=bagian.pagu,
        sentra=f"Sentra IKM {komoditas.nama} {desa}",
        komoditas=komoditas.nama,
        direktorat_pembina=komoditas.direktorat,
        target_keuangan=tuple(total * acak.randint(*p) // 100 for p in TARGET_KEUANGAN),
        target_fisik=tuple(acak.randint(*p) for p in TARGET_FISIK),
        kegiatan=kegiatan,
    )


def _sentra(daerah: Daerah) -> tuple[Komoditas, str]:
    """Commodity and village of a daerah: the same every year, since a sentra outlives its allocations."""
    acak = dice("sentra", daerah.kode)
    khas = kosakata.KHAS_DAERAH.get(daerah.kode) or acak.choice(kosakata.KHAS[daerah.kode[0]])
    return kosakata.KOMODITAS[khas], acak.choice(kosakata.DESA_AWAL) + acak.choice(kosakata.DESA_AKHIR)


def _selisih_pagu(bagian: Bagian, acak: Random) -> int:
    """How far the RK stays below the pagu: mostly rounding, sometimes a line that was not approved."""
    if bagian.nasib is Nasib.LANCAR or acak.randint(1, 3) == 1:
        return acak.choice((0, acak.randint(1, 900) * RIBU))
    return bagian.pagu // RIBU * acak.randint(4, 14)


def _line(
    komponen: Komponen,
    nilai_rk: int,
    ke: int,
    komoditas: Komoditas,
    desa: str,
    bagian: Bagian,
    campuran: bool,
    acak: Random,
) -> KegiatanContoh:
    rincian, satuan, volume = _keluaran(komponen, ke, komoditas, acak)
    swakelola = komponen is Komponen.PENUNJANG and acak.randint(1, 2) == 1
    sekaligus = bagian.pagu <= PAGU_SEKALIGUS or (campuran and komponen is Komponen.MESIN)
    return KegiatanContoh(
        menu=f"{_menu(bagian.daerah)} Sentra IKM {komoditas.nama}",
        rincian=rincian,
        komponen=komponen,
        lokasi=f"Desa {desa}",
        volume=volume,
        satuan=satuan,
        penerima_manfaat=acak.randint(12, 180),
        nilai_rk=nilai_rk,
        pelaksanaan=Pelaksanaan.SWAKELOLA if swakelola else Pelaksanaan.KONTRAKTUAL,
        pembayaran=Pembayaran.SEKALIGUS if sekaligus else Pembayaran.BERTAHAP,
    )


def _menu(daerah: Daerah) -> str:
    return dice("menu", daerah.kode).choice(("Pembangunan", "Revitalisasi"))


def _keluaran(komponen: Komponen, ke: int, komoditas: Komoditas, acak: Random) -> tuple[str, str, int]:
    """(rincian, satuan, volume) of one line."""
    hasil = komoditas.nama.lower()
    if komponen is Komponen.MESIN:
        # A second lot of machines is of the second kind.
        return f"Pengadaan {komoditas.mesin[ke % 2]}", "unit", acak.randint(4, 60)
    if komponen is Komponen.SARANA:
        rincian, satuan, rentang = acak.choice(kosakata.SARANA)
        return rincian, satuan, acak.randint(*rentang)
    if komponen is Komponen.PENUNJANG:
        return "Perencanaan teknis, pengawasan, dan pendampingan pengelola", "paket", 1
    bangunan = {
        Komponen.RUMAH_PRODUKSI: (f"Pembangunan rumah produksi {hasil}", "m²", acak.randint(160, 620)),
        Komponen.UPT: (f"Pembangunan gedung UPT {hasil}", "unit", 1),
        Komponen.RUMAH_KEMASAN: (f"Pembangunan rumah kemasan {hasil}", "m²", acak.randint(90, 260)),
        Komponen.IPAL: ("Pembangunan instalasi pengolahan air limbah (IPAL)", "unit", acak.randint(1, 2)),
        Komponen.IPAB: ("Pembangunan instalasi pengolahan air bersih (IPAB)", "unit", 1),
    }
    return bangunan[komponen]
