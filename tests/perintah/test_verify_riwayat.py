"""`verify_riwayat` finds whatever was done to the trail or to a fact behind the application's back."""

import sqlite3
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from realisasi.actions.alokasi import IsianTarget, revise_pagu, revise_target
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.actions.parameter import add_parameter
from realisasi.actions.penyaluran import record_penyaluran, remove_penyaluran
from realisasi.actions.riwayat import record
from realisasi.actions.segel import seal
from realisasi.aturan.rantai import IsiRiwayat, sidik_riwayat
from realisasi.models import (
    BarisVersi,
    KepalaRiwayat,
    KepalaTersegel,
    KontrakTerdahulu,
    Paket,
    Parameter,
    Penyaluran,
    Riwayat,
    SegelRiwayat,
    Target,
    VersiLaporan,
    VersiPagu,
)
from tests import dunia, pabrik
from tests.dunia import OKTOBER
from tests.pemicu import lifted

RANTAI = "akun:7"


def verify():
    """Exit code and all that was said."""
    out = StringIO()
    try:
        call_command("verify_riwayat", stdout=out)
    except CommandError as failure:
        return 1, out.getvalue() + str(failure)
    return 0, out.getvalue()


def faults():
    code, said = verify()
    lines = [line.removeprefix("PUTUS: ") for line in said.splitlines() if line.startswith("PUTUS: ")]
    assert code == (1 if lines else 0)
    return lines


@pytest.fixture
def rantai(admin):
    """A chain of six acts."""
    for ke in range(1, 7):
        with transaction.atomic():
            record(by=admin, subjek=RANTAI, aksi="uji", sebelum={"n": ke - 1}, sesudah={"n": ke}, alasan="x")
    return list(Riwayat.objects.filter(rantai=RANTAI).order_by("urutan"))


def change(row, **values):
    with lifted():
        type(row).objects.filter(pk=row.pk).update(**values)


def rehash(first):
    """Bring a chain and its head into agreement again from a row on, as a careful forger would."""
    rows = list(Riwayat.objects.filter(rantai=RANTAI).order_by("urutan"))
    before = ""
    with lifted():
        for ke, row in enumerate(rows, start=1):
            row.urutan, row.sidik_sebelum = ke, before
            names = {field.name for field in fields(IsiRiwayat)} - {"pelaku"}
            row.sidik = sidik_riwayat(
                IsiRiwayat(**{name: getattr(row, name) for name in names}, pelaku=row.pelaku_id)
            )
            row.save()
            before = row.sidik
    KepalaRiwayat.objects.filter(rantai=RANTAI).update(jumlah=len(rows), sidik=before)


@pytest.mark.django_db
class TestRantai:
    def test_a_whole_trail_is_confirmed_with_its_counts(self, rantai):
        code, said = verify()
        assert code == 0
        assert "Jejak audit utuh: 1 rantai, 6 baris, 0 segel" in said
        assert "Belum pernah disegel." in said
        segel = seal(now=timezone.now())
        assert f"Segel terakhir: nomor {segel.pk}" in verify()[1]
        assert segel.sidik in verify()[1]

    @pytest.mark.parametrize(
        "values",
        [
            {"sebelum": {"n": 9}},
            {"sesudah": {"n": 9}},
            {"waktu": datetime(2020, 1, 1, tzinfo=UTC)},
            {"alasan": "lain"},
            {"subjek": "akun:8"},
            {"aksi": "lain"},
            {"fakta": {"versi_pagu:1": "0"}},
            {"sidik": "0" * 64},
        ],
        ids=str,
    )
    def test_a_changed_row_is_named(self, rantai, values):
        change(rantai[2], **values)
        assert faults()[0] == (
            f"Rantai {RANTAI} putus pada baris 3 (riwayat nomor {rantai[2].pk}): "
            "isi tidak cocok dengan sidiknya."
        )

    def test_another_actor_is_found(self, rantai, operator):
        change(rantai[2], pelaku=operator)
        assert "putus pada baris 3" in faults()[0]

    def test_a_changed_row_whose_own_hash_was_made_anew_breaks_at_the_next_one(self, rantai):
        row = rantai[2]
        row.alasan = "lain"
        names = {field.name for field in fields(IsiRiwayat)} - {"pelaku"}
        isi = IsiRiwayat(**{name: getattr(row, name) for name in names}, pelaku=row.pelaku_id)
        change(row, alasan="lain", sidik=sidik_riwayat(isi))
        assert faults() == [
            (
                f"Rantai {RANTAI} putus pada baris 4 (riwayat nomor {rantai[3].pk}): "
                "tidak menyambung ke baris sebelumnya."
            )
        ]

    def test_a_row_that_was_taken_out_of_the_middle_is_missed(self, rantai):
        with lifted():
            rantai[2].delete()
        assert faults() == [
            (
                f"Rantai {RANTAI} putus pada baris 3: baris itu tidak ada "
                f"(berikutnya riwayat nomor {rantai[3].pk})."
            )
        ]

    def test_a_tail_that_was_cut_off_is_missed(self, rantai):
        with lifted():
            rantai[5].delete()
        assert faults() == [f"Rantai {RANTAI}: kepala menyebut 6 baris, yang ada 5."]

    def test_a_chain_that_is_gone_is_missed(self, rantai):
        with lifted():
            Riwayat.objects.all().delete()
        assert faults() == [f"Rantai {RANTAI}: kepala menyebut 6 baris, yang ada 0."]

    def test_a_head_that_is_gone_or_changed_is_found(self, rantai):
        KepalaRiwayat.objects.update(sidik="0" * 64)
        assert faults() == [f"Rantai {RANTAI}: kepala tidak cocok dengan baris terakhir (baris 6)."]
        KepalaRiwayat.objects.all().delete()
        assert faults() == [f"Rantai {RANTAI}: kepalanya tidak ada, barisnya 6."]

    def test_a_pair_that_changed_places_is_found(self, rantai):
        change(rantai[2], urutan=99)
        change(rantai[3], urutan=3)
        change(rantai[2], urutan=4)
        assert "putus pada baris 3" in faults()[0]

    def test_an_inserted_row_is_found(self, rantai):
        for row in reversed(rantai[2:]):
            change(row, urutan=row.urutan + 1)
        row = rantai[2]
        row.pk, row._state.adding, row.urutan = None, True, 3
        row.save()
        assert "putus pada baris 4" in faults()[0]

    def test_only_the_first_broken_link_of_each_chain_is_named(self, rantai, admin):
        with transaction.atomic():
            record(by=admin, subjek="akun:8", aksi="uji")
        for row in rantai[1:]:
            change(row, alasan="lain")
        change(Riwayat.objects.get(subjek="akun:8"), alasan="lain")
        found = faults()
        assert [fault.split(" putus pada ")[1].split(" ")[1] for fault in found] == ["2", "1"]

    def test_guards_that_are_away_are_said(self, rantai):
        with lifted():
            assert "Penjaga tabel realisasi_riwayat tidak terpasang" in faults()[0]


@pytest.mark.django_db
class TestSegel:
    def test_a_tail_cut_off_with_its_head_rewritten_is_found(self, rantai):
        segel = seal(now=timezone.now())
        with lifted():
            rantai[5].delete()
        rehash(rantai[0])
        assert faults() == [f"Rantai {RANTAI}: segel nomor {segel.pk} menyebut 6 baris, yang ada 5."]

    def test_a_chain_that_was_hashed_anew_is_found(self, rantai):
        segel = seal(now=timezone.now())
        change(rantai[2], alasan="lain")
        rehash(rantai[0])
        assert faults() == [
            (
                f"Rantai {RANTAI} putus pada baris 6 (riwayat nomor {rantai[5].pk}): "
                f"tidak sama dengan yang ada di segel nomor {segel.pk}."
            )
        ]

    def test_what_came_after_the_seal_may_come(self, rantai, admin):
        seal(now=timezone.now())
        with transaction.atomic():
            record(by=admin, subjek=RANTAI, aksi="uji")
        assert faults() == []

    @pytest.mark.parametrize("values", [{"waktu": datetime(2020, 1, 1, tzinfo=UTC)}, {"sidik": "0" * 64}])
    def test_a_changed_seal_is_found(self, rantai, values):
        segel = seal(now=timezone.now())
        change(segel, **values)
        assert f"Rantai segel putus pada segel nomor {segel.pk}" in faults()[0]
        assert "isi tidak cocok dengan sidiknya" in faults()[0]

    def test_a_sealed_head_that_was_changed_or_taken_out_is_found(self, rantai):
        seal(now=timezone.now())
        change(KepalaTersegel.objects.get(), jumlah=5, sidik=rantai[4].sidik)
        assert "isi tidak cocok dengan sidiknya" in faults()[0]
        with lifted():
            KepalaTersegel.objects.all().delete()
        assert "menyebut 1 rantai, yang ada 0" in faults()[0]

    def test_a_seal_that_was_taken_out_is_missed(self, rantai, admin):
        first = seal(now=timezone.now())
        with transaction.atomic():
            record(by=admin, subjek=RANTAI, aksi="uji")
        last = seal(now=timezone.now())
        with lifted():
            KepalaTersegel.objects.filter(segel=last).delete()
            last.delete()
        assert faults() == ["Rantai segel: kepala menyebut 2 segel, yang ada 1."]
        KepalaRiwayat.objects.filter(rantai="segel").update(jumlah=1)
        assert faults() == ["Rantai segel: kepala tidak cocok dengan segel terakhir."]
        with lifted():
            KepalaTersegel.objects.all().delete()
            first.delete()
        assert "menyebut 1 segel, yang ada 0" in faults()[0]
        assert not SegelRiwayat.objects.exists()


@pytest.fixture
def fakta(verifikator, admin, settings):
    """One of every fact, written through the doors."""
    alokasi = dunia.make_penerima(pabrik.MAJALENGKA)
    operator = alokasi.daerah.pengguna_set.get()
    paket = Paket.objects.get()
    act = {"by": verifikator, "now": OKTOBER}
    revise_pagu(
        alokasi_id=alokasi.pk, jumlah=1_100_000_000, berlaku_dari=date(2024, 7, 1), sumber="Revisi", **act
    )
    target = {ke: IsianTarget(keuangan=ke, fisik=Decimal("12.5") * ke) for ke in (1, 2)}
    revise_target(alokasi_id=alokasi.pk, isian=target, alasan="Uji.", **act)
    revise_target(alokasi_id=alokasi.pk, isian={2: target[2]}, alasan="Uji.", **act)
    sp2d = {"alokasi": alokasi, "tahap": "I", "tanggal_sp2d": date(2024, 5, 1)}
    for nomor in ("A", "B"):
        row = record_penyaluran(**sp2d, nomor_sp2d=nomor, jumlah=5, **act)
    remove_penyaluran(penyaluran_id=row.pk, alasan="Keliru.", **act)
    isian = IsianPaket(nomor_kontrak="7", nilai_kontrak=900_000_000, tanggal_kontrak=date(2024, 5, 3))
    save_paket(paket_id=paket.pk, versi=paket.versi, isian=isian, by=operator, now=OKTOBER)
    add_parameter(
        kunci="lapor.wajib_penyetuju",
        tahun=2024,
        daerah=None,
        nilai=False,
        sumber="Surat",
        tanda="C",
        berlaku_dari=date(2024, 1, 1),
        by=admin,
        now=OKTOBER,
    )
    dunia.send_back(dunia.report(alokasi, 1, 1_000_000), verifikator)
    dunia.verify(dunia.report(alokasi, 3, 400_000_000), verifikator)
    return alokasi


PERUBAHAN = (
    (VersiPagu, {"jumlah": 1}),
    (VersiPagu, {"dicabut_pada": OKTOBER}),
    (Target, {"fisik": Decimal("12.51")}),
    (Penyaluran, {"jumlah": 6}),
    (Penyaluran, {"dicabut_pada": OKTOBER}),
    (Paket, {"nilai_kontrak": 900_000_001}),
    (Paket, {"tanggal_kontrak": date(2024, 5, 2)}),
    (KontrakTerdahulu, {"nilai_kontrak": 1}),
    (Parameter, {"nilai": True}),
    (VersiLaporan, {"alasan_pembukaan": "Lain.", "dibuka_kembali_pada": OKTOBER}),
    (VersiLaporan, {"jumlah_temuan": 99}),
    (BarisVersi, {"capaian_sejuta": 7}),
    (BarisVersi, {"penerima_manfaat": 7}),
)


def recorded(model):
    """A row of which the trail keeps the fingerprint: the last one that still holds."""
    rows = model.objects.order_by("pk")
    if model is VersiPagu:
        rows = rows.filter(sumber="Revisi")
    if model is Penyaluran:
        rows = rows.filter(nomor_sp2d="A")
    return rows.last()


@pytest.mark.django_db
class TestFakta:
    def test_what_the_doors_wrote_agrees(self, fakta):
        code, said = verify()
        assert code == 0, said
        # Written straight into the tables by this test's own factories.
        assert "Tanpa sidik" in said
        assert "versi_rk 1" in said

    def test_a_fact_that_was_changed_past_the_doors_is_named(self, fakta):
        for model, values in PERUBAHAN:
            row = recorded(model)
            with transaction.atomic():
                change(row, **values)
                named = f":{row.pk} tidak sama dengan yang dicatat riwayat nomor"
                assert any(named in line for line in faults()), (model, values)
                transaction.set_rollback(True)
        assert faults() == []

    def test_a_taken_back_fact_that_was_brought_back_is_named(self, fakta):
        row = Penyaluran.objects.get(nomor_sp2d="B")
        change(row, dicabut_pada=None)
        assert faults()[0].startswith(f"Fakta penyaluran:{row.pk} tidak sama")

    def test_a_fact_that_was_deleted_is_missed(self, fakta):
        rows = [VersiPagu.objects.get(sumber="Revisi"), Penyaluran.objects.get(nomor_sp2d="A")]
        names = [
            f"Fakta {nama}:{row.pk} hilang"
            for nama, row in zip(("versi_pagu", "penyaluran"), rows, strict=True)
        ]
        with lifted():
            for row in rows:
                row.delete()
        assert [fault.split(";")[0] for fault in faults()] == names

    def test_a_fact_that_nobody_recorded_is_found(self, fakta):
        made = pabrik.make_penyaluran(fakta, 1, date(2024, 6, 1), dicatat_pada=timezone.now())
        assert faults() == [f"Fakta penyaluran:{made.pk} tidak ditulis lewat aplikasi: tidak ada riwayatnya."]

    def test_a_changed_submitted_row_and_total_are_found_by_the_receipt(self, fakta):
        sent = VersiLaporan.objects.last()
        change(sent.baris.get(), keuangan=1)
        assert f"Tanda terima {sent}: isi laporan tidak sama dengan sidiknya." in faults()
        change(sent.baris.get(), keuangan=400_000_000)
        change(sent, total_keuangan=1)
        assert f"Tanda terima {sent}: totalnya bukan jumlah barisnya." in faults()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestTanganLain:
    """What somebody does with the file of the database, or beside us while we look."""

    @pytest.fixture(autouse=True)
    def shipped(self):
        pabrik.load_shipped_rows()

    def test_the_file_of_the_database_is_edited(self, rantai):
        if connection.vendor != "sqlite":
            pytest.skip("the database is a file on SQLite only")
        other = sqlite3.connect(connection.settings_dict["NAME"])
        with pytest.raises(sqlite3.IntegrityError, match="hanya boleh ditambah"):
            other.execute("UPDATE realisasi_riwayat SET alasan = 'y' WHERE urutan = 4")
        other.rollback()
        with lifted():
            other.execute("UPDATE realisasi_riwayat SET alasan = 'y' WHERE urutan = 4")
            other.commit()
        other.close()
        assert f"Rantai {RANTAI} putus pada baris 4" in faults()[0]

    def test_who_writes_meanwhile_is_not_taken_for_a_forger(self, rantai, admin, monkeypatch):
        """The heads are read before the rows: without one instant for both the new row looks inserted."""
        original = Riwayat.objects.order_by

        def after_another_wrote(*args):
            monkeypatch.undo()
            writer = Thread(target=self.write, args=[admin])
            writer.start()
            writer.join()
            return original(*args)

        monkeypatch.setattr(Riwayat.objects, "order_by", after_another_wrote)
        assert faults() == []
        assert "1 rantai, 7 baris" in verify()[1]

    def write(self, admin):
        with transaction.atomic():
            record(by=admin, subjek=RANTAI, aksi="uji")
        connection.close()
