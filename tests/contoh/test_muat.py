"""`load_demo`: once loaded, the application itself says the published figures; every status is there."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from daerah import waktu
from daerah.cakupan import WITH_DAERAH, Peran
from daerah.models import Pengguna
from realisasi.actions import laporan as aksi
from realisasi.actions.rekap import find_differences
from realisasi.aturan.triwulan import Triwulan
from realisasi.contoh.langkah import Kalender
from realisasi.models import (
    Alokasi,
    Bidang,
    CatatanSel,
    Dispensasi,
    Laporan,
    PeriodeTriwulan,
    Peristiwa,
    RekapTriwulan,
    StatusLaporan,
    VersiLaporan,
)
from realisasi.rekap.baca import serapan_rows
from tests import pabrik

HARI = date(2024, 10, 15)
TW_BERJALAN = Triwulan(2024, 3)


@pytest.fixture
def hari_contoh(contoh, settings):
    settings.DEMO = True
    return waktu.now()


def nasional(tahun, ke, posisi="sementara"):
    verifikator = Pengguna.objects.get(username="verifikator")
    (row,) = serapan_rows(verifikator, Triwulan(tahun, ke), "nasional", posisi=posisi)
    return row


def test_the_nation_of_2022_is_the_published_one(contoh):
    row = nasional(2022, 4)
    assert row.serapan == Decimal("82.72")
    assert row.posisi == "final"


def test_the_nation_of_2023_is_the_published_one(contoh):
    row = nasional(2023, 4)
    assert (row.pagu, row.jumlah_daerah) == (395_000_000_000, 56)
    assert (row.serapan, row.rata_rata_kab_kota) == (Decimal("88.46"), Decimal("93.23"))
    assert row.jumlah_daerah_lapor == 56


def test_the_current_year_is_in_mid_flow(contoh):
    sementara, final = nasional(2024, 3), nasional(2024, 3, "final")
    assert sementara.posisi == "sementara"
    assert 25 < final.serapan < sementara.serapan < 60
    assert final.jumlah_daerah_lapor < sementara.jumlah_daerah_lapor < sementara.jumlah_daerah
    assert sementara.jumlah_dibawa > 0
    assert sementara.sekurang_kurangnya


def test_every_status_occurs_in_the_quarter_under_way(contoh):
    laporan = Laporan.objects.for_triwulan(TW_BERJALAN)
    status = Counter(laporan.values_list("status", flat=True))
    assert set(status) == set(StatusLaporan.values)
    assert Alokasi.objects.filter(tahun=2024).count() - laporan.count() >= 5  # Belum Lapor
    assert laporan.filter(nihil=True).exists()
    tenggat = PeriodeTriwulan.objects.get(tahun=2024, triwulan=3).tenggat
    assert laporan.filter(pertama_diajukan_pada__gt=tenggat).exists()
    reopened = VersiLaporan.objects.filter(laporan__in=laporan, dibuka_kembali_pada__isnull=False)
    assert reopened.filter(laporan__status="KONSEP").exists()


def test_returned_reports_carry_remarks_on_their_cells(contoh):
    returned = Laporan.objects.for_triwulan(TW_BERJALAN).filter(status="DIKEMBALIKAN")
    for laporan in returned:
        assert CatatanSel.objects.filter(versi__laporan=laporan, kolom="progres_fisik").exists()


def test_past_years_are_verified_and_closed_with_late_and_missing_reports_among_them(contoh):
    past = Laporan.objects.filter(alokasi__tahun__lt=2024)
    assert set(past.values_list("status", flat=True)) == {"DIVERIFIKASI"}
    for tahun in (2022, 2023):
        jumlah = Alokasi.objects.filter(tahun=tahun).count()
        assert past.filter(alokasi__tahun=tahun, triwulan=4).count() == jumlah
        assert past.filter(alokasi__tahun=tahun, triwulan=1).count() < jumlah
    assert not PeriodeTriwulan.objects.filter(tahun__lt=2024, ditutup_pada__isnull=True).exists()
    late = past.filter(
        alokasi__tahun__periodetriwulan__triwulan=F("triwulan"),
        pertama_diajukan_pada__gt=F("alokasi__tahun__periodetriwulan__tenggat"),
    )
    assert late.count() > 20


def test_the_quarters_before_the_one_under_way_are_closed(contoh):
    closed = PeriodeTriwulan.objects.filter(tahun=2024, ditutup_pada__isnull=False)
    assert list(closed.values_list("triwulan", flat=True)) == [1, 2]


@pytest.mark.parametrize("kode", ["32.10", "52.02"])
def test_the_operators_of_the_guides_find_the_quarter_prefilled_from_the_one_before(hari_contoh, kode):
    by = Pengguna.objects.get(username=f"operator.{kode}")
    assert set(Alokasi.objects.filter(daerah=kode).values_list("tahun_id", flat=True)) == {2022, 2023, 2024}
    alokasi = Alokasi.objects.get(daerah=kode, tahun=2024)
    reports = Laporan.objects.filter(alokasi=alokasi)
    assert list(reports.values_list("triwulan", "status")) == [(1, "DIVERIFIKASI"), (2, "DIVERIFIKASI")]
    savepoint = transaction.savepoint()
    laporan = aksi.start(alokasi=alokasi, triwulan=3, by=by, now=hari_contoh)
    before = reports.get(triwulan=2).baris.values_list("keuangan", flat=True)
    assert list(laporan.baris.values_list("keuangan", flat=True)) == list(before)
    transaction.savepoint_rollback(savepoint)


def test_no_report_needed_a_reason_for_an_odd_figure(contoh):
    assert not VersiLaporan.objects.filter(jumlah_temuan__gt=0).exists()


def test_stored_figures_are_what_a_fresh_computation_gives(contoh):
    assert find_differences(now=Kalender(HARI).sampai) == []
    assert not Peristiwa.objects.open().exists()


def test_the_trail_and_every_fact_agree_with_what_the_doors_recorded(contoh):
    said = StringIO()
    call_command("verify_riwayat", stdout=said)
    assert "Jejak audit utuh" in said.getvalue()
    # The rules that came with the application; every fact went through a door.
    assert re.search(r"Tanpa sidik \(.*\): parameter \d+\.\n", said.getvalue())


def test_figures_as_known_when_a_quarter_was_closed_stay_readable(contoh):
    ended = RekapTriwulan.objects.filter(tahun=2024, triwulan=3, berlaku_sampai__isnull=False)
    assert ended.exists()


def test_no_message_is_left_for_a_worker(contoh):
    assert contoh == []


def test_nothing_lies_in_the_future_of_the_demonstration_day(hari_contoh):
    assert waktu.today() == HARI
    assert Laporan.objects.latest("disimpan_pada").disimpan_pada <= Kalender(HARI).sampai


def test_each_office_has_its_account_and_no_account_names_a_person(contoh, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    akun = Pengguna.objects.filter(contoh=True)
    per_peran = Counter(akun.values_list("peran", flat=True))
    recipients = Alokasi.objects.values("daerah").distinct().count()
    assert per_peran[Peran.OPERATOR] == per_peran[Peran.PENYETUJU] == recipients
    assert per_peran[Peran.PROVINSI] == 38
    assert set(per_peran) == set(Peran.values) - {Peran.SISTEM}
    assert not akun.exclude(first_name="", last_name="").exists()
    assert not akun.filter(jabatan="").exists()
    assert not akun.filter(peran__in=WITH_DAERAH, daerah=None).exists()
    assert akun.values("password").distinct().count() == 1
    assert akun.first().check_password("dak-ikm-contoh")
    auditor = akun.get(username="auditor")
    assert auditor.selesai_bertugas == timezone.localdate() + timedelta(days=365)


def test_one_daerah_is_let_in_late(contoh):
    row = Dispensasi.objects.get(periode__triwulan=3, periode__tahun=2024)
    assert (row.daerah_id, row.diberikan_oleh.username) == ("52.02", "admin")
    assert row.diberikan_pada < row.periode.tenggat < row.sampai


# --- the command, on a day early enough to be quick ----------------------------------------------


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.mark.django_db
def test_the_command_is_refused_outside_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_demo", verbosity=0)


@pytest.mark.django_db
def test_the_command_is_refused_when_there_are_data(demo):
    pabrik.make_alokasi("32.10")
    with pytest.raises(CommandError, match="kosong"):
        call_command("load_demo", verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "found"),
    [(["--today=15-10-2024"], "15-10-2024"), (["--today=2021-12-31"], "2022"), (["--scale=0"], "scale")],
)
def test_the_command_says_what_is_wrong_with_an_argument(demo, arguments, found):
    with pytest.raises(CommandError, match=found):
        call_command("load_demo", *arguments, verbosity=0)
    assert not Alokasi.objects.exists()


@pytest.mark.django_db
def test_the_command_loads_the_regions_too_and_its_scale_goes_to_test_bidang(demo):
    call_command("load_demo", "--today=2022-04-20", "--scale=3", verbosity=0)
    per_bidang = Counter(Alokasi.objects.values_list("bidang_id", flat=True))
    assert set(per_bidang) == {Bidang.IKM, "UJI001", "UJI002"}
    assert set(per_bidang.values()) == {60}
    assert find_differences(now=datetime(2022, 4, 19, 18, tzinfo=UTC)) == []
    copies = Laporan.objects.filter(alokasi__bidang="UJI001")
    assert set(copies.values_list("status", flat=True)) == {"DIVERIFIKASI"}
    assert copies.count() == 60
    said = StringIO()
    call_command("verify_riwayat", stdout=said)
    assert "versi_pagu 120" in said.getvalue()  # written in bulk, past the doors: counted, not broken
