"""The report form in the browser: what is typed is read, kept, checked, submitted once."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.models import (
    BarisLaporan,
    Laporan,
    Peristiwa,
    Riwayat,
    StatusLaporan,
    VersiLaporan,
)
from tests.pabrik import LOMBOK_TENGAH, make_alokasi, make_kegiatan, make_laporan, make_paket, make_pengguna
from tests.views.alur import JUTA, text


@pytest.fixture(autouse=True)
def april():
    """Five days after the end of TW I 2024."""
    with time_machine.travel(datetime(2024, 4, 5, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def alokasi(db):
    return make_alokasi()


@pytest.fixture
def paket(alokasi):
    return make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA, nama="Rumah produksi bambu")


@pytest.fixture
def laporan(alokasi, paket, operator):
    return aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=datetime(2024, 4, 5, tzinfo=UTC))


@pytest.fixture
def klien(masuk_sebagai, operator):
    return masuk_sebagai(operator)


def address(laporan, name="laporan_rinci"):
    return reverse(name, args=[laporan.pk])


def post_data(laporan, *, tindakan="simpan", versi=None, rows=None, **values):
    """What the page sends: every row of the form, zeros where a test says nothing else."""
    fresh = Laporan.objects.get(pk=laporan.pk)
    data = {"versi": fresh.versi if versi is None else versi, "tindakan": tindakan, **values}
    for row in fresh.baris.all():
        typed = {"keuangan": "0", "volume_selesai": "0", "progres_fisik": "0", "kode_masalah": ""}
        typed |= {"penjelasan": "", "alasan": ""} | (rows or {}).get(row.paket_id, {})
        data |= {f"p{row.paket_id}-{name}": value for name, value in typed.items()}
    return data


def field(answer, name):
    """The input of the answer, as it is written."""
    return re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', answer.content.decode())[0]


# --- saving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "typed", "stored"),
    [
        ("keuangan", "1.234.567", 1_234_567),
        ("keuangan", "Rp 1.000.000,-", 1_000_000),
        ("keuangan", "1234567", 1_234_567),
        ("keuangan", "", None),
        ("progres_fisik", "72,5", Decimal("72.5")),
        ("progres_fisik", "100%", Decimal(100)),
        ("volume_selesai", "1250,5", Decimal("1250.5")),
        ("kode_masalah", "11", 11),
    ],
)
def test_figures_are_read_as_indonesians_write_them(klien, laporan, paket, column, typed, stored):
    answer = klien.post(address(laporan), post_data(laporan, rows={paket.pk: {column: typed}}))
    assert answer.status_code == 302
    assert getattr(BarisLaporan.objects.get(), column) == stored


def test_a_saved_page_shows_the_figures_again_in_a_form_that_can_be_saved_again(klien, laporan, paket):
    typed = {"keuangan": "12345678", "progres_fisik": "7,5", "volume_selesai": "1234,5"}
    klien.post(address(laporan), post_data(laporan, rows={paket.pk: typed}))
    page = klien.get(address(laporan))
    assert 'value="12.345.678"' in field(page, f"p{paket.pk}-keuangan")
    assert 'value="7,50"' in field(page, f"p{paket.pk}-progres_fisik")
    assert 'value="1234,5"' in field(page, f"p{paket.pk}-volume_selesai")
    shown = {"keuangan": "12.345.678", "progres_fisik": "7,50", "volume_selesai": "1234,5"}
    assert klien.post(address(laporan), post_data(laporan, rows={paket.pk: shown})).status_code == 302
    assert BarisLaporan.objects.get().volume_selesai == Decimal("1234.5")


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("keuangan", "1,234,567.89"),
        ("keuangan", "1e9"),
        ("keuangan", "NaN"),
        ("keuangan", "１２３"),  # full-width digits
        ("keuangan", "-5"),
        ("keuangan", "1234567890123456"),
        ("keuangan", "9" * 5000),
        ("keuangan", "1.5 miliar"),
        ("progres_fisik", "100,01"),
        ("progres_fisik", "-1"),
        ("volume_selesai", "1.234"),
        ("volume_selesai", "-0,5"),
        ("volume_selesai", "1234567890123"),
        ("kode_masalah", "12"),
        ("kode_masalah", "<b>"),
        ("penjelasan", "x" * 1001),
        ("alasan", "a\x00b"),
    ],
)
def test_what_cannot_be_read_for_sure_stays_typed_with_a_message_and_nothing_is_written(
    klien, laporan, paket, column, typed
):
    rows = {paket.pk: {"keuangan": "777", column: typed}}
    answer = klien.post(address(laporan), post_data(laporan, rows=rows, catatan="Tetap ada"))
    name = f"p{paket.pk}-{column}"
    assert answer.status_code == 422
    assert f'href="#id_{name}"' in answer.content.decode(), "the summary leads to the field"
    assert 'aria-invalid="true"' in field(answer, name)
    assert "Tetap ada" in text(answer)
    assert BarisLaporan.objects.get().keuangan is None
    assert Laporan.objects.get().versi == 1
    form = answer.context["formulir"].baris[paket.pk]
    assert form[column].value() == typed


def test_every_fault_of_the_page_is_named_at_once(klien, laporan, alokasi, operator):
    other = make_paket(make_kegiatan(alokasi))
    klien.post(address(laporan), post_data(laporan))
    first = BarisLaporan.objects.exclude(paket=other).get().paket_id
    rows = {first: {"keuangan": "1,5"}, other.pk: {"progres_fisik": "101"}}
    data = post_data(laporan, rows=rows)
    data |= {f"p{other.pk}-keuangan": "0", f"p{other.pk}-progres_fisik": "101", "nihil": "on"}
    answer = klien.post(address(laporan), data)
    assert len(answer.context["salah"]) == 3


def test_nihil_asks_for_its_reason_beside_the_field(klien, laporan):
    answer = klien.post(address(laporan), post_data(laporan, nihil="on"))
    assert answer.status_code == 422
    assert "Laporan nihil perlu alasan" in text(answer)


def test_a_nihil_report_is_submitted_with_zeros(klien, laporan, paket):
    data = post_data(
        laporan,
        tindakan="ajukan",
        rows={paket.pk: {"keuangan": "", "progres_fisik": ""}},
        nihil="on",
        alasan_nihil="Menunggu DPA",
    )
    assert klien.post(address(laporan), data).url == address(laporan, "laporan_tanda_terima")
    assert VersiLaporan.objects.get().alasan_nihil == "Menunggu DPA"


@pytest.mark.parametrize("versi", ["", "abc", "9" * 40, "-1"])
def test_a_garbled_version_never_breaks_or_overwrites(klien, laporan, versi):
    data = post_data(laporan, rows={laporan.baris.get().paket_id: {"keuangan": "5"}})
    data["versi"] = versi
    assert klien.post(address(laporan), data).status_code in (409, 422)
    assert BarisLaporan.objects.get().keuangan is None


def test_a_row_that_the_page_did_not_send_is_left_as_it_is(klien, laporan, paket):
    klien.post(address(laporan), post_data(laporan, rows={paket.pk: {"keuangan": "5"}}))
    klien.post(address(laporan), {"versi": "2", "tindakan": "simpan", "catatan": "Baru"})
    assert BarisLaporan.objects.get().keuangan == 5
    assert Laporan.objects.get().catatan == "Baru"


def test_extra_fields_never_change_a_row(klien, laporan):
    foreign = make_paket(make_kegiatan(make_alokasi(LOMBOK_TENGAH)))
    extra = {"status": "DIVERIFIKASI", "alokasi": "99", f"p{foreign.pk}-keuangan": "5", "versi_konsep": "9"}
    klien.post(address(laporan), post_data(laporan) | extra)
    stored = Laporan.objects.get()
    assert (stored.status, stored.alokasi_id) == (StatusLaporan.KONSEP, laporan.alokasi_id)
    assert not BarisLaporan.objects.filter(paket=foreign).exists()


# --- what the page says -------------------------------------------------------------------------------


def test_a_new_form_does_not_scold_for_empty_cells(klien, laporan):
    assert "Belum diisi" not in text(klien.get(address(laporan)))


def test_after_a_save_the_findings_stand_beside_their_cells(klien, laporan, paket):
    typed = {"keuangan": "950.000.000", "progres_fisik": "95"}
    answer = klien.post(address(laporan), post_data(laporan, rows={paket.pk: typed}), follow=True)
    assert "2 hal perlu diperbaiki" in text(answer)
    assert "Rp950.000.000 melebihi nilai kontrak Rp900.000.000" in text(answer)
    cell = f"id_p{paket.pk}-keuangan_temuan"
    assert f'aria-describedby="{cell}"' in field(answer, f"p{paket.pk}-keuangan")
    assert f'id="{cell}"' in answer.content.decode()


def test_the_form_says_which_quarter_it_was_filled_from(klien, laporan, paket, operator, verifikator):
    now = datetime(2024, 4, 5, tzinfo=UTC)
    row = IsianBaris(keuangan=450 * JUTA, progres_fisik=Decimal(50), volume_selesai=Decimal(0))
    saved = aksi.save(
        laporan_id=laporan.pk,
        isian=Isian(versi=1, baris={paket.pk: row}, catatan="Talangan"),
        by=operator,
        now=now,
    )
    aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=operator, now=now)
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=now)
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=now)
    second = aksi.start(alokasi=laporan.alokasi, triwulan=2, by=operator, now=now)
    page = klien.get(address(second))
    assert "terisi dari TW I yang sudah diverifikasi" in text(page)
    assert "+0 dari TW I · 45,00% RK" in text(page)
    assert "TW I: 50,00%" in text(page)
    assert 'value="450.000.000"' in field(page, f"p{paket.pk}-keuangan")


def test_the_deadline_is_shown_in_the_officers_zone(masuk_sebagai, orang_luar):
    laporan = make_laporan(make_alokasi(LOMBOK_TENGAH))
    page = masuk_sebagai(orang_luar).get(address(laporan))
    assert "Rabu, 10 April 2024, pukul 23.59 WIB (Kamis, 11 April 2024, 00.59 WITA)" in text(page)


# --- submitting ---------------------------------------------------------------------------------------


def test_submitting_leads_to_the_receipt(klien, laporan):
    answer = klien.post(address(laporan), post_data(laporan, tindakan="ajukan"), follow=True)
    receipt = VersiLaporan.objects.get()
    assert answer.redirect_chain[-1][0] == address(laporan, "laporan_tanda_terima")
    assert receipt.tanda_terima in text(answer)
    assert receipt.sidik in text(answer)
    assert "Jumat, 5 April 2024, pukul 10.00 WIB" in text(answer)


def test_a_refused_submission_keeps_what_was_saved_and_links_to_the_cell(klien, laporan, paket):
    typed = {"keuangan": "901.000.000", "progres_fisik": "100", "alasan": "BAST menyusul"}
    data = post_data(laporan, tindakan="ajukan", rows={paket.pk: typed}, catatan="Talangan")
    answer = klien.post(address(laporan), data)
    assert answer.status_code == 422
    assert "Tersimpan, tetapi belum diajukan: 1 hal harus diperbaiki" in text(answer)
    assert f'href="#id_p{paket.pk}-keuangan"' in answer.content.decode()
    assert BarisLaporan.objects.get().keuangan == 901 * JUTA
    assert 'value="2"' in field(answer, "versi"), "the page can be saved again at once"
    assert not VersiLaporan.objects.exists()


def test_the_double_click_gives_one_submission_one_receipt_one_notice(klien, laporan):
    data = post_data(laporan, tindakan="ajukan")
    answers = [klien.post(address(laporan), data) for _ in range(3)]
    assert {answer.url for answer in answers} == {address(laporan, "laporan_tanda_terima")}
    assert VersiLaporan.objects.count() == 1
    assert Peristiwa.objects.count() == 1
    assert Riwayat.objects.filter(aksi="ajukan").count() == 1


def test_the_double_click_on_save_is_one_save(klien, laporan):
    data = post_data(laporan, rows={laporan.baris.get().paket_id: {"keuangan": "5"}})
    assert [klien.post(address(laporan), data).status_code for _ in range(2)] == [302, 302]
    assert Riwayat.objects.filter(aksi="simpan").count() == 1


def test_submitting_the_same_from_two_accounts_gives_one_receipt(masuk_sebagai, laporan, operator, penyetuju):
    data = post_data(laporan, tindakan="ajukan")
    for account in (operator, penyetuju):
        assert masuk_sebagai(account).post(address(laporan), data).status_code == 302
    assert VersiLaporan.objects.get().diajukan_oleh == operator


def test_where_the_penyetuju_is_required_the_operator_sees_no_submit_button(
    klien, laporan, masuk_sebagai, penyetuju, monkeypatch
):
    monkeypatch.setattr("realisasi.views.isian.may_submit", lambda *args, **kwargs: False)
    page = klien.get(address(laporan))
    assert 'value="ajukan"' not in page.content.decode()
    assert "diajukan oleh penyetuju" in text(page)


# --- stale --------------------------------------------------------------------------------------------


def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(
    klien, laporan, paket, operator, penyetuju, masuk_sebagai
):
    masuk_sebagai(penyetuju).post(
        address(laporan), post_data(laporan, rows={paket.pk: {"keuangan": "300.000.000"}})
    )
    mine = post_data(
        laporan, versi=1, rows={paket.pk: {"keuangan": "450.000.000"}}, catatan="Catatan <b>saya</b>"
    )
    answer = masuk_sebagai(operator).post(address(laporan), mine)
    assert answer.status_code == 409
    differences = {(row.isian, row.diketik, row.tersimpan) for row in answer.context["beda"]}
    assert differences == {
        ("Realisasi keuangan", "450.000.000", "300.000.000"),
        ("Catatan umum", "Catatan <b>saya</b>", ""),
    }
    assert "simpan oleh penyetuju" in text(answer)
    assert 'value="450.000.000"' in field(answer, f"p{paket.pk}-keuangan")
    assert BarisLaporan.objects.get().keuangan == 300 * JUTA
    # Saving again from this page is a conscious choice and goes through.
    again = mine | {"versi": re.search(r'value="(\d+)"', field(answer, "versi"))[1]}
    assert klien.post(address(laporan), again).status_code == 302
    assert BarisLaporan.objects.get().keuangan == 450 * JUTA


def test_a_save_after_somebody_submitted_is_refused_and_shows_what_was_typed(
    laporan, paket, operator, penyetuju, masuk_sebagai
):
    masuk_sebagai(penyetuju).post(address(laporan), post_data(laporan, tindakan="ajukan"))
    mine = post_data(laporan, versi=1, rows={paket.pk: {"keuangan": "450.000.000"}})
    answer = masuk_sebagai(operator).post(address(laporan), mine)
    assert answer.status_code == 409
    assert "Laporan berstatus Diajukan" in text(answer)
    assert "450.000.000" in text(answer)
    assert 'name="tindakan"' not in answer.content.decode()
    assert VersiLaporan.objects.get().total_keuangan == 0


# --- who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["laporan_rinci", "laporan_tanda_terima"])
def test_a_foreign_report_answers_like_a_missing_one(klien, name):
    foreign = make_laporan(make_alokasi(LOMBOK_TENGAH), status=StatusLaporan.DIAJUKAN)
    answers = [klien.get(reverse(name, args=[pk])) for pk in (foreign.pk, 987_654_321)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert klien.post(address(foreign), {"versi": "1"}).status_code == 404


@pytest.mark.parametrize("peran", [Peran.PROVINSI, Peran.VERIFIKATOR, Peran.ADMIN])
def test_who_only_sees_a_report_cannot_save_it(masuk_sebagai, laporan, peran):
    viewer = masuk_sebagai(make_pengguna(peran, "32"))
    assert viewer.post(address(laporan), post_data(laporan)).status_code == 403
    assert Laporan.objects.get().versi == 1


def test_without_the_token_of_the_page_nothing_is_saved(laporan, operator, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(operator)
    assert client.post(address(laporan), post_data(laporan)).status_code == 403
    assert Laporan.objects.get().versi == 1


# --- cost ---------------------------------------------------------------------------------------------


def _with_packages(kode, count, operator):
    alokasi = make_alokasi(kode)
    for _ in range(count):
        make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)
    laporan = make_laporan(alokasi)
    Laporan.objects.filter(pk=laporan.pk).update(versi=2)
    return laporan


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_form_costs_the_same_queries_for_2_and_20_paket(
    db, masuk_sebagai, django_assert_max_num_queries, method
):
    counts = []
    for kode, packages in (("32.10", 2), ("32.01", 20)):
        account = make_pengguna(Peran.OPERATOR, kode)
        laporan = _with_packages(kode, packages, account)
        klien = masuk_sebagai(account)
        data = post_data(laporan, tindakan="ajukan", rows={})
        klien.get(address(laporan))
        with django_assert_max_num_queries(60) as queries:
            answer = klien.get(address(laporan)) if method == "get" else klien.post(address(laporan), data)
        assert answer.status_code in (200, 302)
        counts.append(len(queries))
    assert counts[0] == counts[1]
