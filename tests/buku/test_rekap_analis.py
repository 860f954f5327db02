import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from xlsxwriter import Workbook

from realisasi.actions.rekap import compute_all
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.buku.rekap_analis import HEADER_ROW, write_rekap, write_text
from realisasi.models import BarisVersi, StatusLaporan, VersiLaporan
from realisasi.rekap.baca import DAERAH, NASIONAL, PROVINSI, paket_rows, serapan_rows
from realisasi.rekap.kolom import KOLOM_KEGIATAN, KOLOM_PAKET, KOLOM_WILAYAH
from tests import pabrik
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 15, 3, tzinfo=UTC)
TW = Triwulan(2024, 3)
SHEETS = ["Nasional", "Provinsi", "Daerah", "Kegiatan", "Paket", "Kamus"]
JAHAT = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "http://contoh.test",
    "1e5",
    "00123",
    "a\x01b\x1fc",
    "_x0041_",
]


@pytest.fixture
def data(db):
    """Two daerah of one province and one of another, with a verified, a submitted and no report."""
    for kode, status, keuangan in (
        ("32.10", StatusLaporan.DIVERIFIKASI, 1_234_567_891),
        ("32.01", StatusLaporan.DIAJUKAN, 999_999_999),
        ("52.02", None, None),
    ):
        kegiatan = pabrik.make_kegiatan(pabrik.make_alokasi(kode, pagu=3_000_000_001), nilai_rk=2_999_000_000)
        paket = pabrik.make_paket(kegiatan, kontrak=2_500_000_000, penyedia="=HYPERLINK(1)")
        if status:
            report(kegiatan.alokasi, paket, status, keuangan)
    compute_all(now=NOW)


def report(alokasi, paket, status, keuangan):
    laporan = pabrik.make_laporan(alokasi, 3, status=status)
    versi = VersiLaporan.objects.get(laporan=laporan)
    versi.total_keuangan = keuangan
    with lifted():
        versi.save()
    BarisVersi.objects.create(
        versi=versi, paket=paket, keuangan=keuangan, progres_fisik=Decimal("55.55"), volume=1, satuan="unit"
    )


@pytest.fixture
def write(analis):
    def run(user=None, **kwargs):
        out = BytesIO()
        write_rekap(out, user=user or analis, tw=TW, now=NOW, **kwargs)
        return out

    return run


def table(book, name):
    """Header and rows of a sheet, as a reader meets them."""
    rows = list(book[name].iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return rows[0], rows[1:]


def expected(column, row):
    value = column.value(row)
    if isinstance(value, datetime):
        return value.astimezone(WIB).replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    if isinstance(value, Decimal):
        return float(value)
    return None if value == "" else value


@pytest.mark.parametrize(
    ("name", "columns", "read"),
    [
        ("Nasional", KOLOM_WILAYAH, lambda user: serapan_rows(user, TW, NASIONAL)),
        ("Provinsi", KOLOM_WILAYAH, lambda user: serapan_rows(user, TW, PROVINSI)),
        ("Daerah", KOLOM_WILAYAH, lambda user: serapan_rows(user, TW, DAERAH)),
        ("Kegiatan", KOLOM_KEGIATAN, lambda user: paket_rows(user, TW, now=NOW)),
        ("Paket", KOLOM_PAKET, lambda user: paket_rows(user, TW, now=NOW)),
    ],
)
def test_every_cell_is_the_figure_of_the_page(data, write, analis, name, columns, read):
    _, rows = table(load_workbook(write()), name)
    source = read(analis)
    assert len(rows) == len(source) > 0
    for shown, row in zip(rows, source, strict=True):
        for cell, column in zip(shown, columns, strict=True):
            wanted = expected(column, row)
            if isinstance(wanted, datetime) and cell is not None:
                assert abs((cell - wanted).total_seconds()) < 1, column.key
            else:
                assert cell == wanted, column.key


def test_money_is_a_whole_number_a_rate_two_digits_a_code_text(data, write):
    header, rows = table(load_workbook(write()), "Daerah")
    row = dict(zip(header, rows[1], strict=True))
    assert row["Kode"] == "32.10"
    assert row["Pagu, Rp"] == 3_000_000_001
    assert isinstance(row["Pagu, Rp"], int)
    assert row["Penyerapan, Rp"] == 1_234_567_891
    assert row["Serapan (terhadap pagu), %"] == 41.15


def test_what_is_missing_is_an_empty_cell_never_a_zero(data, write):
    header, rows = table(load_workbook(write()), "Daerah")
    row = dict(zip(header, rows[2], strict=True))
    assert row["Kode"] == "52.02"
    assert row["Serapan dana diterima, %"] is None
    assert row["Progres fisik, %"] is None


def test_sheets_titles_filter_and_freeze(data, write):
    book = load_workbook(write())
    assert book.sheetnames == SHEETS
    sheet = book["Nasional"]
    assert sheet["A1"].value == "Rekap DAK Fisik Bidang IKM: Nasional (seluruh penerima alokasi)"
    assert "TA 2024 TW III" in sheet["A2"].value
    assert "posisi sementara, jumlah per 30 September 2024" in sheet["A2"].value
    assert sheet["A3"].value.startswith("Nasional: 2 dari 3 daerah lapor (66,7% pagu)")
    assert sheet.freeze_panes == f"A{HEADER_ROW + 2}"
    assert sheet.auto_filter.ref.startswith(f"A{HEADER_ROW + 1}:")
    assert (
        sheet.cell(HEADER_ROW + 2, 1 + [c.key for c in KOLOM_WILAYAH].index("pagu")).number_format == "#,##0"
    )


def test_demonstration_says_so(data, write, settings):
    settings.DEMO = True
    assert "DATA CONTOH" in load_workbook(write())["Paket"]["A2"].value


def test_final_position_counts_verified_reports_only(data, write):
    book = load_workbook(write(posisi="final"))
    assert "posisi final" in book["Daerah"]["A2"].value
    header, rows = table(book, "Nasional")
    assert dict(zip(header, rows[0], strict=True))["Penyerapan, Rp"] == 1_234_567_891


def test_dictionary_explains_every_column(data, write):
    header, rows = table(load_workbook(write()), "Kamus")
    assert header == ("Lembar", "Judul kolom", "Nama di API", "Satuan", "Penjelasan")
    for name, columns in (("Nasional", KOLOM_WILAYAH), ("Kegiatan", KOLOM_KEGIATAN), ("Paket", KOLOM_PAKET)):
        assert [row[2] for row in rows if row[0] == name] == [column.key for column in columns]
    assert all(row[4] for row in rows)


def test_users_see_their_scope_only(data, write, operator, provinsi):
    book = load_workbook(write(operator))
    assert [row[3] for row in table(book, "Daerah")[1]] == ["32.10"]
    assert table(book, "Nasional")[1] == table(book, "Provinsi")[1] == []
    (own,) = serapan_rows(operator, TW, DAERAH)
    assert book["Daerah"]["A3"].value == f"Kab. Majalengka: {own.cakupan}"
    book = load_workbook(write(provinsi))
    assert [row[3] for row in table(book, "Daerah")[1]] == ["32.01", "32.10"]
    assert {row[2] for row in table(book, "Paket")[1]} == {"32.01", "32.10"}


def test_a_quarter_without_data_is_a_workbook_with_headers(write):
    book = load_workbook(write())
    assert book.sheetnames == SHEETS
    assert book["Nasional"]["A3"].value == "Belum ada alokasi dalam cakupan."


@pytest.mark.parametrize("text", JAHAT)
def test_text_never_runs_and_never_breaks_the_file(write, text):
    kegiatan = pabrik.make_kegiatan(rincian=text)
    pabrik.make_paket(kegiatan, penyedia=text, nama=text)
    out = write()
    cells = [cell for row in load_workbook(out)["Paket"].iter_rows(min_row=HEADER_ROW + 2) for cell in row]
    clean = text.replace("\x01", "").replace("\x1f", "").replace("\r", "")
    # openpyxl leaves Excel's own escape of "_x0041_" as it is on file; Excel shows the text.
    clean = clean.replace("_x0041_", "_x005F_x0041_")
    found = [cell for cell in cells if cell.value == clean]
    assert len(found) == 3
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.hyperlink is None for cell in found)
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet5.xml")


def test_a_very_long_text_is_cut_to_what_excel_holds():
    out = BytesIO()
    with Workbook(out) as book:
        write_text(book.add_worksheet(), 0, 0, "x" * 40_000 + "\x00", None)
    assert len(load_workbook(out).active["A1"].value) == 32_767


def test_the_same_data_gives_the_same_bytes(data, write):
    first = write().getvalue()
    time.sleep(2.1)  # a zip counts in steps of two seconds
    assert write().getvalue() == first


def test_queries_do_not_grow_with_the_rows(data, write, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as few:
        write()
    most = len(few)
    for kode in ("32.02", "32.03", "52.01", "52.03"):
        pabrik.make_paket(pabrik.make_kegiatan(pabrik.make_alokasi(kode)))
    compute_all(now=NOW)
    with django_assert_max_num_queries(most):
        write()


def test_command_writes_the_workbook(data, tmp_path, settings):
    out = tmp_path / "rekap.xlsx"
    said = StringIO()
    call_command("export_rekap", "--tahun", "2024", "--triwulan", "3", "-o", out, stdout=said)
    assert load_workbook(out).sheetnames == SHEETS
    assert str(out) in said.getvalue()


def test_command_says_where_it_cannot_write(data, tmp_path):
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        call_command(
            "export_rekap", "--tahun", "2024", "--triwulan", "3", "-o", tmp_path / "tidak" / "ada.xlsx"
        )
