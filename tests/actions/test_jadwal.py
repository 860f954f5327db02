"""The calendar: a TA opens with its deadlines, a quarter is closed by a person."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from realisasi.actions.galat import Ditolak
from realisasi.actions.jadwal import open_tahun
from realisasi.actions.parameter import add_parameter
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Parameter, PeriodeTriwulan, Riwayat, StatusLaporan
from tests import pabrik
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db
TW_III = Triwulan(2024, 3)
OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)


def test_a_year_opens_with_four_deadlines_fourteen_days_after_each_quarter(admin):
    open_tahun(tahun=2024, by=admin)
    due = [p.tenggat.astimezone(WIB).strftime("%d-%m-%Y %H.%M") for p in PeriodeTriwulan.objects.all()]
    assert due == ["14-04-2024 23.59", "14-07-2024 23.59", "14-10-2024 23.59", "14-01-2025 23.59"]


def test_opening_twice_opens_once(admin):
    open_tahun(tahun=2024, by=admin)
    open_tahun(tahun=2024, by=admin)
    assert (PeriodeTriwulan.objects.count(), Riwayat.objects.count()) == (4, 1)


def test_each_quarter_follows_the_rule_of_its_own_time(admin):
    Parameter.objects.create(
        kunci="lapor.hari",
        tahun=2024,
        nilai=20,
        sumber="Surat edaran",
        tanda="C",
        berlaku_dari=date(2024, 7, 1),
        dicatat_pada=OKTOBER,
    )
    open_tahun(tahun=2024, by=admin)
    days = [p.tenggat.astimezone(WIB).day for p in PeriodeTriwulan.objects.all()]
    assert days == [14, 20, 20, 20]


@pytest.mark.parametrize("persona", ["admin", "sistem"])
def test_a_quarter_that_ended_is_closed_with_its_trail(persona, admin):
    by = admin if persona == "admin" else type(admin).objects.sistem()
    pabrik.make_tahun()
    periode = close_triwulan(tw=TW_III, by=by, now=OKTOBER)
    assert (periode.ditutup_pada, periode.ditutup_oleh) == (OKTOBER, by)
    assert Riwayat.objects.get().aksi == "tutup triwulan"


@pytest.mark.parametrize("persona", ["operator", "verifikator", "pimpinan"])
def test_nobody_else_closes_a_quarter(persona, request):
    pabrik.make_tahun()
    with pytest.raises(Ditolak, match="oleh admin"):
        close_triwulan(tw=TW_III, by=request.getfixturevalue(persona), now=OKTOBER)


def test_a_quarter_ends_with_its_last_day_in_jakarta(admin):
    pabrik.make_tahun()
    last_minute = datetime(2024, 9, 30, 23, 59, tzinfo=WIB)
    with pytest.raises(Ditolak, match="belum berakhir"):
        close_triwulan(tw=TW_III, by=admin, now=last_minute)
    midnight = datetime(2024, 10, 1, 0, 0, tzinfo=WIB)
    assert close_triwulan(tw=TW_III, by=admin, now=midnight.astimezone(UTC)).is_closed


@pytest.mark.parametrize("status", [StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI])
def test_reports_with_the_ministry_stop_it_unless_a_reason_is_given(admin, status):
    pabrik.make_laporan(pabrik.make_alokasi(), 3, status=status)
    with pytest.raises(Ditolak, match="1 laporan masih") as galat:
        close_triwulan(tw=TW_III, by=admin, now=OKTOBER, alasan="  ")
    assert galat.value.kolom == "alasan"
    assert close_triwulan(tw=TW_III, by=admin, now=OKTOBER, alasan="Batas LKPP.").alasan == "Batas LKPP."


@pytest.mark.parametrize("status", [StatusLaporan.KONSEP, StatusLaporan.DIKEMBALIKAN])
def test_reports_with_their_daerah_do_not_stop_it(admin, status):
    pabrik.make_laporan(pabrik.make_alokasi(), 3, status=status)
    assert close_triwulan(tw=TW_III, by=admin, now=OKTOBER).is_closed


def test_reports_of_another_quarter_do_not_stop_it(admin):
    pabrik.make_laporan(pabrik.make_alokasi(), 2, status=StatusLaporan.DIAJUKAN)
    assert close_triwulan(tw=TW_III, by=admin, now=OKTOBER).is_closed


def test_a_closed_quarter_is_not_closed_again(admin):
    pabrik.make_tahun()
    close_triwulan(tw=TW_III, by=admin, now=OKTOBER)
    with pytest.raises(Ditolak, match="sudah ditutup"):
        close_triwulan(tw=TW_III, by=admin, now=OKTOBER)


def test_an_unknown_year_is_not_closed(admin):
    with pytest.raises(Ditolak, match="belum dibuka"):
        close_triwulan(tw=TW_III, by=admin, now=OKTOBER)


# --- opening and last instant, by the rules ---------------------------------------------------------------


def add(admin, kunci, nilai, berlaku_dari=date(2024, 1, 1), tahun=2024):
    return add_parameter(
        kunci=kunci,
        tahun=tahun,
        daerah=None,
        nilai=nilai,
        sumber="Surat edaran",
        tanda="C",
        berlaku_dari=berlaku_dari,
        by=admin,
        now=OKTOBER,
    )


def schedule(ke=3):
    row = PeriodeTriwulan.objects.get(tahun=2024, triwulan=ke)
    moments = (row.dibuka_pada, row.tenggat, row.batas_lapor)
    return [moment and moment.astimezone(WIB).strftime("%d-%m-%Y %H.%M") for moment in moments]


def test_a_quarter_is_open_from_its_first_instant_and_has_no_limit(admin):
    open_tahun(tahun=2024, by=admin)
    assert schedule() == ["01-07-2024 00.00", "14-10-2024 23.59", None]


def test_rules_of_opening_and_limit_move_open_quarters_only_with_their_trail(admin):
    open_tahun(tahun=2024, by=admin)
    PeriodeTriwulan.objects.filter(triwulan=2).update(ditutup_pada=OKTOBER, ditutup_oleh=admin)
    add(admin, "lapor.dibuka", 1)
    add(admin, "lapor.batas", 45)
    assert schedule() == ["01-10-2024 00.00", "14-10-2024 23.59", "14-11-2024 23.59"]
    assert schedule(2) == ["01-04-2024 00.00", "14-07-2024 23.59", None]
    trail = Riwayat.objects.filter(subjek="triwulan:2024-3", aksi="ubah jadwal").order_by("pk")
    assert [set(line.sesudah) for line in trail] == [{"dibuka_pada"}, {"batas_lapor"}]
    assert trail[1].sebelum == {"batas_lapor": None}
    assert not Riwayat.objects.filter(subjek="triwulan:2024-2").exists()


def test_a_year_opens_by_the_rules_that_hold(admin):
    add(admin, "lapor.batas", 30)
    open_tahun(tahun=2024, by=admin)
    assert schedule()[2] == "30-10-2024 23.59"


def test_the_limit_is_never_before_the_deadline_and_the_opening_never_after_it(admin):
    open_tahun(tahun=2024, by=admin)
    add(admin, "lapor.batas", 3)
    add(admin, "lapor.dibuka", 90)
    assert schedule() == ["13-10-2024 23.59", "14-10-2024 23.59", "14-10-2024 23.59"]


@pytest.mark.parametrize(("nilai", "batas"), [(60, "29-11-2024 23.59"), ("tidak ada", None)])
def test_a_limit_is_extended_while_it_has_not_passed(admin, nilai, batas):
    open_tahun(tahun=2024, by=admin)
    add(admin, "lapor.batas", 30)
    add(admin, "lapor.batas", nilai, berlaku_dari=date(2024, 10, 30))
    assert schedule()[2] == batas


def test_an_extension_that_comes_too_late_changes_nothing(admin):
    open_tahun(tahun=2024, by=admin)
    add(admin, "lapor.batas", 30)
    add(admin, "lapor.batas", 60, berlaku_dari=date(2024, 10, 31))
    assert schedule()[2] == "30-10-2024 23.59"


@pytest.mark.parametrize("kunci", ["lapor.hari", "lapor.dibuka", "lapor.batas"])
def test_days_beyond_a_year_are_a_slip(admin, kunci):
    with pytest.raises(ValidationError, match="Paling banyak 366 hari"):
        add(admin, kunci, 367)


@pytest.mark.parametrize("nilai", ["besok", "", -1, 1.5, True, None])
def test_a_limit_is_days_or_none(admin, nilai):
    with pytest.raises(ValidationError) as galat:
        add(admin, "lapor.batas", nilai)
    assert "nilai" in galat.value.message_dict


def test_a_database_from_before_gets_the_new_rules_once(admin):
    new = Parameter.objects.filter(kunci__in=("lapor.dibuka", "lapor.batas"))
    migration = import_module("realisasi.migrations.0006_aturan_jadwal")
    migration.load(apps, None)
    assert new.count() == 2
    with lifted():
        new.delete()
    for _ in range(2):
        migration.load(apps, None)
    assert [row.nilai for row in new.all()] == ["tidak ada"] * 2
