"""Word, icon and tone of every state that a page shows: colour alone never says anything."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lambang:
    """`ikon` is a symbol of components/ikon.html, `nada` a class of app.css."""

    kata: str
    ikon: str
    nada: str


LAPORAN = {
    "BELUM_LAPOR": Lambang("Belum Lapor", "lingkaran", "kosong"),
    "KONSEP": Lambang("Konsep", "pensil", "netral"),
    "DIAJUKAN": Lambang("Diajukan", "kirim", "info"),
    "SEDANG_DIVERIFIKASI": Lambang("Sedang Diverifikasi", "kaca", "info"),
    "DIVERIFIKASI": Lambang("Diverifikasi", "cek", "baik"),
    "DIKEMBALIKAN": Lambang("Dikembalikan", "kembali", "awas"),
}

TANDA = {
    "TERLAMBAT": Lambang("Terlambat", "jam", "gawat"),
    "DISPENSASI": Lambang("Dispensasi", "sementara", "info"),
    "NIHIL": Lambang("Nihil", "nihil", "netral"),
    "TERKUNCI": Lambang("Terkunci", "gembok", "netral"),
}

POSISI = {
    "sementara": Lambang("Sementara", "sementara", "awas"),
    "final": Lambang("Final", "final", "baik"),
}

# How far a package is: red, and green from the contract on.
PAKET = {
    "BELUM_TERKONTRAK": Lambang("Belum terkontrak", "lingkaran", "gawat"),
    "TERKONTRAK": Lambang("Terkontrak", "cek", "baik"),
    "SELESAI_BAST": Lambang("Selesai, BAST", "final", "baik"),
}

# How sure a rule is (models.Tanda), and whether it is the one that answers now.
ATURAN = {
    "C": Lambang("Pasti", "cek", "baik"),
    "I": Lambang("Disimpulkan", "info", "info"),
    "U": Lambang("Belum dipastikan", "awas", "awas"),
    "BERLAKU": Lambang("Berlaku", "final", "baik"),
}

# A quarter in the schedule.
JADWAL = {
    "BELUM_DIBUKA": Lambang("Belum dibuka", "lingkaran", "kosong"),
    "MASA_LAPOR": Lambang("Masa lapor", "pensil", "info"),
    "LEWAT_TENGGAT": Lambang("Lewat tenggat", "jam", "awas"),
    "LEWAT_BATAS": Lambang("Terkunci", "gembok", "gawat"),
    "DITUTUP": Lambang("Ditutup", "final", "netral"),
}

# A waiver that does not hold any more; one that does is BERLAKU.
DISPENSASI = {
    "BERAKHIR": Lambang("Berakhir", "jam", "netral"),
    "DICABUT": Lambang("Dicabut", "nihil", "awas"),
}

# A job in the background.
PEKERJAAN = {
    "MENUNGGU": Lambang("Menunggu", "jam", "netral"),
    "BERJALAN": Lambang("Berjalan", "sementara", "info"),
    "SELESAI": Lambang("Selesai", "cek", "baik"),
    "GAGAL": Lambang("Gagal", "gawat", "gawat"),
}

SEMUA = LAPORAN | TANDA | POSISI | PAKET | ATURAN | JADWAL | DISPENSASI | PEKERJAAN
