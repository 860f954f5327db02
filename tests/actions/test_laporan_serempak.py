"""Two people press at the same instant: one submission, one verification, one decision.

Needs row locks. Proven by leaving out `select_for_update` in `realisasi.actions.laporan._locked`: every test
here but the first then fails.
"""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions.galat import Basi, Ditolak
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.models import Laporan, Peristiwa, Riwayat, StatusLaporan, VersiLaporan
from tests.pabrik import make_alokasi, make_kegiatan, make_paket, make_pengguna

NOW = datetime(2024, 4, 5, 3, tzinfo=UTC)
PESERTA = 4

pytestmark = [
    # Rolled back to the rules that the migrations load: a plain flush would take them away.
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("butuh_postgres"),
]


@pytest.fixture(autouse=True)
def tanpa_antrean(monkeypatch):
    """What is handed to the broker after the commit is not the question here."""
    monkeypatch.setattr("realisasi.actions.peristiwa.send", lambda *args: None)


@pytest.fixture
def operator():
    return make_pengguna()


@pytest.fixture
def laporan(operator):
    alokasi = make_alokasi()
    make_paket(make_kegiatan(alokasi))
    laporan = aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=NOW)
    aksi.save(laporan_id=laporan.pk, isian=isian(laporan, 1, keuangan=0), by=operator, now=NOW)
    return laporan


def isian(laporan, versi, *, keuangan):
    rows = laporan.baris.values_list("paket", flat=True)
    values = {"keuangan": keuangan, "progres_fisik": 0, "volume_selesai": 0}
    return Isian(versi=versi, baris={paket: IsianBaris(**values) for paket in rows})


def at_once(step):
    """Run `step(ke)` in parallel, each on a connection of its own; returns results and refusals."""
    gate, outcomes = threading.Barrier(PESERTA), []

    def run(ke):
        try:
            gate.wait()
            outcomes.append(step(ke))
        except Ditolak as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(ke,)) for ke in range(PESERTA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == PESERTA, "a thread died of something else than a refusal"
    return outcomes


def test_starting_at_once_gives_one_report(operator):
    alokasi = make_alokasi()
    make_paket(make_kegiatan(alokasi))
    started = at_once(lambda ke: aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=NOW).pk)
    assert len(set(started)) == 1
    assert Laporan.objects.count() == 1


def test_submitting_at_once_gives_one_receipt_and_one_notice(laporan, operator):
    sent = at_once(lambda ke: aksi.submit(laporan_id=laporan.pk, versi=2, by=operator, now=NOW).tanda_terima)
    assert len(set(sent)) == 1
    assert VersiLaporan.objects.count() == 1
    assert Peristiwa.objects.filter(jenis="ajukan").count() == 1
    assert Riwayat.objects.filter(aksi="ajukan").count() == 1


def test_saving_at_once_lets_one_through_and_tells_the_others(laporan, operator):
    outcomes = at_once(
        lambda ke: aksi.save(
            laporan_id=laporan.pk, isian=isian(laporan, 2, keuangan=ke + 1), by=operator, now=NOW
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Basi"] * (PESERTA - 1) + ["Laporan"]
    assert Laporan.objects.get().versi == 3
    assert all(isinstance(outcome, (Basi, Laporan)) for outcome in outcomes)


def test_two_verifikators_at_once_only_one_takes_it_up(laporan, operator):
    aksi.submit(laporan_id=laporan.pk, versi=2, by=operator, now=NOW)
    checkers = [make_pengguna(Peran.VERIFIKATOR) for _ in range(PESERTA)]
    outcomes = at_once(lambda ke: aksi.begin_verification(laporan_id=laporan.pk, by=checkers[ke], now=NOW))
    assert sum(isinstance(outcome, Ditolak) for outcome in outcomes) == PESERTA - 1
    assert Riwayat.objects.filter(aksi="mulai verifikasi").count() == 1


def test_accepting_and_returning_at_once_has_one_outcome(laporan, operator):
    aksi.submit(laporan_id=laporan.pk, versi=2, by=operator, now=NOW)
    checker = make_pengguna(Peran.VERIFIKATOR)
    aksi.begin_verification(laporan_id=laporan.pk, by=checker, now=NOW)
    other = make_pengguna(Peran.VERIFIKATOR)
    key = {"laporan_id": laporan.pk, "now": NOW}
    steps = [
        lambda: aksi.verify(by=checker, **key),
        lambda: aksi.return_for_fix(alasan="x", catatan=[], by=other, **key),
    ]
    at_once(lambda ke: steps[ke % 2]())
    status = Laporan.objects.get().status
    assert status in (StatusLaporan.DIVERIFIKASI, StatusLaporan.DIKEMBALIKAN)
    assert Riwayat.objects.filter(aksi__in=("verifikasi", "kembalikan")).count() == 1


def test_taking_back_and_taking_up_at_once_has_one_outcome(laporan, operator):
    aksi.submit(laporan_id=laporan.pk, versi=2, by=operator, now=NOW)
    checker = make_pengguna(Peran.VERIFIKATOR)
    steps = [
        lambda: aksi.withdraw(laporan_id=laporan.pk, by=operator, now=NOW),
        lambda: aksi.begin_verification(laporan_id=laporan.pk, by=checker, now=NOW),
    ]
    at_once(lambda ke: steps[ke % 2]())
    assert Riwayat.objects.filter(aksi__in=("tarik kembali", "mulai verifikasi")).count() == 1
