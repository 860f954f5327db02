"""The calendar: a TA opens with its deadlines, a quarter is closed by a person."""

from datetime import UTC, date, datetime

import pytest

from realisasi.actions.galat import Ditolak
from realisasi.actions.jadwal import open_tahun
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import Parameter, PeriodeTriwulan, Riwayat, StatusLaporan
from tests import pabrik

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
