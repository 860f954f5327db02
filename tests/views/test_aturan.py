"""*Aturan dan Sumber*: read by all, added to by the admin."""

from datetime import date

import pytest
import time_machine

from realisasi.aturan.parameter import ATURAN
from realisasi.models import Parameter
from tests import pabrik

pytestmark = pytest.mark.django_db
TAMBAH = "/aturan/tambah/?kunci="


@pytest.fixture(autouse=True)
def juli():
    with time_machine.travel("2025-07-23 10:00+07:00", tick=False):
        yield


def isian(**values):
    filled = {
        "nilai": "31/07/2025",
        "tahun": "2025",
        "daerah": "",
        "sumber": "KMK 25/MK/PK/2025",
        "tanda": "C",
        "berlaku_dari": "23/07/2025",
    }
    return {**filled, **values}


def shown(answer, kunci):
    rules = [rule for group in answer.context["kelompok"].values() for rule in group]
    return next(rule.baris for rule in rules if rule.aturan.kunci == kunci)


@pytest.mark.parametrize(
    "persona", ["operator", "penyetuju", "provinsi", "verifikator", "pimpinan", "analis", "auditor", "admin"]
)
def test_everybody_reads_every_rule_with_its_source(masuk_sebagai, persona, request):
    answer = masuk_sebagai(request.getfixturevalue(persona)).get("/aturan/?ta=semua")
    page = answer.content.decode()
    assert all(rule.label in page for rule in ATURAN.values())
    assert "PMK 25/2024 Ps.45(2)" in page
    assert "Belum dipastikan" in page
    rows = [row for group in answer.context["kelompok"].values() for rule in group for row in rule.baris]
    assert len(rows) == Parameter.objects.count()
    assert ("Tambah baris" in page) == (persona == "admin")


def test_a_year_shows_its_rows_and_those_of_all_years(masuk_sebagai, operator):
    answer = masuk_sebagai(operator).get("/aturan/?ta=2024")
    assert [row.nilai for row in shown(answer, "batas.tahap_1")] == ["22 Juli 2024"]
    assert [(row.nilai, row.berlaku) for row in shown(answer, "salur.basis_rk")] == [
        ("Hidup", True),
        ("Mati", False),
    ]


def test_values_are_written_by_their_unit(masuk_sebagai, operator):
    answer = masuk_sebagai(operator).get("/aturan/?ta=2024")
    keys = ("rk.toleransi", "salur.tahap_1", "lapor.hari", "lapor.jam", "periksa.akhir_kontrak")
    assert [shown(answer, kunci)[0].nilai for kunci in keys] == [
        "Rp1.000.000", "25%", "14", "23.59 WIB", "31 Desember",
    ]  # fmt: skip


@pytest.mark.parametrize("ta", ["1999", "x", "2024 "])
def test_a_year_that_is_not_offered_is_not_found(masuk_sebagai, operator, ta):
    assert masuk_sebagai(operator).get("/aturan/", {"ta": ta}).status_code == 404


def test_the_admin_extends_a_deadline_by_adding_a_row(masuk_sebagai, admin):
    client = masuk_sebagai(admin)
    assert "22 Juli 2025" in client.get(f"{TAMBAH}batas.tahap_1").content.decode()
    answer = client.post(f"{TAMBAH}batas.tahap_1", isian(), follow=True)
    assert "31 Juli 2025, berlaku dari 23 Juli 2025" in answer.content.decode()
    new, old = shown(answer, "batas.tahap_1")
    assert (new.nilai, new.berlaku, new.row.dicatat_oleh) == ("31 Juli 2025", True, admin)
    assert (old.nilai, old.berlaku, old.pengganti) == (
        "22 Juli 2025",
        False,
        "31 Juli 2025, sejak 23 Jul 2025",
    )
    # The day before, the earlier answer held, and it still does.
    answers = [
        Parameter.objects.values_of(2025, hari=date(2025, 7, day))["batas.tahap_1"] for day in (22, 23)
    ]
    assert answers == ["2025-07-22", "2025-07-31"]


@pytest.mark.parametrize(
    ("kunci", "diketik", "tersimpan"),
    [
        ("batas.tahap_1", "31 Juli 2025", "2025-07-31"),
        ("lapor.jam", "17.00", "17:00"),
        ("lapor.hari", "20", 20),
        ("salur.tahap_1", "27,5", "27.5"),
        ("salur.tahap_1", "30 %", 30),
        ("rk.toleransi", "Rp 2.000.000,-", 2_000_000),
        ("periksa.akhir_kontrak", "15 Desember", "12-15"),
        ("salur.basis_rk", "mati", False),
    ],
)
def test_each_unit_is_read(masuk_sebagai, admin, kunci, diketik, tersimpan):
    answer = masuk_sebagai(admin).post(TAMBAH + kunci, isian(nilai=diketik))
    assert answer.status_code == 302
    assert Parameter.objects.get(dicatat_oleh=admin).nilai == tersimpan


@pytest.mark.parametrize(
    ("kunci", "values", "kolom", "pesan"),
    [
        ("batas.tahap_1", {"nilai": "07/31/2025"}, "nilai", "bukan tanggal"),
        ("batas.tahap_1", {"nilai": "31/07/2026"}, "nilai", "di luar TA 2025"),
        ("batas.tahap_1", {"tahun": ""}, "tahun", "untuk satu TA"),
        ("lapor.jam", {"nilai": "24.00"}, "nilai", "bukan jam"),
        ("salur.tahap_1", {"nilai": "101"}, "nilai", "melebihi 100"),
        ("salur.tahap_1", {"nilai": "1.5.0"}, "nilai", "1.5.0"),
        ("lapor.hari", {"nilai": "dua"}, "nilai", "tidak terbaca"),
        ("salur.basis_rk", {"nilai": "ya"}, "nilai", "hidup atau mati"),
        ("rk.toleransi", {"nilai": ""}, "nilai", "Isi nilainya"),
        ("rk.toleransi", {"nilai": "5", "sumber": "  "}, "sumber", "Isi sumbernya"),
        ("rk.toleransi", {"nilai": "5", "tanda": ""}, "tanda", "Pilih"),
        ("rk.toleransi", {"nilai": "5", "tahun": "1999"}, "tahun", "1999"),
        ("rk.toleransi", {"nilai": "5", "berlaku_dari": "kemarin"}, "berlaku_dari", "bukan tanggal"),
        ("rk.toleransi", {"nilai": "5", "daerah": "32.1"}, "daerah", "Maksudnya 32.10"),
        ("lapor.hari", {"nilai": "20", "daerah": "32.10"}, "daerah", "semua daerah"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    masuk_sebagai, admin, kunci, values, kolom, pesan
):
    pabrik.make_daerah("32.10")
    answer = masuk_sebagai(admin).post(TAMBAH + kunci, isian(**values))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert pesan in " ".join(form.errors[kolom])
    assert form[kolom].value() == values[kolom]
    assert not Parameter.objects.filter(dicatat_oleh=admin).exists()


def test_an_override_names_its_daerah(masuk_sebagai, admin):
    pabrik.make_daerah("52.02")
    client = masuk_sebagai(admin)
    answer = client.post(f"{TAMBAH}syarat.serapan_tahap_3", isian(nilai="50", daerah="52.02"), follow=True)
    assert "Kab. Lombok Tengah" in answer.content.decode()


@pytest.mark.parametrize("persona", ["operator", "provinsi", "verifikator", "pimpinan", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_form_is_not_there_for_others(masuk_sebagai, persona, method, request):
    client = masuk_sebagai(request.getfixturevalue(persona))
    answer = getattr(client, method)(f"{TAMBAH}batas.tahap_1", isian() if method == "post" else {})
    assert answer.status_code == 404


@pytest.mark.parametrize("kunci", ["", "tidak.ada"])
def test_an_unknown_rule_is_not_found(masuk_sebagai, admin, kunci):
    assert masuk_sebagai(admin).get(TAMBAH + kunci).status_code == 404


def test_as_many_queries_for_many_rows_as_for_few(
    masuk_sebagai, admin, django_assert_num_queries, django_assert_max_num_queries
):
    client = masuk_sebagai(admin)
    client.get("/aturan/?ta=2025")
    with django_assert_max_num_queries(20) as few:
        client.get("/aturan/?ta=2025")
    count = len(few)
    for day in range(1, 29):
        client.post(f"{TAMBAH}batas.tahap_1", isian(berlaku_dari=f"{day}/07/2025"))
    client.get("/aturan/?ta=2025")  # takes the messages
    with django_assert_num_queries(count):
        client.get("/aturan/?ta=2025")
