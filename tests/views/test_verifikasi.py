"""Verification in the browser: the queue, the quarter before beside it, the four presses, who may."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from daerah.cakupan import Peran
from daerah.models import Daerah
from realisasi.actions import laporan as aksi
from realisasi.models import CatatanSel, Laporan, Peristiwa, Riwayat, StatusLaporan, VersiLaporan
from tests.pabrik import (
    BOGOR,
    LOMBOK_TENGAH,
    make_alokasi,
    make_kegiatan,
    make_laporan,
    make_paket,
    make_pengguna,
)
from tests.views.alur import APRIL, JUTA, accept, submitted, text

JULI = datetime(2024, 7, 5, 3, tzinfo=UTC)
ANTREAN = reverse("verifikasi")


@pytest.fixture(autouse=True)
def juli():
    with time_machine.travel(JULI, tick=True):
        yield


@pytest.fixture
def alokasi(db):
    return make_alokasi()


@pytest.fixture
def paket(alokasi):
    return make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA, nama="Rumah produksi bambu")


@pytest.fixture
def laporan(alokasi, paket, operator):
    return submitted(alokasi, operator)


@pytest.fixture
def klien(masuk_sebagai, verifikator):
    return masuk_sebagai(verifikator)


@pytest.fixture
def diperiksa(laporan, verifikator):
    return aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=JULI)


def other_report(kode=BOGOR, **values):
    alokasi = make_alokasi(kode)
    make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)
    return submitted(alokasi, make_pengguna(Peran.OPERATOR, kode), **values)


def address(laporan, name="verifikasi_rinci"):
    return reverse(name, args=[laporan.pk])


def press(klien, laporan, name, **data):
    return klien.post(address(laporan, f"verifikasi_{name}"), data)


def status(laporan):
    return Laporan.objects.get(pk=laporan.pk).status


# --- the queue ----------------------------------------------------------------------------------------


def queued(answer):
    return [versi.laporan.alokasi.daerah_id for versi, *_ in answer.context["baris"]]


def test_the_queue_holds_what_waits_and_nothing_else(klien, laporan):
    for kode, state in (
        ("32.01", StatusLaporan.KONSEP),
        ("32.02", StatusLaporan.DIKEMBALIKAN),
        ("32.03", StatusLaporan.DIVERIFIKASI),
    ):
        make_laporan(make_alokasi(kode), status=state)
    page = klien.get(ANTREAN)
    assert queued(page) == ["32.10"]
    assert "1 laporan menunggu verifikasi" in text(page)


def test_a_report_that_was_returned_and_sent_again_waits_once(klien, laporan, operator, verifikator):
    returned = aksi.return_for_fix(laporan_id=laporan.pk, alasan="x", catatan=[], by=verifikator, now=APRIL)
    again = aksi.submit(laporan_id=laporan.pk, versi=returned.versi, by=operator, now=JULI)
    assert [versi for versi, *_ in klien.get(ANTREAN).context["baris"]] == [again]


def test_reports_with_most_answered_findings_come_first(klien, laporan):
    other_report(fisik="60", alasan="Termin menyusul")
    assert queued(klien.get(ANTREAN)) == ["32.01", "32.10"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"urut": "keuangan"}, ["32.01", "32.10"]),
        ({"urut": "umur"}, ["32.10", "32.01"]),
        ({"periode": "2024-1"}, ["32.10"]),
        ({"periode": "2024-2"}, ["32.01"]),
        ({"status": "SEDANG_DIVERIFIKASI"}, []),
    ],
)
def test_the_queue_is_filtered_and_sorted(klien, laporan, query, expected):
    other_report(ke=2, keuangan=100 * JUTA, now=JULI)
    assert queued(klien.get(ANTREAN, query)) == expected


@pytest.mark.parametrize("query", [{"urut": "password"}, {"status": "KONSEP"}, {"periode": "1999-1"}])
def test_an_unknown_filter_or_order_is_not_found(klien, laporan, query):
    assert klien.get(ANTREAN, query).status_code == 404


def test_the_queue_shows_age_amount_and_increment(klien, laporan, alokasi, operator, verifikator):
    accept(laporan, verifikator)
    submitted(
        alokasi, operator, ke=2, keuangan=150 * JUTA, fisik="20", now=datetime(2024, 7, 2, 3, tzinfo=UTC)
    )
    page = text(klien.get(ANTREAN))
    assert "tiga hari" in page
    assert "150.000.000" in page
    assert "+60.000.000" in page


def test_an_empty_queue_says_what_will_come(klien, db):
    assert "Antrean kosong" in text(klien.get(ANTREAN))


def test_the_queue_costs_the_same_queries_for_3_and_60_reports(klien, wilayah, django_assert_max_num_queries):
    places = list(Daerah.objects.exclude(jenis="provinsi")[:60])
    counts = []
    for batch in (places[:3], places[3:]):
        for daerah in batch:
            make_laporan(make_alokasi(daerah), status=StatusLaporan.DIAJUKAN)
        klien.get(ANTREAN)
        with django_assert_max_num_queries(30) as queries:
            klien.get(ANTREAN)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_report_costs_the_same_queries_for_2_and_20_paket(klien, db, django_assert_max_num_queries):
    counts = []
    for kode, packages in (("32.10", 2), ("32.01", 20)):
        alokasi = make_alokasi(kode)
        for _ in range(packages):
            make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)
        office = make_pengguna(Peran.OPERATOR, kode)
        report = submitted(alokasi, office, keuangan=1 * JUTA, fisik="0", alasan="Uang muka")
        klien.get(address(report))
        with django_assert_max_num_queries(45) as queries:
            assert klien.get(address(report)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- one report ---------------------------------------------------------------------------------------


def test_what_changed_since_the_last_quarter_is_marked(klien, laporan, alokasi, operator, verifikator):
    accept(laporan, verifikator)
    second = submitted(alokasi, operator, ke=2, keuangan=150 * JUTA, now=JULI)
    page = klien.get(address(second)).content.decode()
    assert "<mark>150.000.000</mark>" in page
    assert "<mark>10,00%</mark>" not in page
    assert "TW I: 10,00%" in page


def test_findings_and_the_officers_reason_stand_together(klien, alokasi, paket, operator):
    report = submitted(alokasi, operator, fisik="60", alasan="Termin menyusul")
    page = text(klien.get(address(report)))
    assert "Fisik 60,00% jauh di atas keuangan 10,00%" in page
    assert "Alasan: Termin menyusul" in page
    assert "melebihi dana yang diterima" in page
    assert "Dana talangan" in page


def test_the_buttons_follow_the_status(klien, laporan, verifikator):
    def buttons():
        page = klien.get(address(laporan)).content.decode()
        names = ("mulai", "setujui", "kembalikan", "buka")
        return {name for name in names if address(laporan, f"verifikasi_{name}") in page}

    assert buttons() == {"mulai", "kembalikan"}
    press(klien, laporan, "mulai")
    assert buttons() == {"setujui", "kembalikan"}
    press(klien, laporan, "setujui")
    assert buttons() == {"buka"}
    press(klien, laporan, "buka", alasan="Temuan audit.")
    assert buttons() == set()


def test_verifying_makes_it_final_and_leads_to_the_next_in_the_queue(klien, diperiksa):
    following = other_report()
    answer = press(klien, diperiksa, "setujui")
    assert answer.url == address(following)
    assert status(diperiksa) == StatusLaporan.DIVERIFIKASI
    assert "diverifikasi: angkanya kini final" in text(klien.get(answer.url))


def test_a_report_is_not_its_own_next(klien, laporan):
    assert "berikutnya" not in text(klien.get(address(laporan)))
    following = other_report()
    assert f'berikutnya: <a href="{address(following)}">' in klien.get(address(laporan)).content.decode()


def test_after_the_last_one_the_queue_is_shown(klien, diperiksa):
    assert press(klien, diperiksa, "setujui").url == ANTREAN


def test_the_double_click_verifies_once(klien, diperiksa):
    assert [press(klien, diperiksa, "setujui").status_code for _ in range(2)] == [302, 302]
    assert Riwayat.objects.filter(aksi="verifikasi").count() == 1
    assert Peristiwa.objects.filter(jenis="verifikasi").count() == 1


def test_remarks_that_were_typed_are_not_lost_by_accepting(klien, diperiksa, paket):
    answer = press(klien, diperiksa, "setujui", **{f"c{paket.pk}-keuangan": "Cocokkan"})
    assert answer.status_code == 422
    assert "belum terkirim" in text(answer)
    assert 'value="Cocokkan"' in answer.content.decode()
    assert status(diperiksa) == StatusLaporan.SEDANG_DIVERIFIKASI


def test_a_return_takes_reason_and_remarks_to_the_daerah(klien, diperiksa, paket):
    remarks = {f"c{paket.pk}-keuangan": "Cocokkan dengan SP2D.", f"c{paket.pk}-kode_masalah": ""}
    assert press(klien, diperiksa, "kembalikan", alasan="Lengkapi bukti.", **remarks).status_code == 302
    assert status(diperiksa) == StatusLaporan.DIKEMBALIKAN
    assert list(CatatanSel.objects.values_list("kolom", "teks")) == [("keuangan", "Cocokkan dengan SP2D.")]


def test_the_double_click_returns_once(klien, diperiksa, paket):
    data = {"alasan": "Lengkapi.", f"c{paket.pk}-keuangan": "Cocokkan"}
    assert [press(klien, diperiksa, "kembalikan", **data).status_code for _ in range(2)] == [302, 302]
    assert CatatanSel.objects.count() == 1
    assert Peristiwa.objects.filter(jenis="kembalikan").count() == 1


def test_a_return_without_a_reason_keeps_every_remark(klien, diperiksa, paket):
    answer = press(klien, diperiksa, "kembalikan", alasan=" ", **{f"c{paket.pk}-progres_fisik": "Foto?"})
    assert answer.status_code == 422
    assert 'href="#id_alasan"' in answer.content.decode()
    assert 'value="Foto?"' in answer.content.decode()
    assert not CatatanSel.objects.exists()


def test_a_remark_that_is_too_long_is_kept_and_named(klien, diperiksa, paket):
    long = {f"c{paket.pk}-keuangan": "x" * 1001}
    answer = press(klien, diperiksa, "kembalikan", alasan="Lengkapi.", **long)
    assert answer.status_code == 422
    assert f'href="#id_c{paket.pk}-keuangan"' in answer.content.decode()
    assert "x" * 1001 in answer.content.decode()


def test_a_remark_on_a_foreign_paket_is_never_written(klien, diperiksa):
    foreign = make_paket(make_kegiatan(make_alokasi(LOMBOK_TENGAH)))
    press(klien, diperiksa, "kembalikan", alasan="Lengkapi.", **{f"c{foreign.pk}-keuangan": "x"})
    assert not CatatanSel.objects.exists()


def test_a_second_verifikator_reads_who_took_it_up(masuk_sebagai, diperiksa):
    answer = press(masuk_sebagai(make_pengguna(Peran.VERIFIKATOR)), diperiksa, "mulai")
    assert answer.status_code == 409
    assert "Sudah mulai diverifikasi oleh verifikator" in text(answer)


def test_a_report_taken_back_meanwhile_is_gone_from_the_room(klien, laporan, operator):
    aksi.withdraw(laporan_id=laporan.pk, by=operator, now=JULI)
    assert klien.get(address(laporan)).status_code == 404
    assert press(klien, laporan, "kembalikan", alasan="x").status_code == 404


@pytest.mark.parametrize("name", ["setujui", "kembalikan"])
def test_a_submission_that_was_not_on_the_screen_is_not_judged(klien, diperiksa, verifikator, operator, name):
    page = klien.get(address(diperiksa)).content.decode()
    assert '<input type="hidden" name="nomor" value="1">' in page
    # Meanwhile it goes back, is sent again with the same figures and is taken up again.
    aksi.return_for_fix(laporan_id=diperiksa.pk, alasan="Periksa.", catatan=[], by=verifikator, now=JULI)
    versi = Laporan.objects.get().versi
    aksi.submit(laporan_id=diperiksa.pk, versi=versi, by=operator, now=JULI)
    aksi.begin_verification(laporan_id=diperiksa.pk, by=verifikator, now=JULI)
    response = press(klien, diperiksa, name, nomor="1", alasan="Salah." if name == "kembalikan" else "")
    assert response.status_code == 409
    assert "diajukan lagi sejak halaman dibuka" in text(response)
    assert Laporan.objects.get().status == StatusLaporan.SEDANG_DIVERIFIKASI


def test_accepting_what_nobody_took_up_is_refused(klien, laporan):
    answer = press(klien, laporan, "setujui")
    assert answer.status_code == 409
    assert "hanya untuk Sedang Diverifikasi" in text(answer)


def test_reopening_without_a_reason_is_refused_beside_the_field(klien, diperiksa):
    press(klien, diperiksa, "setujui")
    answer = press(klien, diperiksa, "buka", alasan="")
    assert answer.status_code == 422
    assert 'href="#id_alasan"' in answer.content.decode()
    assert status(diperiksa) == StatusLaporan.DIVERIFIKASI


def test_the_maker_is_never_the_checker(klien, diperiksa, verifikator):
    diperiksa.penyunting.add(verifikator)
    answer = press(klien, diperiksa, "setujui")
    assert answer.status_code == 409
    assert "Yang mengisi tidak boleh memverifikasi" in text(answer)


# --- who ----------------------------------------------------------------------------------------------

PRESSES = ("mulai", "setujui", "kembalikan", "buka")


@pytest.mark.parametrize("who", ["operator", "penyetuju", "provinsi", "orang_luar"])
def test_for_officers_this_room_does_not_exist(who, request, masuk_sebagai, laporan):
    viewer = masuk_sebagai(request.getfixturevalue(who))
    missing = viewer.get(reverse("verifikasi_rinci", args=[987_654_321]))
    for url in (ANTREAN, address(laporan)):
        answer = viewer.get(url)
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert [press(viewer, laporan, name, alasan="x").status_code for name in PRESSES] == [404] * 4
    assert status(laporan) == StatusLaporan.DIAJUKAN


@pytest.mark.parametrize("who", ["pimpinan", "analis", "auditor", "admin"])
def test_other_ministry_roles_look_and_do_not_press(who, request, masuk_sebagai, laporan):
    viewer = masuk_sebagai(request.getfixturevalue(who))
    assert viewer.get(ANTREAN).status_code == 200
    page = viewer.get(address(laporan))
    assert page.status_code == 200
    assert not any(address(laporan, f"verifikasi_{name}") in page.content.decode() for name in PRESSES)
    assert [press(viewer, laporan, name, alasan="x").status_code for name in PRESSES] == [403] * 4
    assert VersiLaporan.objects.get().verifikator is None


def test_the_presses_are_posts(klien, laporan):
    answers = [klien.get(address(laporan, f"verifikasi_{name}")).status_code for name in PRESSES]
    assert answers == [405] * 4
