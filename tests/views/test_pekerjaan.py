"""Own jobs with state, progress, file and reason; for the admin everybody's, and what was given up."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from realisasi import tasks
from realisasi.actions import pekerjaan, peristiwa, rekap
from realisasi.models import Denyut, Pekerjaan, Peristiwa, Riwayat
from realisasi.models.pekerjaan import MAKS_PERCOBAAN
from tests import pabrik
from tests.pabrik import make_pekerjaan

pytestmark = pytest.mark.django_db

DAFTAR = "/pekerjaan/"
Status = Pekerjaan.Status


@pytest.fixture(autouse=True)
def terkirim(monkeypatch):
    """What was handed to the broker, instead of handing it over."""
    sent = []
    monkeypatch.setattr(pekerjaan, "send", lambda pk, jenis: sent.append(pk) or True)
    monkeypatch.setattr(peristiwa, "send", lambda *work: sent.append(work) or True)
    return sent


def text(answer):
    """What a reader sees of the page's content."""
    main = answer.content.decode().rpartition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def page_of(client, job):
    return client.get(f"/pekerjaan/{job.pk}/")


# --- one job ---------------------------------------------------------------------------------------------


def test_a_waiting_job_says_whether_it_has_reached_the_queue(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    job = make_pekerjaan(analis, Status.MENUNGGU)
    assert "Antrean belum dapat dijangkau" in text(page_of(client, job))
    Pekerjaan.objects.update(dikirim_pada=timezone.now())
    page = page_of(client, job)
    assert "Menunggu Dalam antrean." in text(page)
    assert f'href="/pekerjaan/{job.pk}/">Perbarui</a>' in page.content.decode(), "without a script"


def test_a_running_job_shows_how_far_it_is(masuk_sebagai, analis):
    job = make_pekerjaan(
        analis, Status.BERJALAN, kemajuan=50, langkah="Menulis lembar Daerah", detak_pada=timezone.now()
    )
    page = page_of(masuk_sebagai(analis), job)
    assert "Berjalan Menulis lembar Daerah 50%" in text(page)
    assert '<progress max="100" value="50"' in page.content.decode()


def test_the_script_gets_the_changing_part_alone(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    job = make_pekerjaan(analis, Status.BERJALAN, kemajuan=50, detak_pada=timezone.now())
    assert f'data-keadaan="/pekerjaan/{job.pk}/keadaan/"' in page_of(client, job).content.decode()
    with CaptureQueriesContext(connection) as queries:
        part = client.get(f"/pekerjaan/{job.pk}/keadaan/").content.decode()
    assert len(queries) <= 4
    assert "50%" in part
    assert "<main" not in part
    assert 'data-terbuka="ya"' in part
    Pekerjaan.objects.update(status=Status.GAGAL, selesai_pada=timezone.now())
    part = client.get(f"/pekerjaan/{job.pk}/keadaan/").content.decode()
    assert 'data-terbuka="tidak"' in part
    assert "csrfmiddlewaretoken" in part, "«Coba lagi» works from there, too"


def test_a_finished_job_hands_out_its_file(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    job = make_pekerjaan(analis)
    assert f"/pekerjaan/{job.pk}/berkas/" in page_of(client, job).content.decode()
    answer = client.get(f"/pekerjaan/{job.pk}/berkas/")
    assert b"".join(answer.streaming_content) == b"isi"
    assert answer["Content-Disposition"] == 'attachment; filename="rekap-dak-ikm-2024-tw3.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_file_is_its_owners_alone(masuk_sebagai, analis, admin, provinsi):
    job = make_pekerjaan(analis)
    missing = masuk_sebagai(admin).get("/pekerjaan/987654321/berkas/")
    for other in (admin, provinsi):
        client = masuk_sebagai(other)
        for address in ("", "berkas/", "keadaan/"):
            answer = client.get(f"/pekerjaan/{job.pk}/{address}")
            assert (answer.status_code, answer.content) == (404, missing.content)
        assert client.post(f"/pekerjaan/{job.pk}/ulang/").status_code == 404


def test_who_has_moved_to_another_office_has_no_file_of_the_old_one(masuk_sebagai, provinsi):
    job = make_pekerjaan(provinsi)
    provinsi.daerah = pabrik.make_daerah(pabrik.NTB)
    provinsi.save()
    client = masuk_sebagai(provinsi)
    assert client.get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404
    assert "Belum ada pekerjaan" in text(client.get(DAFTAR))


@pytest.mark.parametrize("status", [Status.MENUNGGU, Status.BERJALAN, Status.GAGAL])
def test_there_is_no_file_before_the_job_is_done(masuk_sebagai, analis, status):
    job = make_pekerjaan(analis, status)
    assert masuk_sebagai(analis).get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404


def test_a_file_that_is_gone_is_not_there_and_the_page_says_why(masuk_sebagai, analis):
    client = masuk_sebagai(analis)
    job = make_pekerjaan(analis)
    default_storage.delete(job.berkas.name)
    assert client.get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404
    Pekerjaan.objects.update(berkas="")
    page = text(page_of(client, job))
    assert "sudah dihapus" in page
    assert "Unduh Excel" not in page


def test_a_failed_job_is_started_again(masuk_sebagai, analis, terkirim, django_capture_on_commit_callbacks):
    client = masuk_sebagai(analis)
    job = make_pekerjaan(analis, Status.GAGAL, galat="Berkas tidak dapat dibuat. Nomor rujukan: AB12")
    assert "Nomor rujukan: AB12" in text(page_of(client, job))
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            answer = client.post(f"/pekerjaan/{job.pk}/ulang/", follow=True)
    assert answer.redirect_chain == [(f"/pekerjaan/{job.pk}/", 302)]
    assert "tidak gagal" in text(answer), "the second press"
    assert terkirim == [job.pk]
    job.refresh_from_db()
    assert (job.status, job.galat) == (Status.MENUNGGU, "")


# --- the list --------------------------------------------------------------------------------------------


def test_the_list_shows_own_jobs_in_the_own_zone(masuk_sebagai, analis, pimpinan, provinsi):
    make_pekerjaan(pimpinan)
    provinsi.daerah = pabrik.make_daerah(pabrik.NTB)
    provinsi.save()
    make_pekerjaan(provinsi)
    page = text(masuk_sebagai(provinsi).get(DAFTAR))
    assert page.count("Rekap analis TW III TA 2024, sementara") == 2  # its name, and once for screen readers
    assert "WITA" in page
    assert "Semua" not in page
    assert "semua orang" not in page


def test_an_empty_list_leads_to_the_export(masuk_sebagai, analis):
    page = masuk_sebagai(analis).get(DAFTAR).content.decode()
    assert "Belum ada pekerjaan" in page
    assert 'href="/ekspor/"' in page


def test_the_page_costs_the_same_with_few_and_with_many(masuk_sebagai, admin, analis):
    client = masuk_sebagai(admin)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(DAFTAR).status_code == 200
        return len(queries)

    def fill(kodes, jobs):
        for kode in kodes:
            dead_letter(pabrik.make_alokasi(kode))
        for _ in range(jobs):
            make_pekerjaan(admin)
            make_pekerjaan(analis, Status.GAGAL)

    fill(["32.10"], 1)
    count()
    few = count()
    fill(["32.01", "52.02", "32"], 15)
    assert count() == few <= 20


def test_who_may_not_export_has_no_page_of_jobs(masuk_sebagai, operator):
    client = masuk_sebagai(operator)
    assert client.get(DAFTAR).status_code == 404
    assert 'href="/pekerjaan/"' not in client.get("/").content.decode()


def test_the_menu_leads_there(masuk_sebagai, analis):
    assert 'href="/pekerjaan/"' in masuk_sebagai(analis).get("/").content.decode()


# --- the admin -------------------------------------------------------------------------------------------


def dead_letter(alokasi, galat="ZeroDivisionError: racun"):
    return Peristiwa.objects.create(
        alokasi=alokasi, triwulan=2, jenis="uji", subjek="uji", dibuat_pada=timezone.now(),
        percobaan=MAKS_PERCOBAAN, galat=galat,
    )  # fmt: skip


def test_the_admin_sees_everybodys_jobs_but_no_file(masuk_sebagai, admin, analis):
    job = make_pekerjaan(analis)
    page = masuk_sebagai(admin).get(DAFTAR)
    assert "Pekerjaan semua orang" in text(page)
    assert str(analis) in text(page)
    assert f"/pekerjaan/{job.pk}/" not in page.content.decode()


def test_the_admin_sees_what_waits_to_be_computed(masuk_sebagai, admin):
    client = masuk_sebagai(admin)
    assert "perhitungan angka): tidak ada yang menunggu" in text(client.get(DAFTAR)).replace(" )", ")")
    peristiwa.record_change(
        alokasi=pabrik.make_alokasi(), triwulan=1, jenis="uji", subjek="uji", now=timezone.now()
    )
    make_pekerjaan(admin, Status.MENUNGGU)
    page = text(client.get(DAFTAR))
    assert "1 perubahan menunggu dihitung, tertua" in page
    assert "0 berjalan, 1 menunggu, tertua" in page


def test_the_admin_starts_a_given_up_computation_again(
    masuk_sebagai, admin, django_capture_on_commit_callbacks, terkirim
):
    client = masuk_sebagai(admin)
    alokasi = pabrik.make_alokasi()
    for _ in range(2):
        dead_letter(alokasi)
    page = client.get(DAFTAR)
    assert "Perhitungan yang gagal" in text(page)
    assert "ZeroDivisionError: racun" in text(page)
    again = f"/pekerjaan/alokasi/{alokasi.pk}/ulang/"
    assert page.content.decode().count(again) == 1, "one row an alokasi"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(again, follow=True)
    assert "masuk antrean lagi" in answer.content.decode()
    assert "Perhitungan yang gagal" not in text(answer)
    assert "Tidak ada perhitungan" in client.post(again, follow=True).content.decode()
    assert terkirim == [(alokasi.pk, 2)]
    assert Riwayat.objects.filter(aksi="coba hitung lagi", pelaku=admin).count() == 1


def test_a_computation_that_killed_its_worker_has_a_reason_too(masuk_sebagai, admin):
    dead_letter(pabrik.make_alokasi(), galat="")
    assert "Pekerja berhenti di tengah jalan" in text(masuk_sebagai(admin).get(DAFTAR))


def test_silence_of_the_scheduler_is_seen(masuk_sebagai, admin):
    client = masuk_sebagai(admin)
    assert "Belum pernah ada tanda" in text(client.get(DAFTAR))
    tasks.relay_peristiwa.apply()
    assert "Latar belakang diam" not in text(client.get(DAFTAR))
    Denyut.objects.update(pada=timezone.now() - timedelta(minutes=3))
    page = text(client.get(DAFTAR))
    assert "Latar belakang diam. Tanda terakhir" in page


def test_the_admin_sees_when_each_scheduled_task_ran(masuk_sebagai, admin, monkeypatch, settings):
    monkeypatch.setattr(rekap, "compute_all", lambda **kwargs: 0)
    tasks.compute_all_serapan.apply()
    page = text(masuk_sebagai(admin).get(DAFTAR))
    assert re.search(r"Hitung ulang malam \d+ \w+ \d{4}", page)
    assert re.search(r"Hapus berkas lama –", page)


def test_others_see_nothing_of_the_machine(masuk_sebagai, auditor):
    dead_letter(pabrik.make_alokasi())
    page = text(masuk_sebagai(auditor).get(DAFTAR))
    for word in ("semua orang", "Antrean", "Tugas terjadwal", "gagal", "diam"):
        assert word not in page
