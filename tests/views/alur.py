"""What tests of report pages share: a page's words, and a report filled in and submitted by its office."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from realisasi.actions import laporan as aksi
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.models import Laporan

APRIL = datetime(2024, 4, 5, 3, tzinfo=UTC)
JUTA = 1_000_000


def text(answer):
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def submitted(alokasi, by, *, ke=1, keuangan=90 * JUTA, fisik="10", now=APRIL, alasan=""):
    """A report with the same figures in every row, saved and submitted."""
    laporan = aksi.start(alokasi=alokasi, triwulan=ke, by=by, now=now)
    row = IsianBaris(
        keuangan=keuangan, progres_fisik=Decimal(fisik), volume_selesai=Decimal(0), alasan=alasan
    )
    rows = dict.fromkeys(laporan.baris.values_list("paket", flat=True), row)
    isian = Isian(versi=1, baris=rows, catatan="Dana talangan")
    saved = aksi.save(laporan_id=laporan.pk, isian=isian, by=by, now=now)
    aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=by, now=now)
    return Laporan.objects.get(pk=laporan.pk)


def accept(laporan, verifikator, now=APRIL):
    """Take it up and verify it."""
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=now)
    return aksi.verify(laporan_id=laporan.pk, by=verifikator, now=now)
