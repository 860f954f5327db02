"""Figures as they were known on a day: what came later never shows, and a closed quarter stands still."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from daerah.cakupan import Peran
from daerah.models import Pengguna
from realisasi.actions import laporan as aksi
from realisasi.actions import rekap
from realisasi.actions.alokasi import revise_pagu
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.actions.penutupan import close_triwulan
from realisasi.actions.penyaluran import record_penyaluran, remove_penyaluran
from realisasi.aturan.triwulan import Triwulan
from realisasi.buku.rekap_analis import closing_book, write_rekap
from realisasi.models import Paket, PeriodeTriwulan
from realisasi.rekap.baca import paket_rows, serapan_rows
from realisasi.rekap.perubahan import differences, figure_versions
from realisasi.rekap.saat import end_of
from tests import pabrik
from tests.dunia import compute, make_penerima, report, verify

pytestmark = pytest.mark.django_db

TW2, TW3 = Triwulan(2024, 2), Triwulan(2024, 3)
JULI = datetime(2024, 7, 5, 3, tzinfo=UTC)
TUTUP = datetime(2024, 9, 1, 3, tzinfo=UTC)
SESUDAH = datetime(2024, 9, 20, 3, tzinfo=UTC)
OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)


@pytest.fixture
def verifikator(db):
    return pabrik.make_pengguna(Peran.VERIFIKATOR)


@pytest.fixture
def alokasi(verifikator):
    """One recipient whose TW II is verified and closed on 1 September."""
    found = make_penerima("32.10", now=JULI)
    verify(report(found, 2, 400_000_000, now=JULI), verifikator, now=JULI)
    compute(JULI)
    close_triwulan(tw=TW2, by=Pengguna.objects.sistem(), now=TUTUP, buku=closing_book)
    return found


def figure(user, tw, pada=None, kode="32.10", **filters):
    (row,) = serapan_rows(user, tw, "daerah", kode=kode, pada=pada, **filters)
    return row


def correct(alokasi, verifikator, keuangan, now):
    """Reopen the verified TW II, fill in another amount, send and verify it."""
    laporan = alokasi.laporan_set.get(triwulan=2)
    aksi.reopen(laporan_id=laporan.pk, alasan="Salah ketik.", by=verifikator, now=now)
    report(alokasi, 2, keuangan, now=now)
    verify(laporan, verifikator, now=now)
    compute(now)


def assert_nothing_differs(now):
    assert rekap.find_differences(now=now) == []


def test_a_figure_changed_by_reopening_is_new_today_and_old_on_the_day_before(alokasi, verifikator):
    correct(alokasi, verifikator, 500_000_000, SESUDAH)
    assert figure(verifikator, TW2).realisasi_keuangan == 500_000_000
    assert figure(verifikator, TW2, end_of(date(2024, 9, 19))).realisasi_keuangan == 400_000_000
    assert figure(verifikator, TW2, end_of(date(2024, 9, 20))).realisasi_keuangan == 500_000_000
    (nation,) = serapan_rows(verifikator, TW2, "nasional", pada=end_of(date(2024, 9, 19)))
    assert nation.realisasi_keuangan == 400_000_000
    assert_nothing_differs(OKTOBER)


def test_before_anybody_reported_the_day_shows_pagu_and_a_dash(verifikator):
    alokasi = make_penerima("32.10", now=datetime(2024, 2, 1, tzinfo=UTC))
    report(alokasi, 2, 400_000_000, now=JULI)
    compute(JULI)
    row = figure(verifikator, TW2, end_of(date(2024, 7, 4)))
    assert (row.pagu, row.realisasi_keuangan, row.jumlah_daerah_lapor) == (1_000_000_000, None, 0)
    assert serapan_rows(verifikator, TW2, "daerah", pada=end_of(date(2024, 1, 31))) == []


def test_a_quarter_is_sementara_on_a_day_before_its_closing(alokasi, verifikator):
    assert figure(verifikator, TW2, end_of(date(2024, 8, 31))).posisi == "sementara"
    assert figure(verifikator, TW2, end_of(date(2024, 9, 1))).posisi == "final"


@pytest.fixture
def late(alokasi, verifikator):
    """After the closing of TW II come facts that took effect in it: a contract, a transfer, a new pagu."""
    paket = Paket.objects.get()
    operator = alokasi.daerah.pengguna_set.get()
    isian = IsianPaket(penyedia="CV Baru", tanggal_kontrak=date(2024, 4, 1), nilai_kontrak=700_000_000)
    save_paket(paket_id=paket.pk, versi=paket.versi, isian=isian, by=operator, now=SESUDAH)
    record_penyaluran(
        alokasi=alokasi, tahap="II", nomor_sp2d="2", tanggal_sp2d=date(2024, 6, 1), jumlah=5,
        by=verifikator, now=SESUDAH,
    )  # fmt: skip
    revise_pagu(
        alokasi_id=alokasi.pk, jumlah=900_000_000, berlaku_dari=date(2024, 6, 1), sumber="KMK",
        by=verifikator, now=SESUDAH,
    )  # fmt: skip
    compute(SESUDAH)
    return alokasi


def test_a_closed_quarter_is_not_moved_by_what_is_recorded_later(late, verifikator):
    closed, current = figure(verifikator, TW2), figure(verifikator, TW3)
    assert (closed.pagu, closed.nilai_kontrak, closed.penyaluran) == (
        1_000_000_000,
        800_000_000,
        1_000_000_000,
    )
    assert (current.pagu, current.nilai_kontrak, current.penyaluran) == (
        900_000_000,
        700_000_000,
        1_000_000_005,
    )
    assert_nothing_differs(OKTOBER)


def test_packages_of_a_closed_quarter_are_listed_as_they_were_known_then(late, verifikator):
    (closed,) = paket_rows(verifikator, TW2, now=OKTOBER)
    (current,) = paket_rows(verifikator, TW3, now=OKTOBER)
    assert (closed.nilai_kontrak, closed.tanggal_kontrak, closed.penyedia) == (
        800_000_000, date(2024, 5, 2), "",
    )  # fmt: skip
    assert (current.nilai_kontrak, current.penyedia) == (700_000_000, "CV Baru")


def test_a_transfer_that_is_taken_back_still_stood_on_the_days_before(late, verifikator):
    wrong = late.penyaluran_set.get(nomor_sp2d="2")
    remove_penyaluran(penyaluran_id=wrong.pk, alasan="Salah daerah.", by=verifikator, now=OKTOBER)
    compute(OKTOBER)
    assert figure(verifikator, TW3).penyaluran == 1_000_000_000
    assert figure(verifikator, TW3, end_of(date(2024, 10, 14))).penyaluran == 1_000_000_005
    assert_nothing_differs(OKTOBER)


def test_the_workbook_of_a_closing_can_be_made_again_to_the_byte(late, verifikator):
    quarter = PeriodeTriwulan.objects.get(triwulan=2)
    correct(late, verifikator, 500_000_000, OKTOBER)
    again = closing_book(TW2, quarter.ditutup_pada)
    with quarter.buku.open() as kept:
        assert again == kept.read()
    assert len(quarter.sidik_buku) == 64
    # Today's workbook of the same quarter holds the restated figure.
    out = BytesIO()
    write_rekap(out, user=verifikator, tw=TW2, now=OKTOBER)
    assert out.getvalue() != again
    sheet = load_workbook(BytesIO(again))["Daerah"]
    assert "Sebagaimana diketahui pada 1 September 2024" in sheet["A2"].value


def test_packages_add_up_to_the_figure_on_every_day(late, verifikator):
    correct(late, verifikator, 500_000_000, OKTOBER)
    for day in (date(2024, 7, 5), date(2024, 9, 1), date(2024, 9, 20), date(2024, 10, 15)):
        for tw in (TW2, TW3):
            row = figure(verifikator, tw, end_of(day))
            packages = paket_rows(verifikator, tw, now=OKTOBER, pada=end_of(day))
            assert sum(p.nilai_kontrak or 0 for p in packages) == row.nilai_kontrak, (day, tw)
            assert sum(p.realisasi_keuangan or 0 for p in packages) == row.realisasi_keuangan, (day, tw)


def test_the_difference_between_two_days_names_the_report_that_caused_it(alokasi, verifikator):
    make_penerima("52.02", now=SESUDAH)
    correct(alokasi, verifikator, 500_000_000, OKTOBER)
    (found,) = differences(verifikator, TW2, dari=end_of(date(2024, 9, 25)), sampai=None)
    assert (found.baris.kode, found.selisih) == ("32.10", 100_000_000)
    assert found.amounts == ["realisasi_keuangan"]
    laporan = alokasi.laporan_set.get(triwulan=2)
    assert {cause.subjek for cause in found.sebab} == {f"laporan:{laporan.pk}"}
    assert "Laporan TW II diverifikasi" in [cause.uraian for cause in found.sebab]
    assert (
        differences(verifikator, TW2, dari=end_of(date(2024, 9, 25)), sampai=end_of(date(2024, 10, 1))) == []
    )


def test_every_version_of_a_figure_is_listed_with_its_cause(alokasi, verifikator):
    correct(alokasi, verifikator, 500_000_000, OKTOBER)
    new, old, *_ = figure_versions(verifikator, TW2, "32.10")
    assert (new.baris.realisasi_keuangan, new.sampai) == (500_000_000, None)
    assert (old.baris.realisasi_keuangan, old.sampai) == (400_000_000, new.dari)
    assert "Laporan TW II diverifikasi" in [cause.uraian for cause in new.sebab]


def test_another_daerah_sees_neither_versions_nor_differences(alokasi, verifikator):
    correct(alokasi, verifikator, 500_000_000, OKTOBER)
    stranger = pabrik.make_pengguna(Peran.OPERATOR, "52.02")
    assert figure_versions(stranger, TW2, "32.10") == []
    assert differences(stranger, TW2, dari=end_of(date(2024, 9, 25)), sampai=None) == []
