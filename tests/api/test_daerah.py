"""`api/v1/daerah/`: the regions that an account may see."""

import pytest

from daerah.cakupan import Peran
from tests import pabrik

pytestmark = pytest.mark.django_db

ALAMAT = "/api/v1/daerah/"
KEYS = ["kode", "nama", "nama_lengkap", "jenis", "kode_provinsi", "zona_waktu", "kode_bps", "kode_lama"]


@pytest.fixture
def ask(wilayah, analis, client):
    def get(pengguna=None, status=200, **query):
        client.force_login(pengguna or analis)
        response = client.get(ALAMAT, query)
        assert response.status_code == status, response.content
        return response.json()

    return get


def kode(data):
    return [row["kode"] for row in data["results"]]


def test_a_row_has_its_names_and_codes_are_text(ask):
    (row,) = ask(kode="32.10")["results"]
    assert list(row) == KEYS
    assert (row["kode"], row["nama_lengkap"], row["jenis"]) == ("32.10", "Kab. Majalengka", "kabupaten")
    assert (row["kode_provinsi"], row["zona_waktu"]) == ("32", "WIB")
    assert row["kode_bps"] == "3210"


def test_the_ministry_reads_all_regions_page_by_page(ask):
    data = ask(page_size=1000)
    assert (data["count"], len(data["results"]), data["next"]) == (552, 552, None)
    assert kode(data) == sorted(kode(data))
    assert len(ask()["results"]) == 100


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"jenis": "provinsi"}, 38),
        ({"jenis": "kabupaten"}, 416),
        ({"jenis": "kota"}, 98),
        ({"provinsi": "31"}, 7),
        ({"provinsi": "99"}, 0),
    ],
)
def test_it_may_be_filtered(ask, query, count):
    assert ask(**query)["count"] == count


def test_an_office_reads_its_own_region(ask, operator):
    assert kode(ask(operator)) == ["32.10"]
    assert ask(operator, kode="52.02")["results"] == []
    assert ask(operator, kode="52.02") == ask(operator, kode="99.99")


def test_a_province_reads_its_wilayah(ask, provinsi):
    found = kode(ask(provinsi, page_size=1000))
    assert found[0] == "32"
    assert {place[:2] for place in found} == {"32"}
    assert ask(provinsi, provinsi="52")["results"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"jenis": "desa"}, "jenis"),
        ({"provinsi": "3"}, "provinsi"),
        ({"kode": "32.1"}, "kode"),
        ({"nama": "Majalengka"}, "nama"),
        ({"tahun": "2024"}, "tahun"),
    ],
)
def test_what_cannot_be_is_refused_and_its_parameter_named(ask, query, field):
    data = ask(status=400, **query)
    assert list(data) == ["kode", "pesan", "rincian"]
    assert list(data["rincian"]) == [field]


@pytest.mark.parametrize("peran", [Peran.VERIFIKATOR, Peran.PIMPINAN, Peran.AUDITOR, Peran.ADMIN])
def test_every_ministry_role_reads_the_nation(ask, peran):
    assert ask(pabrik.make_pengguna(peran))["count"] == 552
