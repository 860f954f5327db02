"""What a report is read against: verified earlier quarters, its sheet with increments and weighted totals."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from realisasi.actions import laporan as aksi
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import BarisLaporan, Parameter, VersiLaporan, VersiPagu
from realisasi.rekap.laporan import check, earlier_values
from realisasi.rekap.lembar import sent_sheet, working_sheet
from tests.pabrik import make_alokasi, make_kegiatan, make_paket, make_penyaluran, make_target
from tests.pemicu import lifted

JUTA = 1_000_000
WAKTU = {1: datetime(2024, 4, 5, 3, tzinfo=UTC), 2: datetime(2024, 7, 5, 3, tzinfo=UTC)}
WAKTU[3] = datetime(2024, 10, 5, 3, tzinfo=UTC)


@pytest.fixture
def alokasi(db):
    return make_alokasi(pagu=2_000 * JUTA)


@pytest.fixture
def paket(alokasi):
    return make_paket(make_kegiatan(alokasi, nilai_rk=1_000 * JUTA, volume=Decimal(4)), kontrak=800 * JUTA)


@pytest.fixture
def report(alokasi, paket, operator, verifikator):
    """Make the report of a quarter, filled in, and take it as far as a test wants."""

    def make(ke, values, *, until="verify"):
        laporan = aksi.start(alokasi=alokasi, triwulan=ke, by=operator, now=WAKTU[ke])
        rows = {
            paket.pk: IsianBaris(
                keuangan=keuangan,
                progres_fisik=Decimal(fisik),
                volume_selesai=Decimal(volume),
                alasan="Sesuai lapangan",
            )
            for paket, (keuangan, fisik, volume) in values.items()
        }
        isian = Isian(versi=laporan.versi, baris=rows, catatan="Dana talangan")
        saved = aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=WAKTU[ke])
        if until != "save":
            aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=operator, now=WAKTU[ke])
        if until == "verify":
            aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=WAKTU[ke])
            aksi.verify(laporan_id=laporan.pk, by=verifikator, now=WAKTU[ke])
        return laporan

    return make


def test_earlier_quarters_are_the_verified_ones_latest_first(report, paket):
    report(1, {paket: (100 * JUTA, "12", "0")})
    report(2, {paket: (200 * JUTA, "25", "1")})
    third = report(3, {paket: (300 * JUTA, "37", "1")}, until="save")
    assert [row.keuangan for row in earlier_values(third)[paket.pk]] == [200 * JUTA, 100 * JUTA]


def test_a_quarter_that_is_only_submitted_is_passed_over(report, paket):
    report(1, {paket: (100 * JUTA, "12", "0")})
    report(2, {paket: (200 * JUTA, "25", "1")}, until="submit")
    third = report(3, {paket: (300 * JUTA, "37", "1")}, until="save")
    assert [row.keuangan for row in earlier_values(third)[paket.pk]] == [100 * JUTA]
    assert working_sheet(third, now=WAKTU[3]).sebelum == Triwulan(2024, 1)


def test_of_a_corrected_quarter_the_last_verified_version_counts(report, paket, verifikator, operator):
    first = report(1, {paket: (100 * JUTA, "12", "0")})
    aksi.reopen(laporan_id=first.pk, alasan="Salah ketik", by=verifikator, now=WAKTU[2])
    report(1, {paket: (120 * JUTA, "15", "0")})
    second = report(2, {paket: (200 * JUTA, "25", "1")}, until="save")
    assert [row.keuangan for row in earlier_values(second)[paket.pk]] == [120 * JUTA]


def test_a_reopened_quarter_is_not_compared_with_itself(report, paket, verifikator):
    first = report(1, {paket: (100 * JUTA, "12", "0")})
    aksi.reopen(laporan_id=first.pk, alasan="Salah ketik", by=verifikator, now=WAKTU[2])
    assert earlier_values(first) == {}


def test_a_reopened_quarter_counts_as_it_was_verified_until_it_is_replaced(report, paket, verifikator):
    first = report(1, {paket: (100 * JUTA, "12", "0")})
    aksi.reopen(laporan_id=first.pk, alasan="Salah ketik", by=verifikator, now=WAKTU[2])
    second = report(2, {paket: (200 * JUTA, "25", "1")}, until="save")
    assert [row.keuangan for row in earlier_values(second)[paket.pk]] == [100 * JUTA]


def test_the_sheet_shows_increment_rates_and_weighted_progress(report, alokasi, paket):
    other = make_paket(make_kegiatan(alokasi, nilai_rk=200 * JUTA))  # no contract yet: weighs its RK
    make_target(alokasi, 2, 500 * JUTA, Decimal(40))
    report(1, {paket: (100 * JUTA, "12", "0"), other: (0, "0", "0")})
    second = report(2, {paket: (300 * JUTA, "50", "1"), other: (0, "0", "0")}, until="save")
    sheet = working_sheet(second, now=WAKTU[2])
    row = sheet.baris[0]
    assert (row.tambahan, row.persen_keuangan, row.persen_volume) == (200 * JUTA, Decimal(30), Decimal(25))
    assert row.berubah == {"keuangan", "progres_fisik", "volume_selesai"}
    assert sheet.baris[1].berubah == frozenset()
    assert (sheet.keuangan, sheet.tambahan, sheet.persen) == (300 * JUTA, 200 * JUTA, Decimal(15))
    # (800 x 50 + 200 x 0) / 1000
    assert sheet.fisik == Decimal(40)
    assert sheet.capaian_target == Decimal(60)
    assert (sheet.terisi, sheet.isian) == (6, 6)


def test_an_empty_sheet_has_dashes_not_zeros(alokasi, paket, operator):
    with lifted():
        VersiPagu.objects.all().delete()
    laporan = aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=WAKTU[1])
    sheet = working_sheet(laporan, now=WAKTU[1])
    row = sheet.baris[0]
    assert (row.tambahan, row.persen_keuangan, row.persen_volume, row.keuangan_lalu) == (None,) * 4
    assert (sheet.persen, sheet.capaian_target, sheet.pagu) == (None, None, None)
    assert (sheet.terisi, sheet.isian) == (0, 3)


def test_a_paket_imported_later_stands_on_the_sheet_without_being_stored(report, alokasi, paket):
    first = report(1, {paket: (100 * JUTA, "12", "0")}, until="save")
    new = make_paket(make_kegiatan(alokasi))
    assert [row.paket for row in working_sheet(first, now=WAKTU[1]).baris] == [paket, new]
    assert BarisLaporan.objects.count() == 1


def test_a_submission_is_read_with_the_plan_of_its_day(report, paket):
    first = report(1, {paket: (100 * JUTA, "12", "0")}, until="submit")
    paket.nilai_kontrak = 700 * JUTA
    paket.save()
    sent = sent_sheet(VersiLaporan.objects.get(), first, now=WAKTU[1])
    assert sent.baris[0].nilai_kontrak == 800 * JUTA
    assert working_sheet(first, now=WAKTU[1]).baris[0].nilai_kontrak == 700 * JUTA


@pytest.mark.parametrize(("day", "contract"), [(date(2024, 3, 31), 800 * JUTA), (date(2024, 4, 1), None)])
def test_a_contract_belongs_to_the_quarter_in_which_it_was_signed(report, paket, day, contract):
    paket.tanggal_kontrak = day
    paket.save()
    first = report(1, {paket: (0, "0", "0")}, until="save")
    assert working_sheet(first, now=WAKTU[2]).baris[0].nilai_kontrak == contract


# --- findings -----------------------------------------------------------------------------------------


def codes(laporan, ke):
    return [finding.kode for finding in check(laporan, now=WAKTU[ke])]


def test_money_received_later_than_the_quarter_does_not_cover_it(report, alokasi, paket):
    make_penyaluran(alokasi, 60 * JUTA, date(2024, 3, 31))
    make_penyaluran(alokasi, 60 * JUTA, date(2024, 4, 1), tahap="II")
    first = report(1, {paket: (100 * JUTA, "12", "0")}, until="save")
    assert codes(first, 1) == ["melebihi_penyaluran"]
    second = report(2, {paket: (100 * JUTA, "12", "0")}, until="save")
    assert codes(second, 2) == []


def test_a_row_is_checked_against_the_last_verified_quarter(report, paket):
    report(1, {paket: (100 * JUTA, "12", "1")})
    second = report(2, {paket: (90 * JUTA, "11", "0")}, until="save")
    found = set(codes(second, 2))
    assert {"keuangan_turun", "progres_fisik_turun", "volume_selesai_turun"} <= found


def test_two_quarters_without_change_are_found(report, paket):
    same = {paket: (100 * JUTA, "12", "1")}
    report(1, same)
    report(2, same)
    assert "tidak_bergerak" in codes(report(3, same, until="save"), 3)


def test_a_limit_set_for_one_daerah_holds_there(report, paket):
    first = report(1, {paket: (100 * JUTA, "30", "0")}, until="save")  # 12,5% paid: 17,5 points apart
    assert "fisik_mendahului" not in codes(first, 1)
    Parameter.objects.create(
        kunci="periksa.selisih_fisik_keuangan",
        daerah_id="32.10",
        nilai=10,
        sumber="Surat Dirjen",
        tanda="C",
        berlaku_dari="2024-01-01",
        dicatat_pada=WAKTU[1],
    )
    assert "fisik_mendahului" in codes(first, 1)
