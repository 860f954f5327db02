"""`/alokasi/<id>/`: three small forms of the ministry."""

from datetime import date

import pytest

from realisasi.models import Target, VersiPagu
from tests import pabrik

pytestmark = pytest.mark.django_db


@pytest.fixture
def alokasi():
    return pabrik.make_alokasi(pagu=5_000_000_000)


def address(alokasi):
    return f"/alokasi/{alokasi.pk}/"


def test_it_shows_pagu_and_targets(masuk_sebagai, verifikator, alokasi):
    pabrik.make_target(alokasi, 2, 1_250_000_000)
    page = masuk_sebagai(verifikator).get(address(alokasi)).content.decode()
    assert "5.000.000.000" in page
    assert 'value="1.250.000.000"' in page


def test_a_revision_is_stored(masuk_sebagai, verifikator, alokasi):
    data = {
        "tindakan": "pagu",
        "pagu-jumlah": "4.000.000.000",
        "pagu-berlaku_dari": "2024-07-01",
        "pagu-sumber": "KMK 29",
    }
    assert masuk_sebagai(verifikator).post(address(alokasi), data).status_code == 302
    assert VersiPagu.objects.get(berlaku_dari=date(2024, 7, 1)).jumlah == 4_000_000_000


@pytest.mark.parametrize(
    ("data", "pesan"),
    [
        ({"tindakan": "pagu", "pagu-jumlah": "4,000", "pagu-berlaku_dari": "2024-07-01"}, "4,000"),
        (
            {"tindakan": "target", "target-keuangan_1": "9", "target-keuangan_2": "8", "target-alasan": "x"},
            "tidak boleh turun",
        ),
        ({"tindakan": "target", "target-keuangan_1": "9"}, "Bidang ini harus diisi"),
        ({"tindakan": "hapus"}, "Alokasi"),
    ],
)
def test_what_cannot_be_comes_back_with_a_message_and_nothing_is_written(
    masuk_sebagai, verifikator, alokasi, data, pesan
):
    response = masuk_sebagai(verifikator).post(address(alokasi), data)
    assert response.status_code == 422
    assert pesan in response.content.decode()
    assert VersiPagu.objects.count() == 1
    assert not Target.objects.exists()


def test_officers_and_other_bidang_do_not_find_it(masuk_sebagai, operator, verifikator, alokasi):
    assert masuk_sebagai(operator).get(address(alokasi)).status_code == 404
    other = pabrik.make_alokasi(bidang="UJI001")
    assert masuk_sebagai(verifikator).get(address(other)).status_code == 404
