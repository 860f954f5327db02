import resource
import time
import tracemalloc
import warnings
import zipfile
from contextlib import suppress
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from realisasi.buku.baca import Sel, open_sheet
from realisasi.buku.penjaga import Batas, BukuDitolak
from tests.buku.berkas import MAIN, SHEET, as_file, excel, rewritten, sheet_xml, workbook

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "&a;" * 10}">' for i in range(10))
    + "]>"
)


def refusal(file, **kwargs):
    with pytest.raises(BukuDitolak) as refused:
        open_sheet(file, sheet="Alokasi", **kwargs)
    return refused.value.pesan


def values(file):
    return [
        (number, {col: cell.nilai for col, cell in cells.items()})
        for number, cells in open_sheet(file, sheet="Alokasi")
    ]


def test_rows_come_with_their_number_and_without_empty_cells():
    assert values(excel([["kode", "pagu"], [], ["32.10", None, 5], ["  ", ""]])) == [
        (1, {1: "kode", 2: "pagu"}),
        (3, {1: "32.10", 3: 5}),
    ]


def test_cells_know_their_address():
    lembar = open_sheet(excel([["kode"], [None, "x"]]), sheet="Alokasi")
    assert lembar.baris[1] == (2, {2: Sel("B2", "x")})


def test_a_path_is_read_like_an_upload(tmp_path):
    path = tmp_path / "alokasi.xlsx"
    path.write_bytes(excel([["kode"]]).getvalue())
    assert open_sheet(path, sheet="Alokasi").baris[0][1][1].nilai == "kode"


def test_sheet_name_is_found_as_excel_finds_it():
    assert open_sheet(excel([["kode"]], title="ALOKASI"), sheet="Alokasi").nama == "ALOKASI"


def test_missing_sheet_names_those_that_are_there():
    assert "“Lembar satu”" in refusal(excel([["kode"]], title="Lembar satu"))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_is_not_read_unless_the_form_hides_it_itself(state):
    file = excel([["kode"]], state=state)
    assert "tersembunyi" in refusal(file)
    assert open_sheet(file, sheet="Alokasi", hidden=True).baris


def test_formula_is_a_fault_of_its_cell_even_when_excel_stored_a_value():
    shared = '<c r="B1" t="str"><f t="shared" si="0"/><v>x</v></c>'
    data = f'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>{shared}</row>'
    cells = open_sheet(rewritten({SHEET: sheet_xml(data)}), sheet="Alokasi").baris[0][1]
    assert cells[1].nilai is None
    assert "rumus =1+1" in cells[1].masalah
    assert "tempel sebagai nilai" in cells[1].masalah
    assert "rumus" in cells[2].masalah


def test_text_that_starts_with_an_equals_sign_is_text():
    book = workbook([["=bukan rumus"]])
    book.active["A1"].data_type = "s"
    assert values(as_file(book)) == [(1, {1: "=bukan rumus"})]


def test_error_cell_is_a_fault_of_its_cell():
    cell = open_sheet(excel([["#REF!"]]), sheet="Alokasi").baris[0][1][1]
    assert cell.nilai is None
    assert "galat #REF!" in cell.masalah


def test_percent_format_is_told_so_that_0_725_is_not_read_as_0_725_percent():
    book = workbook([[0.725, 0.725]])
    book.active["A1"].number_format = "0.00%"
    cells = open_sheet(as_file(book), sheet="Alokasi").baris[0][1]
    assert cells[1].persen
    assert not cells[2].persen


def test_merged_cells_are_told():
    book = workbook([["kode"], ["32.10"]])
    book.active.merge_cells("A2:A4")
    assert open_sheet(as_file(book), sheet="Alokasi").gabungan == ("A2:A4",)


def test_announced_dimension_is_not_believed():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 6))
    file = rewritten({SHEET: sheet_xml(rows, before='<dimension ref="A1"/>')})
    assert len(open_sheet(file, sheet="Alokasi").baris) == 5


def test_no_warning_leaks_out_of_openpyxl():
    extension = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x/></ext></extLst>'
    file = rewritten({SHEET: sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', after=extension)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert values(file) == [(1, {1: 1})]


# --- refused before anything is unpacked ---------------------------------------------------------


def test_empty_file():
    assert "kosong" in refusal(BytesIO())


def test_too_large_file():
    assert "melebihi batas 5,0 MB" in refusal(BytesIO(b"PK\x03\x04" + bytes(6 * 1024 * 1024)))


@pytest.mark.parametrize(
    "content", [b"kode_daerah;tahun\n32.10;2024\n", b"%PDF-1.7", b"<html><table>", b"\x00" * 50]
)
def test_other_formats_renamed(content):
    assert "bukan buku kerja Excel .xlsx" in refusal(BytesIO(content))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def test_old_excel_format():
    assert "format Excel lama (.xls)" in refusal(BytesIO(OLE))


def test_password():
    assert "sandi" in refusal(BytesIO(OLE + "EncryptedPackage".encode("utf-16-le") + bytes(40)))


def test_zip_password():
    file = bytearray(excel([["kode"]]).getvalue())
    at = file.rfind(b"PK\x01\x02")
    file[at + 8] |= 1
    assert "sandi" in refusal(BytesIO(bytes(file)))


def test_macro():
    assert "makro" in refusal(rewritten({"xl/vbaProject.bin": b"x"}))


def test_macro_by_content_type():
    types = zipfile.ZipFile(excel([["kode"]])).read("[Content_Types].xml")
    macro = types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert macro != types
    assert "makro" in refusal(rewritten({"[Content_Types].xml": macro}))


@pytest.mark.parametrize(
    ("name", "word"), [("a.xlsm", "makro"), ("a.xls", "hanya .xlsx"), ("a.xlsx.exe", "hanya .xlsx")]
)
def test_wrong_extension(tmp_path, name, word):
    path = tmp_path / name
    path.write_bytes(excel([["kode"]]).getvalue())
    assert word in refusal(path)


def test_other_office_file():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "mungkin .ods" in refusal(out)


def test_truncated_file():
    assert "rusak" in refusal(BytesIO(excel([["kode"]]).getvalue()[:-200]))


def test_flipped_bytes_never_raise_anything_but_a_refusal():
    whole = excel([["kode", 1], ["32.10", 2.5]]).getvalue()
    for at in range(4, len(whole), 97):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        with suppress(BukuDitolak):
            open_sheet(BytesIO(bytes(damaged)), sheet="Alokasi")


def test_zip_bomb():
    bomb = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 30_000_000)
    assert "jauh melebihi ukurannya" in refusal(rewritten({SHEET: bomb}))


def test_bomb_in_many_parts():
    parts = {f"xl/media/{n}.bin": bytes(1_900_000) for n in range(30)}
    assert "jauh melebihi ukurannya" in refusal(rewritten(parts))


def test_zip_that_lies_about_its_size():
    """The directory announces little, the stream holds much: Python stops at what was announced."""
    xml = sheet_xml(" " * 5_000_000)
    file = bytearray(rewritten({SHEET: xml}).getvalue())
    for marker, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = file.rfind(marker)
        file[at + offset : at + offset + 4] = (500).to_bytes(4, "little")
    assert "rusak" in refusal(BytesIO(bytes(file)))


def test_too_many_parts():
    assert "tidak wajar" in refusal(rewritten({f"xl/x{n}.xml": "<x/>" for n in range(600)}))


def test_twin_parts():
    file = rewritten({})
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet_xml(""))
    assert "kembar" in refusal(file)


# --- refused by the walk over the XML --------------------------------------------------------------


def test_openpyxl_itself_uses_defusedxml():
    assert openpyxl.DEFUSEDXML


@pytest.mark.parametrize(
    "part",
    [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels"],
)
@pytest.mark.parametrize(
    "head",
    [
        ENTITIES,
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["bomb", "external entity", "external DTD"],
)
def test_entities(part, head):
    body = f"{head}<worksheet><a>{'&a9;' if 'ENTITY' in head else ''}</a></worksheet>"
    assert "entitas" in refusal(rewritten({part: body}))


def test_a_million_empty_cells_are_refused_in_bounded_time_and_memory():
    cells = "".join(f'<c r="{c}{{n}}" s="1"/>' for c in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{n}">{cells.format(n=n)}</row>' for n in range(1, 100_001))
    file = rewritten({SHEET: sheet_xml(rows)})
    started = time.process_time()
    tracemalloc.start()
    assert "terlalu banyak sel" in refusal(file, limits=Batas(rasio=10_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.process_time() - started < 10


def test_millions_of_shared_strings_are_refused():
    strings = f"<sst {MAIN}>{'<si><t/></si>' * 400_000}</sst>"
    file = rewritten({"xl/sharedStrings.xml": strings})
    assert "terlalu banyak sel" in refusal(file, limits=Batas(rasio=10_000))


def test_one_cell_in_the_last_corner_is_named_not_padded():
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "XFD1048576" in refusal(rewritten({SHEET: sheet_xml(data)}))


def test_an_empty_cell_in_the_last_corner_does_no_harm():
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert values(rewritten({SHEET: sheet_xml(data)})) == [(1, {1: 1})]


@pytest.mark.parametrize(
    "data",
    [
        '<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A7"><v>2</v></c></row>',
        '<row r="0"><c r="A0"><v>2</v></c></row>',
        '<row r="1e3"/>',
        '<row r="99999999"/>',
        '<row r="1"><c r="1A"><v>2</v></c></row>',
    ],
)
def test_disorder_that_would_drop_rows_silently_is_refused(data):
    assert "urutan" in refusal(rewritten({SHEET: sheet_xml(data)}))


def test_an_endless_tag_is_refused_quickly():
    data = f'<row r="1"><c r="A1" x="{"a" * 3_000_000}"><v>1</v></c></row>'
    assert "terlalu panjang" in refusal(rewritten({SHEET: sheet_xml(data)}), limits=Batas(rasio=10_000))


@pytest.mark.parametrize("number", ["nan", "1e999x", "abc", "9" * 5000])
def test_a_number_that_is_none_is_refused(number):
    data = f'<row r="1"><c r="A1"><v>{number}</v></c></row>'
    assert "rusak" in refusal(rewritten({SHEET: sheet_xml(data)}))


def test_a_reference_to_a_string_that_is_not_there_is_refused():
    data = '<row r="1"><c r="A1" t="s"><v>99</v></c></row>'
    assert "rusak" in refusal(rewritten({SHEET: sheet_xml(data)}))


def test_missing_parts_are_refused():
    for part in ("xl/workbook.xml", "[Content_Types].xml", SHEET, "xl/_rels/workbook.xml.rels"):
        assert refusal(rewritten({part: None}))


def test_a_full_form_is_read_within_seconds_and_little_memory():
    rows = [[f"32.{n % 90:02d}", 2024, "x" * 30, *range(20)] for n in range(5_600)]
    book = workbook(rows)
    book.active["A1"].fill = PatternFill("solid", fgColor="FFFFFF")
    file = as_file(book)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    assert len(open_sheet(file, sheet="Alokasi").baris) == 5_600
    assert time.process_time() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
