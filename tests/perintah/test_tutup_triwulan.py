from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daerah import waktu
from realisasi.models import PeriodeTriwulan, Peristiwa, RekapTriwulan, Riwayat
from tests import dunia

pytestmark = pytest.mark.django_db


@pytest.fixture
def penerima(settings):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))
    return dunia.make_penerima("32.10")


def run(triwulan=3, tahun=2024, **options):
    out = StringIO()
    call_command("tutup_triwulan", tahun=tahun, triwulan=triwulan, stdout=out, **options)
    return out.getvalue()


def is_closed(ke=3):
    return PeriodeTriwulan.objects.get(tahun=2024, triwulan=ke).is_closed


def test_a_quarter_is_closed_by_sistem_and_remembered(penerima, verifikator):
    dunia.verify(dunia.report(penerima, 3, 400_000_000), verifikator)
    said = run()
    assert is_closed()
    sidik = PeriodeTriwulan.objects.get(triwulan=3).sidik_buku
    assert said == f"TW III TA 2024 ditutup. Sidik buku kerja: {sidik}\n"
    last = Riwayat.objects.order_by("pk").last()
    assert last.pelaku.username == "sistem"


def test_what_was_verified_just_before_is_in_the_closed_figures(penerima, verifikator):
    dunia.verify(dunia.report(penerima, 3, 400_000_000), verifikator)
    assert Peristiwa.objects.open().exists()
    run()
    assert not Peristiwa.objects.open().exists()
    final = RekapTriwulan.objects.current().get(triwulan=3, posisi="final")
    assert final.realisasi_keuangan == 400_000_000


@pytest.mark.parametrize("begun", [False, True])
def test_it_is_refused_while_a_report_is_with_the_ministry(penerima, verifikator, begun):
    laporan = dunia.report(penerima, 3, 400_000_000)
    if begun:
        dunia.aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=dunia.OKTOBER)
    with pytest.raises(CommandError, match="laporan"):
        run()
    assert not is_closed()


def test_with_a_reason_it_is_closed_all_the_same_and_the_reason_kept(penerima):
    dunia.report(penerima, 3, 400_000_000)
    run(alasan="Batas pelaporan nasional.")
    assert PeriodeTriwulan.objects.get(tahun=2024, triwulan=3).alasan == "Batas pelaporan nasional."


def test_closing_twice_is_refused(penerima):
    run()
    with pytest.raises(CommandError):
        run()


@pytest.mark.parametrize("where", [{"tahun": 2031}, {"triwulan": 4}])
def test_a_quarter_that_does_not_exist_or_has_not_ended_is_refused(penerima, where):
    with pytest.raises(CommandError):
        run(**where)
