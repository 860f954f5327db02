from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from realisasi.models import BarisVersi, VersiLaporan
from tests import dunia
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt():
    penerima = dunia.make_penerima("32.10")
    dunia.report(penerima, 3, 400_000_000)
    return VersiLaporan.objects.get()


def run(nomor):
    out = StringIO()
    call_command("verify_receipt", nomor, stdout=out)
    return out.getvalue()


def tamper(model, pk, **values):
    """Past every guard of the application, as somebody with the database in hand would."""
    ((column, value),) = values.items()
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [value, pk])


def test_a_true_receipt_is_confirmed_with_its_moment_and_total(receipt):
    said = run(receipt.tanda_terima)
    assert receipt.tanda_terima in said
    assert "benar: diajukan Selasa, 15 Oktober 2024, pukul 10.00 WIB, total Rp400.000.000." in said


@pytest.mark.parametrize(
    "change", [{"keuangan": 400_000_001}, {"progres_fisik": 9900}, {"penjelasan": "lain"}, {"nilai_rk": 1}]
)
def test_a_row_that_was_tampered_with_is_named(receipt, change):
    row = BarisVersi.objects.get(versi=receipt)
    tamper(BarisVersi, row.pk, **change)
    with pytest.raises(CommandError, match=str(row.paket)) as refused:
        run(receipt.tanda_terima)
    assert receipt.tanda_terima in str(refused.value)


def test_a_row_that_was_taken_away_is_missed(receipt):
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {BarisVersi._meta.db_table}")
    with pytest.raises(CommandError, match="baris yang berubah: Paket Rincian"):
        run(receipt.tanda_terima)


def test_a_changed_head_is_found_without_blaming_a_row(receipt):
    tamper(VersiLaporan, receipt.pk, catatan="Disisipkan.")
    with pytest.raises(CommandError, match=rf"sidik tanda terima {receipt.tanda_terima}\."):
        run(receipt.tanda_terima)


def test_a_changed_total_is_found(receipt):
    tamper(VersiLaporan, receipt.pk, total_keuangan=1)
    with pytest.raises(CommandError, match=r"Rp1\b"):
        run(receipt.tanda_terima)


def test_an_unknown_number_is_said(receipt):
    with pytest.raises(CommandError, match="LT-TIDAK-ADA tidak ditemukan"):
        run("LT-TIDAK-ADA")
