"""Pages, filters and faults of any list, tried on one that is made here."""

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListCreateAPIView
from rest_framework.test import APIRequestFactory, force_authenticate

from daerah.models import Daerah
from realisasi.api.saringan import refuse_unknown
from tests.pabrik import load_all_daerah


class DaerahSerializer(serializers.ModelSerializer):
    class Meta:
        model = Daerah
        fields = ["kode", "nama", "lat"]


class DaftarUji(ListCreateAPIView):
    queryset = Daerah.objects.all()
    serializer_class = DaerahSerializer

    def list(self, request):
        refuse_unknown(request, "provinsi")
        return super().list(request)


@pytest.fixture
def ask(analis):
    load_all_daerah()

    def get(query="", **post):
        factory = APIRequestFactory()
        request = factory.post("/uji/", **post) if post else factory.get(f"/uji/{query}")
        force_authenticate(request, analis)
        answer = DaftarUji.as_view()(request)
        answer.render()
        return answer

    return get


def test_a_list_has_count_next_previous_and_results(ask):
    data = ask("?page=2&page_size=500").data
    assert list(data) == ["count", "next", "previous", "results"]
    assert (data["count"], len(data["results"]), data["next"]) == (552, 52, None)
    assert data["previous"].startswith("http")


def test_a_page_has_a_hundred_rows_unless_asked_otherwise(ask):
    assert len(ask().data["results"]) == 100
    assert len(ask("?page_size=1000").data["results"]) == 552


@pytest.mark.parametrize("size", ["0", "-1", "1001", "abc", "", "1e3", "１０", "9" * 30])
def test_a_size_that_cannot_be_is_refused(ask, size):
    answer = ask(f"?page_size={size}")
    assert answer.status_code == 400
    assert "1 sampai 1.000" in answer.data["rincian"]["page_size"][0]


@pytest.mark.parametrize("page", ["0", "7", "abc", "", "last", "-1", "1.0", "9" * 30])
def test_a_page_that_is_not_there_is_refused(ask, page):
    answer = ask(f"?page={page}")
    assert answer.status_code == 400
    assert "1 sampai 6" in answer.data["rincian"]["page"][0]


def test_a_parameter_that_is_not_known_is_refused_by_name(ask):
    answer = ask("?propinsi=32&tahn=2024")
    assert answer.status_code == 400
    assert answer.data["kode"] == "isian_salah"
    assert set(answer.data["rincian"]) == {"propinsi", "tahn"}
    assert "page, page_size, provinsi" in answer.data["rincian"]["propinsi"][0]


def test_a_parameter_given_twice_is_refused(ask):
    assert "provinsi" in ask("?provinsi=32&provinsi=33").data["rincian"]


def test_a_list_without_pages_knows_no_page(rf):
    request = rf.get("/uji/?page=1")
    request.query_params = request.GET
    with pytest.raises(ValidationError):
        refuse_unknown(request, "tahun", paged=False)


@pytest.mark.parametrize(
    ("post", "status", "kode"),
    [
        ({"data": "{rusak", "content_type": "application/json"}, 400, "permintaan_salah"),
        ({"data": "a=1", "content_type": "application/x-www-form-urlencoded"}, 415, "isi_bukan_json"),
        ({"data": "{}", "content_type": "application/json"}, 400, "isian_salah"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_one_shape(ask, post, status, kode):
    answer = ask(**post)
    assert answer.status_code == status
    assert answer.data["kode"] == kode
    assert set(answer.data) == {"kode", "pesan", "rincian"}


def test_faults_are_listed_by_field(ask):
    answer = ask(data='{"kode": "99.99999"}', content_type="application/json")
    assert set(answer.data["rincian"]) == {"kode", "nama", "lat"}
    assert all(isinstance(texts, list) for texts in answer.data["rincian"].values())
