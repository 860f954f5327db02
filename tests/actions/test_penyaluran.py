"""Transfers entered by hand at the ministry."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from realisasi.actions.galat import Ditolak
from realisasi.actions.penyaluran import record_penyaluran
from realisasi.models import Penyaluran, PeriodeTriwulan, Peristiwa, Riwayat
from tests import pabrik

pytestmark = pytest.mark.django_db
OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)


@pytest.fixture
def alokasi(db):
    return pabrik.make_alokasi()


def transfer(alokasi, by, **values):
    defaults = {
        "tahap": "I",
        "nomor_sp2d": "00123/SP2D",
        "tanggal_sp2d": date(2024, 7, 22),
        "jumlah": 1_250_000_000,
    }
    return record_penyaluran(alokasi=alokasi, by=by, now=OKTOBER, **{**defaults, **values})


@pytest.mark.parametrize("persona", ["verifikator", "admin"])
def test_the_ministry_records_a_transfer_with_its_trail_and_event(alokasi, persona, request):
    row = transfer(alokasi, request.getfixturevalue(persona))
    assert Penyaluran.objects.get().jumlah == 1_250_000_000
    assert Riwayat.objects.get(subjek=f"penyaluran:{row.pk}").sesudah["tanggal_sp2d"] == "2024-07-22"
    assert Peristiwa.objects.get().triwulan == 3


@pytest.mark.parametrize("persona", ["operator", "provinsi", "pimpinan", "analis", "auditor"])
def test_nobody_else_records_a_transfer(alokasi, persona, request):
    with pytest.raises(Ditolak, match="oleh kementerian"):
        transfer(alokasi, request.getfixturevalue(persona))
    assert not Penyaluran.objects.exists()


def test_pressing_twice_stores_one(alokasi, verifikator):
    transfer(alokasi, verifikator)
    transfer(alokasi, verifikator)
    assert (Penyaluran.objects.count(), Riwayat.objects.count(), Peristiwa.objects.count()) == (1, 1, 1)


def test_a_number_that_is_there_with_another_amount_is_refused_in_words(alokasi, verifikator):
    transfer(alokasi, verifikator)
    with pytest.raises(ValidationError, match="sudah tercatat"):
        transfer(alokasi, verifikator, jumlah=1)
    assert Penyaluran.objects.get().jumlah == 1_250_000_000


def test_the_same_number_may_belong_to_two_daerah(alokasi, verifikator):
    transfer(alokasi, verifikator)
    transfer(pabrik.make_alokasi("52.02"), verifikator)
    assert Penyaluran.objects.count() == 2


def test_nothing_is_not_a_transfer(alokasi, verifikator):
    with pytest.raises(ValidationError, match="lebih dari nol"):
        transfer(alokasi, verifikator, jumlah=0)


@pytest.mark.parametrize(
    ("hari", "pesan"),
    [(date(2024, 10, 16), "belum terjadi"), (date(2023, 12, 31), "di luar TA 2024")],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(alokasi, verifikator, hari, pesan):
    with pytest.raises(Ditolak, match=pesan) as galat:
        transfer(alokasi, verifikator, tanggal_sp2d=hari)
    assert galat.value.kolom == "tanggal_sp2d"


def test_a_closed_year_takes_no_transfer(alokasi, verifikator, admin):
    PeriodeTriwulan.objects.filter(triwulan=4).update(ditutup_pada=OKTOBER, ditutup_oleh=admin)
    with pytest.raises(Ditolak, match="sudah ditutup"):
        transfer(alokasi, verifikator)
