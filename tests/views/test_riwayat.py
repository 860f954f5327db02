"""The audit trail as its readers see it."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from daerah.models import Pengguna
from realisasi.actions.alokasi import revise_pagu
from realisasi.actions.impor import apply_import
from realisasi.actions.parameter import add_parameter
from realisasi.actions.penyaluran import record_penyaluran
from realisasi.actions.rencana_impor import plan_import
from realisasi.actions.riwayat import record
from realisasi.actions.segel import seal
from realisasi.models import Laporan, Paket, Riwayat
from tests import dunia, pabrik
from tests.buku.berkas import SATU
from tests.dunia import OKTOBER
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db

ALAMAT = "/riwayat/"


@pytest.fixture
def klien(masuk_sebagai, auditor):
    return masuk_sebagai(auditor)


def text(answer):
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return unescape(re.sub(r"\s+", " ", plain))


def act(by, subjek="akun:1", aksi="ubah akun", **values):
    with transaction.atomic():
        return record(by=by, subjek=subjek, aksi=aksi, **values)


def shown(klien, query=""):
    """The numbers of the rows on the page, in its order."""
    return [int(n) for n in re.findall(r'id="jejak-(\d+)"', klien.get(ALAMAT + query).content.decode())]


@pytest.fixture
def alokasi(verifikator):
    alokasi = dunia.make_penerima(pabrik.MAJALENGKA)
    dunia.report(alokasi, 3, 400_000_000)
    return alokasi


@pytest.mark.parametrize("peran", ["operator", "penyetuju", "provinsi", "verifikator", "pimpinan", "analis"])
def test_for_others_it_is_not_there(request, masuk_sebagai, peran):
    klien = masuk_sebagai(request.getfixturevalue(peran))
    assert klien.get(ALAMAT).status_code == 404
    assert "Jejak Audit" not in klien.get("/bantuan/").content.decode().split("</header>")[0]


@pytest.mark.parametrize("peran", ["auditor", "admin"])
def test_those_who_check_find_it_in_the_menu(request, masuk_sebagai, peran):
    klien = masuk_sebagai(request.getfixturevalue(peran))
    assert 'href="/riwayat/' in klien.get("/bantuan/").content.decode()
    assert klien.get(ALAMAT).status_code == 200


def test_an_empty_trail_says_what_will_come(klien):
    said = text(klien.get(ALAMAT))
    assert "Belum ada jejak" in said
    assert "Belum pernah disegel" in said


def test_a_row_says_who_when_what_before_after_and_why(klien, alokasi, verifikator):
    revise_pagu(
        alokasi_id=alokasi.pk, jumlah=1_250_000_000, berlaku_dari=date(2024, 1, 1), sumber="PMK",
        by=verifikator, now=OKTOBER,
    )  # fmt: skip
    row = Riwayat.objects.last()
    with lifted():
        Riwayat.objects.filter(pk=row.pk).update(waktu=datetime(2024, 10, 15, 3, tzinfo=UTC))
    said = text(klien.get(f"{ALAMAT}?nomor={row.pk}"))
    assert "Revisi pagu: Alokasi Kab. Majalengka TA 2024" in said
    assert "15 Okt 2024 10.00 WIB · verifikator , Verifikator kementerian" in said
    assert f"rantai alokasi:{alokasi.pk} baris {row.urutan}" in said
    assert "Pagu Rp1.000.000.000 Rp1.250.000.000" in said
    assert "Berlaku dari – 1 Januari 2024" in said
    assert "{" not in re.sub(r"\{%.*?%\}", "", said)


def test_a_saved_report_names_its_packages_and_writes_amounts_as_everywhere(klien, alokasi):
    row = Riwayat.objects.get(aksi="simpan")
    said = text(klien.get(f"{ALAMAT}?nomor={row.pk}"))
    assert "Simpan: Laporan TW III TA 2024, Kab. Majalengka" in said
    name = Paket.objects.get().nama
    assert f"{name}, Keuangan – Rp400.000.000" in said
    assert re.search(rf"{name}, Progres fisik\S* – 10,00%", said)


def test_a_sent_report_shows_its_receipt_not_the_fingerprints_of_its_rows(klien, alokasi):
    row = Riwayat.objects.get(aksi="ajukan")
    said = text(klien.get(f"{ALAMAT}?nomor={row.pk}"))
    assert f"Tanda terima – {row.sesudah['tanda_terima']}" in said
    assert "Status – Diajukan" in said
    assert next(iter(row.sesudah["sidik_baris"].values())) not in said


def test_an_import_shows_some_of_its_values_and_its_own_page_all(klien, verifikator, wilayah):
    apply_import(plan_import([SATU], now=OKTOBER), by=verifikator, now=OKTOBER)
    row = Riwayat.objects.get(aksi="impor formulir alokasi")
    short, whole = text(klien.get(ALAMAT)), text(klien.get(f"{ALAMAT}?nomor={row.pk}"))
    assert "perubahan lain" in short
    assert "perubahan lain" not in whole
    assert f"Kegiatan, {SATU.rincian}, Nilai RK – Rp" in whole


def test_rules_and_transfers_are_told_in_their_units(klien, admin, alokasi, verifikator):
    add_parameter(
        kunci="lapor.wajib_penyetuju", tahun=2024, daerah=None, nilai=True, sumber="Surat", tanda="C",
        berlaku_dari=date(2024, 1, 1), by=admin, now=OKTOBER,
    )  # fmt: skip
    record_penyaluran(
        alokasi=alokasi, tahap="II", nomor_sp2d="A/1", tanggal_sp2d=date(2024, 8, 1), jumlah=5,
        by=verifikator, now=OKTOBER,
    )  # fmt: skip
    said = text(klien.get(ALAMAT))
    assert "Tambah aturan: Aturan Pengajuan hanya oleh penyetuju" in said
    assert re.search(r"Nilai – (H|h)idup", said)
    assert "Catat penyaluran: SP2D A/1, Kab. Majalengka TA 2024" in said
    assert "Jumlah – Rp5" in said
    assert "Tahap penyaluran – Tahap Penyaluran II" in said


def test_addresses_of_people_are_veiled(klien, admin):
    change = {"surel": "siti@contoh.go.id", "telepon": "0812-000-111", "jabatan": "Kepala Seksi"}
    act(admin, sebelum={"surel": "budi@contoh.go.id"}, sesudah=change)
    said = text(klien.get(ALAMAT))
    assert "Surel b…@contoh.go.id s…@contoh.go.id" in said
    assert "Telepon – …111" in said
    assert "siti@" not in said


def test_every_subject_leads_to_its_page_for_who_may_go_there(client, masuk_sebagai, admin, auditor, alokasi):
    act(admin, f"akun:{auditor.pk}")
    act(admin, f"paket:{Paket.objects.get().pk}", "simpan paket", alokasi=alokasi.pk)
    act(admin, f"alokasi:{alokasi.pk}", "tetapkan pembina")
    act(admin, "triwulan:2024-3", "tutup triwulan")
    act(admin, "tahun:2024", "buka tahun anggaran")
    act(admin, "parameter:lapor.hari", "tambah aturan")
    act(admin, "sentra:1", "impor formulir alokasi")
    for reader in (auditor, admin):
        page = masuk_sebagai(reader).get(ALAMAT).content.decode()
        links = set(re.findall(r'<h2>[^<]*<a href="([^"#]+)', page))
        assert len(links) == (5 if reader is auditor else 6)
        broken = [link for link in links if client.get(link.replace("&amp;", "&")).status_code != 200]
        assert broken == []


def test_a_figure_written_in_two_ways_did_not_change(klien, admin):
    before, after = {"volume": "28.00", "satuan": "unit"}, {"volume": "28", "satuan": "set"}
    act(admin, "paket:1", "simpan paket", sebelum=before, sesudah=after)
    said = text(klien.get(ALAMAT))
    assert "Satuan unit set" in said
    assert "Volume" not in said.split("Sesudah")[1]


def test_what_only_looks_like_a_day_or_an_amount_is_shown_as_it_was_written(klien, admin):
    odd = {
        "nomor_kontrak": "2024-99-99",
        "alasan": "2024-02-31T99:99",
        "pagu": "NaN",
        "fisik": "x",
        "tahap": [1],
    }
    act(admin, "paket:1", "simpan paket", sesudah=odd)
    act(admin, "parameter:lapor.hari", "tambah aturan", sesudah={"nilai": [7, 8]})
    said = text(klien.get(ALAMAT))
    for word in ("2024-99-99", "2024-02-31T99:99", "NaN", "Target fisik – x", "Nilai – 7, 8"):
        assert word in said


def test_a_subject_that_is_gone_keeps_its_number(klien, admin):
    act(admin, "laporan:987")
    act(admin, "lain:5", "ubah akun")
    said = text(klien.get(ALAMAT))
    assert "Laporan triwulan 987" in said
    assert "lain 5" in said


class TestSaringan:
    @pytest.fixture
    def rows(self, admin, verifikator, alokasi):
        Riwayat.objects.count()
        first = act(admin, "akun:1", "ubah akun", alasan="Surat tugas")
        second = act(verifikator, "akun:2", "nonaktifkan akun")
        return first, second

    def test_newest_first(self, klien, rows):
        assert shown(klien) == sorted(Riwayat.objects.values_list("pk", flat=True), reverse=True)

    @pytest.mark.parametrize(
        "query", ["?subjek=akun:1", "?q=surat+tugas", "?aksi=ubah+akun", "?pelaku=admin", "?rantai=akun:1"]
    )
    def test_each_filter_leaves_what_it_names(self, klien, rows, query):
        assert shown(klien, query) == [rows[0].pk]

    def test_a_kind_a_word_of_the_actor_and_a_daerah_are_found(self, klien, rows, alokasi):
        assert shown(klien, "?jenis=akun") == [rows[1].pk, rows[0].pk]
        assert shown(klien, "?q=verifik") == [rows[1].pk]
        of_chain = Riwayat.objects.filter(rantai=f"alokasi:{alokasi.pk}").order_by("-pk")
        assert shown(klien, "?q=majalengka") == [row.pk for row in of_chain]
        laporan = Laporan.objects.get()
        assert len(shown(klien, f"?subjek=laporan:{laporan.pk}")) == 3

    def test_days_are_those_of_wib_and_both_ends_count(self, klien, rows):
        for row, moment in zip(rows, ("2024-03-01T16:59:59Z", "2024-03-01T17:00:00Z"), strict=True):
            with lifted():
                Riwayat.objects.filter(pk=row.pk).update(waktu=moment)
        assert shown(klien, "?dari=1/3/2024&sampai=1/3/2024") == [rows[0].pk]
        assert shown(klien, "?dari=2/3/2024&sampai=2/3/2024") == [rows[1].pk]

    def test_filters_go_together_and_can_be_taken_away_again(self, klien, rows):
        page = klien.get(f"{ALAMAT}?subjek=akun:1&aksi=nonaktifkan+akun")
        assert "Tidak ada jejak yang cocok" in text(page)
        assert 'href="/riwayat/?aksi=nonaktifkan+akun"' in page.content.decode()
        assert '<input type="hidden" name="subjek" value="akun:1">' in page.content.decode()

    @pytest.mark.parametrize(
        "query", ["?subjek=x", "?subjek=akun:1'--", "?rantai=akun", "?nomor=0", "?nomor=x", "?sebelum=-1"]
    )
    def test_what_no_link_asks_for_is_not_there(self, klien, rows, query):
        assert klien.get(ALAMAT + query).status_code == 404

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("?dari=31/2/2024", "“31/2/2024” bukan tanggal"),
            ("?dari=2/3/2024&sampai=1/3/2024", "Tanggal akhir harus pada atau sesudah tanggal awal."),
            ("?aksi=hapus+semua", "hapus semua"),
            ("?jenis=pengguna", "pengguna"),
        ],
    )
    def test_a_filter_that_cannot_be_read_says_so_and_shows_nothing(self, klien, rows, query, said):
        page = klien.get(ALAMAT + query)
        assert page.status_code == 422
        assert said in text(page)
        assert "jejak-" not in page.content.decode().split("<main")[1]

    def test_older_rows_follow_page_by_page(self, klien, admin):
        for _ in range(60):
            act(admin)
        first = shown(klien, "?jenis=akun")
        assert len(first) == 50
        link = re.search(r'rel="next" href="([^"]+)"', klien.get(f"{ALAMAT}?jenis=akun").content.decode())[1]
        link = unescape(link)
        assert "jenis=akun" in link
        rest = shown(klien, link)
        assert len(rest) == 10
        assert max(rest) < min(first)
        assert "Terbaru" in text(klien.get(ALAMAT + link))
        assert "Lebih lama" not in text(klien.get(ALAMAT + link))


def test_the_state_of_the_chain_stands_on_top(klien, admin):
    act(admin)
    segel = seal(now=timezone.now())
    said = text(klien.get(ALAMAT))
    assert f"segel nomor {segel.pk} atas 1 rantai" in said
    assert "python manage.py verify_riwayat" in said
    assert segel.sidik in said


def test_as_many_queries_for_three_rows_as_for_fifty(klien, admin, alokasi):
    laporan, paket = Laporan.objects.get(), Paket.objects.get()

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            klien.get(ALAMAT)
        return len(found)

    few = queries()
    for ke in range(50):
        someone = pabrik.make_pengguna("analis", username=f"orang.{ke}", password=None)
        act(someone, f"akun:{someone.pk}", "masuk")
        act(someone, f"laporan:{laporan.pk}", "simpan", sesudah={str(paket.pk): {"keuangan": ke}})
    assert Pengguna.objects.count() > 50
    assert queries() <= few + 1  # accounts, which the first page did not name


@pytest.mark.parametrize(
    ("alamat", "jenis"),
    [("/laporan/{laporan}/", "laporan"), ("/verifikasi/{laporan}/", "laporan"),
     ("/pengadaan/{paket}/", "paket"), ("/alokasi/{alokasi}/", "alokasi"), ("/akun/daftar/{akun}/", "akun")],
)  # fmt: skip
def test_pages_lead_to_their_trail_for_who_may_read_it(
    client, masuk_sebagai, admin, verifikator, alokasi, alamat, jenis
):
    keys = {"laporan": Laporan.objects.get().pk, "paket": Paket.objects.get().pk, "alokasi": alokasi.pk}
    keys["akun"] = verifikator.pk
    link = f'/riwayat/?subjek={jenis}:{keys[jenis]}"'
    assert link in masuk_sebagai(admin).get(alamat.format(**keys)).content.decode()
    assert link not in masuk_sebagai(verifikator).get(alamat.format(**keys)).content.decode()
