"""The gate for uploaded workbooks: what is refused before openpyxl sees a byte of it.

An .xlsx is a zip of XML files that somebody else wrote. Its directory is read before anything is unpacked,
and every XML part is walked once by a parser that builds nothing: no DTD, no entity, no part that would cost
more time or memory than a filled form can. Each refusal is one Indonesian sentence and what to do about it.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser
from openpyxl.utils import column_index_from_string, get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIB = 1024 * 1024
# Small parts compress very well without being bombs; only large ones are measured.
RATIO_MATTERS_FROM = 2 * MIB
# Older expat versions read an unfinished tag again with every chunk; no honest tag or cell text is this long.
LONGEST_TOKEN = MIB // 2
CHUNK = 64 * 1024

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "Simpan sebagai Buku Kerja Excel (.xlsx), lalu unggah lagi."
START_OVER = "Salin isinya ke formulir kosong, lalu unggah lagi."


class BukuDitolak(Exception):
    """The workbook is not read at all; `pesan` says why and what to do."""

    def __init__(self, pesan: str) -> None:
        super().__init__(pesan)
        self.pesan = pesan


@dataclass(frozen=True)
class Batas:
    """How much of a workbook is read: far above any real form, far below what hurts."""

    ukuran: int = 5 * MIB  # bytes as uploaded
    isi: int = 40 * MIB  # bytes after unpacking, all parts together
    rasio: int = 100  # unpacked to packed, per part
    bagian: int = 500  # files inside the zip
    baris: int = 10_000
    kolom: int = 60
    isi_lembar: int = 600_000  # XML elements of all sheets together, empty but formatted cells included
    isi_lain: int = 300_000  # XML elements of everything else: strings, styles, relations


def check_file(file: BinaryIO, name: str, batas: Batas) -> None:
    """Size and kind by content; the name is only looked at when the content could be right."""
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise BukuDitolak("Berkas kosong (0 byte). Simpan ulang formulir, lalu unggah lagi.")
    if size > batas.ukuran:
        raise BukuDitolak(
            f"Berkas berukuran {_mib(size)} MB, melebihi batas {_mib(batas.ukuran)} MB. "
            "Hapus gambar dan lembar yang tidak diperlukan, lalu unggah lagi."
        )
    head = file.read(8)
    if head.startswith(OLE):
        raise BukuDitolak(_why_not_ole(head + file.read()))
    if not head.startswith(ZIP):
        raise BukuDitolak(f"Berkas ini bukan buku kerja Excel .xlsx (mungkin CSV, HTML, atau PDF). {SAVE_AS}")
    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsm":
        raise _macro()
    if suffix not in ("", ".xlsx"):
        raise BukuDitolak(f"Berkas berakhiran {suffix[:12]}, padahal yang diterima hanya .xlsx. {SAVE_AS}")


def check_archive(archive: zipfile.ZipFile, batas: Batas) -> None:
    """The zip directory, before unpacking: Python never unpacks more of a part than is announced there."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > batas.bagian or len(set(names)) < len(names):
        raise BukuDitolak(f"Susunan berkas tidak wajar (terlalu banyak atau kembar bagiannya). {START_OVER}")
    if any(part.flag_bits & 1 for part in parts):
        raise _password()
    if sum(part.file_size for part in parts) > batas.isi or any(_is_bomb(part, batas) for part in parts):
        raise BukuDitolak(
            f"Isi berkas setelah dibuka jauh melebihi ukurannya, sehingga tidak dibaca. {START_OVER}"
        )
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise _macro()
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise BukuDitolak(
            f"Berkas ini bukan buku kerja Excel .xlsx (mungkin .ods, .docx, atau .xlsb). {SAVE_AS}"
        )
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise _macro()


def check_parts(archive: zipfile.ZipFile, batas: Batas) -> dict[str, "SheetScan"]:
    """Walk every XML part once; what was seen in each sheet, by the name of its part."""
    elements = PartScan(batas.isi_lain)
    cells = Counter(batas.isi_lembar)
    sheets = {}
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        scan = elements
        if part.filename.startswith("xl/worksheets/") and "/_rels/" not in part.filename:
            scan = sheets[part.filename] = SheetScan(batas, cells.add)
        _walk(archive, part, scan)
    return sheets


class Counter:
    """A budget shared by all parts of a workbook."""

    def __init__(self, most: int) -> None:
        self.left = most

    def add(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise BukuDitolak(
                "Berkas berisi terlalu banyak sel (sel kosong yang berformat dan lembar lain ikut dihitung). "
                "Salin baris yang terisi saja ke formulir kosong, lalu unggah lagi."
            )


class PartScan(ContentHandler):
    """Counts the elements of the parts that openpyxl reads whole: strings, styles, relations."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.budget = Counter(most)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (named by xml.sax)
        self.budget.add()


class SheetScan(ContentHandler):
    """What openpyxl's streaming reader does not tell: merged cells, disorder, what lies beyond the limits."""

    def __init__(self, batas: Batas, count: Callable[[], None]) -> None:
        super().__init__()
        self.batas = batas
        self.count = count
        self.merged: list[str] = []
        self.beyond = ""  # address of the first filled cell outside the limits
        self.row = self.column = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (named by xml.sax)
        self.count()
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._enter_row(attrs.get("r"))
        elif tag == "c":
            self._enter_cell(attrs.get("r"))
        elif tag in ("v", "f", "is") and not self.beyond:
            self._note_filled()
        elif tag == "mergeCell":
            self._note_merged(attrs.get("ref", ""))

    def _enter_row(self, number: str | None) -> None:
        # openpyxl silently drops a row that comes after a higher one.
        following = _positive(number) if number is not None else self.row + 1
        if following <= self.row:
            raise _disorder()
        self.row, self.column = following, 0

    def _enter_cell(self, address: str | None) -> None:
        following = self.column + 1
        if address is not None:
            match = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", address, flags=re.ASCII)
            if not match or int(match[2]) != self.row:
                raise _disorder()
            following = column_index_from_string(match[1])
        if following <= self.column:
            raise _disorder()
        self.column = following

    def _note_merged(self, ref: str) -> None:
        if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d{0,6}(:[A-Z]{1,3}[1-9]\d{0,6})?", ref, flags=re.ASCII):
            raise _disorder()
        self.merged.append(ref)

    def _note_filled(self) -> None:
        if self.row > self.batas.baris or self.column > self.batas.kolom:
            self.beyond = address(self.row, self.column)


def address(row: int, column: int) -> str:
    """(2, 3) -> "C2", as the screen of Excel names it."""
    return f"{get_column_letter(column)}{row}"


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, scan: ContentHandler) -> None:
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(scan)
    try:
        for chunk in _chunks(archive, part):
            parser.feed(chunk)
        parser.close()
    except DefusedXmlException as exc:
        raise BukuDitolak(
            f"Berkas memuat entitas atau DTD XML, yang tidak pernah ditulis Excel. {START_OVER}"
        ) from exc
    except SAXException as exc:
        raise BukuDitolak(
            f"Berkas rusak: {PurePath(part.filename).name[:40]} tidak terbaca. {START_OVER}"
        ) from exc


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    open_for = 0
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            closed = chunk.rfind(b">")
            open_for = open_for + len(chunk) if closed < 0 else len(chunk) - closed
            if open_for > LONGEST_TOKEN:
                raise BukuDitolak(f"Berkas memuat teks yang terlalu panjang dalam satu sel. {START_OVER}")
            yield chunk


def _is_bomb(part: zipfile.ZipInfo, batas: Batas) -> bool:
    return part.file_size > RATIO_MATTERS_FROM and part.file_size > part.compress_size * batas.rasio


def _positive(number: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", number, flags=re.ASCII):
        raise _disorder()
    return int(number)


def _why_not_ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _password().pesan
    return f"Berkas ini berformat Excel lama (.xls). {SAVE_AS}"


def _password() -> BukuDitolak:
    return BukuDitolak(
        "Berkas dilindungi sandi. Hapus sandinya (File > Info > Lindungi Buku Kerja), simpan, "
        "lalu unggah lagi."
    )


def _macro() -> BukuDitolak:
    return BukuDitolak(f"Berkas memuat makro. {SAVE_AS}")


def _disorder() -> BukuDitolak:
    return BukuDitolak(f"Berkas rusak: urutan baris atau sel di dalamnya tidak wajar. {START_OVER}")


def _mib(size: int) -> str:
    return f"{size / MIB:.1f}".replace(".", ",")
