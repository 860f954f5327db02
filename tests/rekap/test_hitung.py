"""What counts in a quarter: the amounts of its last day, reports carried forward, nothing for the silent."""

from datetime import date
from decimal import Decimal

import pytest

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions import peristiwa, rekap
from realisasi.actions.penutupan import close_triwulan
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Paket, RekapTriwulan, RekapWilayah
from realisasi.rekap.baca import serapan_rows
from tests import pabrik
from tests.dunia import AKHIR, OKTOBER, make_penerima, report, verify
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def verifikator(db):
    return pabrik.make_pengguna(Peran.VERIFIKATOR)


def figures(user, ke, tingkat="nasional", **filters):
    peristiwa.compute_open(now=OKTOBER)
    return serapan_rows(user, Triwulan(2024, ke), tingkat, **filters)


def test_a_submitted_report_counts_as_sementara_and_a_verified_one_as_final(verifikator):
    laporan = report(make_penerima("32.10"), 3, 400_000_000)
    (sementara,) = figures(verifikator, 3)
    (final,) = figures(verifikator, 3, posisi="final")
    assert (sementara.posisi, sementara.serapan) == ("sementara", Decimal("40.00"))
    assert (final.serapan, final.realisasi_keuangan, final.jumlah_daerah_lapor) == (None, None, 0)

    verify(laporan, verifikator)
    (final,) = figures(verifikator, 3, posisi="final")
    assert (final.serapan, final.jumlah_daerah_lapor) == (Decimal("40.00"), 1)


def test_a_draft_never_counts(verifikator):
    alokasi = make_penerima("32.10")
    by = alokasi.daerah.pengguna_set.get()
    laporan = aksi.start(alokasi=alokasi, triwulan=3, by=by, now=OKTOBER)
    paket = Paket.objects.get()
    aksi.save(
        laporan_id=laporan.pk,
        isian=aksi.Isian(versi=1, baris={paket.pk: aksi.IsianBaris(keuangan=5)}),
        by=by,
        now=OKTOBER,
    )
    rekap.compute_all(now=OKTOBER)
    assert figures(verifikator, 3)[0].realisasi_keuangan is None


def test_who_has_not_reported_carries_the_last_figure_forward_and_the_total_says_so(verifikator):
    first, second = make_penerima("32.10"), make_penerima("52.02", pagu=3_000_000_000)
    report(first, 2, 100_000_000)
    report(second, 2, 300_000_000)
    report(first, 3, 400_000_000)
    (row,) = figures(verifikator, 3)
    assert row.realisasi_keuangan == 700_000_000
    assert (row.jumlah_daerah, row.jumlah_daerah_lapor, row.jumlah_dibawa) == (2, 1, 1)
    assert row.cakupan_pagu == Decimal("25.00")
    assert "1 memakai" in row.cakupan
    (carried,) = figures(verifikator, 3, "daerah", kode="52.02")
    assert (carried.dibawa_dari, carried.realisasi_keuangan) == (2, 300_000_000)


def test_who_never_reported_is_in_the_base_but_not_in_the_mean(verifikator):
    report(make_penerima("32.10"), 3, 500_000_000)
    make_penerima("52.02", pagu=1_000_000_000)
    rekap.compute_all(now=OKTOBER)
    (row,) = figures(verifikator, 3)
    assert (row.serapan, row.rata_rata_kab_kota) == (Decimal("25.00"), Decimal("50.00"))
    assert row.sekurang_kurangnya
    (silent,) = figures(verifikator, 3, "daerah", kode="52.02")
    assert (silent.serapan, silent.realisasi_keuangan, silent.progres_fisik) == (None, None, None)


def test_a_figure_is_not_carried_into_the_next_year(verifikator):
    alokasi = make_penerima("32.10")
    report(alokasi, 4, 500_000_000, now=AKHIR)
    other = pabrik.make_alokasi("32.10", tahun=2025, pagu=1_000_000_000)
    rekap.compute_all(now=AKHIR)
    (row,) = serapan_rows(verifikator, Triwulan(2025, 1), "daerah", kode="32.10")
    assert (row.alokasi_id, row.realisasi_keuangan) == (other.pk, None)


def test_a_returned_report_falls_back_to_the_last_verified_figure(verifikator):
    alokasi = make_penerima("32.10")
    verify(report(alokasi, 2, 100_000_000), verifikator)
    laporan = report(alokasi, 3, 400_000_000)
    assert figures(verifikator, 3)[0].realisasi_keuangan == 400_000_000
    aksi.return_for_fix(laporan_id=laporan.pk, alasan="Periksa.", catatan=[], by=verifikator, now=OKTOBER)
    (row,) = figures(verifikator, 3)
    assert (row.realisasi_keuangan, row.jumlah_dibawa) == (100_000_000, 1)


def test_a_reopened_report_keeps_counting_until_another_one_replaces_it(verifikator):
    alokasi = make_penerima("32.10")
    laporan = report(alokasi, 3, 400_000_000)
    verify(laporan, verifikator)
    aksi.reopen(laporan_id=laporan.pk, alasan="Salah catat.", by=verifikator, now=OKTOBER)
    for posisi in ("final", "sementara"):
        assert figures(verifikator, 3, posisi=posisi)[0].realisasi_keuangan == 400_000_000

    again = report(alokasi, 3, 300_000_000)
    for posisi in ("final", "sementara"):
        assert figures(verifikator, 3, posisi=posisi)[0].realisasi_keuangan == 400_000_000
    verify(again, verifikator)
    for posisi in ("final", "sementara"):
        assert figures(verifikator, 3, posisi=posisi)[0].realisasi_keuangan == 300_000_000


def test_a_withdrawn_report_counts_no_more(verifikator):
    alokasi = make_penerima("32.10")
    laporan = report(alokasi, 3, 400_000_000)
    aksi.withdraw(laporan_id=laporan.pk, by=alokasi.daerah.pengguna_set.get(), now=OKTOBER)
    assert figures(verifikator, 3)[0].realisasi_keuangan is None


def test_a_closed_quarter_answers_final_whatever_is_asked(verifikator, admin):
    alokasi = make_penerima("32.10")
    verify(report(alokasi, 2, 100_000_000), verifikator)
    close_triwulan(tw=Triwulan(2024, 2), by=admin, now=OKTOBER)
    (row,) = figures(verifikator, 2, posisi="sementara")
    assert row.posisi == "final"


def test_amounts_belong_to_the_quarter_in_which_they_take_effect(verifikator):
    alokasi = make_penerima("32.10")
    pabrik.make_pagu(alokasi, 900_000_000, date(2024, 7, 1))
    pabrik.make_rk(alokasi.kegiatan_set.get(), 850_000_000, date(2024, 7, 1))
    pabrik.make_penyaluran(alokasi, 5, date(2024, 10, 1), tahap="II")
    rekap.compute_all(now=OKTOBER)
    by_quarter = [figures(verifikator, ke)[0] for ke in (1, 2, 3, 4)]
    assert [row.pagu for row in by_quarter] == [1_000_000_000, 1_000_000_000, 900_000_000, 900_000_000]
    assert [row.nilai_rk for row in by_quarter] == [1_000_000_000, 1_000_000_000, 850_000_000, 850_000_000]
    assert [row.nilai_kontrak for row in by_quarter] == [0, 800_000_000, 800_000_000, 800_000_000]
    assert [row.penyaluran for row in by_quarter] == [1_000_000_000] * 3 + [1_000_000_005]


def test_what_takes_effect_later_today_is_not_known_yet(verifikator):
    alokasi = make_penerima("32.10")
    pabrik.make_pagu(alokasi, 900_000_000, date(2024, 11, 1))
    rekap.compute_all(now=OKTOBER)
    assert figures(verifikator, 4)[0].pagu == 1_000_000_000
    rekap.compute_all(now=AKHIR)
    assert serapan_rows(verifikator, Triwulan(2024, 4), "nasional")[0].pagu == 900_000_000


def test_progress_is_weighed_by_contract_or_rk_before_one(verifikator):
    alokasi = pabrik.make_alokasi("32.10", pagu=1_000_000_000)
    for rk, kontrak in ((600_000_000, 400_000_000), (400_000_000, None)):
        pabrik.make_paket(pabrik.make_kegiatan(alokasi, nilai_rk=rk), kontrak=kontrak)
    by = pabrik.make_pengguna(Peran.OPERATOR, "32.10")
    laporan = aksi.start(alokasi=alokasi, triwulan=3, by=by, now=OKTOBER)
    first, second = laporan.baris.values_list("paket_id", flat=True)
    rows = {
        first: aksi.IsianBaris(keuangan=0, progres_fisik=Decimal(50), alasan="Uji."),
        second: aksi.IsianBaris(keuangan=0, progres_fisik=Decimal("25.5"), alasan="Uji."),
    }
    laporan = aksi.save(laporan_id=laporan.pk, isian=aksi.Isian(versi=1, baris=rows), by=by, now=OKTOBER)
    aksi.submit(laporan_id=laporan.pk, versi=laporan.versi, by=by, now=OKTOBER)
    # Both weigh 400 million: the first by its contract, the second by its RK.
    assert figures(verifikator, 3)[0].progres_fisik == Decimal("37.75")


def test_three_averages_of_one_nation(verifikator):
    report(make_penerima("32", pagu=6_000_000_000, kontrak=5_000_000_000), 3, 3_000_000_000)
    report(make_penerima("32.10", pagu=1_000_000_000), 3, 800_000_000)
    report(make_penerima("52.02", pagu=3_000_000_000, kontrak=2_900_000_000), 3, 1_800_000_000)
    (row,) = figures(verifikator, 3)
    assert row.serapan == Decimal("56.00")
    assert row.serapan_kab_kota == Decimal("65.00")
    assert row.rata_rata_kab_kota == Decimal("70.00")
    provinsi = {r.kode: r for r in figures(verifikator, 3, "provinsi")}
    assert (provinsi["32"].jumlah_daerah, provinsi["32"].pagu) == (2, 7_000_000_000)
    assert provinsi["32"].nama == "Wilayah Provinsi Jawa Barat"
    (recipient,) = figures(verifikator, 3, "daerah", kode="32")
    assert recipient.nama == "Pemerintah Provinsi Jawa Barat"
    assert (recipient.serapan_kab_kota, recipient.rata_rata_kab_kota) == (None, None)


def test_a_changed_figure_ends_its_row_and_an_unchanged_one_is_left_alone(verifikator):
    alokasi = make_penerima("32.10")
    laporan = report(alokasi, 3, 400_000_000)
    peristiwa.compute_open(now=OKTOBER)
    before = RekapTriwulan.objects.count()
    rekap.compute_all(now=AKHIR.replace(year=2024, month=10, day=16))
    assert RekapTriwulan.objects.count() == before

    aksi.withdraw(laporan_id=laporan.pk, by=alokasi.daerah.pengguna_set.get(), now=OKTOBER)
    peristiwa.compute_open(now=OKTOBER)
    ended = RekapTriwulan.objects.filter(berlaku_sampai__isnull=False)
    assert {row.realisasi_keuangan for row in ended.filter(triwulan=3, posisi="sementara")} == {
        None,
        400_000_000,
    }
    assert RekapWilayah.objects.filter(berlaku_sampai__isnull=False, tingkat="nasional", triwulan=3).exists()


def test_the_check_names_a_stored_figure_that_was_tampered_with(verifikator):
    report(make_penerima("32.10"), 3, 400_000_000)
    peristiwa.compute_open(now=OKTOBER)
    assert rekap.find_differences(now=OKTOBER) == []
    with lifted():
        RekapTriwulan.objects.filter(triwulan=3, posisi="sementara").update(realisasi_keuangan=1)
    found = rekap.find_differences(now=OKTOBER)
    assert any(row.kolom == {"realisasi_keuangan": (1, 400_000_000)} for row in found)
    assert any(row.baris.startswith("nasional 00") for row in found)  # its area no longer adds up either


def test_the_check_does_not_call_a_row_wrong_whose_event_is_still_open():
    report(make_penerima("32.10"), 3, 400_000_000)
    found = rekap.find_differences(now=OKTOBER)
    assert found
    assert all(row.menunggu for row in found)


def test_computing_twice_changes_nothing(verifikator):
    report(make_penerima("32.10"), 3, 400_000_000)
    assert peristiwa.compute_open(now=OKTOBER) == 1
    assert peristiwa.compute_open(now=OKTOBER) == 0
    count = RekapTriwulan.objects.count()
    rekap.compute_alokasi(
        alokasi_id=RekapTriwulan.objects.first().alokasi_id, mulai=Triwulan(2024, 1), now=OKTOBER
    )
    assert RekapTriwulan.objects.count() == count
