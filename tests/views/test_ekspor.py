"""Asking for the analysts' workbook: a job, its progress, its file; the old address still answers at once."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from realisasi import tasks
from realisasi.actions.rekap import compute_all
from realisasi.models import Pekerjaan, PeriodeTriwulan
from tests import dunia, pabrik

pytestmark = pytest.mark.django_db

TW3 = "?tahun=2024&triwulan=3"
MINTA = f"/ekspor/minta/{TW3}"


@pytest.fixture
def penerima(settings):
    for kode in ("32.10", "52.02"):
        pabrik.make_paket(pabrik.make_kegiatan(pabrik.make_alokasi(kode)))
    compute_all(now=dunia.OKTOBER)


@pytest.fixture
def minta(masuk_sebagai, penerima, django_capture_on_commit_callbacks):
    """Press the button; the worker does its work as soon as the row is committed."""

    def press(who, isian=None, alamat=MINTA):
        client = masuk_sebagai(who)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(alamat, isian or {"posisi": "sementara"})
        return client, client.get(answer.url) if answer.status_code == 302 else answer

    return press


def sheets(answer):
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def test_from_the_button_to_the_file(minta, analis):
    client, page = minta(analis)
    job = Pekerjaan.objects.get()
    assert page.request["PATH_INFO"] == f"/pekerjaan/{job.pk}/"
    assert page.request["QUERY_STRING"] == TW3[1:], "the chosen quarter stays"
    assert "Berkas dapat diunduh sampai" in page.content.decode()
    answer = client.get(f"/pekerjaan/{job.pk}/berkas/")
    assert 'filename="rekap-dak-ikm-2024-tw3-sementara.xlsx"' in answer["Content-Disposition"]
    assert sheets(answer)["Daerah"].max_row == 5 + 2


def test_the_job_and_the_old_address_give_the_same_bytes(minta, analis):
    client, _page = minta(analis)
    of_job = client.get(f"/pekerjaan/{Pekerjaan.objects.get().pk}/berkas/")
    at_once = client.get(f"/ekspor/rekap.xlsx{TW3}&posisi=sementara")
    assert of_job["Content-Disposition"] == at_once["Content-Disposition"]
    assert b"".join(of_job.streaming_content) == b"".join(at_once.streaming_content)


def test_the_file_holds_the_scope_of_who_asked(minta, provinsi):
    client, _page = minta(provinsi)
    book = sheets(client.get(f"/pekerjaan/{Pekerjaan.objects.get().pk}/berkas/"))
    cells = [str(cell) for row in book["Daerah"].iter_rows(values_only=True) for cell in row]
    assert "32.10" in cells
    assert "52.02" not in cells


def test_progress_names_the_sheet_that_is_being_written(minta, analis, monkeypatch):
    seen = []
    monkeypatch.setattr(tasks.pekerjaan, "report", lambda job, *how_far: seen.append(how_far))
    minta(analis)
    assert seen[0] == (0, 6, "Menulis lembar Nasional")
    assert seen[-1] == (5, 6, "Menulis lembar Kamus")


def test_pressing_twice_while_it_waits_leads_to_the_same_job(masuk_sebagai, penerima, analis):
    client = masuk_sebagai(analis)
    answers = [client.post(MINTA, {"posisi": "final"}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Pekerjaan.objects.count() == 1
    assert "Antrean belum dapat dijangkau" in client.get(answers[0].url).content.decode()


@pytest.mark.parametrize("posisi", ["", "lain"])
def test_an_unknown_position_is_refused_beside_the_field(minta, analis, posisi):
    _client, page = minta(analis, {"posisi": posisi, "pemilik": "1"})
    assert page.status_code == 422
    assert 'id="id_posisi_error"' in page.content.decode()
    assert not Pekerjaan.objects.exists()


def test_a_closed_quarter_is_asked_for_without_a_choice(minta, masuk_sebagai, penerima, analis, admin):
    PeriodeTriwulan.objects.filter(tahun=2024, triwulan=3).update(
        ditutup_pada=dunia.OKTOBER, ditutup_oleh=admin
    )
    assert "Posisi angka" not in masuk_sebagai(analis).get(f"/ekspor/{TW3}").content.decode()
    minta(analis, {"posisi": "sementara"})
    assert Pekerjaan.objects.get().parameter["posisi"] == "final"


def test_a_past_day_is_part_of_what_is_asked_for(minta, analis, settings):
    _client, page = minta(analis, alamat=f"{MINTA}&pada=2024-10-01")
    job = Pekerjaan.objects.get()
    assert job.parameter["pada"].startswith("2024-10-01")
    assert "per 1 Oktober 2024" in page.content.decode()
    assert job.nama_berkas == "rekap-dak-ikm-2024-tw3-sementara-per-2024-10-01.xlsx"


def test_a_day_that_is_none_is_refused(minta, analis):
    _client, page = minta(analis, alamat=f"{MINTA}&pada=kemarin")
    assert page.status_code == 422
    assert "bukan tanggal" in page.content.decode()


def test_too_many_open_jobs_are_refused_in_words(masuk_sebagai, penerima, analis):
    client = masuk_sebagai(analis)
    for ke in (1, 2, 3, 4):
        client.post(f"/ekspor/minta/?tahun=2024&triwulan={ke}", {"posisi": "final"})
    client.post(MINTA, {"posisi": "sementara"})
    page = client.post("/ekspor/minta/?tahun=2024&triwulan=1", {"posisi": "sementara"})
    assert page.status_code == 422
    assert "belum selesai" in page.content.decode()
