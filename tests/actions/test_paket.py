"""What a daerah records of its packages."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from realisasi.actions.galat import Ditolak, PaketBasi
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.models import Paket, PeriodeTriwulan, Peristiwa, Riwayat
from tests import pabrik

pytestmark = pytest.mark.django_db
OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)
KONTRAK = IsianPaket(
    metode="tender",
    penyedia="CV Contoh",
    nomor_kontrak="12/KTR/2024",
    tanggal_kontrak=date(2024, 5, 2),
    nilai_kontrak=950_000_000,
    mulai=date(2024, 5, 6),
    selesai=date(2024, 11, 30),
)


@pytest.fixture
def paket(operator):
    return pabrik.make_paket()


def save(paket, isian, by, versi=None, now=OKTOBER):
    return save_paket(paket_id=paket.pk, versi=versi or paket.versi, isian=isian, by=by, now=now)


def test_the_own_office_records_a_contract_with_its_trail_and_event(paket, operator):
    save(paket, KONTRAK, operator)
    paket.refresh_from_db()
    assert (paket.nilai_kontrak, paket.tanggal_kontrak, paket.versi) == (950_000_000, date(2024, 5, 2), 2)
    riwayat = Riwayat.objects.get(subjek=f"paket:{paket.pk}")
    assert (riwayat.pelaku, riwayat.sebelum["nilai_kontrak"]) == (operator, None)
    assert riwayat.sesudah["tanggal_kontrak"] == "2024-05-02"
    assert "tanggal_bast" not in riwayat.sesudah
    assert Peristiwa.objects.get().triwulan == 2


def test_pressing_twice_writes_once(paket, operator):
    save(paket, KONTRAK, operator)
    save(paket, KONTRAK, operator, versi=1)
    assert (Riwayat.objects.count(), Peristiwa.objects.count()) == (1, 1)
    assert Paket.objects.get().versi == 2


def test_a_save_on_an_older_version_is_stale_and_writes_nothing(paket, operator, penyetuju):
    save(paket, KONTRAK, operator)
    with pytest.raises(PaketBasi) as galat:
        save(paket, IsianPaket(metode="seleksi"), penyetuju, versi=1)
    assert galat.value.paket.metode == "tender"
    assert Paket.objects.get().metode == "tender"


@pytest.mark.parametrize("persona", ["orang_luar", "provinsi", "verifikator", "admin"])
def test_nobody_but_the_own_office_records(paket, persona, request):
    with pytest.raises(Ditolak, match="daerahnya sendiri"):
        save(paket, KONTRAK, request.getfixturevalue(persona))
    assert not Riwayat.objects.exists()


@pytest.mark.parametrize(
    ("isian", "kolom", "pesan"),
    [
        (IsianPaket(nilai_kontrak=1, tanggal_kontrak=date(2024, 10, 16)), "tanggal_kontrak", "belum terjadi"),
        (
            IsianPaket(nilai_kontrak=1, tanggal_kontrak=date(204, 5, 2)),
            "tanggal_kontrak",
            "jauh dari TA 2024",
        ),
        (IsianPaket(mulai=date(2022, 12, 31)), "mulai", "2023 sampai 2026"),
        (IsianPaket(selesai=date(2042, 12, 1)), "selesai", "jauh dari TA 2024"),
        (
            IsianPaket(nilai_kontrak=1, tanggal_kontrak=date(2024, 5, 2), tanggal_bast=date(2024, 10, 16)),
            "tanggal_bast",
            "15 Oktober 2024",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(paket, operator, isian, kolom, pesan):
    with pytest.raises(Ditolak, match=pesan) as galat:
        save(paket, isian, operator)
    assert galat.value.kolom == kolom


def test_the_day_of_a_contract_is_that_of_the_daerah(db):
    papua = pabrik.make_pengguna(daerah="91.71")
    paket = pabrik.make_paket(pabrik.make_kegiatan(pabrik.make_alokasi(papua.daerah)))
    isian = IsianPaket(nilai_kontrak=1_000, tanggal_kontrak=date(2024, 10, 16))
    late_in_jakarta = datetime(2024, 10, 15, 15, 30, tzinfo=UTC)  # 22.30 WIB, 00.30 WIT of the 16th
    assert save(paket, isian, papua, now=late_in_jakarta).tanggal_kontrak == date(2024, 10, 16)


@pytest.mark.parametrize(
    ("isian", "pesan"),
    [
        (IsianPaket(nilai_kontrak=1_000), "diisi bersama"),
        (IsianPaket(tanggal_kontrak=date(2024, 5, 2)), "diisi bersama"),
        (IsianPaket(nilai_kontrak=0, tanggal_kontrak=date(2024, 5, 2)), "di atas nol"),
        (IsianPaket(mulai=date(2024, 6, 2), selesai=date(2024, 6, 1)), "sebelum tanggal mulai"),
        (IsianPaket(tanggal_bast=date(2024, 6, 1)), "memerlukan kontrak"),
        (
            IsianPaket(nilai_kontrak=1, tanggal_kontrak=date(2024, 6, 2), tanggal_bast=date(2024, 6, 1)),
            "mendahului",
        ),
    ],
)
def test_the_row_protects_itself_in_indonesian(paket, operator, isian, pesan):
    with pytest.raises(ValidationError, match=pesan):
        save(paket, isian, operator)
    assert Paket.objects.get().versi == 1


def test_a_contract_that_leaves_an_early_quarter_recomputes_that_quarter(operator):
    paket = pabrik.make_paket(kontrak=900, tanggal_kontrak=date(2023, 12, 20))
    save(paket, IsianPaket(nilai_kontrak=900, tanggal_kontrak=date(2024, 8, 1)), operator)
    assert Peristiwa.objects.get().triwulan == 1


def test_a_date_of_work_alone_moves_no_figure(operator):
    paket = pabrik.make_paket(kontrak=900)
    isian = IsianPaket(nilai_kontrak=900, tanggal_kontrak=date(2024, 3, 1), mulai=date(2024, 4, 1))
    save(paket, isian, operator)
    assert Riwayat.objects.exists()
    assert not Peristiwa.objects.exists()


def test_a_closed_year_changes_no_more(paket, operator, admin):
    PeriodeTriwulan.objects.filter(tahun=2024, triwulan=4).update(ditutup_pada=OKTOBER, ditutup_oleh=admin)
    with pytest.raises(Ditolak, match="TA 2024 sudah ditutup"):
        save(paket, KONTRAK, operator)
