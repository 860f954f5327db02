import time
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from daerah.kode import DaftarKode
from daerah.management.commands.load_wilayah import rows as wilayah
from realisasi.aturan.formulir_alokasi import AturanAlokasi
from realisasi.buku.formulir_alokasi import read_formulir, write_template
from realisasi.buku.kolom_alokasi import Syarat
from tests.buku.berkas import DUA, JUDUL, SATU, as_file, cells, excel, sheet


@pytest.fixture(scope="module")
def syarat():
    aturan = AturanAlokasi(toleransi=1_000_000, pagu_terkecil=50_000_000)
    return Syarat(kode=DaftarKode(wilayah()), tahun=range(2016, 2026), aturan=lambda tahun: aturan)


def form(*rows):
    out = BytesIO()
    write_template(rows, out)
    out.seek(0)
    return out


@pytest.fixture
def faults(syarat):
    def read(*rows, header=JUDUL):
        isi = read_formulir(sheet(*rows, header=header), syarat=syarat)
        assert not isi.baris
        assert {fault.sheet for fault in isi.kesalahan} == {"Alokasi"}
        return [(fault.sel, fault.pesan) for fault in isi.kesalahan]

    return read


def at(name, row=2):
    return f"{chr(ord('A') + JUDUL.index(name))}{row}"


# --- read as meant -----------------------------------------------------------------------------------


def test_what_is_written_is_read_back_the_same(syarat):
    isi = read_formulir(form(SATU, DUA), syarat=syarat)
    assert isi.kesalahan == ()
    assert isi.baris == (SATU, DUA)
    assert [row.nomor for row in isi.baris] == [2, 3]


def test_columns_may_stand_in_any_order_and_optional_ones_may_lack(syarat):
    header = [name for name in reversed(JUDUL) if not name.startswith(("target", "direktorat"))]
    isi = read_formulir(sheet(cells(), header=header), syarat=syarat)
    assert isi.baris[0].kode_daerah == "32.10"
    assert isi.baris[0].target_keuangan == (None, None, None, None)
    assert isi.baris[0].direktorat_pembina == ""


def test_indonesian_text_numbers_are_read(syarat):
    row = cells(
        pagu="Rp 5.000.000.000,-",
        nilai_rk="3.000.000.000,00",
        volume="12,5",
        tahun="2024",
        target_fisik_tw2="20,5%",
    )
    isi = read_formulir(sheet(row), syarat=syarat)
    assert isi.kesalahan == ()
    read = isi.baris[0]
    assert (read.pagu, read.nilai_rk, read.volume) == (5_000_000_000, 3_000_000_000, Decimal("12.50"))
    assert read.target_fisik[1] == Decimal("20.50")


def test_a_cell_formatted_as_percent_is_read_as_it_is_shown(syarat):
    book = load_workbook(form(SATU))
    cell = book["Alokasi"][at("target_fisik_tw3")]
    cell.value, cell.number_format = 0.605, "0.00%"
    assert read_formulir(as_file(book), syarat=syarat).baris[0].target_fisik[2] == Decimal("60.50")


def test_choices_ignore_capitals_and_blanks(syarat):
    row = cells(komponen=" Mesin / Peralatan", pelaksanaan="KONTRAKTUAL", pembayaran="Bertahap")
    read = read_formulir(sheet(row), syarat=syarat).baris[0]
    assert (read.komponen, read.pelaksanaan, read.pembayaran) == (
        "mesin/peralatan",
        "kontraktual",
        "bertahap",
    )
    assert read_formulir(sheet(cells(komponen="ipal")), syarat=syarat).baris[0].komponen == "IPAL"


def test_text_is_read_without_stray_blanks_and_control_characters(syarat):
    read = read_formulir(sheet(cells(sentra=" Sentra\u00a0 Kopi\n Majalengka ")), syarat=syarat).baris[0]
    assert read.sentra == "Sentra Kopi Majalengka"


def test_old_papua_codes_are_resolved(syarat):
    assert read_formulir(sheet(cells(kode_daerah="91.01")), syarat=syarat).baris[0].kode_daerah == "93.01"


def test_empty_rows_between_are_skipped_and_numbers_kept(syarat):
    isi = read_formulir(
        excel([JUDUL, [], list(cells().values()), [" "], list(cells(DUA).values())]), syarat=syarat
    )
    assert [row.nomor for row in isi.baris] == [3, 5]


def test_text_that_looks_like_a_formula_stays_text(syarat):
    assert read_formulir(form(replace(SATU, rincian="=1+1")), syarat=syarat).baris[0].rincian == "=1+1"


def test_rk_may_exceed_pagu_by_the_tolerance(syarat):
    assert not read_formulir(form(SATU, replace(DUA, nilai_rk=2_001_000_000)), syarat=syarat).kesalahan


def test_several_daerah_and_years_stand_in_one_form(syarat):
    other = replace(SATU, kode_daerah="52.02", tahun=2023, pagu=3_000_000_000, target_keuangan=(None,) * 4)
    assert len(read_formulir(form(SATU, other), syarat=syarat).baris) == 2


def test_two_thousand_rows_are_read_within_seconds(syarat):
    started = time.process_time()
    isi = read_formulir(
        form(*[replace(SATU, rincian=f"Mesin {n}", nilai_rk=1_000_000) for n in range(2000)]), syarat=syarat
    )
    assert len(isi.baris) == 2000
    assert time.process_time() - started < 20


# --- the header ----------------------------------------------------------------------------------------


def test_header_that_is_none(syarat, faults):
    assert faults(header=["Daftar alokasi"])[0][0] == "A1"
    assert "kode_daerah" in faults(header=["Daftar alokasi"])[0][1]
    assert (
        "Baris 1 harus berisi judul"
        in read_formulir(excel([[], [], JUDUL]), syarat=syarat).kesalahan[0].pesan
    )


def test_unknown_missing_and_doubled_columns_are_told_together(faults):
    header = [*JUDUL, "catatan", "Nilai RK", "pagu"]
    header.remove("lokasi")
    found = dict(faults(cells(), header=header))
    assert "lokasi" in found["A1"]
    assert "“catatan” tidak dikenal" in found["Y1"]
    assert "Maksudnya nilai_rk?" in found["Z1"]
    assert "dua kali" in found["AA1"]


def test_content_beyond_the_header_is_told(syarat):
    isi = read_formulir(excel([JUDUL, [*cells().values(), "catatan"]]), syarat=syarat)
    assert [(f.sel, "tanpa judul" in f.pesan) for f in isi.kesalahan] == [("Z2", True)]


def test_form_without_rows(faults):
    assert faults() == [("A2", "Belum ada baris kegiatan. Isi mulai dari baris 2.")]


# --- single cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kode_daerah", 32.1, "kode harus teks"),
        ("kode_daerah", "32.1", "Maksudnya 32.10 (Kab. Majalengka)"),
        ("kode_daerah", "1.1", "kehilangan angka nol"),
        ("kode_daerah", "3210", "kode BPS"),
        ("kode_daerah", "31.71", "tanpa APBD sendiri"),
        ("kode_daerah", None, "Kolom kode_daerah kosong"),
        ("tahun", 2015, "Isi 2016 sampai 2025"),
        ("tahun", "dua ribu", "tidak terbaca"),
        ("pagu", "5,000,000,000", "koma sebagai pemisah ribuan"),
        ("pagu", 5_000_000.5, "bukan bilangan bulat"),
        ("pagu", -1, "negatif"),
        ("pagu", None, "Kolom pagu kosong"),
        ("pagu", "\u200b", "Kolom pagu kosong"),
        ("nilai_rk", "1e9", "pangkat"),
        ("volume", 0, "lebih dari 0"),
        ("volume", "1.234", "bermakna ganda"),
        ("volume", 10**13, "tidak wajar"),
        ("penerima_manfaat", 1.5, "bukan bilangan bulat"),
        ("penerima_manfaat", 10**10, "tidak wajar"),
        ("sentra", "\u200b", "Kolom sentra kosong"),
        ("sentra", 2024, "harus teks"),
        ("satuan", "x" * 41, "paling banyak 40"),
        ("komponen", "gedung", "Pilih salah satu: rumah produksi, UPT"),
        ("pelaksanaan", "sendiri", "swakelola, kontraktual"),
        ("pembayaran", "tunai", "sekaligus, bertahap"),
        ("target_fisik_tw4", 101, "melebihi 100"),
        ("target_fisik_tw4", "-1", "negatif"),
        ("target_keu_tw4", "5 miliar", "singkatan"),
        ("nilai_rk", "=1+1", "rumus"),
        ("volume", "#DIV/0!", "galat #DIV/0!"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(faults, name, value, words):
    (fault,) = faults(cells(**{name: value}))
    assert fault[0] == at(name)
    assert words in fault[1]


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_sheet(faults):
    found = faults(cells(pagu="x", volume="y"), cells(DUA, kode_daerah="99.99"), cells(komponen="z"))
    assert [place for place, _ in found] == ["D2", "K2", "A3", "I4"]


def test_merged_cells_are_named(syarat):
    book = load_workbook(form(SATU, DUA))
    book["Alokasi"].merge_cells("A2:A3")
    found = [str(fault) for fault in read_formulir(as_file(book), syarat=syarat).kesalahan]
    assert found[0].startswith("Alokasi!A2: Sel A2:A3 digabung")
    assert any("A3: Kolom kode_daerah kosong" in fault for fault in found)


def test_money_formatted_as_percent_is_refused(syarat):
    book = load_workbook(form(SATU))
    book["Alokasi"][at("nilai_rk")].number_format = "0%"
    (fault,) = read_formulir(as_file(book), syarat=syarat).kesalahan
    assert "persen" in fault.pesan


# --- between rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "name", "words"),
    [
        (replace(SATU, rincian="RUMAH PRODUKSI KOPI"), "rincian", "sudah ada di baris 2"),
        (
            replace(DUA, pagu=6_000_000_000),
            "pagu",
            "Rp6.000.000.000 berbeda dengan Rp5.000.000.000 di baris 2",
        ),
        (replace(DUA, tematik="Lain"), "tematik", "harus sama"),
        (replace(DUA, direktorat_pembina="Lain"), "direktorat_pembina", "harus sama"),
        (replace(DUA, komoditas="Teh"), "komoditas", "sentra"),
        (
            replace(DUA, target_keuangan=(1, None, None, None)),
            "target_keu_tw1",
            "berbeda dengan Rp0 di baris 2",
        ),
    ],
)
def test_what_belongs_to_the_alokasi_must_agree_on_its_rows(syarat, second, name, words):
    first = replace(SATU, nilai_rk=1_000_000_000)
    (fault,) = read_formulir(form(first, replace(second, nilai_rk=1_000_000_000)), syarat=syarat).kesalahan
    assert fault.sel == at(name, 3)
    assert words in fault.pesan


def test_what_belongs_to_the_alokasi_may_stand_on_one_row_only(syarat):
    bare = replace(
        DUA,
        tematik="",
        komoditas="",
        direktorat_pembina="",
        target_keuangan=(None,) * 4,
        target_fisik=(None,) * 4,
    )
    assert not read_formulir(form(SATU, bare), syarat=syarat).kesalahan


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"pagu": 5_000_000}, "pagu", "terlalu kecil"),
        ({"nilai_rk": 5_001_000_001}, "nilai_rk", "melebihi pagu Rp5.000.000.000"),
        ({"nilai_rk": 4_990_000}, "nilai_rk", "dalam ribuan"),
        (
            {"target_keuangan": (5, 4, None, None)},
            "target_keu_tw2",
            "lebih kecil daripada target_keu_tw1 Rp5",
        ),
        ({"target_keuangan": (5, None, None, 4)}, "target_keu_tw4", "lebih kecil daripada target_keu_tw1"),
        ({"target_keuangan": (None, None, None, 5_000_000_001)}, "target_keu_tw4", "melebihi pagu"),
        (
            {"target_fisik": (Decimal("2.50"), Decimal(2), None, None)},
            "target_fisik_tw2",
            "target_fisik_tw1 2,5",
        ),
    ],
)
def test_amounts_that_cannot_be_are_refused(syarat, changed, name, words):
    row = replace(SATU, **{"target_keuangan": (None,) * 4, "target_fisik": (None,) * 4} | changed)
    (fault,) = [f for f in read_formulir(form(row), syarat=syarat).kesalahan if f.sel == at(name)]
    assert words in fault.pesan


def test_a_sum_is_not_judged_while_a_row_of_it_cannot_be_read(faults):
    found = faults(cells(nilai_rk=9_000_000_000), cells(DUA, nilai_rk="x"))
    assert [place for place, _ in found] == [at("nilai_rk", 3)]


# --- the empty form ------------------------------------------------------------------------------------


def test_empty_form_has_lists_text_columns_and_instructions():
    book = load_workbook(form())
    lembar = book["Alokasi"]
    assert [cell.value for cell in lembar[1]] == JUDUL
    assert lembar.column_dimensions["A"].number_format == "@"
    assert {str(v.sqref).split(":")[0] for v in lembar.data_validations.dataValidation} == {
        at("komponen"), at("pelaksanaan"), at("pembayaran"),
    }  # fmt: skip
    explained = {row[0].value for row in book["Petunjuk"].iter_rows()}
    assert explained >= set(JUDUL)
