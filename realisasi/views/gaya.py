"""/gaya/, only in DEMO: every component in every state, to be looked at while working on them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from realisasi.aturan import tampilan
from realisasi.gambar import kurva, lambang, petak, rantai, tabel
from realisasi.templatetags.grafik import BarisMatriks

SAAT = datetime(2024, 10, 15, 3, 42, tzinfo=UTC)
AMBANG = (20, 40, 60, 80)


class FormContoh(forms.Form):
    nama = forms.CharField(label="Nama penyedia", help_text="Seperti tertulis di kontrak.")
    nilai = forms.CharField(label="Nilai kontrak (Rp)")
    metode = forms.ChoiceField(
        label="Metode",
        choices=[("tender", "Tender"), ("epurchasing", "E-purchasing")],
        widget=forms.RadioSelect,
    )
    catatan = forms.CharField(label="Catatan", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    setuju = forms.BooleanField(label="Data sudah diperiksa")


class FormBaris(forms.Form):
    keuangan = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    volume_selesai = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    progres_fisik = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    kode_masalah = forms.ChoiceField(
        choices=[("", "Tidak ada"), ("6", "6 · Pelaksanaan tender"), ("11", "11 · Lain-lain")], required=False
    )
    penjelasan = forms.CharField(required=False)
    alasan = forms.CharField(required=False)


@require_safe
@login_not_required
def gaya(request: HttpRequest) -> HttpResponse:
    return render(request, "gaya.html", context())


def context() -> dict[str, object]:
    """One example of everything that a component can be given."""
    return {
        "saat": SAAT,
        "asal": _asal(),
        "selisih": {"naik": Decimal("3.2"), "turun": Decimal("-1.85")},
        "cakupan": tampilan.cakupan(lapor=48, daerah=56, persen_pagu=Decimal("91.3"), dibawa={2: 8}),
        "laporan": list(lambang.LAPORAN),
        "rantai": _rantai(),
        "deret": _deret(),
        "hari_ini": date(2024, 10, 15),
        "daftar_petak": _petak(),
        "ambang": AMBANG,
        "matriks": _matriks(),
        "tabel": _tabel(),
        "halaman": Paginator(range(560), 50).page(4),
        "langkah": _langkah(),
        "formulir": FormContoh({"nama": "CV Contoh", "nilai": "1,5 milyar"}),
        "isian": _isian(),
        "jumlah": {
            "keuangan": 3_582_460_000,
            "tambahan": 1_403_340_000,
            "persen": Decimal("46.98"),
            "dasar": 7_627_800_000,
            "fisik": Decimal("51.36"),
            "terisi": 14,
            "isian": 15,
        },
    }


def _asal() -> dict[str, object]:
    return {
        "rumus": "penyerapan : pagu × 100",
        "dasar": "Rp395.000.000.000, pagu 56 daerah yang berlaku 30 September 2024",
        "cakupan": "Laporan diverifikasi, lalu diajukan. Konsep dan yang dikembalikan tidak dihitung.",
        "sumber": "Laporan triwulan daerah, kolom 12; bacaan kami atas rumus kementerian",
        "dihitung_pada": SAAT,
    }


def _rantai() -> list[rantai.MataRantai]:
    isi = (
        ("Pagu", 395_000_000_000, "100", "ditetapkan untuk 56 daerah"),
        ("Nilai RK", 391_200_000_000, "99.04", "Rp3,8 miliar tidak masuk RK"),
        ("Nilai Kontrak", 352_800_000_000, "89.32", "Rp21,2 miliar Gagal Salur, Rp17,2 miliar Sisa Tender"),
        (
            "Penyaluran ke RKUD",
            271_400_000_000,
            "68.71",
            "Rp81,4 miliar menunggu Tahap Penyaluran II dan III",
        ),
        ("Penyerapan", 241_700_000_000, "61.20", "Rp29,7 miliar masih di RKUD"),
    )
    return [
        rantai.MataRantai(kunci, nama, nilai, Decimal(persen), catatan)
        for kunci, (nama, nilai, persen, catatan) in zip(rantai.KUNCI, isi, strict=True)
    ]


def _deret() -> dict[str, list[kurva.Deret]]:
    rencana = kurva.Deret("rencana", "Rencana", (0, 5, 35, 79, 100))
    fisik = kurva.Deret("fisik", "Fisik", (0, Decimal("4.1"), Decimal("32.7"), Decimal("64.8"), None))
    keuangan = kurva.Deret(
        "keuangan", "Keuangan", (0, Decimal("2.3"), Decimal("28.4"), Decimal("61.2"), None)
    )
    lalu = kurva.Deret("lalu", "TA 2023", (0, Decimal("1.9"), Decimal("25.5"), Decimal(58), Decimal("88.46")))
    berlubang = kurva.Deret("keuangan", "Keuangan", (0, None, Decimal(30), None, None))
    return {"penuh": [lalu, rencana, fisik, keuangan], "berlubang": [rencana, berlubang]}


def _petak() -> list[petak.Isi]:
    nilai = {
        "11": "48.2",
        "12": "55",
        "32": "83.2",
        "33": "66.37",
        "35": "71.9",
        "52": "19.99",
        "81": "20",
        "91": "44",
    }
    isi = [
        petak.Isi(kode, petak.SINGKATAN[kode][0], Decimal(angka), f"#{kode}") for kode, angka in nilai.items()
    ]
    return [*isi, petak.Isi("53", "Nusa Tenggara Timur", None, "#53")]


def _matriks() -> list[BarisMatriks]:
    status = list(lambang.LAPORAN)
    return [
        BarisMatriks(
            f"Kabupaten Contoh {ke}",
            "#",
            [("DIVERIFIKASI",), ("DIVERIFIKASI", "TERLAMBAT"), (status[ke % 6],), ()],
        )
        for ke in range(1, 22)
    ]


def _tabel() -> tabel.Tabel:
    kolom = [
        tabel.Kolom("Daerah", urut_url="#", urut="ascending"),
        tabel.Kolom("Pagu", "Rp", is_angka=True, urut_url="#"),
        tabel.Kolom("Serapan", "% pagu", is_angka=True, urut_url="#"),
        tabel.Kolom("Progres fisik", "%", is_angka=True),
        tabel.Kolom("Laporan TW III"),
    ]
    isi = (
        ("Kabupaten Contoh Utara", 12_491_452_991, "55.18", "57.39", ("DIVERIFIKASI",)),
        ("Kabupaten Contoh Selatan", 12_322_649_573, "104.5", "100", ("DIAJUKAN", "TERLAMBAT")),
        ("Kota Contoh", 9_875_000_000, None, None, ("BELUM_LAPOR",)),
    )
    baris = [
        [
            tabel.Sel(nama, url="#", sub="Jawa Barat"),
            tabel.Sel(tampilan.rupiah(pagu)),
            tabel.Sel(tampilan.persen(serapan and Decimal(serapan)), batang=serapan and Decimal(serapan)),
            tabel.Sel(tampilan.persen(fisik and Decimal(fisik))),
            tabel.Sel(status=status),
        ]
        for nama, pagu, serapan, fisik, status in isi
    ]
    jumlah = [
        tabel.Sel("Jumlah"),
        tabel.Sel(tampilan.rupiah(34_689_102_564)),
        tabel.Sel(tampilan.persen(Decimal("56.99"))),
        tabel.Sel(tampilan.persen(Decimal("58.10"))),
        tabel.Sel(),
    ]
    return tabel.Tabel("Daerah penerima", kolom, baris, jumlah)


def _langkah() -> list[dict[str, object]]:
    return [
        {"nama": "Diajukan", "keadaan": "selesai", "waktu": SAAT, "oleh": "operator.32.10"},
        {"nama": "Dikembalikan", "keadaan": "gagal", "waktu": SAAT, "catatan": "Lampirkan jadwal evaluasi."},
        {"nama": "Sedang Diverifikasi", "keadaan": "kini", "waktu": SAAT},
        {"nama": "Diverifikasi", "keadaan": "nanti"},
    ]


def _isian() -> list[dict[str, object]]:
    return [_baris(ke, *contoh) for ke, contoh in enumerate(CONTOH_ISIAN, start=1)]


def _baris(
    ke: int, nama: str, fakta: list[str], angka: tuple[int, int, int, str, str], tambahan: dict[str, object]
) -> dict[str, object]:
    rk, lalu, kini, persen, fisik = angka
    isi = {"keuangan": tampilan.rupiah(kini), "volume_selesai": "0", "progres_fisik": fisik}
    form = FormBaris(initial=isi | tambahan.get("isi", {}), prefix=str(ke))
    baris = {
        "nomor": ke,
        "nama": nama,
        "url": "#",
        "uraian": "Pembangunan sentra IKM › Rumah produksi",
        "fakta": fakta,
        "satuan": "unit",
        "volume": Decimal(1),
        "bobot": rk,
        "nilai_rk": rk,
        "keuangan_lalu": lalu,
        "volume_lalu": Decimal(0),
        "progres_lalu": Decimal(45),
        "tambahan": kini - lalu,
        "persen": Decimal(persen),
    }
    return {"form": form, "baris": baris | tambahan}


CONTOH_ISIAN = (
    (
        "Rumah produksi bambu",
        ["Kontrak Rp4.120.000.000", "bertahap", "tender"],
        (4_120_000_000, 1_854_000_000, 2_884_000_000, "70.00", "72,50"),
        {},
    ),
    (
        "Mesin pengolah, 7 unit",
        ["Belum dikontrak", "RK Rp2.300.000.000"],
        (2_300_000_000, 0, 0, "0.00", "0,00"),
        {
            "isi": {"kode_masalah": "6", "penjelasan": "Tender ulang ke-2, evaluasi"},
            "catatan": {"penjelasan": [{"teks": "Lampirkan jadwal evaluasi.", "pada": SAAT}]},
        },
    ),
    (
        "IPAB",
        ["Kontrak Rp250.000.000", "sekaligus"],
        (250_000_000, 0, 260_000_000, "104.00", "100,00"),
        {
            "temuan": {
                "keuangan": [
                    {
                        "tingkat": "galat",
                        "pesan": "Rp260.000.000 melebihi nilai kontrak Rp250.000.000. "
                        "Perbaiki angka, atau catat adendum di Pengadaan.",
                    }
                ]
            }
        },
    ),
    (
        "Jalan lingkungan",
        ["Kontrak Rp580.000.000", "bertahap"],
        (580_000_000, 174_000_000, 174_000_000, "30.00", "61,00"),
        {
            "perlu_alasan": True,
            "temuan": {
                "progres_fisik": [
                    {"tingkat": "awas", "pesan": "Fisik 31 poin di atas keuangan. Tulis alasannya."}
                ]
            },
        },
    ),
)
