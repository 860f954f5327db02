"""Waivers: who gives one, what it takes, that one holds at a time, and how it ends."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from realisasi.actions.dispensasi import grant_dispensasi, revoke_dispensasi
from realisasi.actions.galat import Ditolak
from realisasi.aturan.triwulan import WIB
from realisasi.models import Dispensasi, PeriodeTriwulan, Riwayat
from tests import pabrik

pytestmark = pytest.mark.django_db
BATAS = datetime(2024, 5, 15, 17, 0, tzinfo=WIB)
KINI = datetime(2024, 5, 16, 9, 0, tzinfo=WIB)
SAMPAI = datetime(2024, 5, 25, 17, 0, tzinfo=WIB)


@pytest.fixture
def alokasi(db):
    alokasi = pabrik.make_alokasi()
    PeriodeTriwulan.objects.filter(triwulan=1).update(batas_lapor=BATAS)
    return alokasi


@pytest.fixture
def give(alokasi, admin):
    def grant(**values):
        defaults = {"triwulan": 1, "sampai": SAMPAI, "alasan": "Banjir.", "by": admin, "now": KINI}
        return grant_dispensasi(alokasi=alokasi, **{**defaults, **values})

    return grant


def test_it_is_kept_with_who_when_and_why(give, admin, alokasi):
    row = give(alasan=" Banjir. ")
    assert (row.daerah, row.sampai, row.alasan) == (alokasi.daerah, SAMPAI, "Banjir.")
    assert (row.diberikan_pada, row.diberikan_oleh) == (KINI, admin)
    trail = Riwayat.objects.get()
    assert (trail.aksi, trail.alasan, trail.rantai) == ("beri dispensasi", "Banjir.", f"alokasi:{alokasi.pk}")


def test_pressing_twice_gives_one(give):
    assert give() == give(now=KINI + timedelta(seconds=1))
    assert (Dispensasi.objects.count(), Riwayat.objects.count()) == (1, 1)


def test_a_new_one_takes_the_place_of_the_one_that_holds(give):
    old, new = give(), give(sampai=SAMPAI + timedelta(days=7))
    old.refresh_from_db()
    assert old.dicabut_pada == KINI
    assert list(Dispensasi.objects.in_force(KINI)) == [new]
    assert list(Riwayat.objects.order_by("pk").values_list("aksi", flat=True)) == [
        "beri dispensasi",
        "cabut dispensasi",
        "beri dispensasi",
    ]


def test_after_one_has_ended_another_may_be_given(give):
    give()
    later = SAMPAI + timedelta(days=1)
    new = give(sampai=SAMPAI + timedelta(days=9), now=later)
    assert list(Dispensasi.objects.in_force(later)) == [new]


@pytest.mark.parametrize(
    ("values", "pesan", "kolom"),
    [
        ({"sampai": KINI}, "sudah lewat", "sampai"),
        ({"sampai": BATAS, "now": BATAS - timedelta(days=1)}, "sesudah batas lapor TW I TA 2024", "sampai"),
        ({"triwulan": 2, "sampai": SAMPAI}, "sesudah tenggat TW II TA 2024", "sampai"),
    ],
)
def test_an_end_that_lets_nobody_in_is_refused(give, values, pesan, kolom):
    with pytest.raises(Ditolak, match=pesan) as galat:
        give(**values)
    assert galat.value.kolom == kolom
    assert not Dispensasi.objects.exists()


@pytest.mark.parametrize("alasan", ["  ", "x" * 1001])
def test_its_reason_is_compulsory_and_bounded(give, alasan):
    with pytest.raises(ValidationError) as galat:
        give(alasan=alasan)
    assert "alasan" in galat.value.message_dict


def test_a_closed_quarter_takes_none(give, admin):
    PeriodeTriwulan.objects.filter(triwulan=1).update(ditutup_pada=KINI, ditutup_oleh=admin)
    with pytest.raises(Ditolak, match="sudah ditutup"):
        give()


@pytest.mark.parametrize("persona", ["operator", "provinsi", "verifikator", "pimpinan", "auditor"])
def test_nobody_but_the_admin_gives_or_ends_one(give, persona, request):
    by = request.getfixturevalue(persona)
    with pytest.raises(Ditolak, match="oleh admin"):
        give(by=by)
    row = give()
    with pytest.raises(Ditolak, match="oleh admin"):
        revoke_dispensasi(dispensasi_id=row.pk, alasan="Keliru.", by=by, now=KINI)


def test_it_is_taken_back_once_with_a_reason(give, admin):
    row = give()
    with pytest.raises(Ditolak, match="alasan pencabutan"):
        revoke_dispensasi(dispensasi_id=row.pk, alasan=" ", by=admin, now=KINI)
    for _ in range(2):
        revoke_dispensasi(dispensasi_id=row.pk, alasan="Keliru.", by=admin, now=KINI)
    trail = Riwayat.objects.filter(aksi="cabut dispensasi")
    assert [line.alasan for line in trail] == ["Keliru."]
    assert not Dispensasi.objects.in_force(KINI).exists()


def test_one_that_has_ended_is_not_taken_back(give, admin):
    row = give()
    with pytest.raises(Ditolak, match="sudah berakhir"):
        revoke_dispensasi(dispensasi_id=row.pk, alasan="Keliru.", by=admin, now=SAMPAI + timedelta(seconds=1))
