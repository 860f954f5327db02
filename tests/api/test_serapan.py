"""`api/v1/serapan/`: the outside contract, held by its letters."""

import re
from datetime import date

import pytest
from django.test import Client

from daerah import waktu
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import Triwulan
from tests import dunia
from tests.api.test_autentikasi import give_token

pytestmark = pytest.mark.django_db

ALAMAT = "/api/v1/serapan/"
TW3 = {"tahun": 2024, "triwulan": 3}
KEYS = [
    "tahun",
    "triwulan",
    "tingkat",
    "kode",
    "nama",
    "posisi",
    "jumlah_daerah",
    "jumlah_daerah_lapor",
    "jumlah_dibawa",
    "pagu",
    "pagu_lapor",
    "nilai_rk",
    "nilai_kontrak",
    "penyaluran",
    "realisasi_keuangan",
    "serapan",
    "serapan_kontrak",
    "serapan_diterima",
    "progres_fisik",
    "serapan_kab_kota",
    "rata_rata_kab_kota",
    "dihitung_pada",
]


@pytest.fixture
def alokasi(settings, verifikator):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))
    return dunia.make_dunia(verifikator)


@pytest.fixture
def ask(alokasi, analis, client):
    """The answer as JSON; the account is the analis unless another one asks."""

    def get(pengguna=None, status=200, address=ALAMAT, **query):
        client.force_login(pengguna or analis)
        response = client.get(address, {**TW3, **query})
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/json"
        return response.json()

    return get


def by_kode(data):
    return {row["kode"]: row for row in data["results"]}


def test_the_national_row_letter_by_letter(ask):
    data = ask()
    assert list(data) == ["count", "next", "previous", "results"]
    (row,) = data["results"]
    assert list(row) == KEYS
    computed = row.pop("dihitung_pada")
    assert computed == "2024-10-15T10:00:00+07:00"
    assert row == {
        "tahun": 2024,
        "triwulan": 3,
        "tingkat": "nasional",
        "kode": "00",
        "nama": "Nasional",
        "posisi": "sementara",
        "jumlah_daerah": 4,
        "jumlah_daerah_lapor": 2,
        "jumlah_dibawa": 1,
        "pagu": 12_000_000_000,
        "pagu_lapor": 8_000_000_000,
        "nilai_rk": 12_000_000_000,
        "nilai_kontrak": 10_800_000_000,
        "penyaluran": 12_000_000_000,
        "realisasi_keuangan": 3_600_000_000,
        "serapan": "30.00",
        "serapan_kontrak": "33.33",
        "serapan_diterima": "30.00",
        # (5,4 x 55 + 1,8 x 30,25 + 0,9 x 10) / 10,8
        "progres_fisik": "33.38",
        "serapan_kab_kota": "10.00",
        "rata_rata_kab_kota": "17.50",
    }


def test_money_is_an_integer_and_a_rate_is_text_with_two_digits(ask):
    for tingkat in ("nasional", "provinsi", "daerah"):
        for row in ask(tingkat=tingkat)["results"]:
            for key in ("pagu", "pagu_lapor", "nilai_rk", "nilai_kontrak", "penyaluran"):
                assert type(row[key]) is int
            for key in ("serapan", "serapan_kontrak", "serapan_diterima", "progres_fisik"):
                assert row[key] is None or re.fullmatch(r"\d+\.\d\d", row[key])


def test_who_never_reported_has_null_and_not_zero(ask):
    row = by_kode(ask(tingkat="daerah"))["52.02"]
    rates = ("serapan", "serapan_kontrak", "serapan_diterima", "progres_fisik")
    assert [row[key] for key in ("realisasi_keuangan", *rates)] == [None] * 5
    assert (row["pagu"], row["pagu_lapor"], row["jumlah_dibawa"]) == (3_000_000_000, 0, 0)


def test_rows_stand_by_kode_and_areas_without_allocation_have_none(ask):
    assert [row["kode"] for row in ask(tingkat="provinsi")["results"]] == ["32", "52"]
    rows = ask(tingkat="daerah")["results"]
    assert [row["kode"] for row in rows] == ["32", "32.01", "32.10", "52.02"]


def test_a_wilayah_is_the_sum_and_a_recipient_is_itself(ask):
    area, recipient = by_kode(ask(tingkat="provinsi"))["32"], by_kode(ask(tingkat="daerah"))["32"]
    assert (area["nama"], area["pagu"], area["jumlah_daerah"]) == (
        "Wilayah Provinsi Jawa Barat",
        9_000_000_000,
        3,
    )
    assert (recipient["nama"], recipient["pagu"]) == ("Pemerintah Provinsi Jawa Barat", 6_000_000_000)
    assert (recipient["serapan_kab_kota"], recipient["rata_rata_kab_kota"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "kode"),
    [
        ({"provinsi": "32"}, ["32", "32.01", "32.10"]),
        ({"jenis": "kabupaten"}, ["32.01", "32.10", "52.02"]),
        ({"jenis": "provinsi"}, ["32"]),
        ({"jenis": "kota"}, []),
        ({"kode": "32.10"}, ["32.10"]),
        ({"provinsi": "32", "jenis": "kabupaten"}, ["32.01", "32.10"]),
        ({"provinsi": "51"}, []),
        ({"kode": "99.99"}, []),
    ],
)
def test_daerah_may_be_filtered(ask, query, kode):
    assert [row["kode"] for row in ask(tingkat="daerah", **query)["results"]] == kode


def test_sementara_is_the_default_and_final_counts_verified_reports_only(ask):
    (sementara,), (final,) = ask()["results"], ask(posisi="final")["results"]
    assert (sementara["posisi"], sementara["realisasi_keuangan"]) == ("sementara", 3_600_000_000)
    assert (final["posisi"], final["realisasi_keuangan"], final["jumlah_daerah_lapor"]) == (
        "final",
        3_100_000_000,
        1,
    )


def test_a_closed_quarter_answers_final_whatever_is_asked(ask, admin):
    close_triwulan(tw=Triwulan(2024, 2), by=admin, now=dunia.OKTOBER)
    for query in ({}, {"posisi": "sementara"}, {"posisi": "final"}):
        assert ask(triwulan=2, **query)["results"][0]["posisi"] == "final"


class TestCakupan:
    def test_an_office_reads_its_own_row_and_no_other(self, ask, operator):
        assert [row["kode"] for row in ask(operator, tingkat="daerah")["results"]] == ["32.10"]
        for query in (
            {"tingkat": "nasional"},
            {"tingkat": "provinsi"},
            {"tingkat": "provinsi", "kode": "32"},
        ):
            assert ask(operator, **query) == {"count": 0, "next": None, "previous": None, "results": []}

    def test_a_foreign_kode_is_as_empty_as_one_that_does_not_exist(self, ask, operator):
        foreign, missing = (ask(operator, tingkat="daerah", kode=kode) for kode in ("52.02", "99.99"))
        assert foreign == missing
        assert foreign["results"] == []

    def test_a_province_reads_its_wilayah(self, ask, provinsi):
        assert [row["kode"] for row in ask(provinsi, tingkat="provinsi")["results"]] == ["32"]
        assert list(by_kode(ask(provinsi, tingkat="daerah"))) == ["32", "32.01", "32.10"]
        assert ask(provinsi)["results"] == []
        assert ask(provinsi, tingkat="daerah", provinsi="52")["results"] == []


class TestGalat:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"tahun": "abc"}, "tahun"),
            ({"tahun": "1999"}, "tahun"),
            ({"tahun": "２０２４"}, "tahun"),
            ({"triwulan": "5"}, "triwulan"),
            ({"triwulan": ""}, "triwulan"),
            ({"tingkat": "desa"}, "tingkat"),
            ({"posisi": "benar"}, "posisi"),
            ({"tingkat": "daerah", "jenis": "desa"}, "jenis"),
            ({"tingkat": "daerah", "provinsi": "3"}, "provinsi"),
            ({"tingkat": "daerah", "kode": "3210"}, "kode"),
            ({"tingkat": "nasional", "provinsi": "32"}, "tingkat"),
            ({"page_size": "1001"}, "page_size"),
            ({"page_size": "0"}, "page_size"),
            ({"page": "2"}, "page"),
            ({"daerah": "32.10"}, "daerah"),
            ({"format": "csv"}, "format"),
        ],
    )
    def test_what_cannot_be_is_refused_and_its_parameter_named(self, ask, query, field):
        data = ask(status=400, **query)
        assert list(data) == ["kode", "pesan", "rincian"]
        assert data["kode"] == "isian_salah"
        assert field in data["rincian"]
        assert all(isinstance(text, str) for text in data["rincian"][field])

    @pytest.mark.parametrize("missing", ["tahun", "triwulan"])
    def test_the_quarter_must_be_named(self, ask, client, missing):
        ask()
        query = {key: value for key, value in TW3.items() if key != missing}
        response = client.get(ALAMAT, query)
        assert response.status_code == 400
        assert list(response.json()["rincian"]) == [missing]

    def test_a_parameter_given_twice_is_refused(self, ask, client):
        ask()
        response = client.get(f"{ALAMAT}?tahun=2024&triwulan=3&tahun=2023")
        assert response.status_code == 400
        assert "tahun" in response.json()["rincian"]

    def test_a_year_without_data_is_an_empty_list(self, ask):
        assert ask(tahun=2031)["results"] == []

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_it_only_reads(self, ask, client, method):
        ask()
        response = getattr(client, method)(f"{ALAMAT}?tahun=2024&triwulan=3")
        assert response.status_code in (403, 405)
        assert list(response.json()) == ["kode", "pesan", "rincian"]


def test_a_token_reads_the_same_rows_as_the_session(ask, analis):
    secret = give_token(analis)[1]
    answer = Client().get(ALAMAT, TW3, headers={"Authorization": f"Token {secret}"})
    assert answer.json() == ask()


def test_without_sign_in_or_token_there_is_nothing(alokasi):
    response = Client().get(ALAMAT, TW3)
    assert response.status_code == 401
    assert response.json()["kode"] == "belum_masuk"
    assert response["WWW-Authenticate"] == "Token"


def test_pages_follow_each_other_and_lose_nothing(ask, client):
    first = ask(tingkat="daerah", page_size=3)
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    second = client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    together = [row["kode"] for row in first["results"] + second["results"]]
    assert together == ["32", "32.01", "32.10", "52.02"]
