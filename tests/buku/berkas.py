"""Builds workbooks for the tests: honest ones with openpyxl, hostile ones by rewriting parts of the zip."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from realisasi.aturan.formulir_alokasi import BarisAlokasi
from realisasi.buku.kolom_alokasi import KOLOM

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows, *, title="Alokasi", state="visible"):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    if state != "visible":
        book.create_sheet("Lain")
        sheet.sheet_state = state
    for row in rows:
        sheet.append(row)
    return book


def as_file(book):
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def excel(rows, **kwargs):
    return as_file(workbook(rows, **kwargs))


def rewritten(parts, source=None):
    """The workbook with some parts replaced, added or (None) left out."""
    out = BytesIO()
    with (
        zipfile.ZipFile(source or excel([["kode"], ["32.10"]])) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    out.seek(0)
    return out


def sheet_xml(data, *, before="", after="", head='<?xml version="1.0"?>'):
    return f"{head}<worksheet {MAIN}>{before}<sheetData>{data}</sheetData>{after}</worksheet>"


# --- the formulir alokasi -------------------------------------------------------------------------------

SATU = BarisAlokasi(
    kode_daerah="32.10",
    tahun=2024,
    pagu=5_000_000_000,
    sentra="Sentra Kopi Majalengka",
    menu="Pembangunan sentra IKM",
    rincian="Rumah produksi kopi",
    komponen="rumah produksi",
    lokasi="Desa Sukamaju, Kec. Maja",
    volume=Decimal("1.00"),
    satuan="unit",
    nilai_rk=3_000_000_000,
    pelaksanaan="kontraktual",
    pembayaran="bertahap",
    tematik="Penguatan destinasi wisata",
    komoditas="Kopi",
    penerima_manfaat=120,
    direktorat_pembina="IKM Pangan",
    target_keuangan=(0, 1_000_000_000, None, 5_000_000_000),
    target_fisik=(None, Decimal("20.00"), Decimal("60.50"), Decimal("100.00")),
)
DUA = replace(SATU, rincian="Mesin sangrai", komponen="mesin/peralatan", nilai_rk=2_000_000_000)
JUDUL = [kolom.nama for kolom in KOLOM]


def cells(row=SATU, **changed):
    """The row as cell values by column name, some of them changed."""
    return {kolom.nama: kolom.nilai(row) for kolom in KOLOM} | changed


def sheet(*rows, header=JUDUL):
    return excel([header, *[[row.get(name) for name in header] for row in rows]])
