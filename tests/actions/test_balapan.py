"""People press at the same instant: many presses give what one press gives, and of two rivals one wins.

Needs row locks, hence PostgreSQL. Every test names its guard and was seen to fail with that guard taken out;
it proves something only as long as it still does.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import import_module
from io import StringIO
from threading import Barrier, Event
from time import sleep

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions.alokasi import IsianTarget, revise_pagu, revise_target
from realisasi.actions.dispensasi import grant_dispensasi
from realisasi.actions.galat import Basi, Ditolak
from realisasi.actions.impor import RencanaBerubah, apply_import, plan_import
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.actions.penutupan import close_triwulan
from realisasi.actions.penyaluran import record_penyaluran
from realisasi.actions.peristiwa import compute_open
from realisasi.actions.rekap import compute_all, find_differences
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import (
    Alokasi,
    BarisLaporan,
    Dispensasi,
    Kegiatan,
    Laporan,
    Paket,
    PeriodeTriwulan,
    Peristiwa,
    Posisi,
    RekapTriwulan,
    Riwayat,
    Sentra,
    StatusLaporan,
    TahunAnggaran,
    Target,
    VersiLaporan,
    VersiPagu,
    VersiRK,
)
from tests.buku.berkas import DUA, SATU, cells, sheet
from tests.pabrik import make_alokasi, make_daerah, make_kegiatan, make_paket, make_pengguna

NOW = datetime(2024, 4, 5, 3, tzinfo=UTC)
HARI = date(2024, 3, 1)

pytestmark = [
    # Rolled back to the rules that the migrations load: a plain flush would take them away.
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("butuh_postgres"),
]


@pytest.fixture(autouse=True)
def tanpa_antrean(monkeypatch):
    """What is handed to the broker after the commit is not the question here."""
    monkeypatch.setattr("realisasi.actions.peristiwa.send", lambda *args: None)


@pytest.fixture(autouse=True)
def rekap_cocok(transactional_db, tanpa_antrean):
    """After every race the stored figures are those of a fresh computation (`compute_rekap --check`)."""
    yield
    compute_open(now=NOW)
    assert find_differences(now=NOW) == []


@pytest.fixture
def alokasi():
    """With one paket and its figures computed."""
    alokasi = make_alokasi()
    make_paket(make_kegiatan(alokasi))
    compute_all(now=NOW)
    return alokasi


@pytest.fixture
def operator():
    return make_pengguna()


@pytest.fixture
def laporan(alokasi, operator):
    """A draft of TW I that can be submitted."""
    laporan = aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=NOW)
    return aksi.save(laporan_id=laporan.pk, isian=isian(laporan, 1, keuangan=0), by=operator, now=NOW)


@pytest.fixture
def diajukan(laporan, operator):
    aksi.submit(laporan_id=laporan.pk, versi=2, by=operator, now=NOW)
    return laporan


@pytest.fixture
def pemeriksa():
    return make_pengguna(Peran.VERIFIKATOR)


@pytest.fixture
def diperiksa(diajukan, pemeriksa):
    aksi.begin_verification(laporan_id=diajukan.pk, by=pemeriksa, now=NOW)
    return diajukan


def isian(laporan, versi, *, keuangan):
    rows = laporan.baris.values_list("paket", flat=True)
    values = {"keuangan": keuangan, "progres_fisik": 0, "volume_selesai": 0}
    return Isian(versi=versi, baris={paket: IsianBaris(**values) for paket in rows})


def at_once(*steps):
    """Run the steps together, each in a thread with an open connection of its own.

    Gives what each of them gave, or its refusal; anything else that one raises fails the test.
    """
    gate = Barrier(len(steps), timeout=60)

    def run(step):
        try:
            connection.ensure_connection()  # beforehand, so that opening it does not pull them apart
            gate.wait()
            return step()
        except Ditolak as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Ditolak)]


def winner(outcomes):
    """The place of the only one that was not refused."""
    won = [ke for ke, outcome in enumerate(outcomes) if not isinstance(outcome, Ditolak)]
    assert len(won) == 1, f"{len(won)} of {len(outcomes)} came through"
    return won[0]


def trail(aksi):
    return Riwayat.objects.filter(aksi=aksi).count()


# --- the same press, many times --------------------------------------------------------------------------


def test_starting_at_once_gives_one_report(alokasi, operator):
    """Guard: the lock on the alokasi in `start`."""
    start = partial(aksi.start, alokasi=alokasi, triwulan=1, by=operator, now=NOW)
    started = at_once(*[start] * 4)
    assert len({laporan.pk for laporan in started}) == 1
    assert (Laporan.objects.count(), BarisLaporan.objects.count(), trail("mulai mengisi")) == (1, 1, 1)


@pytest.mark.parametrize("kali", [2, 10, 50])
def test_identical_submits_at_once_give_one_receipt(laporan, operator, kali):
    """Guard: the row lock in `_locked`. Behind it the receipt number is unique: an error, no answer."""
    press = partial(aksi.submit, laporan_id=laporan.pk, versi=2, by=operator, now=NOW)
    sent = at_once(*[press] * kali)
    assert {versi.tanda_terima for versi in sent} == {VersiLaporan.objects.get().tanda_terima}
    assert Peristiwa.objects.filter(jenis="ajukan").count() == 1
    assert trail("ajukan") == 1


def test_the_form_submitted_from_two_tabs_at_once_ends_on_one_receipt(laporan, operator):
    """Guard: the row lock in `_locked`, and `_is_stored` for the tab that comes second."""
    page = reverse("laporan_rinci", args=[laporan.pk])
    row = laporan.baris.get().paket_id
    typed = {"versi": 2, "tindakan": "ajukan", f"p{row}-keuangan": "1.000", f"p{row}-progres_fisik": "0"}
    typed |= {f"p{row}-volume_selesai": "0", f"p{row}-alasan": "Uang muka", "catatan": "Dana talangan"}
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.force_login(operator)
    with time_machine.travel(NOW, tick=True):
        answers = at_once(*[partial(tab.post, page, typed) for tab in tabs])
        receipts = [tab.get(answer.url) for tab, answer in zip(tabs, answers, strict=True)]
    number = VersiLaporan.objects.get().tanda_terima
    assert [answer.url for answer in answers] == [reverse("laporan_tanda_terima", args=[laporan.pk])] * 2
    assert all(number in receipt.content.decode() for receipt in receipts)
    assert (trail("simpan"), trail("ajukan")) == (2, 1), "the draft's own save and the one of this press"
    assert BarisLaporan.objects.get().keuangan == 1_000


# --- rivals over one report ------------------------------------------------------------------------------


def test_two_officers_save_at_once_and_nothing_of_the_second_is_written(laporan):
    """Guard: the row lock in `_locked`, under which `save` compares the versions."""
    officers = [make_pengguna() for _ in range(4)]
    before = trail("simpan")
    outcomes = at_once(
        *[
            partial(
                aksi.save,
                laporan_id=laporan.pk,
                isian=isian(laporan, 2, keuangan=amount),
                by=officer,
                now=NOW,
            )
            for amount, officer in enumerate(officers, start=1)
        ]
    )
    won = winner(outcomes)
    assert [type(refused) for refused in refusals(outcomes)] == [Basi] * 3
    stored = Laporan.objects.get()
    assert (stored.versi, stored.baris.get().keuangan) == (3, won + 1)
    assert set(stored.penyunting.all()) & set(officers) == {officers[won]}
    assert trail("simpan") == before + 1
    assert Riwayat.objects.filter(aksi="simpan").last().pelaku == officers[won]


def test_two_verifikators_at_once_only_one_takes_it_up(diajukan):
    """Guard: the row lock in `_locked`."""
    checkers = [make_pengguna(Peran.VERIFIKATOR) for _ in range(8)]
    key = {"laporan_id": diajukan.pk, "now": NOW}
    outcomes = at_once(*[partial(aksi.begin_verification, by=checker, **key) for checker in checkers])
    won = winner(outcomes)
    assert VersiLaporan.objects.get().verifikator == checkers[won]
    assert all(str(checkers[won]) in refused.pesan for refused in refusals(outcomes)), "told who was first"
    assert trail("mulai verifikasi") == 1


def test_accepting_and_returning_at_once_has_one_outcome(diperiksa, pemeriksa):
    """Guard: the row lock in `_locked`."""
    key = {"laporan_id": diperiksa.pk, "now": NOW}
    other = make_pengguna(Peran.VERIFIKATOR)
    accept = partial(aksi.verify, by=pemeriksa, **key)
    give_back = partial(aksi.return_for_fix, by=other, alasan="Bukti kurang.", catatan=[], **key)
    outcomes = at_once(accept, give_back)
    accepted = winner(outcomes) == 0
    sent = VersiLaporan.objects.get()
    assert Laporan.objects.get().status == (
        StatusLaporan.DIVERIFIKASI if accepted else StatusLaporan.DIKEMBALIKAN
    )
    assert (sent.diverifikasi_pada is not None, sent.dikembalikan_pada is None) == (accepted, accepted)
    assert (trail("verifikasi"), trail("kembalikan")) == (accepted, not accepted)


def test_taking_back_and_taking_up_at_once_has_one_outcome(diajukan, operator, pemeriksa):
    """Guard: the row lock in `_locked`."""
    key = {"laporan_id": diajukan.pk, "now": NOW}
    outcomes = at_once(
        partial(aksi.withdraw, by=operator, **key), partial(aksi.begin_verification, by=pemeriksa, **key)
    )
    taken_back = winner(outcomes) == 0
    sent = VersiLaporan.objects.get()
    assert Laporan.objects.get().status == (
        StatusLaporan.KONSEP if taken_back else StatusLaporan.SEDANG_DIVERIFIKASI
    )
    assert (sent.ditarik_pada is not None, sent.verifikator is None) == (taken_back, taken_back)
    assert (trail("tarik kembali"), trail("mulai verifikasi")) == (taken_back, not taken_back)


def test_pressing_submit_while_it_is_returned_never_makes_two_of_one(diperiksa, operator, pemeriksa):
    """Guards: the row lock in `_locked`, and the new version that a return gives the working copy."""
    key, given = {"laporan_id": diperiksa.pk, "now": NOW}, set()

    def press():
        for _ in range(5):
            with suppress(Basi):
                given.add(aksi.submit(versi=2, by=operator, **key).nomor)

    give_back = partial(aksi.return_for_fix, by=pemeriksa, alasan="Bukti kurang.", catatan=[], **key)
    returned, *_ = at_once(give_back, *[press] * 8)
    assert isinstance(returned, Laporan)
    assert VersiLaporan.objects.get().dikembalikan_pada == NOW
    assert Laporan.objects.get().status == StatusLaporan.DIKEMBALIKAN
    assert given <= {1}
    assert (trail("ajukan"), Peristiwa.objects.filter(jenis="ajukan").count()) == (1, 1)


# --- one import, one closing -----------------------------------------------------------------------------

COLUMNS = {
    TahunAnggaran: ["tahun"],
    PeriodeTriwulan: ["tahun", "triwulan", "tenggat"],
    Alokasi: ["daerah", "tahun", "bidang", "tematik", "direktorat_pembina"],
    VersiPagu: ["alokasi__daerah", "jumlah", "berlaku_dari"],
    Sentra: ["daerah", "nama", "komoditas"],
    Kegiatan: ["alokasi__daerah", "sentra__nama", "rincian", "volume"],
    VersiRK: ["kegiatan__rincian", "nilai", "berlaku_dari"],
    Paket: ["kegiatan__rincian", "nama", "metode"],
    Target: ["alokasi__daerah", "triwulan", "keuangan", "fisik"],
    Peristiwa: ["alokasi__daerah", "triwulan", "jenis"],
    Riwayat: ["aksi", "pelaku__username"],
}


def rows():
    """Everything that an import writes, without keys and clocks."""
    return {
        model.__name__: sorted(map(str, model.objects.values_list(*names)))
        for model, names in COLUMNS.items()
    }


def rows_of_one_import(step):
    """What a single import leaves behind; undone before the race begins."""
    with transaction.atomic():
        step()
        expected = rows()
        transaction.set_rollback(True)
    return expected


@pytest.mark.parametrize("kind", ["baru", "revisi"])
def test_two_imports_of_one_plan_at_once_leave_the_rows_of_one(kind, pemeriksa):
    """Guard: the locks on the bidang (new daerah) and on the alokasi, under which the plan is made again."""
    make_daerah()
    if kind == "revisi":
        apply_import(plan_import([SATU, DUA], now=NOW), by=pemeriksa, now=NOW)
    form = [replace(row, pagu=6_000_000_000, nilai_rk=2_500_000_000) for row in (SATU, DUA)]
    plan = plan_import(form, now=NOW)
    load = partial(apply_import, plan, by=pemeriksa, now=NOW)
    expected = rows_of_one_import(load)
    outcomes = at_once(load, load)
    assert [type(refused) for refused in refusals(outcomes)] == [RencanaBerubah]
    assert rows() == expected


def test_the_import_command_twice_at_once_leaves_the_rows_of_one(tmp_path):
    """Guard: the lock on the bidang. The second either finds its plan outdated or nothing left to do."""
    make_daerah()
    file = tmp_path / "formulir.xlsx"
    file.write_bytes(sheet(cells(SATU), cells(DUA)).getvalue())

    def load():
        try:
            call_command("import_alokasi", file, stdout=StringIO())
        except CommandError as refused:
            return str(refused)

    with time_machine.travel(NOW, tick=True):
        expected = rows_of_one_import(load)
        outcomes = at_once(load, load)
    assert rows() == expected
    assert None in outcomes, "one of them loaded it"
    assert all("sudah berubah" in refused for refused in outcomes if refused)


def test_two_closings_at_once_close_once(laporan):
    """Guard: the locks on the alokasi and on the periode in `close_triwulan`; either of them is enough."""
    admins = [make_pengguna(Peran.ADMIN) for _ in range(4)]
    outcomes = at_once(
        *[partial(close_triwulan, tw=Triwulan(2024, 1), by=admin, now=NOW) for admin in admins]
    )
    won = winner(outcomes)
    assert all("sudah ditutup" in refused.pesan for refused in refusals(outcomes))
    assert PeriodeTriwulan.objects.get(triwulan=1).ditutup_oleh == admins[won]
    assert trail("tutup triwulan") == 1


# --- behind the closing ----------------------------------------------------------------------------------


@pytest.fixture
def overlap(monkeypatch):
    """Runs two steps, the second beginning while the first tarries in a function late in its transaction."""

    def run(first, second, *, late):
        inside = Event()
        module, name = late.rsplit(".", 1)
        original = getattr(import_module(module), name)

        def tarry(*args, **kwargs):
            inside.set()
            sleep(0.3)
            return original(*args, **kwargs)

        def afterwards():
            assert inside.wait(10)
            return second()

        monkeypatch.setattr(late, tarry)
        return at_once(first, afterwards)

    return run


@pytest.fixture
def tutup():
    admin = make_pengguna(Peran.ADMIN)
    return partial(close_triwulan, tw=Triwulan(2024, 1), by=admin, now=NOW, alasan="Batas akhir.")


CLOSING = "realisasi.actions.penutupan.record"


def unfinished():
    """What the closing counted as still with the ministry."""
    return Riwayat.objects.get(aksi="tutup triwulan").sesudah["belum_selesai"]


@pytest.mark.parametrize("act", ["ajukan", "verifikasi"])
def test_the_closing_waits_for_who_is_sending_or_verifying(request, act, overlap, tutup):
    """Guard: `hold_open`; without it the closing counts and computes what is about to change."""
    step = report_step(request, act)
    done, closed = overlap(step, tutup, late="realisasi.actions.laporan.record")
    assert not refusals([done, closed])
    assert unfinished() == {"ajukan": 1, "verifikasi": 0}[act]
    assert final_of_tw_1().lapor == (act == "verifikasi")


@pytest.mark.parametrize("act", ["ajukan", "verifikasi"])
def test_nothing_is_sent_or_verified_behind_the_closing(request, act, overlap, tutup):
    """Guard: `hold_open`, which waits for a closing that is under way and then sees it."""
    step = report_step(request, act)
    closed, done = overlap(tutup, step, late=CLOSING)
    assert isinstance(closed, PeriodeTriwulan)
    assert isinstance(done, Ditolak), "it came behind the closing"
    assert "sudah ditutup" in done.pesan
    assert trail(act) == 0
    assert unfinished() == {"ajukan": 0, "verifikasi": 1}[act]


def report_step(request, act):
    """Submitting a draft or verifying what was taken up, by whose task it is."""
    laporan = request.getfixturevalue({"ajukan": "laporan", "verifikasi": "diperiksa"}[act])
    by = request.getfixturevalue({"ajukan": "operator", "verifikasi": "pemeriksa"}[act])
    step = {"ajukan": partial(aksi.submit, versi=2), "verifikasi": aksi.verify}[act]
    return partial(step, laporan_id=laporan.pk, by=by, now=NOW)


def final_of_tw_1():
    return RekapTriwulan.objects.current().get(triwulan=1, posisi=Posisi.FINAL)


FACTS = ["kontrak", "penyaluran", "pagu", "target"]


@pytest.fixture
def facts(alokasi, operator):
    """What can be recorded of TW I: how, the function that writes its trail, and the figure it moves."""
    admin, paket = make_pengguna(Peran.ADMIN), Paket.objects.get()
    contract = IsianPaket(nilai_kontrak=700, tanggal_kontrak=HARI)
    sp2d = {"tahap": "I", "nomor_sp2d": "1", "tanggal_sp2d": HARI, "jumlah": 700}
    pagu = {"jumlah": 700, "berlaku_dari": HARI, "sumber": "Uji"}
    target = {"isian": {1: IsianTarget(keuangan=700, fisik=None)}, "alasan": "Uji."}
    return {
        "kontrak": (partial(save_paket, paket_id=paket.pk, versi=1, isian=contract, by=operator), "paket"),
        "penyaluran": (partial(record_penyaluran, alokasi=alokasi, **sp2d, by=admin), "penyaluran"),
        "pagu": (partial(revise_pagu, alokasi_id=alokasi.pk, **pagu, by=admin), "alokasi"),
        "target": (partial(revise_target, alokasi_id=alokasi.pk, **target, by=admin), "alokasi"),
    }


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("first", ["fact", "closing"])
def test_a_fact_recorded_while_the_quarter_closes_is_in_its_figures_or_never(
    fact, first, facts, overlap, tutup
):
    """Guard: `hold_calendar`: its shared lock for a contract, for all its instant after the closing."""
    step, module = facts[fact]
    step = partial(step, now=NOW)
    if first == "fact":
        overlap(step, tutup, late=f"realisasi.actions.{module}.record")
    else:
        overlap(tutup, step, late=CLOSING)
    column = {"kontrak": "nilai_kontrak", "target": "target_keuangan"}.get(fact, fact)
    closed = getattr(final_of_tw_1(), column)
    assert (closed == 700) == (first == "fact")
    compute_open(now=NOW)
    assert getattr(final_of_tw_1(), column) == closed


@pytest.mark.parametrize("fact", ["penyaluran", "pagu", "target"])
def test_a_closing_and_a_fact_never_wait_for_each_other(fact, facts, overlap, tutup):
    """Guard: `_lock_alokasi`: the closing takes its locks in the order of everybody else."""
    step, module = facts[fact]
    outcomes = overlap(partial(step, now=NOW), tutup, late=f"realisasi.actions.{module}.hold_calendar")
    assert not refusals(outcomes)


def test_two_admins_at_once_leave_one_waiver_in_force(alokasi):
    """Guard: the lock on the quarter in `grant_dispensasi`."""
    admins = [make_pengguna(Peran.ADMIN) for _ in range(4)]
    until = PeriodeTriwulan.objects.get(tahun=2024, triwulan=1).tenggat
    outcomes = at_once(
        *(
            partial(
                grant_dispensasi,
                alokasi=alokasi,
                triwulan=1,
                sampai=until + timedelta(days=1 + ke),
                alasan=f"Surat {ke}.",
                by=admin,
                now=NOW,
            )
            for ke, admin in enumerate(admins)
        )
    )
    assert refusals(outcomes) == []
    assert Dispensasi.objects.count() == 4
    assert Dispensasi.objects.in_force(NOW).count() == 1
