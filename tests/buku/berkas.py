"""Builds workbooks for the tests: honest ones with openpyxl, hostile ones by rewriting parts of the zip."""

import zipfile
from io import BytesIO

from openpyxl import Workbook

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
