from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daerah import waktu
from realisasi.models import Peristiwa, RekapTriwulan, RekapWilayah
from tests import dunia
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def penerima(settings):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))
    return dunia.make_penerima("32.10")


def run(**options):
    """Exit code and what was said."""
    out = StringIO()
    try:
        call_command("compute_rekap", stdout=out, **options)
    except CommandError as refused:
        return 1, f"{out.getvalue()}{refused}"
    return 0, out.getvalue()


def test_it_computes_everything_and_closes_what_it_covered(penerima):
    dunia.report(penerima, 3, 400_000_000)
    assert Peristiwa.objects.open().exists()
    assert run() == (0, "1 alokasi dihitung.\n")
    assert not Peristiwa.objects.open().exists()
    stored = RekapTriwulan.objects.current().get(triwulan=3, posisi="sementara")
    assert stored.realisasi_keuangan == 400_000_000
    assert run(check=True) == (0, "Rekap cocok; 0 baris menunggu.\n")


def test_the_check_names_a_figure_that_is_wrong_and_writes_nothing(penerima):
    dunia.report(penerima, 3, 400_000_000)
    dunia.compute()
    with lifted():
        RekapTriwulan.objects.filter(triwulan=3, posisi="sementara").update(realisasi_keuangan=1)
    code, said = run(check=True)
    assert code == 1
    assert (
        "BERBEDA: daerah 32.10 IKM TA 2024 TW III sementara: realisasi_keuangan 1 seharusnya 400000000"
    ) in said
    assert "baris rekap berbeda dari hitungan baru." in said
    assert RekapTriwulan.objects.filter(realisasi_keuangan=1).exists()


def test_a_rate_of_an_area_is_checked_too(penerima):
    dunia.report(penerima, 3, 400_000_000)
    dunia.compute()
    with lifted():
        RekapWilayah.objects.filter(triwulan=3, posisi="sementara", tingkat="nasional").update(
            serapan="99.99"
        )
    code, said = run(check=True)
    assert code == 1
    assert "nasional 00 IKM TA 2024 TW III sementara: serapan 99.99 seharusnya 40.00" in said


def test_a_row_whose_event_is_open_waits_and_is_not_wrong(penerima):
    dunia.report(penerima, 3, 400_000_000)
    code, said = run(check=True)
    assert code == 0
    assert said.count("menunggu: daerah 32.10") == 2  # TW III and, carried forward, TW IV
    assert said.endswith("Rekap cocok; 2 baris menunggu.\n")


def test_only_the_quarter_asked_for_is_looked_at(penerima):
    with lifted():
        RekapTriwulan.objects.filter(triwulan=1).update(pagu=1)
    assert run(check=True, tahun=2024, triwulan=2)[0] == 0
    assert run(check=True, tahun=2023)[0] == 0
    assert run(check=True, tahun=2024, triwulan=1)[0] == 1


def test_a_missing_row_is_named_and_made_good(penerima):
    with lifted():
        RekapTriwulan.objects.filter(triwulan=2).delete()
    code, said = run(check=True)
    assert code == 1
    assert "daerah 32.10 IKM TA 2024 TW II final" in said
    run()
    assert run(check=True)[0] == 0
