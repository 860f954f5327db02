"""On /jadwal/: who is let in late, what was closed, its workbook, and what was reopened since."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.aturan.triwulan import WIB
from realisasi.models import Dispensasi, PeriodeTriwulan
from tests import pabrik
from tests.views.alur import JUTA, accept, submitted, text

pytestmark = pytest.mark.django_db
KINI = datetime(2024, 5, 16, 10, 0, tzinfo=WIB)
LUSA = KINI + timedelta(days=2)
ALAMAT = "/jadwal/dispensasi/?tahun=2024"


@pytest.fixture(autouse=True)
def mei():
    with time_machine.travel(KINI, tick=False):
        yield


@pytest.fixture
def alokasi(db):
    """Of an office two hours east of the treasury."""
    alokasi = pabrik.make_alokasi("81.01")
    pabrik.make_paket(pabrik.make_kegiatan(alokasi), kontrak=900 * JUTA)
    PeriodeTriwulan.objects.filter(triwulan=1).update(batas_lapor=KINI - timedelta(days=1))
    return alokasi


@pytest.fixture
def periode(alokasi):
    return PeriodeTriwulan.objects.get(tahun=2024, triwulan=1)


@pytest.fixture
def give(alokasi, admin, masuk_sebagai):
    def post(**values):
        data = {
            "alokasi": alokasi.pk,
            "triwulan": 1,
            "sampai": "22/07/2024",
            "jam": "17.00",
            "alasan": "Banjir.",
        }
        return masuk_sebagai(admin).post(ALAMAT, {**data, **values}, follow=True)

    return post


def test_the_admin_lets_a_daerah_in_and_its_officer_reads_it_in_its_own_zone(give, masuk_sebagai):
    answer = give()
    assert answer.redirect_chain == [("/jadwal/?tahun=2024#dispensasi", 302)]
    until = "Senin, 22 Juli 2024, pukul 17.00 WIB (19.00 WIT)"
    assert f"boleh melaporkan TW I TA 2024 sampai {until}" in text(answer)
    assert Dispensasi.objects.get().sampai == datetime(2024, 7, 22, 17, 0, tzinfo=WIB)
    office = masuk_sebagai(pabrik.make_pengguna(Peran.OPERATOR, "81.01"))
    assert f"terlambat, dengan dispensasi s.d. {until}" in text(office.get("/laporan/?tahun=2024"))


@pytest.mark.parametrize("persona", ["verifikator", "pimpinan", "analis", "auditor", "admin"])
def test_the_ministry_sees_the_list_and_the_admin_its_forms(give, masuk_sebagai, persona, request):
    give()
    page = masuk_sebagai(request.getfixturevalue(persona)).get("/jadwal/?tahun=2024")
    words = text(page)
    assert "Kab. Maluku Tengah TW I Berlaku" in words
    assert "Banjir." in words
    assert ("Beri dispensasi" in words) == (persona == "admin")
    assert ("Cabut dispensasi" in words) == (persona == "admin")


@pytest.mark.parametrize(
    ("values", "kolom", "pesan"),
    [
        ({"alokasi": ""}, "alokasi", "Pilih daerahnya"),
        ({"alokasi": 987654}, "alokasi", "tidak ada dalam daftar"),
        ({"triwulan": "9"}, "triwulan", "tidak terbuka"),
        ({"sampai": "besok"}, "sampai", "bukan tanggal"),
        ({"sampai": "16/05/2024", "jam": "10.00"}, "sampai", "sudah lewat"),
        ({"jam": "25.00"}, "jam", "bukan jam"),
        ({"jam": " "}, "jam", "Isi jamnya"),
        ({"alasan": " "}, "alasan", "tanpa alasan"),
        ({"alasan": "x" * 1001}, "alasan", "1001"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(give, values, kolom, pesan):
    answer = give(**{"alasan": "Gempa bumi.", **values})
    form = answer.context["form_dispensasi"]
    assert answer.status_code == 422
    assert pesan in " ".join(form.errors[kolom])
    if "alasan" not in values:
        assert "Gempa bumi." in answer.content.decode()
    assert not Dispensasi.objects.exists()


def test_a_waiver_is_taken_back_with_a_reason_that_the_list_shows(give, masuk_sebagai, admin, verifikator):
    give()
    address = f"/jadwal/dispensasi/{Dispensasi.objects.get().pk}/cabut/"
    refused = masuk_sebagai(admin).post(address, {"alasan": " "})
    assert (refused.status_code, "Tulis alasan pencabutan" in text(refused)) == (422, True)
    assert "Dicabut" in text(masuk_sebagai(admin).post(address, {"alasan": "Salah daerah."}, follow=True))
    words = text(masuk_sebagai(verifikator).get("/jadwal/?tahun=2024"))
    assert "oleh admin: Salah daerah." in words
    # Pressed again, or by somebody who may not.
    assert masuk_sebagai(admin).post(address, {"alasan": "Lagi."}).status_code == 302
    assert masuk_sebagai(verifikator).post(address, {"alasan": "Lagi."}).status_code == 404


@pytest.mark.parametrize(
    ("lewat", "keadaan"), [(timedelta(0), "BERLAKU"), (timedelta(seconds=1), "BERAKHIR")]
)
def test_it_ends_by_itself(give, masuk_sebagai, admin, lewat, keadaan):
    give()
    with time_machine.travel(Dispensasi.objects.get().sampai + lewat, tick=False):
        page = masuk_sebagai(admin).get("/jadwal/?tahun=2024")
    assert [row.keadaan for row in page.context["dispensasi"]] == [keadaan]


@pytest.mark.parametrize(
    ("geser", "keadaan"),
    [
        (timedelta(days=-45, hours=-10, seconds=-1), "BELUM_DIBUKA"),
        (timedelta(days=-45, hours=-10), "MASA_LAPOR"),
        (timedelta(days=-1), "LEWAT_TENGGAT"),
        (timedelta(days=-1, seconds=1), "LEWAT_BATAS"),
    ],
)
def test_each_quarter_says_where_it_stands(masuk_sebagai, admin, alokasi, geser, keadaan):
    PeriodeTriwulan.objects.filter(triwulan=1).update(dibuka_pada=KINI - timedelta(days=45, hours=10))
    with time_machine.travel(KINI + geser, tick=False):
        page = masuk_sebagai(admin).get("/jadwal/?tahun=2024")
    assert page.context["baris"][0].keadaan == keadaan


# --- closing and what came after ------------------------------------------------------------------------


@pytest.fixture
def ditutup(periode, alokasi, verifikator, admin):
    """TW I with one verified report, closed with its workbook, and reopened since."""
    office = pabrik.make_pengguna(Peran.OPERATOR, "81.01")
    laporan = submitted(alokasi, office, keuangan=90 * JUTA)
    accept(laporan, verifikator)
    periode.ditutup_pada, periode.ditutup_oleh, periode.alasan = KINI, admin, "Batas LKPP."
    periode.sidik_buku = "0123456789ab" + "c" * 52
    periode.buku.save("rekap.xlsx", ContentFile(b"buku saat ditutup"))
    with time_machine.travel(KINI + timedelta(days=1), tick=False):
        aksi.reopen(
            laporan_id=laporan.pk, alasan="Koreksi SP2D.", by=verifikator, now=KINI + timedelta(days=1)
        )
    return laporan


def test_a_closed_quarter_says_when_by_whom_why_and_its_workbooks_hash(ditutup, masuk_sebagai, pimpinan):
    page = masuk_sebagai(pimpinan).get("/jadwal/?tahun=2024")
    words = text(page)
    assert "Ditutup Kamis, 16 Mei 2024, pukul 10.00 WIB oleh admin: Batas LKPP." in words
    assert "Sidik buku kerja (SHA-256): 0123456789ab…" in words
    assert "0123456789ab" + "c" * 52 in words


def test_what_was_reopened_since_is_listed_with_its_figure_before_and_after(
    ditutup, alokasi, masuk_sebagai, pimpinan, verifikator
):
    klien = masuk_sebagai(pimpinan)
    words = text(klien.get("/jadwal/?tahun=2024"))
    assert "17 Mei 2024 10.00 WIB oleh verifikator" in words.replace("  ", " ")
    assert "Koreksi SP2D. belum diajukan lagi 90.000.000 –" in words
    send_again(ditutup, alokasi)
    assert "diajukan lagi, belum diverifikasi" in text(klien.get("/jadwal/?tahun=2024"))
    accept(ditutup, verifikator, now=LUSA)
    words = text(klien.get("/jadwal/?tahun=2024"))
    assert "diverifikasi ulang pada 18 Mei 2024 10.00 WIB 90.000.000 80.000.000" in words


def send_again(laporan, alokasi):
    """The day after the reopening its office sends 80 juta."""
    office = alokasi.daerah.pengguna_set.get()
    row = aksi.IsianBaris(keuangan=80 * JUTA, progres_fisik=10, volume_selesai=0, alasan="Uji.")
    filled = aksi.Isian(versi=3, baris={laporan.baris.get().paket_id: row}, catatan="Talangan")
    fresh = aksi.save(laporan_id=laporan.pk, isian=filled, by=office, now=LUSA)
    aksi.submit(laporan_id=laporan.pk, versi=fresh.versi, by=office, now=LUSA)


def test_what_was_reopened_before_the_closing_and_not_replaced_by_then_is_listed(
    ditutup, masuk_sebagai, pimpinan
):
    PeriodeTriwulan.objects.filter(triwulan=1).update(ditutup_pada=LUSA + timedelta(days=1))
    assert "Koreksi SP2D. belum diajukan lagi" in text(masuk_sebagai(pimpinan).get("/jadwal/?tahun=2024"))


def test_what_was_replaced_before_the_closing_is_not_listed(
    ditutup, alokasi, masuk_sebagai, pimpinan, verifikator
):
    send_again(ditutup, alokasi)
    accept(ditutup, verifikator, now=LUSA)
    PeriodeTriwulan.objects.filter(triwulan=1).update(ditutup_pada=LUSA + timedelta(days=1))
    assert "Tidak ada laporan yang dibuka kembali" in text(masuk_sebagai(pimpinan).get("/jadwal/?tahun=2024"))


def test_the_workbook_is_handed_out_as_it_was(ditutup, periode, masuk_sebagai, analis, provinsi, operator):
    address = f"/jadwal/{periode.pk}/buku/"
    answer = masuk_sebagai(analis).get(address)
    assert b"".join(answer.streaming_content) == b"buku saat ditutup"
    assert answer["Content-Disposition"] == 'attachment; filename="penutupan-dak-ikm-2024-tw1.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    for other in (provinsi, operator):
        assert masuk_sebagai(other).get(address).status_code == 404


def test_a_workbook_that_is_not_kept_is_not_there(ditutup, periode, masuk_sebagai, analis):
    klien = masuk_sebagai(analis)
    other = PeriodeTriwulan.objects.get(triwulan=2)
    assert klien.get(f"/jadwal/{other.pk}/buku/").status_code == 404
    periode.buku.storage.delete(periode.buku.name)
    assert klien.get(f"/jadwal/{periode.pk}/buku/").status_code == 404


def test_as_many_queries_for_many_waivers_and_reopenings_as_for_few(
    ditutup, periode, wilayah, masuk_sebagai, admin, verifikator, django_assert_num_queries
):
    def fill(codes):
        for kode in codes:
            alokasi = pabrik.make_alokasi(kode)
            pabrik.make_dispensasi(PeriodeTriwulan.objects.get(triwulan=2), kode, admin)
            report = pabrik.make_laporan(alokasi, 1, status="DIVERIFIKASI")
            aksi.reopen(laporan_id=report.pk, alasan="Koreksi.", by=verifikator, now=KINI + timedelta(days=1))

    klien = masuk_sebagai(admin)
    fill(["35.01"])
    klien.get("/jadwal/?tahun=2024")
    with CaptureQueriesContext(connection) as few:
        klien.get("/jadwal/?tahun=2024")
    fill([f"35.{ke:02}" for ke in range(2, 12)])
    with django_assert_num_queries(len(few)):
        klien.get("/jadwal/?tahun=2024")
