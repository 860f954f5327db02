from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daerah.models import HariContoh
from realisasi.actions import peristiwa
from realisasi.buku.formulir_alokasi import write_template
from realisasi.models import Alokasi, Peristiwa, RekapTriwulan, Riwayat
from tests.buku.berkas import DUA, JUDUL, SATU, cells, excel, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hari(wilayah, settings):
    settings.DEMO = True
    HariContoh.objects.create(hari="2024-10-15")


@pytest.fixture
def run(tmp_path):
    def call(*rows, file=None, args=()):
        path = tmp_path / "alokasi.xlsx"
        if file is None:
            write_template(rows, path)
        else:
            path.write_bytes(file.getvalue())
        out, err = StringIO(), StringIO()
        try:
            call_command("import_alokasi", path, *args, stdout=out, stderr=err)
        except CommandError as refused:
            return 1, f"{err.getvalue()}{refused}"
        return 0, out.getvalue()

    return call


def test_a_form_is_loaded_and_its_figures_are_there_when_the_command_ends(run, monkeypatch):
    monkeypatch.setattr(peristiwa, "send", lambda *args: pytest.fail("no worker is needed"))
    code, said = run(SATU, DUA)
    assert code == 0
    assert "TA 2024 dibuka; alokasi: 1 baru, 0 berubah, 0 tetap; kegiatan: 2 baru" in said
    assert not Peristiwa.objects.open().exists()
    assert set(RekapTriwulan.objects.current().values_list("pagu", flat=True)) == {5_000_000_000}
    assert set(Riwayat.objects.values_list("pelaku__username", flat=True)) == {"sistem"}


def test_dry_run_says_the_same_and_writes_nothing(run):
    code, said = run(SATU, args=["--dry-run"])
    assert code == 0
    assert "1 baru" in said
    assert not Alokasi.objects.exists()


def test_every_fault_is_told_with_sheet_and_cell_and_nothing_is_written(run):
    code, said = run(file=sheet(cells(), cells(DUA, pagu="x", volume=0), cells(kode_daerah=32.1)))
    assert code == 1
    assert "Alokasi!D3: “x” tidak terbaca sebagai angka." in said
    assert "Alokasi!K3: Volume “0” tidak wajar." in said
    assert "Alokasi!A4: “32.1” berupa angka" in said
    assert "3 kesalahan; tidak ada yang dimuat." in said
    assert not Alokasi.objects.exists()


def test_a_revision_is_shown_before_and_after(run):
    run(SATU, DUA)
    code, said = run(replace(SATU, pagu=4_900_000_000, target_keuangan=(None,) * 4))
    assert code == 0
    assert "pagu: Rp5.000.000.000 > Rp4.900.000.000" in said
    assert "berlaku dari 15-10-2024" in said
    assert f"tidak disebut lagi, tetap tersimpan: {DUA.rincian}" in said


def test_the_same_form_twice_changes_nothing(run):
    run(SATU)
    before = Riwayat.objects.count()
    assert "alokasi: 0 baru, 0 berubah, 1 tetap" in run(SATU)[1]
    assert Riwayat.objects.count() == before


@pytest.mark.parametrize("file", [excel([JUDUL], title="Lain")])
def test_a_workbook_that_is_another_is_refused(run, file):
    assert run(file=file) == (
        1,
        "Lembar “Alokasi” tidak ada; yang ada: “Lain”. Pakai formulir asli atau ganti nama lembarnya.",
    )


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="tidak dapat dibuka"):
        call_command("import_alokasi", tmp_path / "tidak-ada.xlsx")
