"""What the ministry sets on an alokasi: pembina, revised pagu, targets with a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from realisasi.actions import alokasi as aksi
from realisasi.actions.galat import Ditolak
from realisasi.models import Peristiwa, Riwayat, Target, VersiPagu
from tests import pabrik

pytestmark = pytest.mark.django_db
SAAT = datetime(2024, 10, 15, 3, tzinfo=UTC)


@pytest.fixture
def alokasi():
    return pabrik.make_alokasi(pagu=5_000_000_000)


def targets(*keuangan, fisik=(None, None, None, None)):
    return {
        ke: aksi.IsianTarget(keuangan=amount, fisik=fisik[ke - 1])
        for ke, amount in enumerate(keuangan, start=1)
    }


def test_the_person_in_charge_is_of_the_ministry(alokasi, verifikator, operator):
    aksi.assign(
        alokasi_id=alokasi.pk, direktorat_pembina="IKM Pangan", penanggung_jawab=verifikator, by=verifikator
    )
    alokasi.refresh_from_db()
    assert (alokasi.direktorat_pembina, alokasi.penanggung_jawab) == ("IKM Pangan", verifikator)
    assert Riwayat.objects.get(subjek=f"alokasi:{alokasi.pk}").sesudah["penanggung_jawab"] == "verifikator"
    with pytest.raises(Ditolak, match="akun kementerian"):
        aksi.assign(alokasi_id=alokasi.pk, direktorat_pembina="", penanggung_jawab=operator, by=verifikator)


def test_a_revised_pagu_is_a_new_version_and_the_figures_follow(alokasi, verifikator):
    aksi.revise_pagu(
        alokasi_id=alokasi.pk,
        jumlah=4_000_000_000,
        berlaku_dari=date(2024, 7, 1),
        sumber="KMK 29",
        by=verifikator,
        now=SAAT,
    )
    assert list(VersiPagu.objects.values_list("jumlah", flat=True)) == [5_000_000_000, 4_000_000_000]
    assert Peristiwa.objects.open().get().triwulan == 1


def test_a_pagu_belongs_to_its_year(alokasi, verifikator):
    with pytest.raises(Ditolak, match="TA 2024"):
        aksi.revise_pagu(
            alokasi_id=alokasi.pk,
            jumlah=1,
            berlaku_dari=date(2025, 1, 1),
            sumber="x",
            by=verifikator,
            now=SAAT,
        )


def test_targets_are_replaced_with_a_reason_and_the_old_ones_kept_in_the_trail(alokasi, verifikator):
    first = targets(1, 2, 3, 4, fisik=(None, Decimal(10), Decimal("20.5"), Decimal(100)))
    aksi.revise_target(alokasi_id=alokasi.pk, isian=first, alasan="Awal.", by=verifikator, now=SAAT)
    second = targets(1, 2, 30, 40)
    aksi.revise_target(alokasi_id=alokasi.pk, isian=second, alasan="RK direvisi.", by=verifikator, now=SAAT)
    stored = Target.objects.known().order_by("triwulan")
    assert list(stored.values_list("keuangan", flat=True)) == [1, 2, 30, 40]
    trail = Riwayat.objects.filter(aksi="revisi target").last()
    assert trail.sebelum["3"] == {"keuangan": 3, "fisik": "20.50"}
    assert trail.alasan == "RK direvisi."


@pytest.mark.parametrize(
    ("isian", "alasan", "pesan"),
    [
        (targets(1, 2, 3, 4), " ", "alasan"),
        (targets(5, 4, None, None), "x", "tidak boleh turun"),
        (targets(1, 2, 3, 6_000_000_000), "x", "melebihi pagu"),
    ],
)
def test_a_target_that_cannot_be_is_refused_and_nothing_is_written(
    alokasi, verifikator, isian, alasan, pesan
):
    with pytest.raises(Ditolak, match=pesan):
        aksi.revise_target(alokasi_id=alokasi.pk, isian=isian, alasan=alasan, by=verifikator, now=SAAT)
    assert not Target.objects.exists()


def test_officers_do_not_set_them(alokasi, operator):
    with pytest.raises(Ditolak, match="hanya diubah"):
        aksi.revise_target(alokasi_id=alokasi.pk, isian=targets(1), alasan="x", by=operator, now=SAAT)
