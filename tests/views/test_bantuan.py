"""Help says what the application itself says elsewhere."""

import pytest

from realisasi.models import KodeMasalah
from realisasi.rekap.kolom import KOLOM_WILAYAH
from tests import pabrik

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("persona", ["operator", "provinsi", "verifikator", "analis", "auditor", "admin"])
def test_everybody_finds_the_words_and_what_to_do(masuk_sebagai, persona, request):
    page = masuk_sebagai(request.getfixturevalue(persona)).get("/bantuan/").content.decode()
    for word in ("Penyerapan", "Dibawa", "Sementara", "Final", "Nihil", "Bila muncul pesan"):
        assert word in page
    assert all(label in page for label in KodeMasalah.labels)


def test_a_definition_is_the_one_of_the_column(masuk_sebagai, operator):
    answer = masuk_sebagai(operator).get("/bantuan/")
    columns = {column.key: column for column in KOLOM_WILAYAH}
    shown = [*answer.context["lima_jumlah"], *answer.context["ukuran"]]
    assert [column for column in shown if columns[column.key] is not column] == []
    assert "Penyerapan dibagi penyaluran" in answer.content.decode()


def test_the_examples_are_what_the_forms_really_read(masuk_sebagai, operator):
    examples = {row.diketik: row for row in masuk_sebagai(operator).get("/bantuan/").context["contoh"]}
    assert examples["Rp 1.000.000,-"].dibaca == "Rp1.000.000"
    assert examples["72.5"].dibaca == "72,50%"
    assert [text for text, row in examples.items() if not row.is_terbaca] == [
        "1,234,567.89", "1,5 miliar", "101",
    ]  # fmt: skip


def test_an_officer_is_told_whom_to_ask(masuk_sebagai, operator, verifikator):
    pabrik.make_alokasi(direktorat_pembina="Direktorat IKM Pangan", penanggung_jawab=verifikator)
    pabrik.make_alokasi("52.02", direktorat_pembina="Direktorat Lain")
    page = masuk_sebagai(operator).get("/bantuan/").content.decode()
    assert "Direktorat IKM Pangan" in page
    assert verifikator.email in page
    assert "Direktorat Lain" not in page


def test_who_checks_is_told_where_the_trail_is(masuk_sebagai, auditor, operator):
    assert "Jejak audit</em>" in masuk_sebagai(auditor).get("/bantuan/").content.decode()
    assert "Jejak audit</em>" not in masuk_sebagai(operator).get("/bantuan/").content.decode()
