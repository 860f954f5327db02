"""Guards in the database: history is added to, never changed or deleted, by whatever hand."""

from functools import partial

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from realisasi import pemicu
from realisasi.actions.riwayat import record
from realisasi.models import KepalaTersegel, Riwayat, SegelRiwayat, VersiLaporan
from tests import dunia, pabrik
from tests.pemicu import lifted, settle

pytestmark = pytest.mark.django_db

NOW = timezone.now
TABEL = [jaga.tabel for jaga in pemicu.DIJAGA]


def model_of(tabel):
    return next(model for model in apps.get_models() if model._meta.db_table == tabel)


@pytest.fixture
def baris(verifikator, admin):
    """A row in every guarded table, by table."""
    alokasi = dunia.make_penerima(pabrik.MAJALENGKA)
    paket = alokasi.kegiatan_set.get().paket_set.get()
    paket.kontrakterdahulu_set.create(nomor_kontrak="1", dicatat_pada=NOW(), dicabut_pada=NOW())
    pabrik.make_target(alokasi, 1, keuangan=1)
    dunia.report(alokasi, 3, 400_000_000)
    dunia.compute()
    with transaction.atomic():
        record(by=admin, subjek="akun:1", aksi="uji")
    segel = SegelRiwayat.objects.create(waktu=NOW(), jumlah_rantai=1, sidik="0" * 64)
    KepalaTersegel.objects.create(segel=segel, rantai="akun:1", jumlah=1, sidik="0" * 64)
    return {tabel: model_of(tabel).objects.order_by("pk").last() for tabel in TABEL}


def refused(tabel, act):
    """The database says no, in a sentence with the name of the table."""
    with pytest.raises(IntegrityError, match=tabel), transaction.atomic():
        act()


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def other_value(row, field):
    """Some value that the column of this row does not hold, of its type."""
    kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    others = {
        "DateTimeField": [NOW()],
        "DateField": [NOW().date()],
        "BooleanField": [True, False],
        "JSONField": [{"lain": 1}],
        "CharField": ["X"],
    }.get(kind, [7, 8])
    return next(value for value in others if value != getattr(row, field.attname))


def test_all_guards_stand_after_all_migrations():
    assert pemicu.missing() == []


def test_a_migration_without_work_leaves_them_standing(monkeypatch):
    monkeypatch.setattr(pemicu, "remove", lambda using: pytest.fail("guards were away"))
    pemicu.remove_for_migrations("default", plan=[])
    pemicu.install()
    assert pemicu.missing() == []


def test_migrations_are_let_at_the_rows_and_the_guards_stand_afterwards():
    with lifted():
        assert pemicu.missing() == TABEL
    assert pemicu.missing() == []


def test_no_row_is_deleted(baris):
    for tabel, row in baris.items():
        found = type(row).objects.filter(pk=row.pk)
        refused(tabel, lambda tabel=tabel: raw(f"DELETE FROM {tabel}"))
        refused(tabel, partial(found._raw_delete, "default"))
        # Django deletes what hangs on a row first, which another guard refuses.
        refused("realisasi_|referenced", row.delete)
        refused("realisasi_|referenced", found.delete)
        assert found.exists()


def test_no_recorded_value_is_changed(baris):
    for jaga in pemicu.DIJAGA:
        row = baris[jaga.tabel]
        for field in row._meta.concrete_fields:
            if field.column not in (*jaga.sekali, *jaga.bebas):
                change = {field.attname: other_value(row, field)}
                refused(jaga.tabel, partial(type(row).objects.filter(pk=row.pk).update, **change))


def test_neither_an_object_nor_a_hand_changes_a_row(baris):
    riwayat = baris["realisasi_riwayat"]
    riwayat.alasan = "Disisipkan."
    refused("realisasi_riwayat", riwayat.save)
    refused("realisasi_riwayat", lambda: raw("UPDATE realisasi_riwayat SET alasan = 'x'"))
    pagu = baris["realisasi_versipagu"]
    pagu.jumlah += 1
    refused("realisasi_versipagu", pagu.save)
    refused("realisasi_versipagu", lambda: raw("UPDATE realisasi_versipagu SET jumlah = jumlah + 1"))


# A contract that was replaced is born with its end; the fate of a submission has its own test.
BERUJUNG = [jaga for jaga in pemicu.DIJAGA if len(jaga.sekali) == 1 and "terdahulu" not in jaga.tabel]


def test_the_end_of_a_row_is_filled_in_once(baris):
    for jaga in BERUJUNG:
        (column,) = jaga.sekali
        found = type(baris[jaga.tabel]).objects.filter(pk=baris[jaga.tabel].pk)
        found.update(**{column: NOW()})
        for later in (NOW(), None):
            refused(jaga.tabel, partial(found.update, **{column: later}))


def test_the_fate_of_a_submission_is_decided_once(baris, verifikator, admin):
    found = VersiLaporan.objects.filter(pk=baris["realisasi_versilaporan"].pk)
    found.update(verifikasi_dimulai_pada=NOW(), verifikator=admin)
    found.update(diverifikasi_pada=NOW(), verifikator=verifikator)
    found.update(dibuka_kembali_pada=NOW(), alasan_pembukaan="Angka tertukar.")
    for change in (
        {"verifikasi_dimulai_pada": NOW()},
        {"diverifikasi_pada": None},
        {"dibuka_kembali_pada": None, "alasan_pembukaan": ""},
        {"alasan_pembukaan": "Alasan lain."},
    ):
        refused("realisasi_versilaporan", partial(found.update, **change))


def test_a_rule_is_replaced_by_another_one_and_again(baris):
    parameter = baris["realisasi_parameter"]
    others = type(parameter).objects.exclude(pk=parameter.pk)
    for other in others[:2]:
        type(parameter).objects.filter(pk=parameter.pk).update(digantikan_oleh=other)


def test_no_table_is_emptied_at_once(baris, butuh_postgres):
    settle()
    for tabel in TABEL:
        refused("realisasi_|referenced", lambda tabel=tabel: raw(f"TRUNCATE {tabel} CASCADE"))


def test_no_row_is_replaced_by_an_insert(baris):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces a row by an INSERT")
    for tabel in TABEL:
        refused(tabel, lambda tabel=tabel: raw(f"INSERT OR REPLACE INTO {tabel} SELECT * FROM {tabel}"))
    columns = ", ".join(f.column for f in Riwayat._meta.concrete_fields if not f.primary_key)
    twin = f"INSERT OR REPLACE INTO realisasi_riwayat ({columns}) SELECT {columns} FROM realisasi_riwayat"
    refused("realisasi_riwayat", lambda: raw(twin))


def test_a_rebuilt_table_has_its_guards_again():
    """SQLite builds a table anew for most changes of its shape; its triggers go with the old one."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite rebuilds tables")
    raw("CREATE TABLE baru AS SELECT * FROM realisasi_target")
    raw("DROP TABLE realisasi_target")
    raw("ALTER TABLE baru RENAME TO realisasi_target")
    assert pemicu.missing() == ["realisasi_target"]
    call_command("migrate", verbosity=0)
    assert pemicu.missing() == []
