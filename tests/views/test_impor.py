from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from daerah.cakupan import Peran
from daerah.models import HariContoh
from realisasi.buku.formulir_alokasi import write_template
from realisasi.models import Alokasi, Riwayat, VersiPagu
from tests import pabrik
from tests.buku.berkas import DUA, JUDUL, SATU, cells, sheet
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db
UNGGAH, PRATINJAU, FORMULIR = "/impor/", "/impor/pratinjau/", "/impor/formulir/"


@pytest.fixture(autouse=True)
def hari(wilayah, settings):
    settings.DEMO = True
    HariContoh.objects.create(hari="2024-08-15")


@pytest.fixture
def peramban(masuk_sebagai, verifikator):
    return masuk_sebagai(verifikator)


def berkas(*rows, name="alokasi.xlsx"):
    out = BytesIO()
    write_template(rows, out)
    return SimpleUploadedFile(name, out.getvalue())


def upload(peramban, *rows, **fields):
    return peramban.post(UNGGAH, {"berkas": berkas(*rows), **fields}, follow=True)


def apply(peramban, page):
    return peramban.post(PRATINJAU, {"sidik": page.context["rencana"].sidik}, follow=True)


def text(page):
    return page.content.decode()


# --- the way through -------------------------------------------------------------------------------------


def test_upload_preview_apply(peramban, verifikator):
    page = upload(peramban, SATU, DUA)
    assert page.redirect_chain == [(PRATINJAU, 302)]
    assert "TA 2024 dibuka; alokasi: 1 baru" in text(page)
    assert "Kab. Majalengka" in text(page)
    assert "Kegiatan baru (2)" in text(page)
    assert not Alokasi.objects.exists()
    done = apply(peramban, page)
    assert done.redirect_chain == [(UNGGAH, 302)]
    assert "Formulir alokasi dimuat" in text(done)
    assert Alokasi.objects.get().daerah_id == "32.10"
    assert Riwayat.objects.filter(pelaku=verifikator, subjek__startswith="alokasi:").count() == 1
    assert not default_storage.exists(f"impor/{verifikator.pk}.xlsx")


def test_the_same_form_again_offers_nothing_to_apply(peramban):
    apply(peramban, upload(peramban, SATU))
    page = upload(peramban, SATU)
    assert "Tidak ada yang berubah" in text(page)
    assert "Terapkan semua" not in text(page)


def test_a_revision_shows_before_after_and_its_day(peramban):
    apply(peramban, upload(peramban, SATU, DUA))
    page = upload(
        peramban, replace(SATU, pagu=4_000_000_000, target_keuangan=(None,) * 4), berlaku_dari="2024-07-01"
    )
    for words in (
        "Rp5.000.000.000",
        "Rp4.000.000.000",
        "berlaku dari 1 Juli 2024",
        DUA.rincian,
        "di atas pagu",
    ):
        assert words in text(page)
    apply(peramban, page)
    assert VersiPagu.objects.get(jumlah=4_000_000_000).berlaku_dari.isoformat() == "2024-07-01"


def test_the_day_may_be_typed_as_indonesians_write_it(peramban):
    assert upload(peramban, SATU, berlaku_dari="01/07/2024").redirect_chain


def test_an_obstacle_is_shown_and_nothing_can_be_applied(peramban):
    apply(peramban, upload(peramban, SATU))
    page = upload(peramban, replace(SATU, nilai_rk=1), berlaku_dari="2025-01-01")
    assert "di luar tahun anggarannya" in text(page)
    assert "Terapkan semua" not in text(page)
    assert apply(peramban, page).status_code == 422


def test_data_that_changed_since_the_preview_is_shown_again(peramban):
    apply(peramban, upload(peramban, SATU))
    page = upload(peramban, replace(SATU, pagu=4_900_000_000, target_keuangan=(None,) * 4))
    with lifted():
        VersiPagu.objects.update(jumlah=4_950_000_000)
    again = apply(peramban, page)
    assert again.status_code == 409
    assert "data berubah sejak pratinjau" in text(again)
    assert "Rp4.950.000.000" in text(again)
    assert VersiPagu.objects.count() == 1
    assert apply(peramban, again).redirect_chain == [(UNGGAH, 302)]


def test_applying_twice_writes_once(peramban):
    page = upload(peramban, SATU)
    apply(peramban, page)
    before = Riwayat.objects.count()
    assert "Tidak ada berkas yang menunggu" in text(apply(peramban, page))
    assert Riwayat.objects.count() == before


def test_a_file_waits_for_its_own_user_only(peramban, admin, client):
    upload(peramban, SATU)
    client.force_login(admin)
    assert "Tidak ada berkas yang menunggu" in text(client.get(PRATINJAU, follow=True))


# --- refused ---------------------------------------------------------------------------------------------


def test_all_faults_of_a_file_stand_on_the_page(peramban):
    wrong = sheet(cells(pagu="1,000"), cells(DUA, kode_daerah=32.1))
    page = peramban.post(UNGGAH, {"berkas": SimpleUploadedFile("a.xlsx", wrong.getvalue())})
    assert page.status_code == 422
    for words in ("2 hal harus diperbaiki", "Alokasi!D2", "Alokasi!A3", "Maksudnya 32.10 (Kab. Majalengka)"):
        assert words in text(page)
    assert "Tidak ada berkas yang menunggu" in text(peramban.get(PRATINJAU, follow=True))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"kode;tahun", "bukan buku kerja Excel"),
        ("a.xlsx", b"", "kosong (0 byte)"),
        ("a.xlsx", b"PK\x03\x04rusak", "rusak"),
        ("a.xlsm", None, "makro"),
        ("a.csv", None, "hanya .xlsx"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_beside_its_field(peramban, name, content, words):
    content = berkas(SATU).read() if content is None else content
    page = peramban.post(UNGGAH, {"berkas": SimpleUploadedFile(name, content)})
    assert page.status_code == 422
    assert words in page.context["form"].errors["berkas"][0]


def test_no_file_and_a_day_that_is_none(peramban):
    page = peramban.post(UNGGAH, {"berlaku_dari": "31-02-2024"})
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "berkas": ["Pilih berkas .xlsx formulir alokasi."],
        "berlaku_dari": ["Tanggal ini tidak terbaca. Tulis misalnya 01-07-2024."],
    }
    assert 'value="31-02-2024"' in text(page)


def test_many_faults_are_counted_beyond_a_thousand(peramban):
    wrong = sheet(*[cells(pagu="x")] * 1200)
    page = peramban.post(UNGGAH, {"berkas": SimpleUploadedFile("a.xlsx", wrong.getvalue())})
    assert "1200 hal harus diperbaiki" in text(page)
    assert "1.000 pertama dari 1.200" in text(page)


def test_text_of_a_workbook_cannot_write_html(peramban):
    page = upload(peramban, replace(SATU, rincian="<script>alert(1)</script>"))
    assert "<script>alert" not in text(page)


# --- who, how much ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("peran", [p for p in Peran.values if p != Peran.SISTEM])
@pytest.mark.parametrize("alamat", [UNGGAH, PRATINJAU, FORMULIR])
def test_only_verifikator_and_admin_find_the_room(masuk_sebagai, peran, alamat):
    client = masuk_sebagai(pabrik.make_pengguna(peran))
    expected = {200, 302} if peran in (Peran.VERIFIKATOR, Peran.ADMIN) else {404}
    assert client.get(alamat).status_code in expected
    if alamat != FORMULIR:
        assert client.post(alamat, {"berkas": berkas(SATU)}).status_code in expected


def test_the_empty_form_is_a_workbook(peramban):
    answer = peramban.get(FORMULIR)
    assert 'filename="formulir-alokasi.xlsx"' in answer["Content-Disposition"]
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in book["Alokasi"][1]] == JUDUL


def test_queries_of_the_preview_do_not_grow_with_its_rows(peramban, django_assert_max_num_queries):
    upload(peramban, SATU)
    with django_assert_max_num_queries(25) as few:
        peramban.get(PRATINJAU)
    most = len(few)
    kode = [k for k in pabrik._wilayah() if not k.startswith("31.")][:120]
    upload(peramban, *[replace(SATU, kode_daerah=k) for k in kode])
    with django_assert_max_num_queries(most):
        page = peramban.get(PRATINJAU)
    assert "1–50 dari 120 alokasi" in text(page)
