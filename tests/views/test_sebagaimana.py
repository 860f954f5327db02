"""A past day on the pages: what was known then, said so, carried along, and refused where it cannot be."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daerah import waktu
from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from tests import dunia, pabrik
from tests.api.test_autentikasi import ask, give_token
from tests.views.test_dasbor import teks

pytestmark = pytest.mark.django_db

KEMARIN = datetime(2024, 10, 14, 3, tzinfo=UTC)
HARI_INI = datetime(2024, 10, 15, 3, tzinfo=UTC)
TW3 = "tahun=2024&triwulan=3"


@pytest.fixture
def alokasi(settings, verifikator):
    """Majalengka: 40% verified yesterday, 50% since this morning, after a reopening."""
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))
    found = dunia.make_penerima("32.10", now=KEMARIN)
    laporan = dunia.report(found, 3, 400_000_000, now=KEMARIN)
    dunia.verify(laporan, verifikator, now=KEMARIN)
    dunia.compute(KEMARIN)
    aksi.reopen(laporan_id=laporan.pk, alasan="Salah ketik.", by=verifikator, now=HARI_INI)
    dunia.report(found, 3, 500_000_000, now=HARI_INI)
    dunia.verify(laporan, verifikator, now=HARI_INI)
    dunia.compute(HARI_INI)
    return found


@pytest.fixture
def buka(masuk_sebagai, verifikator, alokasi):
    def get(address, pengguna=None, status=200):
        response = masuk_sebagai(pengguna or verifikator).get(address)
        assert response.status_code == status, address
        return response

    return get


@pytest.mark.parametrize("halaman", ["/nasional/", "/provinsi/32/", "/daerah/32.10/"])
def test_a_past_day_shows_what_was_known_then_and_says_so(buka, halaman):
    now, then = buka(f"{halaman}?{TW3}"), buka(f"{halaman}?{TW3}&pada=14/10/2024")
    assert "50,00%" in teks(now)
    assert "40,00%" not in teks(now)
    assert "40,00%" in teks(then)
    assert "50,00%" not in teks(then)
    assert "Sebagaimana diketahui pada 14 Oktober 2024." in teks(then)
    assert "Sebagaimana diketahui" not in teks(now)


def test_the_state_of_the_report_is_the_one_of_that_day(buka, verifikator, alokasi):
    laporan = alokasi.laporan_set.get()
    aksi.reopen(laporan_id=laporan.pk, alasan="Sekali lagi.", by=verifikator, now=HARI_INI)
    dunia.compute(HARI_INI)
    now, then = buka(f"/daerah/32.10/?{TW3}"), buka(f"/daerah/32.10/?{TW3}&pada=14/10/2024")
    assert "Laporan TW III Konsep" in teks(now)
    assert "Laporan TW III Diverifikasi" in teks(then)
    day_before = buka(f"/daerah/32.10/?{TW3}&pada=13/10/2024")
    assert "Laporan TW III Belum Lapor" in teks(day_before) or "Tidak ada alokasi" in teks(day_before)


def test_links_between_dashboards_keep_the_day(buka):
    body = buka(f"/nasional/?{TW3}&pada=2024-10-14").content.decode()
    assert "/daerah/32.10/?tahun=2024&amp;triwulan=3&amp;pada=2024-10-14" in body
    assert f'href="/nasional/?{TW3}"'.replace("&", "&amp;") in body  # back to the figures of now


def test_today_is_shown_as_now(buka):
    assert "Sebagaimana diketahui" not in teks(buka(f"/nasional/?{TW3}&pada=15/10/2024"))


@pytest.mark.parametrize(
    ("pada", "pesan"),
    [
        ("16/10/2024", "belum terjadi"),
        ("31/02/2024", "bukan tanggal"),
        ("besok<b>", "“besok&lt;b&gt;” bukan"),
    ],
)
def test_a_day_that_cannot_be_is_explained_beside_its_field_and_today_is_shown(buka, pada, pesan):
    response = buka(f"/nasional/?{TW3}&pada={pada}")
    body = response.content.decode()
    assert pesan in body
    assert 'aria-invalid="true"' in body
    assert "50,00%" in teks(response)


def test_packages_and_transfers_are_listed_as_known_on_the_day(buka, alokasi, verifikator):
    wrong = pabrik.make_penyaluran(alokasi, 7_000_000, date(2024, 10, 1), tahap="II", dicatat_pada=KEMARIN)
    wrong.dicabut_pada = HARI_INI
    wrong.save()
    then, now = (buka(f"/penyaluran/?{query}") for query in ("tahun=2024&pada=14/10/2024", "tahun=2024"))
    assert "7.000.000" in teks(then)
    assert "7.000.000" not in teks(now)
    assert "Sebagaimana diketahui pada 14 Oktober 2024." in teks(
        buka("/pengadaan/?tahun=2024&pada=14/10/2024")
    )


def test_shell_api_and_page_agree_on_a_past_day(buka, client, verifikator):
    out = StringIO()
    call_command("show_serapan", "--tahun=2024", "--triwulan=3", "--pada=2024-10-14", "--json", stdout=out)
    (shell,) = json.loads(out.getvalue())
    _, secret = give_token(verifikator)
    response = ask(client, secret, f"/api/v1/serapan/?{TW3}&pada=2024-10-14")
    assert response.json()["results"] == [shell]
    assert (shell["serapan"], shell["posisi"]) == ("40.00", "sementara")


def test_the_api_refuses_a_day_to_come_and_what_is_no_day(alokasi, client, verifikator):
    _, secret = give_token(verifikator)
    for asked in ("2024-10-16", "2024-02-31", "kemarin", "14/10/2024"):
        response = ask(client, secret, f"/api/v1/serapan/?{TW3}&pada={asked}")
        assert response.status_code == 400, asked
        assert list(response.json()["rincian"]) == ["pada"]


def test_the_command_refuses_what_is_no_day(alokasi):
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        call_command("show_serapan", "--tahun=2024", "--triwulan=3", "--pada=2024-02-31")


# --- what changed -----------------------------------------------------------------------------------


def test_between_two_days_the_changed_daerah_and_its_report_are_named(buka, alokasi):
    response = buka(f"/perubahan/?{TW3}&dari=14/10/2024&sampai=15/10/2024")
    assert "Angka 1 daerah berubah" in teks(response)
    assert "Rp100.000.000" in teks(response)
    assert "Penyerapan: 400.000.000 → 500.000.000" in teks(response)
    laporan = alokasi.laporan_set.get()
    assert f'<a href="/laporan/{laporan.pk}/">Laporan TW III diverifikasi</a>' in response.content.decode()


def test_where_nothing_changed_the_page_says_so(buka):
    said = teks(buka(f"/perubahan/?{TW3}&dari=01/09/2024&sampai=02/09/2024"))
    assert "Tidak ada angka yang berubah antara 1 September 2024 dan 2 September 2024" in said


def test_days_in_the_wrong_order_are_refused_and_kept(buka):
    response = buka(f"/perubahan/?{TW3}&dari=15/10/2024&sampai=14/10/2024", status=422)
    assert "Tanggal awal harus sebelum tanggal akhir." in teks(response)
    assert 'value="15/10/2024"' in response.content.decode()


def test_every_version_of_a_figure_is_there_with_what_caused_it(buka):
    body = teks(buka(f"/perubahan/?{TW3}&kode=32.10"))
    assert body.index("500.000.000") < body.index("400.000.000")
    assert "Laporan TW III diverifikasi" in body


def test_an_officer_sees_the_versions_of_the_own_daerah_only(buka, alokasi):
    own, other = alokasi.daerah.pengguna_set.get(), pabrik.make_pengguna(Peran.OPERATOR, "52.02")
    assert "500.000.000" in teks(buka(f"/perubahan/?{TW3}&kode=32.10", own))
    buka(f"/perubahan/?{TW3}&kode=32.10", other, status=404)
    assert "Majalengka" not in teks(buka(f"/perubahan/?{TW3}&dari=14/10/2024&sampai=15/10/2024", other))
