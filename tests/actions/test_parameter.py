"""Rules are added, never overwritten."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from realisasi.actions.galat import Ditolak
from realisasi.actions.parameter import add_parameter
from realisasi.aturan.nilai_aturan import fits
from realisasi.aturan.parameter import ATURAN
from realisasi.aturan.triwulan import WIB
from realisasi.models import Parameter, PeriodeTriwulan, Riwayat
from tests import pabrik
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db
JULI = datetime(2025, 7, 23, 3, tzinfo=UTC)


def add(by, **values):
    defaults = {
        "kunci": "batas.tahap_1",
        "tahun": 2025,
        "daerah": None,
        "nilai": "2025-07-31",
        "sumber": "KMK 25/MK/PK/2025",
        "tanda": "C",
        "berlaku_dari": date(2025, 7, 23),
    }
    return add_parameter(by=by, now=JULI, **{**defaults, **values})


def in_force(hari, **values):
    return Parameter.objects.values_of(2025, hari=hari, **values)


def test_an_extension_leaves_the_answer_of_an_earlier_day_as_it_was(admin):
    add(admin)
    assert in_force(date(2025, 7, 22))["batas.tahap_1"] == "2025-07-22"
    assert in_force(date(2025, 7, 23))["batas.tahap_1"] == "2025-07-31"


def test_what_was_recorded_later_was_not_known_earlier(admin):
    add(admin, berlaku_dari=date(2025, 1, 1))
    before = datetime(2025, 7, 22, tzinfo=UTC)
    with lifted():
        Parameter.objects.filter(dicatat_oleh=None).update(dicatat_pada=datetime(2025, 1, 1, tzinfo=UTC))
    assert in_force(date(2025, 7, 23))["batas.tahap_1"] == "2025-07-31"
    assert in_force(date(2025, 7, 23), dicatat=before)["batas.tahap_1"] == "2025-07-22"


def test_the_row_that_is_replaced_points_to_its_follower_and_stays(admin):
    old = Parameter.objects.get(kunci="batas.tahap_1", tahun=2025)
    new = add(admin)
    old.refresh_from_db()
    assert (old.digantikan_oleh, old.nilai) == (new, "2025-07-22")
    assert Riwayat.objects.get().subjek == "parameter:batas.tahap_1"


def test_a_backdated_row_stands_before_what_already_follows_it(admin):
    first = Parameter.objects.get(kunci="batas.tahap_1", tahun=2025)
    last = add(admin)
    between = add(admin, nilai="2025-07-25", berlaku_dari=date(2025, 7, 1), sumber="Surat edaran")
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.digantikan_oleh, between.digantikan_oleh, last.digantikan_oleh) == (between, last, None)
    assert in_force(date(2025, 7, 10))["batas.tahap_1"] == "2025-07-25"
    assert in_force(date(2025, 8, 1))["batas.tahap_1"] == "2025-07-31"


def test_an_override_holds_for_its_daerah_alone(admin):
    add(admin, kunci="syarat.serapan_tahap_3", nilai=50, daerah=pabrik.make_daerah("52.02"))
    day = date(2025, 8, 1)
    assert in_force(day, daerah="52.02")["syarat.serapan_tahap_3"] == 50
    assert in_force(day, daerah="32.10")["syarat.serapan_tahap_3"] == 90


def test_pressing_twice_adds_one_row(admin):
    assert add(admin) == add(admin)
    assert Parameter.objects.filter(dicatat_oleh=admin).count() == 1


@pytest.mark.parametrize("persona", ["operator", "verifikator", "pimpinan", "auditor"])
def test_only_the_admin_adds_a_rule(persona, request):
    with pytest.raises(Ditolak, match="oleh admin"):
        add(request.getfixturevalue(persona))


@pytest.mark.parametrize(
    ("values", "kolom"),
    [
        ({"sumber": "  "}, "sumber"),
        ({"tanda": "X"}, "tanda"),
        ({"nilai": "31-07-2025"}, "nilai"),
        ({"nilai": "2026-07-31"}, "nilai"),
        ({"nilai": None}, "nilai"),
        ({"tahun": None}, "tahun"),
        ({"kunci": "salur.tahap_1", "nilai": 101}, "nilai"),
        ({"kunci": "salur.tahap_1", "nilai": 25.5}, "nilai"),
        ({"kunci": "lapor.jam", "nilai": "25:00"}, "nilai"),
        ({"kunci": "salur.basis_rk", "nilai": "true"}, "nilai"),
        ({"kunci": "rk.toleransi", "nilai": -1}, "nilai"),
    ],
)
def test_a_row_that_no_page_could_read_is_refused(admin, values, kolom):
    with pytest.raises(ValidationError) as galat:
        add(admin, **values)
    assert kolom in galat.value.message_dict
    assert not Parameter.objects.filter(dicatat_oleh=admin).exists()


def test_an_unknown_rule_is_refused(admin):
    with pytest.raises(Ditolak, match="tidak dikenal"):
        add(admin, kunci="tidak.ada")


def test_every_rule_shipped_is_in_the_registry_with_a_value_of_its_unit():
    rows = Parameter.objects.all()
    assert {row.kunci for row in rows} == set(ATURAN)
    assert [row for row in rows if not fits(ATURAN[row.kunci].satuan, row.nilai)] == []


def tenggat(ke, tahun=2025):
    periode = PeriodeTriwulan.objects.get(tahun=tahun, triwulan=ke)
    return periode.tenggat.astimezone(WIB).strftime("%Y-%m-%d %H:%M")


def test_more_days_move_the_deadlines_that_have_not_passed_yet(admin):
    pabrik.make_tahun(2025)
    add(admin, kunci="lapor.hari", tahun=None, nilai=14, berlaku_dari=date(2020, 1, 1), sumber="Awal")
    assert tenggat(2) == "2025-07-14 23:59"
    add(admin, kunci="lapor.hari", nilai=20, berlaku_dari=date(2025, 7, 10))
    # TW I was due on 14 April: a rule of July came too late for it.
    assert [tenggat(ke) for ke in (1, 2, 3)] == ["2025-04-14 23:59", "2025-07-20 23:59", "2025-10-20 23:59"]
    assert Riwayat.objects.filter(subjek="triwulan:2025-2", aksi="ubah jadwal").count() == 2


def test_a_closed_quarter_keeps_its_deadline(admin):
    pabrik.make_tahun(2025)
    PeriodeTriwulan.objects.filter(triwulan=1).update(ditutup_pada=JULI, ditutup_oleh=admin)
    before = tenggat(1)
    add(admin, kunci="lapor.hari", nilai=30, berlaku_dari=date(2025, 1, 1))
    assert tenggat(1) == before != tenggat(2)


def test_the_reporting_deadline_is_the_same_for_all(admin):
    with pytest.raises(ValidationError, match="semua daerah"):
        add(admin, kunci="lapor.hari", nilai=30, daerah=pabrik.make_daerah())
