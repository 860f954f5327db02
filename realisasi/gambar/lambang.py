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
    "NIHIL": Lambang("Nihil", "nihil", "netral"),
    "TERKUNCI": Lambang("Terkunci", "gembok", "netral"),
}

POSISI = {
    "sementara": Lambang("Sementara", "sementara", "awas"),
    "final": Lambang("Final", "final", "baik"),
}

SEMUA = LAPORAN | TANDA | POSISI
