"""The plan of the demonstration data keeps the rules of the field and the published figures."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from daerah.management.commands.load_wilayah import rows
from realisasi.aturan.triwulan import Triwulan
from realisasi.contoh.kegiatan import PAGU_SEKALIGUS
from realisasi.contoh.langkah import Aksi, Alur, Kalender
from realisasi.contoh.penerima import KASUS_TERBIT
from realisasi.contoh.rencana import AksiLaporan, Pembukaan, Penutupan, build, plan_year
from realisasi.models import Paket

HARI = date(2024, 10, 15)
TAHUN = (2022, 2023, 2024, 2025, 2026, 2027)
MILIAR = 1_000_000_000
# daerah/data has no copy of the published cases: these are their amounts.
JUMLAH_TERBIT = {
    10_000_000_000, 9_884_586_000, 6_075_000_000, 3_000_000_000, 11_600_000_000, 2_000_000_000, 1_800_000_000,
    15_500_000_000, 28_000_000_000, 5_503_960_000, 1_018_000_000, 9_300_000_000, 9_000_000_000,
    14_674_000_000, 3_500_000_000, 18_380_000_000, 11_000_000_000, 13_000_000_000, 12_300_000_000,
}  # fmt: skip


@pytest.fixture(scope="module")
def tahunan():
    return {tahun: plan_year(rows(), tahun, Kalender(HARI)) for tahun in TAHUN}


@pytest.fixture(scope="module")
def semua(tahunan):
    return [journey for year in tahunan.values() for journey in year]


def persen(realisasi, pagu):
    return Fraction(realisasi * 100, pagu)


def two_digits(value):
    """Half up, as text: the way a page prints it."""
    cents = int(value * 100 + Fraction(1, 2))
    return f"{cents // 100}.{cents % 100:02}"


def nasional(journeys, ke):
    return persen(
        sum(row.keuangan for j in journeys for row in j.kemajuan.isian[ke - 1]),
        sum(j.alokasi.pagu for j in journeys),
    )


def test_ta_2022_ends_at_the_published_national_absorption(tahunan):
    assert two_digits(nasional(tahunan[2022], 4)) == "82.72"
    assert 55 <= len(tahunan[2022]) <= 65


def test_ta_2023_is_the_published_one(tahunan):
    journeys = tahunan[2023]
    assert len(journeys) == 56
    assert sum(j.alokasi.pagu for j in journeys) == 395 * MILIAR
    assert two_digits(nasional(journeys, 4)) == "88.46"
    rates = [
        persen(sum(row.keuangan for row in j.kemajuan.isian[3]), j.alokasi.pagu)
        for j in journeys
        if j.alokasi.daerah.induk_id
    ]
    assert two_digits(sum(rates) / len(rates)) == "93.23"


@pytest.mark.parametrize("tahun", TAHUN)
def test_the_course_of_every_year_is_an_s_curve(tahunan, tahun):
    tw1, tw2, tw3, tw4 = (nasional(tahunan[tahun], ke) for ke in (1, 2, 3, 4))
    assert 0 <= tw1 <= 1
    assert 5 <= tw2 <= 12
    assert 35 <= tw3 <= 55
    assert 80 <= tw4 <= 93


@pytest.mark.parametrize("tahun", TAHUN)
def test_recipients_are_spread_and_leave_out_who_must_not_be_there(tahunan, tahun):
    daerah = [j.alokasi.daerah for j in tahunan[tahun]]
    kodes = {d.kode for d in daerah}
    assert len(kodes) == len(daerah)
    assert {"32.10", "52.02", "35"} <= kodes
    assert not kodes & KASUS_TERBIT
    assert not any(d.administratif for d in daerah)
    assert 6 <= sum(d.induk_id is None for d in daerah) <= 9
    assert {d.zona_waktu for d in daerah} == {"WIB", "WITA", "WIT"}
    per_provinsi = Counter(d.induk_id for d in daerah if d.induk_id)
    assert len(per_provinsi) >= 20
    assert sum(n >= 2 for n in per_provinsi.values()) >= 5
    assert max(per_provinsi.values()) >= 5  # a median needs five members


def test_pagu_lies_in_the_usual_range_and_is_nobody_s_published_amount(semua):
    pagu = [j.alokasi.pagu for j in semua]
    assert all(MILIAR // 2 < p < 30 * MILIAR for p in pagu)
    assert sum(3 * MILIAR <= p <= 15 * MILIAR for p in pagu) > len(pagu) * 8 // 10
    assert sum(p <= PAGU_SEKALIGUS for p in pagu) == 3 * len(TAHUN)
    amounts = {*pagu, *(k.nilai_rk for j in semua for k in j.alokasi.kegiatan)}
    amounts |= {k.nilai for j in semua for k in j.kontrak if k}
    assert not amounts & JUMLAH_TERBIT


def test_kegiatan_fit_their_pagu(semua):
    for j in semua:
        assert 4 <= len(j.alokasi.kegiatan) <= 8
        assert j.alokasi.pagu * 98 // 100 <= j.alokasi.nilai_rk <= j.alokasi.pagu
        keys = {(k.menu, k.rincian, k.komponen, k.lokasi) for k in j.alokasi.kegiatan}
        assert len(keys) == len(j.alokasi.kegiatan)
        assert list(j.alokasi.target_keuangan) == sorted(j.alokasi.target_keuangan)
        assert j.alokasi.target_keuangan[-1] == j.alokasi.nilai_rk
        assert j.alokasi.target_fisik[-1] == 100


def test_contracts_stay_below_their_rk_and_their_dates_in_order(semua):
    for j in semua:
        for kegiatan, kontrak, bast in zip(j.alokasi.kegiatan, j.kontrak, j.kemajuan.bast, strict=True):
            if kontrak is None:
                assert bast is None
                continue
            assert 0 < kontrak.nilai <= kegiatan.nilai_rk
            assert kontrak.tanggal <= kontrak.mulai <= kontrak.selesai <= date(j.alokasi.tahun, 12, 31)
            assert kontrak.didanai == (kontrak.tanggal <= date(j.alokasi.tahun, 7, 21))
            assert (bast is not None) == kontrak.tuntas
            assert bast is None or kontrak.mulai < bast <= kontrak.selesai
            assert kontrak.metode in Paket.Metode


def test_transfers_follow_the_rule_of_the_tahap(semua):
    for j in semua:
        if j.alokasi.pagu <= PAGU_SEKALIGUS:
            assert {t.tahap for t in j.transfers} == {"sekaligus"}
            continue
        bertahap = [k for k in j.alokasi.kegiatan if k.pembayaran == "bertahap"]
        campuran = len(bertahap) < len(j.alokasi.kegiatan)
        rk_sekaligus = j.alokasi.nilai_rk - sum(k.nilai_rk for k in bertahap)
        basis = (j.alokasi.nilai_rk if j.alokasi.tahun >= 2024 else j.alokasi.pagu) - rk_sekaligus
        accepted = sum(
            c.nilai
            for k, c in zip(j.alokasi.kegiatan, j.kontrak, strict=True)
            if c and c.didanai and k.pembayaran == "bertahap"
        )
        by_stage = {t.tahap: t for t in j.transfers if t.tahap != "sekaligus"}
        assert campuran == any(t.tahap == "sekaligus" for t in j.transfers)
        assert sum(t.jumlah for t in by_stage.values()) <= min(basis, accepted)
        if "I" in by_stage:
            assert by_stage["I"].jumlah == min(basis * 25 // 100, accepted)
            assert 2 <= by_stage["I"].tanggal.month <= 7
        if "II" in by_stage:
            assert by_stage["II"].jumlah == min(basis * 45 // 100, accepted - by_stage["I"].jumlah)
            assert by_stage["II"].tanggal.month in (8, 9, 10)
        if "III" in by_stage:
            assert by_stage["III"].tanggal.month == 12
        numbers = [t.nomor_sp2d for t in j.transfers]
        assert len(set(numbers)) == len(numbers)


def test_no_daerah_spends_what_it_has_not_received(semua):
    for j in semua:
        for tw in Triwulan(j.alokasi.tahun, 1).semua:
            received = sum(t.jumlah for t in j.transfers if t.tanggal <= tw.akhir)
            assert sum(row.keuangan for row in j.kemajuan.isian[tw.ke - 1]) <= received, (j.kunci, tw)


def test_who_spent_too_little_of_the_first_tahap_gets_no_second_one(semua):
    without = [j for j in semua if {t.tahap for t in j.transfers} == {"I"}]
    assert len(without) >= len(TAHUN)
    for j in without:
        assert sum(row.keuangan for row in j.kemajuan.isian[2]) * 4 < j.transfers[0].jumlah * 3


def test_rows_are_cumulative_and_work_keeps_pace_with_payment(semua):
    for j in semua:
        for paket, (kontrak, bast) in enumerate(zip(j.kontrak, j.kemajuan.bast, strict=True)):
            course = [quarter[paket] for quarter in j.kemajuan.isian]
            for name in ("keuangan", "volume_selesai", "progres_fisik"):
                values = [getattr(row, name) for row in course]
                assert values == sorted(values), (j.kunci, paket, name)
            for tw, row in zip(Triwulan(j.alokasi.tahun, 1).semua, course, strict=True):
                assert (row.progres_fisik == 100) == (bast is not None and bast <= tw.akhir)
                assert (row.kode_masalah is None) == (row.penjelasan == "")
                if kontrak is None:
                    assert row.keuangan == row.progres_fisik == 0
                    continue
                assert row.keuangan <= kontrak.nilai
                assert row.keuangan == 0 or kontrak.tanggal < tw.akhir
                assert row.keuangan == 0 or row.keuangan * 500 > kontrak.nilai  # or it looks like thousands
                if row.keuangan:
                    assert abs(Fraction(row.progres_fisik) - persen(row.keuangan, kontrak.nilai)) <= 20


def test_a_running_contract_never_stands_still_for_two_quarters(semua):
    for j in semua:
        for paket, kontrak in enumerate(j.kontrak):
            course = [quarter[paket] for quarter in j.kemajuan.isian]
            for tw, (before, row) in zip(Triwulan(2024, 2).seterusnya, pairwise(course), strict=True):
                started = kontrak and kontrak.mulai < Triwulan(j.alokasi.tahun, tw.ke).awal
                assert not started or row.progres_fisik == 100 or row != before, (j.kunci, paket, tw)


def test_the_same_day_gives_the_same_plan():
    assert build(rows(), HARI) == build(rows(), HARI)


def test_amounts_of_a_year_do_not_depend_on_the_day():
    early, late = (plan_year(rows(), 2023, Kalender(day)) for day in (date(2023, 5, 2), HARI))
    assert [j.kemajuan for j in early] == [j.kemajuan for j in late]


@pytest.mark.parametrize(
    "hari", [HARI, date(2023, 8, 20), date(2024, 4, 20), date(2025, 1, 20), date(2024, 12, 20)]
)
def test_the_daerah_of_the_guides_have_the_last_quarter_before_them(hari):
    underway = Kalender(hari).berjalan
    acts = [e for e in build(rows(), hari) if isinstance(e, AksiLaporan)]
    for kode in ("32.10", "52.02"):
        of_kode = [e for e in acts if e.perjalanan.kunci == (underway.tahun, kode)]
        assert not [e for e in of_kode if e.ke == underway.ke]
        assert [e.ke for e in of_kode if e.langkah.aksi is Aksi.VERIFIKASI] == list(range(1, underway.ke))


def test_all_statuses_occur_in_the_quarter_under_way():
    acts = {}
    for event in build(rows(), HARI):
        if isinstance(event, AksiLaporan) and event.perjalanan.alokasi.tahun == 2024 and event.ke == 3:
            acts.setdefault(event.perjalanan.kunci, []).append(event.langkah.aksi)
    last = Counter(steps[-1] for steps in acts.values())
    assert set(last) == {Aksi.ISI, Aksi.AJUKAN, Aksi.MULAI, Aksi.KEMBALIKAN, Aksi.VERIFIKASI, Aksi.BUKA}
    assert last[Aksi.VERIFIKASI] > 25
    opening = next(e for e in build(rows(), HARI) if isinstance(e, Pembukaan) and e.tahun == 2024)
    assert sum(not any(k == j.kunci for k in acts) for j in opening.perjalanan) >= 6


def test_two_daerah_never_reported_in_the_current_year_and_some_skipped_a_quarter():
    ways = [j.alur for j in plan_year(rows(), 2024, Kalender(HARI))]
    assert sum(set(way.values()) == {Alur.TIDAK_LAPOR} for way in ways) == 2
    assert sum(way[3] is Alur.TEPAT and Alur.TIDAK_LAPOR in (way[1], way[2]) for way in ways) >= 1


@pytest.mark.parametrize("tahun", [2022, 2023])
def test_every_report_of_a_past_year_is_verified_by_the_end(tahun):
    acts = {}
    for event in build(rows(), HARI):
        if isinstance(event, AksiLaporan) and event.perjalanan.alokasi.tahun == tahun:
            acts.setdefault((event.perjalanan.kunci, event.ke), []).append(event)
    assert all(events[-1].langkah.aksi is Aksi.VERIFIKASI for events in acts.values())
    journeys = plan_year(rows(), tahun, Kalender(HARI))
    assert all((j.kunci, 4) in acts for j in journeys)
    assert any((j.kunci, 1) not in acts for j in journeys)


def test_a_quarter_is_closed_two_months_after_its_end_unless_it_is_under_way():
    closed = {e.triwulan: e.waktu.date() for e in build(rows(), HARI) if isinstance(e, Penutupan)}
    assert set(closed) == {*Triwulan(2022, 1).semua, *Triwulan(2023, 1).semua, *Triwulan(2024, 1).semua[:2]}
    assert all(day - tw.akhir == timedelta(days=61) for tw, day in closed.items())


def test_every_report_is_settled_before_its_quarter_closes():
    for event in build(rows(), HARI):
        if isinstance(event, AksiLaporan):
            end = Triwulan(event.perjalanan.alokasi.tahun, event.ke).akhir
            assert end < event.waktu.date() <= end + timedelta(days=60)


def test_in_january_the_last_quarter_of_the_year_before_is_under_way():
    kalender = Kalender(date(2025, 1, 20))
    assert kalender.berjalan == Triwulan(2024, 4)
    assert Kalender(date(2025, 3, 15)).berjalan is None


def test_a_year_is_not_there_before_it_begins():
    years = [e.tahun for e in build(rows(), date(2024, 12, 31)) if isinstance(e, Pembukaan)]
    assert years == [2022, 2023, 2024]
    with pytest.raises(ValueError, match="2022"):
        build(rows(), date(2021, 12, 31))
