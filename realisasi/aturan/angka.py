"""Reads amounts and decimals as Indonesian officers type them, and never guesses.

Every door (form, workbook, API of a program that sends text) reads numbers here. What cannot be read for sure
raises `AngkaSalah` with a message for the person who typed it: what was found, what is expected, an example.

The decisions, because a figure misread by a thousand is the worst error of this application:

* Rupiah: the dot separates thousands, so `1.234` is 1234 and `1.5` or `1.23.456` are refused. A comma may
  only stand before `00` or `-`.
* Decimals: the comma is the decimal mark. A single dot followed by one or two digits cannot be a thousands
  separator, so `72.5` is read as 72,5. A single dot or comma followed by exactly three digits (`1.234`) could
  be either and is refused, unless the part before it is 0 (`0,125`).
* Real numbers from a cell carry no such doubt; they are only checked for size and for decimals.
"""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

MAX_DIGITS = 15  # Excel keeps no more: a sixteenth digit would already be a zero that nobody typed

_BLANKS = r"[\s\u200b\u2060\ufeff]"
_CONTOH_RUPIAH = "Tulis rupiah bulat tanpa desimal, misalnya 1.234.567 atau 1234567."
_CONTOH_BULAT = "Tulis bilangan bulat, misalnya 1.250 atau 1250."
_CONTOH_DESIMAL = "Tulis dengan koma desimal, misalnya 72,5."
_MINUSES = ("-", "−")


class AngkaSalah(ValueError):
    """A number that cannot be read for sure; `pesan` is meant for the person who typed it."""

    def __init__(self, pesan: str) -> None:
        super().__init__(pesan)
        self.pesan = pesan


def read_rupiah(value: object, *, minus: bool = False) -> int | None:
    """The whole rupiah in a typed text or a cell; None when nothing was typed."""
    if isinstance(value, str):
        value = re.sub(rf"^rp\.?{_BLANKS}*(?=.)", "", _strip(value), flags=re.IGNORECASE)
    return _read_whole(value, minus=minus, contoh=_CONTOH_RUPIAH)


def read_bulat(value: object) -> int | None:
    """A count (of people, a year) in a typed text or a cell; None when nothing was typed."""
    return _read_whole(value, minus=False, contoh=_CONTOH_BULAT)


def read_desimal(value: object, *, digits: int = 2, minus: bool = False) -> Decimal | None:
    """The decimal in a typed text or a cell, with exactly `digits` decimals; None when nothing was typed."""
    if value is None:
        return None
    if isinstance(value, str):
        return _desimal_from_text(value, digits=digits, minus=minus)
    number = _decimal_from_cell(value, _CONTOH_DESIMAL)
    _check_size_and_sign(number, value, minus=minus, contoh=_CONTOH_DESIMAL)
    rounded = _quantize(number, digits)
    # A cell holds binary noise (0.30000000000000004); a real third decimal is many orders larger.
    if abs(number - rounded) > max(Decimal(1), abs(number)) * Decimal("1e-12"):
        raise _too_many_decimals(value, digits)
    return rounded


def read_persen(value: object, *, digits: int = 2) -> Decimal | None:
    """A percentage from 0 to 100; the sign `%` may be typed."""
    if isinstance(value, str):
        value = re.sub(r"(?<=\d)\s*%$", "", _strip(value))
    persen = read_desimal(value, digits=digits)
    if persen is not None and persen > 100:
        raise AngkaSalah(f"{_found(value)} melebihi 100. Isi persen antara 0 dan 100, misalnya 72,5.")
    return persen


def _read_whole(value: object, *, minus: bool, contoh: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _whole_from_text(value, minus=minus, contoh=contoh)
    number = _decimal_from_cell(value, contoh)
    if number != number.to_integral_value():
        raise AngkaSalah(f"{_found(value)} bukan bilangan bulat. {contoh}")
    _check_size_and_sign(number, value, minus=minus, contoh=contoh)
    return int(number)


def _whole_from_text(text: str, *, minus: bool, contoh: str) -> int | None:
    bare = _strip(text)
    if not bare:
        return None
    negative, bare = _take_sign(bare, text, minus=minus, contoh=contoh)
    # "Rp1.000.000,-" and "1.000.000,00" say "no sen", which is all that a rupiah can say.
    bare = re.sub(r"([,.]-|,00)$", "", bare)
    _refuse_foreign_characters(bare, text, contoh)
    whole = _whole_number(bare)
    if whole is None:
        raise AngkaSalah(f"{_found(text)} {_why_not_whole(bare)}. {contoh}")
    _check_digits(whole, text, contoh)
    return -int(whole) if negative else int(whole)


def _desimal_from_text(text: str, *, digits: int, minus: bool) -> Decimal | None:
    bare = _strip(text)
    if not bare:
        return None
    negative, bare = _take_sign(bare, text, minus=minus, contoh=_CONTOH_DESIMAL)
    _refuse_foreign_characters(bare, text, _CONTOH_DESIMAL)
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare, flags=re.ASCII):
        left, right = re.split(r"[.,]", bare)
        raise AngkaSalah(
            f"{_found(text)} bermakna ganda: {left}{right} atau {left},{right}? "
            f"Tulis {left}{right} tanpa pemisah ribuan, atau dengan koma desimal."
        )
    whole, fraction = _split_decimal(bare)
    if whole is None:
        raise AngkaSalah(f"{_found(text)} tidak terbaca sebagai angka. {_CONTOH_DESIMAL}")
    if len(fraction.rstrip("0")) > digits:
        raise _too_many_decimals(text, digits)
    _check_digits(whole + fraction, text, _CONTOH_DESIMAL)
    number = _quantize(Decimal(f"{whole}.{fraction or 0}"), digits)
    return -number if negative and number else number


def _split_decimal(bare: str) -> tuple[str | None, str]:
    """Whole part and decimals: after the one comma, or after a dot that can only be a decimal point."""
    if point := re.fullmatch(r"(\d+)\.(\d{1,2})", bare, flags=re.ASCII):
        return _whole_number(point[1]), point[2]
    whole, comma, fraction = bare.partition(",")
    if comma and not re.fullmatch(r"\d+", fraction, flags=re.ASCII):
        return None, ""
    return _whole_number(whole), fraction


def _whole_number(bare: str) -> str | None:
    """The digits of `1234567` or `1.234.567`; None for anything else, leading zeros included."""
    if re.fullmatch(r"0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+", bare, flags=re.ASCII):
        return bare.replace(".", "")
    return None


def _strip(text: str) -> str:
    """Without the blanks at the ends and beside a separator; one between two digits stays, to be refused."""
    bare = re.sub(rf"^{_BLANKS}+|{_BLANKS}+$", "", text)
    return re.sub(rf"{_BLANKS}*([.,]){_BLANKS}*", r"\1", bare)


def _take_sign(bare: str, text: str, *, minus: bool, contoh: str) -> tuple[bool, str]:
    if bare in _MINUSES or bare == "–":
        raise AngkaSalah(
            f"{_found(text)} bukan angka. Kosongkan bila tidak ada, atau tulis 0 bila memang nol."
        )
    negative = bare.startswith((*_MINUSES, "("))
    if negative and not minus:
        raise AngkaSalah(f"{_found(text)} bernilai negatif, padahal harus nol atau lebih. {contoh}")
    return negative, bare[1:] if bare.startswith(_MINUSES) else bare


def _refuse_foreign_characters(bare: str, text: str, contoh: str) -> None:
    if any(char.isnumeric() and not char.isascii() for char in bare):
        raise AngkaSalah(
            f"{_found(text)} memuat angka dari aksara lain. Ketik ulang dengan angka 0–9. {contoh}"
        )
    if re.search(r"\d[eE][+-]?\d", bare):
        raise AngkaSalah(f"{_found(text)} memakai bentuk pangkat (E). Tulis seluruh angkanya. {contoh}")
    if re.search(r"\d\s*(ribu|rb|juta|jt|miliar|milyar|m)\b", bare, flags=re.IGNORECASE):
        raise AngkaSalah(f"{_found(text)} memakai singkatan jumlah. Tulis seluruh angkanya. {contoh}")


def _why_not_whole(bare: str) -> str:
    if re.search(r",\d{3}(?!\d)", bare):
        return "memakai koma sebagai pemisah ribuan"
    if re.fullmatch(r"[\d.]+,\d+", bare, flags=re.ASCII):
        return "memuat pecahan"
    if re.fullmatch(r"0\d*", bare, flags=re.ASCII):
        return "diawali angka nol"
    if re.fullmatch(r"\d[\d.]*", bare, flags=re.ASCII):
        return "memakai titik yang tidak memisahkan tepat tiga angka"
    return "tidak terbaca sebagai angka"


def _decimal_from_cell(value: object, contoh: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise AngkaSalah(f"{_found(value)} bukan angka. {contoh}")
    if not math.isfinite(value):
        raise AngkaSalah(f"{_found(value)} bukan angka yang dapat dihitung. {contoh}")
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _check_size_and_sign(number: Decimal, value: object, *, minus: bool, contoh: str) -> None:
    if number < 0 and not minus:
        raise AngkaSalah(f"{_found(value)} bernilai negatif, padahal harus nol atau lebih. {contoh}")
    if abs(number) >= Decimal(10) ** MAX_DIGITS:
        raise _too_long(value, contoh)


def _check_digits(digits: str, text: str, contoh: str) -> None:
    if len(digits) > MAX_DIGITS:
        raise _too_long(text, contoh)


def _too_long(value: object, contoh: str) -> AngkaSalah:
    return AngkaSalah(f"{_found(value)} lebih dari {MAX_DIGITS} angka. Periksa kelebihan nol. {contoh}")


def _too_many_decimals(value: object, digits: int) -> AngkaSalah:
    limit = f"paling banyak {digits} angka di belakang koma" if digits else "bilangan bulat"
    return AngkaSalah(f"{_found(value)} tidak sesuai: {limit}. Bulatkan dahulu.")


def _quantize(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _found(value: object) -> str:
    """What was typed, short enough for a message and without characters that would break its line."""
    shown = "".join(char if char.isprintable() else " " for char in str(value)).strip()
    return f"“{shown if len(shown) <= 40 else shown[:39] + '…'}”"
