"""Accounts by workbook, the list of accounts, and what an admin or a province may do there."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from openpyxl import load_workbook

from daerah.cakupan import Peran
from daerah.models import Pengguna
from realisasi.actions import akun as actions
from realisasi.actions.galat import Ditolak
from realisasi.aturan.formulir_akun import BarisAkun
from realisasi.models import Riwayat
from tests.buku.berkas import excel
from tests.pabrik import make_daerah, make_pengguna
from tests.pemicu import lifted

IMPOR = "/akun/impor/"
KOLOM = ["username", "nama", "surel", "peran", "kode_daerah", "jabatan", "telepon"]
KOLOM += ["mulai_bertugas", "selesai_bertugas"]
SITI = ["operator.32.10", "Siti", "siti@contoh.test", "operator", "32.10", "Kepala Seksi", "0812-000-111"]
SITI += [date(2024, 1, 2), None]


def workbook(*rows):
    return SimpleUploadedFile("akun.xlsx", excel([KOLOM, *rows], title="Akun").getvalue())


def upload(client, *rows):
    return client.post(IMPOR, {"berkas": workbook(*rows)})


def apply(client, preview):
    return client.post(IMPOR, {"rencana": preview.context["tanda"]})


@pytest.fixture
def klien(masuk_sebagai, admin, wilayah):
    return masuk_sebagai(admin)


def test_a_preview_writes_nothing(klien):
    page = upload(klien, SITI)
    assert page.status_code == 200
    assert "1 akun baru, 0 berubah, 0 tetap sama" in page.content.decode()
    assert not Pengguna.objects.filter(username="operator.32.10").exists()
    assert mail.outbox == []


def test_a_new_account_gets_an_activation_link_and_an_audit_row(klien, admin):
    assert apply(klien, upload(klien, SITI)).status_code == 302
    akun = Pengguna.objects.get(username="operator.32.10")
    assert (akun.first_name, akun.peran, akun.daerah_id) == ("Siti", "operator", "32.10")
    assert (akun.telepon, akun.mulai_bertugas) == ("0812-000-111", date(2024, 1, 2))
    assert not akun.has_usable_password()
    [surat] = mail.outbox
    path = re.search(r"http://testserver(\S+)", surat.body)[1]
    form = Client().get(path, follow=True)
    assert "Buat kata sandi" in form.content.decode()
    row = Riwayat.objects.get(subjek=f"akun:{akun.pk}")
    assert (row.pelaku, row.aksi, row.sesudah["kode_daerah"]) == (admin, "buat akun", "32.10")


def test_the_same_file_twice_changes_nothing(klien):
    apply(klien, upload(klien, SITI))
    before = (Riwayat.objects.count(), len(mail.outbox))
    again = upload(klien, SITI)
    assert "0 akun baru, 0 berubah, 1 tetap sama" in again.content.decode()
    assert "Tidak ada yang perlu dilakukan" in again.content.decode()
    apply(klien, again)
    assert (Riwayat.objects.count(), len(mail.outbox)) == before


def test_a_changed_row_shows_before_and_after_and_is_recorded(klien):
    apply(klien, upload(klien, SITI))
    page = upload(klien, [*SITI[:5], "Kepala Bidang", *SITI[6:8], date(2024, 12, 31)])
    text = page.content.decode()
    assert "Kepala Seksi" in text
    assert "Kepala Bidang" in text
    apply(klien, page)
    row = Riwayat.objects.order_by("-pk").first()
    assert row.aksi == "ubah akun"
    assert row.sebelum == {"jabatan": "Kepala Seksi", "selesai_bertugas": None}
    assert row.sesudah == {"jabatan": "Kepala Bidang", "selesai_bertugas": "2024-12-31"}
    assert len(mail.outbox) == 1, "a change sends no second activation"


def test_all_faults_are_told_at_once_with_their_cells_and_nothing_is_written(klien):
    page = upload(
        klien,
        SITI,
        ["OP 1", "A", "bukan surel", "bupati", "32.10", "", "", None, None],
        ["op.2", "B", "b@contoh.test", "operator", 32.1, "", 81234567, None, None],
        ["op.3", "C", "c@contoh.test", "operator", None, "", "", None, None],
        ["op.4", "D", "d@contoh.test", "pimpinan", "32.10", "", "", None, None],
        ["op.5", "E", "e@contoh.test", "provinsi", "32.10", "", "", None, None],
        ["op.6", "F", "SITI@contoh.test", "operator", "31.71", "", "", date(2024, 2, 1), date(2024, 1, 1)],
        ["op.7", "G", "g@contoh.test", "operator", "32.10", "", "", "besok", None],
        ["operator.32.10", "H", "siti@contoh.test", "operator", "32.10", "", "", None, None],
    )
    assert page.status_code == 422
    cells = {fault.sel for fault in page.context["kesalahan"]}
    assert cells == {"A3", "C3", "D3", "E4", "G4", "E5", "E6", "E7", "E8", "H9", "A10", "C10"}
    text = page.content.decode()
    for words in ("Akun!E4", "32.10 (Kab. Majalengka)", "misalnya operator.32.10", "tanpa APBD sendiri"):
        assert words in text
    assert Pengguna.objects.count() == 1


def test_one_bad_row_in_many_keeps_the_good_ones_out(klien):
    rows = [[f"op.{i}", f"Nama {i}", f"op{i}@contoh.test", "operator", "32.10", "", ""] for i in range(50)]
    page = upload(klien, *rows, ["op.x", None, "x@contoh.test", "operator", "32.10"])
    assert [fault.sel for fault in page.context["kesalahan"]] == ["B52"]
    assert Pengguna.objects.filter(username__startswith="op.").count() == 0


def test_the_mailbox_of_another_account_is_refused(klien):
    make_pengguna(username="lain", email="Siti@contoh.test")
    page = upload(klien, SITI)
    assert "sudah dipakai akun lain" in page.content.decode()


def test_admins_cannot_lock_themselves_out(klien, admin):
    row = ["admin", "Admin", admin.email, "analis", None, "", "", None, date(2020, 1, 1)]
    cells = {fault.sel for fault in upload(klien, row).context["kesalahan"]}
    assert cells == {"D2", "I2"}


def test_the_account_of_the_system_cannot_be_taken_over(klien):
    row = ["sistem", "X", "x@contoh.test", "admin", None]
    assert "dipakai oleh aplikasi" in upload(klien, row).content.decode()


def test_a_date_cell_and_both_ways_of_typing_a_date_are_read(klien):
    rows = [
        [f"op.{i}", "N", f"{i}@contoh.test", "operator", "32.10", "", "", day, None]
        for i, day in enumerate([datetime(2024, 3, 1), "01/03/2024", "2024-03-01"])  # noqa: DTZ001 - as Excel has it
    ]
    apply(klien, upload(klien, *rows))
    days = Pengguna.objects.filter(username__startswith="op.").values_list("mulai_bertugas", flat=True)
    assert set(days) == {date(2024, 3, 1)}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("akun.xlsx", b"bukan zip", "bukan buku kerja Excel"),
        ("akun.xlsx", b"", "kosong"),
        ("akun.pdf", b"%PDF-1.7 x", "bukan buku kerja Excel"),
    ],
)
def test_what_is_no_workbook_is_refused_beside_the_field(klien, name, content, words):
    page = klien.post(IMPOR, {"berkas": SimpleUploadedFile(name, content)})
    assert page.status_code == 422
    assert words in page.content.decode()


def test_no_file_is_said_beside_the_field(klien):
    page = klien.post(IMPOR, {})
    assert page.status_code == 422
    assert "Pilih berkas" in page.content.decode()


def test_a_preview_is_applied_as_shown_and_only_by_who_saw_it(klien, admin):
    preview = upload(klien, SITI)
    other = Client()
    other.force_login(make_pengguna(Peran.ADMIN, username="admin2"))
    for client, tanda in ((other, preview.context["tanda"]), (klien, preview.context["tanda"] + "x")):
        refused = client.post(IMPOR, {"rencana": tanda})
        assert refused.status_code == 422
        assert "Unggah berkasnya sekali lagi" in refused.content.decode()
    assert not Pengguna.objects.filter(username="operator.32.10").exists()


def test_a_preview_that_no_longer_fits_is_refused_whole(klien):
    preview = upload(klien, SITI, ["op.2", "B", "b@contoh.test", "operator", "32.10"])
    make_pengguna(username="lain", email="b@contoh.test")
    refused = apply(klien, preview)
    assert refused.status_code == 422
    assert "Unggah ulang" in refused.content.decode()
    assert not Pengguna.objects.filter(username="operator.32.10").exists()


def test_an_account_that_appears_meanwhile_stops_the_whole_import(admin, wilayah, monkeypatch):
    plan_import = actions.plan_import

    def plan_then_lose_the_race(rows):
        plan = plan_import(rows)
        make_pengguna(username="op.2", email="lain@contoh.test")
        return plan

    monkeypatch.setattr(actions, "plan_import", plan_then_lose_the_race)
    rows = [
        BarisAkun(
            username=f"op.{i}", nama="N", surel=f"{i}@contoh.test", peran="operator", kode_daerah="32.10"
        )
        for i in (1, 2)
    ]
    with pytest.raises(Ditolak, match="dari berkas lain"):
        actions.import_akun(rows=rows, by=admin)
    assert not Pengguna.objects.filter(username="op.1").exists()
    assert not Riwayat.objects.exists()


def test_accounts_are_kept_when_the_mail_server_is_down(klien, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = klien.post(IMPOR, {"rencana": upload(klien, SITI).context["tanda"]}, follow=True)
    assert Pengguna.objects.filter(username="operator.32.10").exists()
    assert "Surel tidak terkirim" in page.content.decode()


def test_the_empty_form_comes_back_in(klien):
    answer = klien.get("/akun/impor/formulir/")
    assert "attachment" in answer["Content-Disposition"]
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    sheet = book["Akun"]
    assert [cell.value for cell in sheet[1]] == KOLOM
    for column, value in enumerate(SITI, start=1):
        sheet.cell(2, column, value)
    out = BytesIO()
    book.save(out)
    page = klien.post(IMPOR, {"berkas": SimpleUploadedFile("akun.xlsx", out.getvalue())})
    assert "1 akun baru" in page.content.decode()


def test_only_an_admin_imports(operator):
    row = BarisAkun(username="x.y", nama="X", surel="x@contoh.test", peran="admin")
    with pytest.raises(Ditolak):
        actions.import_akun(rows=[row], by=operator)


# --- the list --------------------------------------------------------------------------------------


def test_a_province_sees_the_officers_of_its_daerah_only(
    masuk_sebagai, provinsi, operator, penyetuju, orang_luar
):
    make_pengguna(Peran.OPERATOR, "32", username="operator.32")
    page = masuk_sebagai(provinsi).get("/akun/daftar/")
    assert {akun.username for akun in page.context["halaman"]} == {"operator", "penyetuju", "operator.32"}
    assert "Unggah akun" not in page.content.decode()


def test_a_province_mails_a_new_password_to_its_daerah_and_to_nobody_else(
    masuk_sebagai, provinsi, operator, orang_luar, verifikator
):
    client = masuk_sebagai(provinsi)
    assert client.post(f"/akun/daftar/{operator.pk}/sandi/").status_code == 302
    assert [surat.to for surat in mail.outbox] == [[operator.email]]
    assert Riwayat.objects.get().aksi == "kirim tautan kata sandi"
    for foreign in (orang_luar, verifikator, provinsi):
        assert client.post(f"/akun/daftar/{foreign.pk}/sandi/").status_code == 404
    assert client.post(f"/akun/daftar/{operator.pk}/aktif/", {"alasan": "x"}).status_code == 404


def test_no_link_for_an_account_that_may_not_sign_in(masuk_sebagai, admin):
    akun = make_pengguna(is_active=False)
    page = masuk_sebagai(admin).post(f"/akun/daftar/{akun.pk}/sandi/", follow=True)
    assert "tidak aktif" in page.content.decode()
    assert mail.outbox == []


def test_switching_an_account_off_ends_its_session_and_keeps_the_reason(masuk_sebagai, admin, operator):
    elsewhere = Client()
    elsewhere.force_login(operator)
    assert elsewhere.get("/akun/").status_code == 200
    client = masuk_sebagai(admin)
    client.post(f"/akun/daftar/{operator.pk}/aktif/", {"alasan": "Pindah tugas", "aktif": "tidak"})
    assert elsewhere.get("/akun/").status_code == 302
    row = Riwayat.objects.get()
    assert (row.aksi, row.alasan) == ("nonaktifkan akun", "Pindah tugas")
    assert "Pindah tugas" in client.get(f"/akun/daftar/{operator.pk}/").content.decode()


def test_a_second_click_does_not_switch_it_back(masuk_sebagai, admin, operator):
    client = masuk_sebagai(admin)
    for _ in range(2):
        client.post(f"/akun/daftar/{operator.pk}/aktif/", {"alasan": "Pindah", "aktif": "tidak"})
    operator.refresh_from_db()
    assert not operator.is_active
    assert Riwayat.objects.count() == 1


@pytest.mark.parametrize("act", ["aktif", "perangkat"])
def test_no_reason_no_change(masuk_sebagai, admin, operator, act):
    answer = masuk_sebagai(admin).post(f"/akun/daftar/{operator.pk}/{act}/", {"aktif": "tidak"})
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.content.decode()
    assert not Riwayat.objects.exclude(aksi="lihat data pribadi").exists()


@pytest.mark.parametrize("act", ["aktif", "perangkat"])
def test_admins_do_not_act_on_themselves(masuk_sebagai, admin, act):
    answer = masuk_sebagai(admin).post(f"/akun/daftar/{admin.pk}/{act}/", {"alasan": "x", "aktif": "tidak"})
    assert answer.status_code == 422
    admin.refresh_from_db()
    assert admin.is_active


def test_a_lost_device_is_released_by_an_admin(masuk_sebagai, admin, verifikator):
    TOTPDevice.objects.create(user=verifikator, confirmed=True)
    masuk_sebagai(admin).post(f"/akun/daftar/{verifikator.pk}/perangkat/", {"alasan": "Ponsel hilang"})
    assert not TOTPDevice.objects.exists()
    assert Riwayat.objects.get().alasan == "Ponsel hilang"


def test_the_list_is_searched_and_filtered(masuk_sebagai, admin, operator, orang_luar, provinsi):
    client = masuk_sebagai(admin)

    def found(query):
        return {akun.username for akun in client.get(f"/akun/daftar/{query}").context["halaman"]}

    assert found("?q=Lombok") == {"orang_luar"}
    assert found("?q=32.10") == {"operator"}
    assert found("?peran=provinsi") == {"provinsi"}
    assert client.get("/akun/daftar/?peran=raja").status_code == 404


def test_the_list_costs_the_same_with_ten_times_the_rows(
    masuk_sebagai, admin, django_assert_num_queries, django_assert_max_num_queries
):
    client = masuk_sebagai(admin)
    client.get("/akun/daftar/")  # the first page of a session also notes its beginning
    for i in range(3):
        make_pengguna(username=f"a{i}")
    with django_assert_max_num_queries(100) as few:
        client.get("/akun/daftar/")
    for i in range(40):
        make_pengguna(username=f"b{i}", daerah=make_daerah("52.02"))
    with django_assert_num_queries(len(few)):
        client.get("/akun/daftar/")


class TestMelihat:
    """Who looks at the data of others leaves a trail."""

    @pytest.fixture
    def siti(self, wilayah):
        return make_pengguna(Peran.OPERATOR, username="siti")

    def looks(self):
        rows = Riwayat.objects.filter(aksi="lihat data pribadi").order_by("pk")
        return [(row.pelaku.username, row.subjek, row.sesudah) for row in rows]

    def test_an_account_that_was_opened_names_its_reader_once_an_hour(self, klien, siti):
        for _ in range(3):
            klien.get(f"/akun/daftar/{siti.pk}/")
        assert self.looks() == [("admin", f"akun:{siti.pk}", None)]
        with lifted():
            Riwayat.objects.update(waktu=timezone.now() - timedelta(minutes=61))
        klien.get(f"/akun/daftar/{siti.pk}/")
        assert len(self.looks()) == 2

    def test_a_refused_form_shows_the_account_and_counts_too(self, klien, siti):
        klien.post(f"/akun/daftar/{siti.pk}/aktif/", {"aktif": "tidak", "alasan": ""})
        assert self.looks() == [("admin", f"akun:{siti.pk}", None)]

    def test_the_own_account_is_nobody_elses_business(self, klien, admin):
        klien.get(f"/akun/daftar/{admin.pk}/")
        klien.get("/akun/")
        assert self.looks() == []

    def test_a_list_says_how_many_and_by_which_filter(self, klien, siti):
        klien.get("/akun/daftar/")
        klien.get("/akun/daftar/?halaman=1")
        klien.get("/akun/daftar/?q=siti&peran=operator")
        assert self.looks() == [
            ("admin", "akun:daftar", {"jumlah": 2, "saringan": {}}),
            ("admin", "akun:daftar", {"jumlah": 1, "saringan": {"q": "siti", "peran": "operator"}}),
        ]

    def test_a_list_without_anybody_shows_nobody(self, klien):
        klien.get("/akun/daftar/?q=tidak-ada")
        assert self.looks() == []

    def test_a_preview_that_shows_stored_data_counts(self, klien):
        apply(klien, upload(klien, SITI))
        assert self.looks() == []
        upload(klien, [*SITI[:5], "Kepala Bidang", *SITI[6:]])
        assert self.looks() == [("admin", "akun:daftar", {"jumlah": 1, "saringan": {"impor": "pratinjau"}})]

    def test_who_may_not_look_leaves_nothing(self, masuk_sebagai, auditor, siti):
        assert masuk_sebagai(auditor).get(f"/akun/daftar/{siti.pk}/").status_code == 404
        assert self.looks() == []

    def test_a_province_that_looks_is_recorded_too(self, masuk_sebagai, provinsi, siti):
        masuk_sebagai(provinsi).get(f"/akun/daftar/{siti.pk}/")
        assert self.looks() == [("provinsi", f"akun:{siti.pk}", None)]
