import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import Triwulan
from realisasi.rekap.kolom import KOLOM_SERAPAN
from tests import dunia

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(verifikator):
    dunia.make_dunia(verifikator)

    def call(*arguments):
        out = StringIO()
        call_command("show_serapan", "--tahun", "2024", "--triwulan", "3", *arguments, stdout=out)
        return out.getvalue()

    return call


def test_the_nation_is_the_default_and_json_has_the_keys_of_the_api(run):
    (row,) = json.loads(run("--json"))
    assert list(row) == [column.key for column in KOLOM_SERAPAN]
    assert (row["tingkat"], row["kode"], row["pagu"], row["serapan"]) == (
        "nasional",
        "00",
        12_000_000_000,
        "30.00",
    )


def test_the_whole_list_stands_by_kode(run):
    rows = json.loads(run("--tingkat", "daerah", "--json"))
    assert [row["kode"] for row in rows] == ["32", "32.01", "32.10", "52.02"]
    assert [row["kode"] for row in json.loads(run("--tingkat", "provinsi", "--json"))] == ["32", "52"]


def test_the_position_is_chosen_and_a_closed_quarter_is_final(run, admin):
    def money(*arguments):
        return json.loads(run("--json", *arguments))[0]["realisasi_keuangan"]

    assert (money(), money("--posisi", "final")) == (3_600_000_000, 3_100_000_000)
    close_triwulan(tw=Triwulan(2024, 3), by=admin, now=dunia.OKTOBER, alasan="Uji.")
    assert money("--posisi", "sementara") == 3_100_000_000


def test_for_a_reader_it_writes_as_pages_do(run):
    said = run()
    assert "Pagu: 12.000.000.000" in said
    assert "Serapan (terhadap pagu): 30,00%" in said
    assert "Penyerapan: –" in run("--tingkat", "daerah")


def test_a_year_without_data_is_an_empty_list():
    out = StringIO()
    call_command("show_serapan", tahun=2031, triwulan=1, json=True, stdout=out)
    assert json.loads(out.getvalue()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tahun", "2024"],
        ["--tahun", "2024", "--triwulan", "5"],
        ["--tahun", "dua", "--triwulan", "1"],
        ["--tahun", "2024", "--triwulan", "1", "--tingkat", "desa"],
        ["--tahun", "2024", "--triwulan", "1", "--posisi", "benar"],
    ],
)
def test_an_argument_that_cannot_be_is_refused(arguments):
    with pytest.raises(CommandError):
        call_command("show_serapan", *arguments)


def test_rates_are_exact_text(run):
    rows = json.loads(run("--tingkat", "daerah", "--json"))
    assert [row["serapan"] for row in rows] == ["50.00", "25.00", "10.00", None]
    assert all(Decimal(row["serapan"]).as_tuple().exponent == -2 for row in rows if row["serapan"])
