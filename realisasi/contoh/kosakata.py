"""Words of the demonstration data: commodities of real crafts; places and firms are made up."""

from __future__ import annotations

from dataclasses import dataclass

PANGAN = "Direktorat IKM Pangan, Furnitur, dan Bahan Bangunan"
SANDANG = "Direktorat IKM Kimia, Sandang, dan Kerajinan"
LOGAM = "Direktorat IKM Logam, Mesin, Elektronika, dan Alat Angkut"
WISATA = "Penguatan Destinasi Pariwisata Prioritas dan Sentra IKM"
KAWASAN = "Pengembangan Kawasan Sentra Produksi"


@dataclass(frozen=True)
class Komoditas:
    """What a sentra makes, who at the ministry looks after it, and the machines of its process."""

    nama: str
    direktorat: str
    tematik: str
    mesin: tuple[str, str]


KOMODITAS = {
    komoditas.nama: komoditas
    for komoditas in (
        Komoditas(
            "Kopi", PANGAN, KAWASAN, ("mesin pengupas dan pengering kopi", "mesin sangrai dan pengemas kopi")
        ),
        Komoditas(
            "Kelapa", PANGAN, KAWASAN, ("mesin pengolah kelapa terpadu", "mesin pengemas minyak kelapa")
        ),
        Komoditas("Kakao", PANGAN, KAWASAN, ("mesin fermentasi dan sangrai kakao", "mesin pencetak cokelat")),
        Komoditas(
            "Gula Aren",
            PANGAN,
            KAWASAN,
            ("mesin pemasak dan kristalisasi gula aren", "mesin pengemas gula semut"),
        ),
        Komoditas(
            "Ikan Olahan", PANGAN, KAWASAN, ("mesin pengolah dan pembeku ikan", "mesin pengemas vakum")
        ),
        Komoditas(
            "Sagu", PANGAN, KAWASAN, ("mesin pemarut dan pemeras sagu", "mesin pengering dan penepung sagu")
        ),
        Komoditas(
            "Genteng", PANGAN, KAWASAN, ("mesin ekstruder dan pres genteng", "tungku pembakaran hemat energi")
        ),
        Komoditas("Mebel", PANGAN, WISATA, ("mesin pengolahan kayu", "ruang pengering kayu")),
        Komoditas("Rotan", PANGAN, WISATA, ("mesin poles dan belah rotan", "mesin pelengkung rotan")),
        Komoditas(
            "Anyaman Bambu",
            SANDANG,
            WISATA,
            ("mesin pembelah dan pengirat bambu", "peralatan pengawetan bambu"),
        ),
        Komoditas(
            "Batik",
            SANDANG,
            WISATA,
            ("peralatan pewarnaan dan pelorodan batik", "meja cap dan kompor batik listrik"),
        ),
        Komoditas(
            "Tenun",
            SANDANG,
            WISATA,
            ("alat tenun bukan mesin", "peralatan pewarnaan dan penggulungan benang"),
        ),
        Komoditas("Kulit", SANDANG, KAWASAN, ("mesin seset dan jahit kulit", "peralatan penyamakan kulit")),
        Komoditas(
            "Gerabah",
            SANDANG,
            WISATA,
            ("mesin pengolah tanah liat dan putaran gerabah", "tungku gas keramik"),
        ),
        Komoditas("Logam", LOGAM, KAWASAN, ("mesin bubut dan frais", "mesin tempa dan perlakuan panas")),
        Komoditas("Alat Pertanian", LOGAM, KAWASAN, ("mesin tempa dan gerinda", "mesin potong plasma")),
    )
}

# By the first digit of the province's code, so that no weaver of rattan works where none grows.
KHAS = {
    "1": ("Kopi", "Kelapa", "Gula Aren", "Rotan", "Anyaman Bambu", "Batik", "Ikan Olahan", "Kakao"),
    "3": ("Batik", "Mebel", "Logam", "Kulit", "Genteng", "Anyaman Bambu", "Gerabah", "Alat Pertanian"),
    "5": ("Tenun", "Gerabah", "Kopi", "Kelapa", "Ikan Olahan", "Anyaman Bambu"),
    "6": ("Rotan", "Mebel", "Kelapa", "Ikan Olahan", "Anyaman Bambu", "Gula Aren"),
    "7": ("Kakao", "Kelapa", "Tenun", "Ikan Olahan", "Rotan", "Gula Aren", "Mebel"),
    "8": ("Sagu", "Kelapa", "Ikan Olahan", "Tenun"),
    "9": ("Sagu", "Kopi", "Ikan Olahan", "Kelapa"),
}
KHAS_DAERAH = {"32.10": "Genteng", "52.02": "Tenun"}

DESA_AWAL = (
    "Suka",
    "Karang",
    "Sumber",
    "Marga",
    "Sido",
    "Wana",
    "Mekar",
    "Giri",
    "Banyu",
    "Purwa",
    "Tirta",
    "Puspa",
)
DESA_AKHIR = ("kriya", "cipta", "sentra", "karsa", "guna", "daya", "rasa", "wirya")

PENYEDIA_BIDANG = {
    "rumah produksi": ("Karya", "Bangun", "Konstruksi"),
    "UPT": ("Karya", "Bangun", "Konstruksi"),
    "rumah kemasan": ("Karya", "Bangun"),
    "mesin/peralatan": ("Mesin", "Teknik", "Perkakas"),
    "IPAL": ("Tirta", "Teknik"),
    "IPAB": ("Tirta", "Teknik"),
    "sarana pendukung": ("Karya", "Sarana"),
    "penunjang": ("Rekayasa", "Konsultan"),
}

SARANA = (
    ("Pembangunan jalan lingkungan sentra", "m²", (400, 1600)),
    ("Pembangunan pagar dan pos jaga sentra", "m", (150, 480)),
    ("Pembangunan ruang pamer produk", "m²", (80, 240)),
    ("Pembangunan gudang bahan baku", "m²", (100, 320)),
)

ALASAN_NIHIL_AWAL = (
    "Masih tahap persiapan dokumen pengadaan; belum ada kontrak dan pembayaran.",
    "RK baru disetujui, lelang dijadwalkan triwulan berikutnya.",
    "Menunggu penetapan SK pelaksana kegiatan; belum ada pekerjaan yang berjalan.",
)
ALASAN_NIHIL_MACET = "Tender gagal dua kali; belum ada kontrak sampai akhir triwulan ini."
PENJELASAN = {
    2: "Petunjuk teknis diterima setelah pergeseran anggaran; dokumen disesuaikan kembali.",
    5: "SK pelaksana kegiatan baru ditetapkan pada bulan terakhir triwulan ini.",
    6: "Tender gagal karena tidak ada penawar yang memenuhi syarat; disiapkan tender ulang.",
    8: "SP2D terlambat terbit karena antrean pada akhir triwulan.",
    9: "Pekerjaan terlambat dari jadwal karena cuaca dan pengiriman bahan.",
    11: "Jalan masuk ke lokasi rusak; pengiriman bahan menunggu perbaikan.",
}
PENJELASAN_TANPA_DANA = "Kontrak ditandatangani sesudah batas daftar kontrak; dibiayai APBD bila berlanjut."
CATATAN_FISIK = "Progres fisik tidak sesuai dengan foto dan laporan pengawas. Mohon diperiksa kembali."
ALASAN_KEMBALI = "Ada isian yang perlu diperbaiki; lihat catatan pada sel."
ALASAN_DISPENSASI = "Kantor dinas kebanjiran; bukti SP2D sedang dikumpulkan kembali."
ALASAN_BUKA = "Koreksi progres fisik setelah kunjungan lapangan."
