"""From a verified figure of a closed year to who changed it: on the demonstration data, by clicks."""

import json
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command

from daerah import waktu
from daerah.models import Pengguna
from realisasi.actions import laporan as aksi
from realisasi.actions.peristiwa import compute_open
from realisasi.aturan import tampilan
from realisasi.models import Alokasi, BarisLaporan, PeriodeTriwulan, StatusLaporan

pytestmark = pytest.mark.django_db

TW4 = "tahun=2023&triwulan=4"


@pytest.fixture
def diubah(contoh, settings):
    """Majalengka's verified TW IV of TA 2023, closed long ago, is reopened today and comes back lower."""
    settings.DEMO = True
    verifikator = Pengguna.objects.get(username="verifikator")
    operator = Pengguna.objects.get(username="operator.32.10")
    alokasi = Alokasi.objects.ikm().get(daerah="32.10", tahun=2023)
    laporan = alokasi.laporan_set.get(triwulan=4)
    assert laporan.status == StatusLaporan.DIVERIFIKASI
    assert PeriodeTriwulan.objects.get(tahun=2023, triwulan=4).is_closed
    now = waktu.now()
    laporan = aksi.reopen(laporan_id=laporan.pk, alasan="SP2D dibatalkan bank.", by=verifikator, now=now)
    largest = max(laporan.baris.all(), key=lambda row: row.keuangan or 0)
    baris = {row.paket_id: _same(row) for row in laporan.baris.all()}
    baris[largest.paket_id] = _same(largest, keuangan=largest.keuangan - 1_000_000, alasan="SP2D dibatalkan.")
    isian = aksi.Isian(versi=laporan.versi, baris=baris, catatan="Koreksi SP2D.")
    laporan = aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=now)
    aksi.submit(laporan_id=laporan.pk, versi=laporan.versi, by=operator, now=now)
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=now)
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=now)
    compute_open(now=now)
    return laporan


def _same(row: BarisLaporan, **changes):
    values = {name: getattr(row, name) for name in aksi.IsianBaris.__dataclass_fields__}
    return aksi.IsianBaris(**{**values, **changes})


def shown(*options):
    out = StringIO()
    call_command("show_serapan", "--tahun=2023", "--triwulan=4", *options, "--json", stdout=out)
    return {row["kode"]: row for row in json.loads(out.getvalue())}


def yesterday():
    return (waktu.today() - timedelta(days=1)).isoformat()


def test_a_verified_figure_of_2023_changes_today_and_not_as_of_yesterday(diubah, client):
    now = shown("--tingkat=daerah")["32.10"]
    then = shown("--tingkat=daerah", f"--pada={yesterday()}")["32.10"]
    assert now["realisasi_keuangan"] == then["realisasi_keuangan"] - 1_000_000
    assert (
        shown()["00"]["realisasi_keuangan"]
        == shown(f"--pada={yesterday()}")["00"]["realisasi_keuangan"] - 1_000_000
    )

    client.force_login(Pengguna.objects.get(username="auditor"))
    today_page = client.get(f"/daerah/32.10/?{TW4}").content.decode()
    past_page = client.get(f"/daerah/32.10/?{TW4}&pada={yesterday()}").content.decode()
    new, old = (f"Penyerapan {tampilan.rp(row['realisasi_keuangan'])} dibagi pagu" for row in (now, then))
    assert new in today_page
    assert old not in today_page
    assert old in past_page
    assert new not in past_page
    call_command("compute_rekap", check=True, stdout=StringIO())


def test_from_the_figure_to_the_person_in_three_clicks(diubah, client):
    client.force_login(Pengguna.objects.get(username="auditor"))
    page = client.get(f"/daerah/32.10/?{TW4}").content.decode()
    versions = client.get(link(page, "Riwayat angka ini")).content.decode()
    trail = client.get(link(versions, "Laporan TW IV diverifikasi")).content.decode()
    assert "SP2D dibatalkan bank." in trail
    for person in ("operator.32.10", "verifikator"):
        assert str(Pengguna.objects.get(username=person)) in unescape(trail)


def link(page, words):
    """The address behind the first link that says these words."""
    found = re.search(rf'<a href="([^"]+)">{re.escape(words)}</a>', page)
    assert found, words
    return unescape(found[1])
