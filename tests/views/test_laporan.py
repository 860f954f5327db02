"""Tasks of an officer, the list of reports in scope, starting, reading, the receipt, taking back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from daerah.cakupan import Peran
from daerah.models import Daerah
from realisasi.actions import laporan as aksi
from realisasi.actions.laporan import Catatan, Isian, IsianBaris
from realisasi.actions.peristiwa import compute_open
from realisasi.models import Laporan, PeriodeTriwulan, StatusLaporan, VersiLaporan
from tests.pabrik import (
    BOGOR,
    JAWA_BARAT,
    LOMBOK_TENGAH,
    make_alokasi,
    make_kegiatan,
    make_laporan,
    make_paket,
    make_pengguna,
    make_tahun,
)
from tests.views.alur import APRIL, JUTA, accept, submitted, text

DAFTAR = reverse("laporan")


@pytest.fixture(autouse=True)
def april():
    """Five days after the end of TW I 2024, five before its deadline."""
    with time_machine.travel(APRIL, tick=True):
        yield


@pytest.fixture
def alokasi(db):
    return make_alokasi()


@pytest.fixture
def paket(alokasi):
    return make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA, nama="Rumah produksi bambu")


@pytest.fixture
def diajukan(alokasi, paket, operator):
    return submitted(alokasi, operator)


def send_back(laporan, verifikator, paket):
    remark = Catatan(paket=paket.pk, kolom="keuangan", teks="Cocokkan dengan SP2D.")
    return aksi.return_for_fix(
        laporan_id=laporan.pk, alasan="Lengkapi bukti.", catatan=[remark], by=verifikator, now=APRIL
    )


def address(laporan, name="laporan_rinci"):
    return reverse(name, args=[laporan.pk])


# --- an officer's tasks -------------------------------------------------------------------------------


def test_the_officer_reads_what_to_do_and_by_when(masuk_sebagai, operator, alokasi):
    page = masuk_sebagai(operator).get(DAFTAR)
    assert "Laporan TW I belum diisi ; tenggatnya lima hari lagi" in text(page)
    assert "Tenggat Rabu, 10 April 2024, pukul 23.59 WIB" in text(page)


def test_one_press_starts_the_report(masuk_sebagai, operator, alokasi, paket):
    klien = masuk_sebagai(operator)
    assert re.search(r'<form method="post" action="/laporan/mulai/">', klien.get(DAFTAR).content.decode())
    answer = klien.post(reverse("laporan_mulai"), {"alokasi": alokasi.pk, "triwulan": 1})
    assert answer.url == address(Laporan.objects.get())
    again = klien.post(reverse("laporan_mulai"), {"alokasi": alokasi.pk, "triwulan": 1})
    assert again.url == answer.url


def test_a_quarter_that_has_not_begun_offers_no_press_and_refuses_one(masuk_sebagai, operator, alokasi):
    klien = masuk_sebagai(operator)
    page = klien.get(DAFTAR)
    assert 'name="triwulan" value="3"' not in page.content.decode()
    answer = klien.post(reverse("laporan_mulai"), {"alokasi": alokasi.pk, "triwulan": 3}, follow=True)
    assert "TW III dapat diisi mulai Senin, 1 Juli 2024, pukul 00.00 WIB" in text(answer)
    assert not Laporan.objects.exists()


def test_a_running_quarter_is_not_yet_belum_lapor(masuk_sebagai, operator, alokasi):
    tasks = {task.tw.ke: task for task in masuk_sebagai(operator).get(DAFTAR).context["tugas"]}
    assert [tasks[ke].ended for ke in (1, 2, 3, 4)] == [True, False, False, False]
    assert [tasks[ke].perlu_diisi for ke in (1, 2, 3, 4)] == [True, True, False, False]


def test_the_officer_reads_what_was_sent_back_and_why(masuk_sebagai, operator, diajukan, paket, verifikator):
    send_back(diajukan, verifikator, paket)
    page = masuk_sebagai(operator).get(DAFTAR)
    assert "Laporan TW I dikembalikan untuk diperbaiki" in text(page)
    assert "satu catatan pada isian" in text(page)
    assert "Lengkapi bukti." in text(page)
    form = masuk_sebagai(operator).get(address(diajukan))
    assert "Lengkapi bukti." in text(form)
    assert "Cocokkan dengan SP2D." in text(form)


def test_when_everything_is_done_the_page_says_so(masuk_sebagai, operator, diajukan):
    assert "Tidak ada laporan yang menunggu Anda" in text(masuk_sebagai(operator).get(DAFTAR))


def test_a_daerah_without_allocation_reads_what_happens_next(masuk_sebagai, operator):
    make_tahun()
    assert "Belum ada alokasi" in text(masuk_sebagai(operator).get(DAFTAR))


def test_after_the_deadline_an_open_report_is_late_and_can_still_be_filled_in(
    masuk_sebagai, operator, alokasi
):
    deadline = PeriodeTriwulan.objects.get(tahun=2024, triwulan=1).tenggat
    for moment, late in ((deadline, False), (deadline + timedelta(seconds=1), True)):
        with time_machine.travel(moment, tick=False):
            task = masuk_sebagai(operator).get(DAFTAR).context["tugas"][0]
            assert (task.terlambat, task.perlu_diisi) == (late, True)


def test_a_closed_quarter_offers_nothing_but_a_reopened_report_does(
    masuk_sebagai, operator, diajukan, verifikator, admin
):
    accept(diajukan, verifikator)
    PeriodeTriwulan.objects.update(ditutup_pada=APRIL, ditutup_oleh=admin)
    klien = masuk_sebagai(operator)
    assert not any(task.perlu_diisi for task in klien.get(DAFTAR).context["tugas"])
    aksi.reopen(laporan_id=diajukan.pk, alasan="Temuan audit.", by=verifikator, now=APRIL)
    page = klien.get(DAFTAR)
    assert [task.perlu_diisi for task in page.context["tugas"]] == [True, False, False, False]
    assert "Temuan audit." in text(page)
    assert 'name="tindakan"' in klien.get(address(diajukan)).content.decode()


@pytest.mark.parametrize("sent", [{}, {"alokasi": "x", "triwulan": "1"}, {"alokasi": "1", "triwulan": "5"}])
def test_starting_nothing_in_particular_is_not_found(masuk_sebagai, operator, alokasi, sent):
    assert masuk_sebagai(operator).post(reverse("laporan_mulai"), sent).status_code == 404


def test_nobody_starts_a_report_of_another_office(masuk_sebagai, operator, provinsi, alokasi):
    foreign = make_alokasi(LOMBOK_TENGAH)
    start = reverse("laporan_mulai")
    assert masuk_sebagai(operator).post(start, {"alokasi": foreign.pk, "triwulan": 1}).status_code == 404
    assert masuk_sebagai(provinsi).post(start, {"alokasi": alokasi.pk, "triwulan": 1}).status_code == 403
    assert not Laporan.objects.exists()


# --- the list -----------------------------------------------------------------------------------------


def names(answer):
    return [row[0].teks for row in answer.context["tabel"].baris]


@pytest.fixture
def empat_daerah(db, diajukan):
    """Majalengka submitted, Bogor drafts, the province was verified, Lombok Tengah is silent."""
    make_laporan(make_alokasi(BOGOR))
    make_laporan(make_alokasi(JAWA_BARAT), status=StatusLaporan.DIVERIFIKASI)
    make_alokasi(LOMBOK_TENGAH)


def test_the_ministry_sees_every_recipient_also_the_silent_ones(masuk_sebagai, pimpinan, empat_daerah):
    page = masuk_sebagai(pimpinan).get(DAFTAR, {"tahun": 2024, "triwulan": 1})
    assert names(page) == [
        "Pemerintah Provinsi Jawa Barat",
        "Kab. Bogor",
        "Kab. Majalengka",
        "Kab. Lombok Tengah",
    ]
    assert [row[1].status for row in page.context["tabel"].baris] == [
        ("DIVERIFIKASI",),
        ("KONSEP",),
        ("DIAJUKAN",),
        ("BELUM_LAPOR",),
    ]


def test_a_province_sees_its_own_wilayah_only(masuk_sebagai, provinsi, empat_daerah):
    page = masuk_sebagai(provinsi).get(DAFTAR, {"tahun": 2024, "triwulan": 1})
    assert names(page) == ["Pemerintah Provinsi Jawa Barat", "Kab. Bogor", "Kab. Majalengka"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "BELUM_LAPOR"}, ["Kab. Lombok Tengah"]),
        ({"status": "DIAJUKAN"}, ["Kab. Majalengka"]),
        ({"status": "DIAJUKAN", "provinsi": "52"}, []),
        ({"provinsi": "52"}, ["Kab. Lombok Tengah"]),
        ({"provinsi": "32"}, ["Pemerintah Provinsi Jawa Barat", "Kab. Bogor", "Kab. Majalengka"]),
    ],
)
def test_the_list_is_filtered_by_status_and_province(masuk_sebagai, pimpinan, empat_daerah, query, expected):
    page = masuk_sebagai(pimpinan).get(DAFTAR, {"tahun": 2024, "triwulan": 1} | query)
    assert names(page) == expected


@pytest.mark.parametrize("query", [{"status": "APA"}, {"provinsi": "99"}, {"provinsi": "' OR 1=1"}])
def test_an_unknown_filter_is_not_found(masuk_sebagai, pimpinan, empat_daerah, query):
    assert masuk_sebagai(pimpinan).get(DAFTAR, query).status_code == 404


def test_the_list_says_what_it_covers(masuk_sebagai, pimpinan, diajukan):
    make_alokasi(LOMBOK_TENGAH, pagu=15_000 * JUTA)
    aksi.record_change(
        alokasi=make_alokasi(BOGOR, pagu=5_000 * JUTA), triwulan=1, jenis="x", subjek="x", now=APRIL
    )
    compute_open(now=APRIL)
    page = masuk_sebagai(pimpinan).get(DAFTAR, {"tahun": 2024, "triwulan": 1})
    assert "1 dari 2 daerah lapor (50,0% pagu); 1 belum pernah lapor" in text(page)


def test_a_quarter_that_is_not_over_calls_nobody_belum_lapor(masuk_sebagai, pimpinan, alokasi):
    page = masuk_sebagai(pimpinan).get(DAFTAR, {"tahun": 2024, "triwulan": 2})
    assert page.context["tabel"].baris[0][1].teks == "belum waktunya"


def test_a_late_report_is_marked_for_the_ministry(masuk_sebagai, pimpinan, alokasi):
    with time_machine.travel(datetime(2024, 5, 1, tzinfo=UTC), tick=False):
        page = masuk_sebagai(pimpinan).get(DAFTAR, {"tahun": 2024, "triwulan": 1})
    assert page.context["tabel"].baris[0][1].status == ("BELUM_LAPOR", "TERLAMBAT")


def test_fifty_rows_a_page(masuk_sebagai, pimpinan, wilayah):
    for daerah in Daerah.objects.exclude(jenis="provinsi")[:60]:
        make_alokasi(daerah)
    klien = masuk_sebagai(pimpinan)
    first = klien.get(DAFTAR, {"tahun": 2024, "triwulan": 1})
    second = klien.get(DAFTAR, {"tahun": 2024, "triwulan": 1, "halaman": 2})
    assert (len(names(first)), len(names(second))) == (50, 10)
    assert "1–50 dari 60 daerah" in text(first)


def test_the_list_costs_the_same_queries_for_3_and_60_reports(
    masuk_sebagai, pimpinan, wilayah, django_assert_max_num_queries
):
    places = list(Daerah.objects.exclude(jenis="provinsi")[:60])
    klien = masuk_sebagai(pimpinan)
    counts = []
    for batch in (places[:3], places[3:]):
        for daerah in batch:
            make_laporan(make_alokasi(daerah), status=StatusLaporan.DIAJUKAN)
        klien.get(DAFTAR, {"tahun": 2024, "triwulan": 1})
        with django_assert_max_num_queries(30) as queries:
            klien.get(DAFTAR, {"tahun": 2024, "triwulan": 1})
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- reading ------------------------------------------------------------------------------------------


def test_what_was_submitted_is_read_only_for_its_office_with_a_way_back(masuk_sebagai, operator, diajukan):
    page = masuk_sebagai(operator).get(address(diajukan))
    assert 'name="tindakan"' not in page.content.decode()
    assert address(diajukan, "laporan_tarik") in page.content.decode()
    assert "90.000.000" in text(page)


def test_a_draft_is_its_offices_alone(masuk_sebagai, verifikator, provinsi, alokasi, paket, operator):
    laporan = aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=APRIL)
    isian = Isian(versi=1, baris={paket.pk: IsianBaris(keuangan=77 * JUTA)}, catatan="Rahasia kantor")
    aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=APRIL)
    for viewer in (verifikator, provinsi):
        page = masuk_sebagai(viewer).get(address(laporan))
        assert "Laporan ini belum diajukan" in text(page)
        assert "77.000.000" not in text(page)
        assert "Rahasia kantor" not in text(page)


def test_what_was_taken_back_is_a_draft_again(masuk_sebagai, verifikator, operator, diajukan):
    aksi.withdraw(laporan_id=diajukan.pk, by=operator, now=APRIL)
    page = masuk_sebagai(verifikator).get(address(diajukan))
    assert "Laporan ini belum diajukan" in text(page)
    assert "Ditarik kembali" in text(page)


def test_the_ministry_still_reads_the_verified_figures_of_a_reopened_report(
    masuk_sebagai, verifikator, diajukan
):
    accept(diajukan, verifikator)
    aksi.reopen(laporan_id=diajukan.pk, alasan="Temuan audit.", by=verifikator, now=APRIL)
    page = masuk_sebagai(verifikator).get(address(diajukan))
    assert "90.000.000" in text(page)
    assert "Temuan audit." in text(page)


def test_the_page_tells_the_whole_way_of_the_report(masuk_sebagai, operator, diajukan, verifikator, paket):
    send_back(diajukan, verifikator, paket)
    fresh = Laporan.objects.get(pk=diajukan.pk)
    aksi.submit(laporan_id=diajukan.pk, versi=fresh.versi, by=operator, now=APRIL)
    accept(diajukan, verifikator)
    steps = [step["nama"] for step in masuk_sebagai(operator).get(address(diajukan)).context["langkah"]]
    receipts = VersiLaporan.objects.order_by("nomor").values_list("tanda_terima", flat=True)
    assert steps == [
        f"Diajukan, {receipts[0]}",
        "Dikembalikan",
        f"Diajukan, {receipts[1]}",
        "Mulai diverifikasi",
        "Diverifikasi",
    ]


def test_the_sixteen_columns_stand_in_their_order(masuk_sebagai, pimpinan, diajukan):
    page = masuk_sebagai(pimpinan).get(address(diajukan))
    numbers = re.search(r'<tr class="nomor-kolom".*?</tr>', page.content.decode(), re.DOTALL)[0]
    assert re.findall(r">(\d+)<", numbers) == [str(number) for number in range(1, 17)]


def test_opening_pages_changes_nothing(masuk_sebagai, operator, verifikator, diajukan):
    before = Laporan.objects.values().get()
    for viewer in (operator, verifikator):
        for name in ("laporan_rinci", "laporan_tanda_terima"):
            masuk_sebagai(viewer).get(address(diajukan, name))
    masuk_sebagai(verifikator).get(address(diajukan, "verifikasi_rinci"))
    assert Laporan.objects.values().get() == before


# --- receipt and taking back --------------------------------------------------------------------------


def test_a_report_that_was_never_submitted_has_no_receipt(masuk_sebagai, operator, alokasi):
    laporan = make_laporan(alokasi)
    assert masuk_sebagai(operator).get(address(laporan, "laporan_tanda_terima")).status_code == 404


def test_the_receipt_says_what_when_who_and_what_next(masuk_sebagai, operator, diajukan):
    page = text(masuk_sebagai(operator).get(address(diajukan, "laporan_tanda_terima")))
    receipt = VersiLaporan.objects.get()
    for words in (
        receipt.tanda_terima,
        receipt.sidik,
        "Rp90.000.000",
        "operator, Operator daerah",
        "tepat waktu",
    ):
        assert words in page
    assert "Kementerian memeriksa laporan ini" in page


def test_the_receipt_reads_in_the_zone_of_the_officer(db, masuk_sebagai):
    office = make_pengguna(Peran.OPERATOR, LOMBOK_TENGAH)
    alokasi = make_alokasi(LOMBOK_TENGAH)
    make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)
    laporan = submitted(alokasi, office)
    page = text(masuk_sebagai(office).get(address(laporan, "laporan_tanda_terima")))
    assert "Jumat, 5 April 2024, pukul 10.00 WIB (11.00 WITA)" in page


def test_taking_back_twice_is_once_and_gives_the_form_again(masuk_sebagai, operator, diajukan):
    klien = masuk_sebagai(operator)
    for _ in range(2):
        answer = klien.post(address(diajukan, "laporan_tarik"), follow=True)
        assert "Laporan ditarik kembali" in text(answer)
        assert 'name="tindakan"' in answer.content.decode()
    assert Laporan.objects.get().status == StatusLaporan.KONSEP


def test_what_is_being_verified_stays_and_says_why(masuk_sebagai, operator, diajukan, verifikator):
    aksi.begin_verification(laporan_id=diajukan.pk, by=verifikator, now=APRIL)
    answer = masuk_sebagai(operator).post(address(diajukan, "laporan_tarik"), follow=True)
    assert "Laporan berstatus Sedang Diverifikasi" in text(answer)


def test_only_its_office_takes_a_report_back(masuk_sebagai, provinsi, verifikator, orang_luar, diajukan):
    url = address(diajukan, "laporan_tarik")
    answers = [masuk_sebagai(viewer).post(url).status_code for viewer in (provinsi, verifikator, orang_luar)]
    assert answers == [403, 403, 404]
    assert Laporan.objects.get().status == StatusLaporan.DIAJUKAN
