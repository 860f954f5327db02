"""How a figure, a date and a moment are written in Indonesian: one way, for pages, workbooks and messages.

Nothing here computes: an amount comes as whole rupiah, a rate as the percent that `serapan` gave. What is
missing (`None`) prints as a dash, never as a zero; a float is refused, since money must never have been one.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

KOSONG = "–"

BULAN = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMAWI = {1: "I", 2: "II", 3: "III", 4: "IV"}
# Sentences spell small numbers out; from thirteen on, figures read better.
BILANGAN = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
    "dua belas",
)

# Indonesia knows no daylight saving: three fixed offsets say it all, without a time zone database.
ZONA = {nama: timezone(timedelta(hours=jam), nama) for nama, jam in (("WIB", 7), ("WITA", 8), ("WIT", 9))}

# Powers of ten, from small to large: what would read "1.000,0 juta" moves on to the next unit.
SATUAN_UANG = ((6, "juta"), (9, "miliar"), (12, "triliun"))
# Below this the short form would hide the whole amount behind one decimal.
UANG_TERKECIL = 1_000_000

Angka = int | Decimal | Fraction

# Wide enough for any sum in this country: rounding to two digits never overflows.
_PRESISI = Context(prec=60)


def _round_half_up(nilai: Angka, digit: int) -> Decimal:
    """The exact value with `digit` decimals, halves away from zero."""
    if isinstance(nilai, float) or not isinstance(nilai, int | Decimal | Fraction):
        raise TypeError(f"Only exact numbers are written, not {nilai!r}")
    if isinstance(nilai, Fraction):
        satuan = abs(nilai.numerator) * 10**digit
        utuh = divmod(2 * satuan + nilai.denominator, 2 * nilai.denominator)[0]
        return Decimal(utuh if nilai >= 0 else -utuh).scaleb(-digit, _PRESISI)
    langkah = Decimal(1).scaleb(-digit)
    return Decimal(nilai).quantize(langkah, rounding=ROUND_HALF_UP, context=_PRESISI)


def _group(nilai: Decimal, digit: int) -> str:
    # A value that rounds to nothing has no sign: "-0,00" would look like a loss.
    tanpa_nol_negatif = abs(nilai) if nilai == 0 else nilai
    return f"{tanpa_nol_negatif:,.{digit}f}".translate(str.maketrans(",.", ".,"))


def rupiah(nilai: int | None) -> str:
    """12345678 -> "12.345.678"; the unit stands in the header of the column."""
    return KOSONG if nilai is None else _group(_round_half_up(nilai, 0), 0)


def tambahan(nilai: int | None) -> str:
    """1500 -> "+1.500": what a cumulative figure gained, sign always shown."""
    return KOSONG if nilai is None else ("" if nilai < 0 else "+") + rupiah(nilai)


def rp(nilai: int | None) -> str:
    """12345678 -> "Rp12.345.678"; a loss is "-Rp500"."""
    if nilai is None:
        return KOSONG
    return ("-" if nilai < 0 else "") + "Rp" + rupiah(abs(nilai))


def miliar(nilai: int | None) -> str:
    """395000000000 -> "Rp395,0 miliar": the short form of cards and sentences, in the unit that suits."""
    if nilai is None:
        return KOSONG
    besar = abs(nilai)
    if besar < UANG_TERKECIL:
        return rp(nilai)
    tanda = "-" if nilai < 0 else ""
    for pangkat, kata in SATUAN_UANG:
        pendek = _round_half_up(Decimal(besar).scaleb(-pangkat, _PRESISI), 1)
        if pendek < 1000 or kata == SATUAN_UANG[-1][1]:
            break
    return f"{tanda}Rp{_group(pendek, 1)} {kata}"


def desimal(nilai: Angka | None, digit: int | None = None) -> str:
    """Decimal("1234.50") -> "1.234,5"; with `digit` that many decimals, otherwise those it needs."""
    if nilai is None:
        return KOSONG
    if digit is not None:
        return _group(_round_half_up(nilai, digit), digit)
    teks = _group(_round_half_up(nilai, 4), 4)
    return teks.rstrip("0").rstrip(",")


def persen(nilai: Angka | None, digit: int = 2) -> str:
    """Decimal("88.455") -> "88,46%"; the rate itself was computed elsewhere."""
    return KOSONG if nilai is None else _group(_round_half_up(nilai, digit), digit) + "%"


def arah(nilai: Angka | None) -> str:
    """The direction of a difference as it is *shown*: what rounds to 0,00 did not move."""
    if nilai is None:
        return ""
    bulat = _round_half_up(nilai, 2)
    return "tetap" if bulat == 0 else "naik" if bulat > 0 else "turun"


def beda(nilai: Angka | None) -> str:
    """A difference of two rates: "▲ 3,20"; the unit stands in the header of the column."""
    if nilai is None:
        return KOSONG
    panah = {"naik": "▲", "turun": "▼", "tetap": "="}[arah(nilai)]
    return f"{panah} {_group(abs(_round_half_up(nilai, 2)), 2)}"


def poin(nilai: Angka | None) -> str:
    """A difference of two rates in a sentence: "▲ 3,20 poin"."""
    return KOSONG if nilai is None else f"{beda(nilai)} poin"


def tw(ke: int | None) -> str:
    """3 -> "TW III"."""
    return KOSONG if ke is None else f"TW {ROMAWI[ke]}"


def bilangan(nilai: int | None) -> str:
    """6 -> "enam", 56 -> "56": a count inside a sentence."""
    if nilai is None:
        return KOSONG
    return BILANGAN[nilai] if 0 <= nilai < len(BILANGAN) else rupiah(nilai)


def tanggal(hari: date | None) -> str:
    """date(2024, 7, 22) -> "22 Juli 2024"."""
    return KOSONG if hari is None else f"{hari.day} {BULAN[hari.month - 1]} {hari.year}"


def tanggal_pendek(hari: date | None) -> str:
    """date(2024, 7, 22) -> "22 Jul 2024"."""
    return KOSONG if hari is None else f"{hari.day} {BULAN[hari.month - 1][:3]} {hari.year}"


def waktu(saat: datetime | None, zona: str = "WIB") -> str:
    """ "Senin, 22 Juli 2024, pukul 17.00 WIB (19.00 WIT)": the treasury's hour, then the reader's own."""
    if saat is None:
        return KOSONG
    pusat = saat.astimezone(ZONA["WIB"])
    teks = f"{HARI[pusat.weekday()]}, {tanggal(pusat.date())}, pukul {pusat:%H.%M} WIB"
    if zona == "WIB":
        return teks
    setempat = saat.astimezone(ZONA[zona])
    # 23.59 WIB is already tomorrow in the east: an hour alone would be read as the same evening.
    hari = (
        "" if setempat.date() == pusat.date() else f"{HARI[setempat.weekday()]}, {tanggal(setempat.date())}, "
    )
    return f"{teks} ({hari}{setempat:%H.%M} {zona})"


def waktu_pendek(saat: datetime | None, zona: str = "WIB") -> str:
    """ "22 Jul 2024 17.00 WIB", in the zone of the reader."""
    if saat is None:
        return KOSONG
    setempat = saat.astimezone(ZONA[zona])
    return f"{tanggal_pendek(setempat.date())} {setempat:%H.%M} {zona}"


def sisa_hari(sampai: date | None, hari_ini: date) -> str:
    """How far a date is away, in words: "enam hari lagi", "hari ini", "lewat dua hari"."""
    if sampai is None:
        return KOSONG
    sisa = (sampai - hari_ini).days
    if sisa == 0:
        return "hari ini"
    return f"{bilangan(sisa)} hari lagi" if sisa > 0 else f"lewat {bilangan(-sisa)} hari"


def cakupan(
    *,
    lapor: int,
    daerah: int,
    persen_pagu: Angka | None,
    dibawa: Mapping[int, int] | None = None,
    belum_pernah: int = 0,
) -> str:
    """What a total rests on: "48 dari 56 daerah lapor (91,3% pagu); 8 memakai angka TW II".

    `dibawa` counts the daerah whose figure was carried forward, by the triwulan that it is from.
    """
    bagian = [f"{lapor} dari {daerah} daerah lapor ({persen(persen_pagu, 1)} pagu)"]
    if dibawa:
        asal = [f"{jumlah} memakai angka {tw(ke)}" for ke, jumlah in sorted(dibawa.items(), reverse=True)]
        bagian.append(", ".join(asal))
    if belum_pernah:
        bagian.append(f"{belum_pernah} belum pernah lapor")
    return "; ".join(bagian)
