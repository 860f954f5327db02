import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from realisasi.actions.galat import Ditolak
from realisasi.actions.impor import RencanaBerubah, apply_import, plan_import
from realisasi.actions.peristiwa import compute_open
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import (
    Alokasi,
    Kegiatan,
    Paket,
    PeriodeTriwulan,
    Peristiwa,
    Riwayat,
    Sentra,
    TahunAnggaran,
    Target,
    VersiPagu,
    VersiRK,
)
from realisasi.rekap.baca import serapan_rows
from tests import pabrik
from tests.buku.berkas import DUA, SATU
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 8, 15, 3, tzinfo=UTC)
LATER = datetime(2024, 9, 20, 3, tzinfo=UTC)
HARI = date(2024, 8, 15)
TABLES = (
    Alokasi,
    Kegiatan,
    Paket,
    PeriodeTriwulan,
    Peristiwa,
    Riwayat,
    Sentra,
    TahunAnggaran,
    Target,
    VersiPagu,
    VersiRK,
)


@pytest.fixture(autouse=True)
def daerah(db):
    pabrik.make_daerah("32.10")
    pabrik.make_daerah("52.02")


@pytest.fixture
def load(verifikator):
    def run(*rows, now=NOW, **kwargs):
        rencana = plan_import(rows, now=now, **kwargs)
        apply_import(rencana, by=verifikator, now=now)
        return rencana

    return run


def counts():
    return {model.__name__: model.objects.count() for model in TABLES}


# --- a first import ------------------------------------------------------------------------------------


def test_first_import_creates_the_year_the_alokasi_and_all_below(load):
    rencana = load(SATU, DUA)
    assert rencana.tahun_baru == (2024,)
    assert counts() == {
        "TahunAnggaran": 1, "PeriodeTriwulan": 4, "Alokasi": 1, "VersiPagu": 1, "Sentra": 1, "Kegiatan": 2,
        "VersiRK": 2, "Paket": 2, "Target": 4, "Peristiwa": 1, "Riwayat": 2,
    }  # fmt: skip
    alokasi = Alokasi.objects.get()
    assert (alokasi.daerah_id, alokasi.tahun_id, alokasi.bidang_id) == ("32.10", 2024, "IKM")
    assert (alokasi.tematik, alokasi.direktorat_pembina) == (SATU.tematik, SATU.direktorat_pembina)


def test_first_version_is_effective_from_the_first_day_of_the_year(load):
    load(SATU)
    assert VersiPagu.objects.values_list("jumlah", "berlaku_dari").get() == (5_000_000_000, date(2024, 1, 1))
    assert VersiRK.objects.values_list("nilai", "berlaku_dari").get() == (3_000_000_000, date(2024, 1, 1))


def test_a_year_that_has_not_begun_may_be_imported(load):
    load(replace(SATU, tahun=2025), now=datetime(2024, 11, 1, tzinfo=UTC))
    assert VersiPagu.objects.get().berlaku_dari == date(2025, 1, 1)


def test_kegiatan_is_stored_as_the_form_says(load):
    load(SATU)
    kegiatan = Kegiatan.objects.select_related("sentra").get()
    for name in (
        "menu",
        "rincian",
        "komponen",
        "lokasi",
        "volume",
        "satuan",
        "penerima_manfaat",
        "pelaksanaan",
        "pembayaran",
    ):
        assert getattr(kegiatan, name) == getattr(SATU, name)
    assert (kegiatan.sentra.nama, kegiatan.sentra.komoditas) == (SATU.sentra, "Kopi")


def test_each_kegiatan_gets_one_paket_whose_method_is_known_only_for_swakelola(load):
    load(SATU, replace(DUA, pelaksanaan="swakelola"))
    assert set(Paket.objects.values_list("nama", "metode")) == {
        (SATU.rincian, ""),
        (DUA.rincian, "swakelola"),
    }


def test_targets_are_stored_and_a_blank_one_stays_missing(load):
    load(SATU)
    stored = {row.triwulan: (row.keuangan, row.fisik) for row in Target.objects.all()}
    assert stored == {
        1: (0, None),
        2: (1_000_000_000, Decimal(20)),
        3: (None, Decimal("60.5")),
        4: (5_000_000_000, Decimal(100)),
    }


def test_every_import_leaves_an_audit_row_and_an_open_event(load, verifikator):
    load(SATU)
    riwayat = Riwayat.objects.get(subjek__startswith="alokasi:")
    assert riwayat.pelaku == verifikator
    assert riwayat.sebelum is None
    assert riwayat.sesudah["pagu"] == 5_000_000_000
    assert riwayat.sesudah["kegiatan"][0]["nilai_rk"] == 3_000_000_000
    assert Peristiwa.objects.open().get().alokasi == Alokasi.objects.get()


# --- again, and a revision --------------------------------------------------------------------------------


def test_the_same_form_twice_changes_nothing(load):
    load(SATU, DUA)
    before = counts()
    again = load(SATU, DUA, now=LATER)
    assert not again.is_changed
    assert counts() == before


def test_a_form_with_fewer_words_changes_nothing(load):
    load(SATU)
    silent = replace(
        SATU, tematik="", komoditas="", direktorat_pembina="", penerima_manfaat=None,
        target_keuangan=(None,) * 4, target_fisik=(None,) * 4,
    )  # fmt: skip
    assert not plan_import([silent], now=LATER).is_changed


def test_capitals_do_not_make_another_kegiatan_or_sentra(load):
    load(SATU)
    loud = replace(SATU, menu=SATU.menu.upper(), rincian=SATU.rincian.upper(), sentra=SATU.sentra.upper())
    assert not plan_import([loud], now=LATER).is_changed


def test_a_revision_of_pagu_and_rk_counts_from_today_and_keeps_what_was(load):
    load(SATU)
    rencana = load(replace(SATU, pagu=4_800_000_000, nilai_rk=2_900_000_000), now=LATER)
    (satu,) = rencana.alokasi
    assert (satu.changed("pagu").sebelum, satu.changed("pagu").sesudah) == (5_000_000_000, 4_800_000_000)
    assert list(VersiPagu.objects.order_by("berlaku_dari").values_list("jumlah", "berlaku_dari")) == [
        (5_000_000_000, date(2024, 1, 1)),
        (4_800_000_000, date(2024, 9, 20)),
    ]
    assert list(VersiRK.objects.order_by("berlaku_dari").values_list("nilai", flat=True)) == [
        3_000_000_000,
        2_900_000_000,
    ]


def test_a_revision_counts_from_the_day_that_is_given(load):
    load(SATU)
    load(replace(SATU, pagu=4_800_000_000), now=LATER, berlaku_dari=date(2024, 7, 1))
    assert VersiPagu.objects.filter(berlaku_dari=date(2024, 7, 1), jumlah=4_800_000_000).exists()


def test_a_second_revision_on_the_same_day_corrects_the_first(load):
    load(SATU)
    load(replace(SATU, pagu=4_000_000_000, nilai_rk=1), now=LATER)
    load(replace(SATU, pagu=4_500_000_000, nilai_rk=2), now=LATER)
    assert set(VersiPagu.objects.known().values_list("jumlah", flat=True)) == {5_000_000_000, 4_500_000_000}
    assert set(VersiRK.objects.known().values_list("nilai", flat=True)) == {3_000_000_000, 2}


def test_a_revision_after_the_year_counts_from_its_last_day(load):
    load(SATU)
    load(replace(SATU, pagu=4_000_000_000), now=datetime(2025, 2, 1, tzinfo=UTC))
    assert VersiPagu.objects.filter(berlaku_dari=date(2024, 12, 31)).exists()


def test_changed_fields_are_listed_one_by_one_and_stored(load):
    load(SATU)
    changed = replace(
        SATU,
        volume=Decimal("2.50"),
        satuan="paket",
        sentra="Sentra Baru",
        target_fisik=(Decimal(5), None, None, None),
    )
    (satu,) = load(changed, now=LATER).alokasi
    assert [(c.kolom, c.sebelum_teks, c.sesudah_teks) for c in satu.perubahan] == [
        ("target_fisik_tw1", "–", "5")
    ]
    assert [(c.kolom, c.sebelum_teks, c.sesudah_teks) for c in satu.kegiatan_berubah[0].perubahan] == [
        ("volume", "1", "2,5"),
        ("satuan", "unit", "paket"),
        ("sentra", SATU.sentra, "Sentra Baru"),
    ]
    kegiatan = Kegiatan.objects.get()
    assert (kegiatan.volume, kegiatan.satuan, kegiatan.sentra.nama) == (
        Decimal("2.5"),
        "paket",
        "Sentra Baru",
    )
    assert Target.objects.known().get(triwulan=1).fisik == 5
    assert Target.objects.known().get(triwulan=1).keuangan == 0
    audit = Riwayat.objects.latest("pk")
    assert audit.sebelum["kegiatan"][0]["volume"] == "1.00"
    assert audit.sesudah["kegiatan"][0]["volume"] == "2.50"
    assert json.dumps(audit.sesudah)


def test_another_komoditas_of_a_known_sentra_is_stored_with_its_audit_row(load):
    load(SATU)
    rencana = load(replace(SATU, komoditas="Teh"), now=LATER)
    assert [(s.sebelum, s.sesudah) for s in rencana.sentra] == [("Kopi", "Teh")]
    assert Sentra.objects.get().komoditas == "Teh"
    assert Riwayat.objects.filter(subjek__startswith="sentra:").count() == 1


def test_kegiatan_that_are_no_longer_named_are_listed_and_stay(load):
    load(SATU, DUA)
    (satu,) = load(replace(SATU, volume=Decimal(9)), now=LATER).alokasi
    assert [(k.rincian, k.nilai_rk) for k in satu.tidak_disebut] == [(DUA.rincian, 2_000_000_000)]
    assert Kegiatan.objects.count() == 2
    assert satu.total_rk == 5_000_000_000


def test_a_kegiatan_added_later_counts_from_its_day(load):
    load(SATU)
    (satu,) = load(SATU, DUA, now=LATER).alokasi
    assert len(satu.kegiatan_baru) == 1
    assert satu.kegiatan_tetap == 1
    assert VersiRK.objects.get(kegiatan__rincian=DUA.rincian).berlaku_dari == date(2024, 9, 20)


def test_other_alokasi_and_other_bidang_are_left_alone(load):
    load(SATU, replace(SATU, kode_daerah="52.02"))
    pabrik.make_kegiatan(pabrik.make_alokasi("52.02", bidang="UJI"))
    before = Riwayat.objects.count()
    rencana = load(replace(SATU, volume=Decimal(9)), now=LATER)
    assert len(rencana.alokasi) == 1
    assert Riwayat.objects.count() == before + 1


# --- refused -------------------------------------------------------------------------------------------


def close(ke):
    PeriodeTriwulan.objects.filter(tahun=2024, triwulan=ke).update(
        ditutup_pada=NOW, ditutup_oleh=pabrik.make_pengguna("admin", username=f"penutup{ke}")
    )


def test_a_closed_quarter_is_not_changed(load, verifikator):
    load(SATU)
    close(3)
    changed = replace(SATU, pagu=4_000_000_000)
    rencana = plan_import([changed], now=LATER, berlaku_dari=date(2024, 7, 1))
    assert "TW III yang sudah ditutup" in rencana.halangan[0]
    with pytest.raises(Ditolak, match="sudah ditutup"):
        apply_import(rencana, by=verifikator, now=LATER)
    assert VersiPagu.objects.count() == 1
    assert not plan_import([changed], now=LATER, berlaku_dari=date(2024, 10, 1)).halangan


def test_a_new_daerah_counts_from_the_first_open_quarter(load, verifikator):
    load(SATU)
    compute_open(now=LATER)
    close(1)
    (before,) = serapan_rows(verifikator, Triwulan(2024, 1), "nasional")
    load(replace(SATU, kode_daerah="52.02"), now=LATER)
    compute_open(now=LATER)
    assert VersiPagu.objects.get(alokasi__daerah="52.02").berlaku_dari == date(2024, 4, 1)
    assert serapan_rows(verifikator, Triwulan(2024, 1), "nasional") == [before]
    assert serapan_rows(verifikator, Triwulan(2024, 2), "nasional")[0].jumlah_daerah == 2


def test_a_new_daerah_in_a_closed_year_is_refused(load):
    load(SATU)
    for ke in (1, 2, 3, 4):
        close(ke)
    rencana = plan_import([replace(SATU, kode_daerah="52.02")], now=LATER)
    assert "TW I yang sudah ditutup" in rencana.halangan[0]


def test_a_target_of_a_closed_quarter_is_not_changed(load):
    load(SATU)
    close(2)
    changed = replace(SATU, target_keuangan=(None, 2, None, None))
    assert "TW II yang sudah ditutup" in plan_import([changed], now=LATER).halangan[0]


def test_what_does_not_change_may_lie_in_a_closed_year(load):
    load(SATU)
    for ke in (1, 2, 3, 4):
        close(ke)
    assert not plan_import([SATU], now=LATER).halangan
    assert plan_import([replace(SATU, satuan="m2")], now=LATER).halangan


def test_an_effective_day_outside_the_year_is_refused(load):
    load(SATU)
    rencana = plan_import([replace(SATU, pagu=1)], now=LATER, berlaku_dari=date(2025, 1, 1))
    assert "1 Januari 2025 di luar tahun anggarannya" in rencana.halangan[0]


def test_an_effective_day_before_an_earlier_revision_is_refused(load):
    load(SATU)
    load(replace(SATU, nilai_rk=1), now=LATER)
    rencana = plan_import([replace(SATU, nilai_rk=2)], now=LATER, berlaku_dari=date(2024, 7, 1))
    assert "berlaku dari 20 September 2024" in rencana.halangan[0]


def test_a_plan_that_is_no_longer_true_is_not_applied(load, verifikator):
    load(SATU)
    rencana = plan_import([replace(SATU, pagu=4_000_000_000)], now=LATER)
    with lifted():
        VersiPagu.objects.update(jumlah=4_900_000_000)
    with pytest.raises(RencanaBerubah) as refused:
        apply_import(rencana, by=verifikator, now=LATER)
    assert refused.value.rencana.alokasi[0].changed("pagu").sebelum == 4_900_000_000
    assert VersiPagu.objects.count() == 1


@pytest.mark.parametrize("peran", ["operator", "penyetuju", "provinsi", "pimpinan", "analis", "auditor"])
def test_only_verifikator_and_admin_import(peran):
    rencana = plan_import([SATU], now=NOW)
    with pytest.raises(Ditolak, match="verifikator atau admin"):
        apply_import(rencana, by=pabrik.make_pengguna(peran, daerah="32.10"), now=NOW)
    assert not Alokasi.objects.exists()


def test_one_failure_on_the_way_writes_nothing(load, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("disk penuh")

    monkeypatch.setattr("realisasi.actions.impor.record_changes", fail)
    with pytest.raises(RuntimeError):
        load(SATU, DUA)
    assert set(counts().values()) == {0}


# --- size ----------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_the_rows(load, django_assert_num_queries):
    load(SATU)
    with django_assert_num_queries(9):
        plan_import([SATU], now=LATER)
    many = [replace(SATU, rincian=f"Mesin {n}") for n in range(300)]
    with django_assert_num_queries(9):
        plan_import(many, now=LATER)


def test_two_thousand_rows_are_planned_and_applied_within_seconds(load, wilayah):
    kode = [k for k in pabrik._wilayah() if not k.startswith("31.")][:200]
    rows = [
        replace(SATU, kode_daerah=k, rincian=f"Mesin {n}", nilai_rk=100_000_000)
        for k in kode
        for n in range(10)
    ]
    started = time.process_time()
    load(*rows)
    assert Kegiatan.objects.count() == Paket.objects.count() == 2000
    assert time.process_time() - started < 15
