"""A stored figure that is wrong, missing or too many is found by the check and put right by computing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from realisasi.actions import rekap
from realisasi.models import RekapTriwulan, RekapWilayah
from tests.dunia import OKTOBER, make_penerima, report
from tests.pemicu import lifted

pytestmark = pytest.mark.django_db

LATER = OKTOBER + timedelta(hours=1)


@pytest.fixture(autouse=True)
def computed():
    """Two kab/kota of two provinces; of TW III one has reported."""
    report(make_penerima("32.10"), 3, 400_000_000)
    make_penerima("52.02", pagu=3_000_000_000)
    rekap.compute_all(now=OKTOBER)
    assert rekap.find_differences(now=OKTOBER) == []


def of_nation(**changes):
    return RekapWilayah.objects.current().filter(
        tingkat="nasional", triwulan=3, posisi="sementara", **changes
    )


def copy(rows, **changes):
    """Store a row once more, as something else."""
    row = rows.get()
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


DAMAGES = {
    "an amount": lambda: RekapTriwulan.objects.filter(triwulan=3).update(pagu=F("pagu") + 1),
    "who reported": lambda: RekapTriwulan.objects.filter(triwulan=3, lapor=True).update(lapor=False),
    "a row is gone": lambda: RekapTriwulan.objects.filter(triwulan=3, daerah="52.02").delete(),
    "a sum": lambda: of_nation().update(nilai_kontrak=1),
    "a number": lambda: of_nation().update(jumlah_daerah=3),
    "no sum": lambda: of_nation().update(realisasi_kab_kota=None),
    "a rate": lambda: of_nation().update(serapan="9.99"),
    "no rate": lambda: of_nation().update(serapan=None),
    "a mean": lambda: of_nation().update(rata_rata_kab_kota="40.01"),
    "a sum and its rate": lambda: of_nation().update(realisasi_keuangan=1, serapan="0.00"),
    "an area is gone": lambda: of_nation().delete(),
    "an area too many": lambda: copy(of_nation(), tingkat="provinsi", kode="51"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_was_damaged_is_found_and_put_right(damage):
    right = figures()
    with lifted():
        damage()
    assert figures() != right
    assert rekap.find_differences(now=LATER)

    rekap.compute_all(now=LATER)
    assert rekap.find_differences(now=LATER) == []
    assert figures() == right


def figures():
    """Everything that holds now, without when it was computed."""
    found = [
        (model.__name__, {name: value for name, value in row.items() if name not in ("id", "berlaku_dari")})
        for model in (RekapTriwulan, RekapWilayah)
        for row in model.objects.current().values()
    ]
    return sorted(found, key=str)


def test_the_wrong_row_stays_readable_and_those_that_were_right_are_left_alone():
    with lifted():
        of_nation().update(serapan="9.99")
    before = RekapWilayah.objects.count()
    rekap.compute_all(now=LATER)
    assert RekapWilayah.objects.count() == before + 1
    ended = RekapWilayah.objects.get(serapan="9.99")
    assert (ended.berlaku_sampai, of_nation().get().berlaku_dari) == (LATER, LATER)
    assert of_nation().get().serapan == Decimal("10.00")


def test_an_alokasi_that_is_no_longer_there_has_no_figure_and_neither_have_its_areas():
    """A quarter before the first pagu: what was once computed for it ends."""
    row = RekapTriwulan.objects.filter(daerah="52.02", triwulan=1).first()
    with lifted():
        row.alokasi.versipagu_set.update(berlaku_dari="2024-05-01")
    rekap.compute_all(now=LATER)
    current = RekapTriwulan.objects.current()
    assert not current.filter(daerah="52.02", triwulan=1).exists()
    assert current.filter(daerah="52.02", triwulan=2).exists()
    assert not RekapWilayah.objects.current().filter(kode="52", triwulan=1).exists()
    assert rekap.find_differences(now=LATER) == []
