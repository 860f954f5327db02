"""The clock at every door: one second before, at and after each instant of the schedule."""

from datetime import datetime, timedelta

import pytest
import time_machine

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions import rekap
from realisasi.actions.galat import Ditolak, Terkunci
from realisasi.aturan.tampilan import waktu, waktu_pendek
from realisasi.aturan.triwulan import WIB
from realisasi.models import Laporan, PeriodeTriwulan, Riwayat, StatusLaporan, VersiLaporan
from tests.pabrik import make_alokasi, make_dispensasi, make_kegiatan, make_paket, make_pengguna
from tests.views.alur import JUTA, accept, text

pytestmark = pytest.mark.django_db

DIBUKA = datetime(2024, 4, 1, 0, 0, tzinfo=WIB)
TENGGAT = datetime(2024, 4, 15, 17, 0, tzinfo=WIB)
BATAS = datetime(2024, 5, 15, 17, 0, tzinfo=WIB)
SAMPAI = datetime(2024, 5, 25, 17, 0, tzinfo=WIB)
DETIK = timedelta(seconds=1)
# Offices in the three zones, and how each reads 15 May 2024, 17.00 WIB.
ZONA = {
    "32.10": "Rabu, 15 Mei 2024, pukul 17.00 WIB",
    "52.02": "Rabu, 15 Mei 2024, pukul 17.00 WIB (18.00 WITA)",
    "81.01": "Rabu, 15 Mei 2024, pukul 17.00 WIB (19.00 WIT)",
}


@pytest.fixture(params=ZONA)
def kantor(request):
    """An office with one paket and no report yet; the ministry's accounts beside it."""
    alokasi = make_alokasi(request.param)
    make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)
    PeriodeTriwulan.objects.filter(tahun=2024, triwulan=1).update(
        dibuka_pada=DIBUKA, tenggat=TENGGAT, batas_lapor=BATAS
    )
    return make_pengguna(Peran.OPERATOR, request.param)


@pytest.fixture
def alokasi(kantor):
    return kantor.daerah.alokasi_set.get()


@pytest.fixture
def laporan(alokasi, kantor):
    return aksi.start(alokasi=alokasi, triwulan=1, by=kantor, now=DIBUKA)


@pytest.fixture
def periode(kantor):
    return PeriodeTriwulan.objects.get(tahun=2024, triwulan=1)


@pytest.fixture
def dispensasi(periode, kantor):
    return make_dispensasi(periode, kantor.daerah, sampai=SAMPAI, diberikan_pada=TENGGAT, alasan="Banjir.")


@pytest.fixture
def klien(client, kantor):
    """Sends as the office at an instant."""

    def at(saat):
        client.force_login(kantor)
        return time_machine.travel(saat, tick=False)

    client.at = at
    return client


def typed(laporan, tindakan="simpan", keuangan="123.456.789"):
    row = laporan.baris.get()
    cells = {"keuangan": keuangan, "volume_selesai": "0", "progres_fisik": "10", "kode_masalah": ""}
    cells |= {"penjelasan": "", "alasan": ""}
    data = {f"p{row.paket_id}-{name}": value for name, value in cells.items()}
    return data | {
        "versi": Laporan.objects.get(pk=laporan.pk).versi,
        "tindakan": tindakan,
        "catatan": "Talangan.",
    }


def stored(laporan):
    return laporan.baris.get().keuangan


def isian(laporan):
    rows = dict.fromkeys(laporan.baris.values_list("paket", flat=True), aksi.IsianBaris(keuangan=5))
    return aksi.Isian(versi=Laporan.objects.get(pk=laporan.pk).versi, baris=rows)


def sent(laporan, by, now):
    """Saved and submitted through the actions."""
    row = aksi.IsianBaris(keuangan=5, progres_fisik=1, volume_selesai=0, alasan="Uji.")
    rows = dict.fromkeys(laporan.baris.values_list("paket", flat=True), row)
    filled = aksi.Isian(versi=Laporan.objects.get(pk=laporan.pk).versi, baris=rows, catatan="Talangan.")
    saved = aksi.save(laporan_id=laporan.pk, isian=filled, by=by, now=now)
    return aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=by, now=now)


# --- opening ------------------------------------------------------------------------------------------

BUKA = [(DIBUKA - DETIK, False), (DIBUKA, True), (DIBUKA + DETIK, True)]


@pytest.mark.parametrize(("saat", "diterima"), BUKA)
def test_a_report_is_started_from_the_instant_of_opening_on(klien, kantor, alokasi, saat, diterima):
    with klien.at(saat):
        assert ("Mulai mengisi" in text(klien.get("/laporan/?tahun=2024"))) == diterima
        answer = klien.post("/laporan/mulai/", {"alokasi": alokasi.pk, "triwulan": 1}, follow=True)
    assert Laporan.objects.exists() == diterima
    said = f"dapat diisi mulai {waktu(DIBUKA, kantor.zona)}"
    assert (said in text(answer)) != diterima


@pytest.mark.parametrize(("saat", "diterima"), BUKA)
def test_the_action_judges_the_opening_itself(kantor, alokasi, saat, diterima):
    if not diterima:
        with pytest.raises(Ditolak, match="dapat diisi mulai"):
            aksi.start(alokasi=alokasi, triwulan=1, by=kantor, now=saat)
    else:
        assert aksi.start(alokasi=alokasi, triwulan=1, by=kantor, now=saat).pk


# --- deadline -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saat", "terlambat"), [(TENGGAT - DETIK, False), (TENGGAT, False), (TENGGAT + DETIK, True)]
)
def test_late_is_taken_and_said_on_every_page(klien, laporan, kantor, verifikator, saat, terlambat):
    with klien.at(saat):
        answer = klien.post(f"/laporan/{laporan.pk}/", typed(laporan, "ajukan"), follow=True)
    assert answer.redirect_chain == [(f"/laporan/{laporan.pk}/tanda-terima/", 302)]
    assert ("pengajuan pertama terlambat" in text(answer)) == terlambat
    with klien.at(BATAS + timedelta(days=9)):
        klien.force_login(verifikator)
        for page in ("/verifikasi/", f"/verifikasi/{laporan.pk}/", "/laporan/?tahun=2024&triwulan=1"):
            assert ("Terlambat" in text(klien.get(page))) == terlambat, page
        assert ("; tepat waktu" in text(klien.get(f"/verifikasi/{laporan.pk}/"))) != terlambat


@pytest.mark.parametrize(("saat", "terlambat"), [(TENGGAT, False), (TENGGAT + DETIK, True)])
def test_silence_is_late_after_the_deadline(klien, alokasi, verifikator, saat, terlambat):
    with klien.at(saat):
        assert ("Terlambat" in text(klien.get("/laporan/?tahun=2024"))) == terlambat
        klien.force_login(verifikator)
        assert ("Terlambat" in text(klien.get("/laporan/?tahun=2024&triwulan=1"))) == terlambat


# --- batas lapor, and the end of a waiver --------------------------------------------------------------

AKHIR = [
    (BATAS - DETIK, False, True),
    (BATAS, False, True),
    (BATAS + DETIK, False, False),
    (BATAS + DETIK, True, True),
    (SAMPAI - DETIK, True, True),
    (SAMPAI, True, True),
    (SAMPAI + DETIK, True, False),
]


@pytest.fixture
def pada(request, periode, kantor):
    """An instant, with the waiver or without, and whether reports are taken then."""
    saat, ada, diterima = request.param
    if ada:
        make_dispensasi(periode, kantor.daerah, sampai=SAMPAI, diberikan_pada=TENGGAT, alasan="Banjir.")
    return saat, diterima


at_the_end = pytest.mark.parametrize("pada", AKHIR, indirect=True)


@at_the_end
def test_a_save_is_taken_to_the_last_instant_and_what_came_later_stays_in_the_form(
    klien, laporan, kantor, pada
):
    saat, diterima = pada
    before = Riwayat.objects.count()
    with klien.at(saat):
        answer = klien.post(f"/laporan/{laporan.pk}/", typed(laporan))
    if diterima:
        assert (answer.status_code, stored(laporan)) == (302, 123_456_789)
        return
    assert (answer.status_code, stored(laporan), Riwayat.objects.count()) == (409, None, before)
    words = text(answer)
    assert f"Batas lapor TW I TA 2024 sudah lewat: {ZONA[kantor.daerah_id]}" in words
    assert 'value="123.456.789"' in answer.content.decode()
    assert "Talangan." in answer.content.decode()


@at_the_end
def test_a_submission_is_taken_to_the_last_instant(klien, laporan, pada):
    saat, diterima = pada
    with klien.at(saat):
        answer = klien.post(f"/laporan/{laporan.pk}/", typed(laporan, "ajukan"))
    assert answer.status_code == (302 if diterima else 409)
    assert VersiLaporan.objects.exists() == diterima


@at_the_end
def test_the_page_offers_its_form_to_the_last_instant(klien, laporan, kantor, pada):
    saat, diterima = pada
    with klien.at(saat):
        answer = klien.get(f"/laporan/{laporan.pk}/")
        tasks = text(klien.get("/laporan/?tahun=2024"))
    assert ('value="simpan"' in answer.content.decode()) == diterima
    assert ("Terkunci" in text(answer)) != diterima
    assert ("hanya diterima dengan dispensasi" in tasks) != diterima


@at_the_end
def test_the_actions_judge_it_themselves(laporan, kantor, pada):
    saat, diterima = pada
    steps = {
        "save": lambda: aksi.save(laporan_id=laporan.pk, isian=isian(laporan), by=kantor, now=saat),
        "submit": lambda: sent(laporan, kantor, saat),
        "withdraw": lambda: aksi.withdraw(laporan_id=laporan.pk, by=kantor, now=saat),
    }
    if not diterima:
        sent(laporan, kantor, TENGGAT)
        with pytest.raises(Terkunci):
            steps.pop("withdraw")()
        Laporan.objects.update(status=StatusLaporan.KONSEP)
    for step in steps.values():
        if diterima:
            step()
        else:
            with pytest.raises(Terkunci):
                step()


@at_the_end
def test_the_api_counts_what_was_taken(klien, laporan, kantor, analis, pada):
    saat, diterima = pada
    with klien.at(saat):
        klien.post(f"/laporan/{laporan.pk}/", typed(laporan, "ajukan"))
        rekap.compute_all(now=saat + DETIK)
        klien.force_login(analis)
        answer = klien.get("/api/v1/serapan/?tahun=2024&triwulan=1").json()
    assert answer["results"][0]["jumlah_daerah_lapor"] == int(diterima)


@at_the_end
def test_starting_is_taken_to_the_last_instant(klien, alokasi, pada):
    saat, diterima = pada
    with klien.at(saat):
        klien.post("/laporan/mulai/", {"alokasi": alokasi.pk, "triwulan": 1})
    assert Laporan.objects.exists() == diterima


def test_the_ministry_is_not_bound_by_the_limit(laporan, kantor, verifikator, klien):
    sent(laporan, kantor, TENGGAT)
    late = SAMPAI + timedelta(days=30)
    with klien.at(late):
        klien.force_login(verifikator)
        assert "daerah memerlukan dispensasi" in text(klien.get(f"/verifikasi/{laporan.pk}/"))
    assert accept(laporan, verifikator, now=late).status == StatusLaporan.DIVERIFIKASI


def test_a_reopened_report_may_be_sent_after_the_limit(laporan, kantor, verifikator):
    sent(laporan, kantor, TENGGAT)
    accept(laporan, verifikator, now=TENGGAT)
    late = SAMPAI + timedelta(days=30)
    aksi.reopen(laporan_id=laporan.pk, alasan="Koreksi.", by=verifikator, now=late)
    assert sent(laporan, kantor, late).nomor == 2


# --- lateness stays a fact ------------------------------------------------------------------------------


def test_sent_under_a_waiver_stays_late_and_says_so(klien, laporan, kantor, verifikator, dispensasi):
    with klien.at(SAMPAI):
        page = text(klien.get(f"/laporan/{laporan.pk}/"))
        assert f"terlambat, dengan dispensasi s.d. {waktu(SAMPAI, kantor.zona)}" in page
        assert "Alasan dispensasi: Banjir." in text(klien.get("/laporan/?tahun=2024"))
        receipt = klien.post(f"/laporan/{laporan.pk}/", typed(laporan, "ajukan"), follow=True)
        assert f"terlambat, dengan dispensasi s.d. {waktu(SAMPAI, kantor.zona)}" in text(receipt)
    with klien.at(SAMPAI + timedelta(days=60)):
        klien.force_login(verifikator)
        judged = text(klien.get(f"/verifikasi/{laporan.pk}/"))
        assert f"terlambat, dengan dispensasi s.d. {waktu(SAMPAI)}" in judged
        listed = text(klien.get("/laporan/?tahun=2024&triwulan=1"))
        assert "Terlambat Dispensasi" in listed
        assert waktu_pendek(SAMPAI) in listed  # when it was sent


def test_a_waiver_of_another_daerah_or_quarter_opens_nothing(laporan, kantor, periode):
    make_dispensasi(periode, "33.01", sampai=SAMPAI)
    other = PeriodeTriwulan.objects.get(tahun=2024, triwulan=2)
    make_dispensasi(other, kantor.daerah, sampai=other.tenggat + timedelta(days=90))
    with pytest.raises(Terkunci, match="hanya diterima dengan dispensasi"):
        aksi.save(laporan_id=laporan.pk, isian=isian(laporan), by=kantor, now=BATAS + DETIK)


def test_a_waiver_that_was_taken_back_opens_nothing(laporan, kantor, dispensasi):
    dispensasi.dicabut_pada = BATAS + DETIK
    dispensasi.save()
    with pytest.raises(Terkunci, match="Dispensasi berakhir"):
        aksi.save(laporan_id=laporan.pk, isian=isian(laporan), by=kantor, now=BATAS + 2 * DETIK)
