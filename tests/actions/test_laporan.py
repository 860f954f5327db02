"""The life of a report: who takes which step when, what each leaves, and that pressing twice is one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions.galat import AdaTemuan, Basi, Ditolak
from realisasi.actions.laporan import Catatan, Isian, IsianBaris
from realisasi.actions.tanda_terima import fingerprint
from realisasi.models import (
    BarisVersi,
    CatatanSel,
    Laporan,
    Parameter,
    PeriodeTriwulan,
    Peristiwa,
    Riwayat,
    StatusLaporan,
    VersiLaporan,
)
from tests.pabrik import LOMBOK_TENGAH, make_alokasi, make_kegiatan, make_paket, make_pengguna

APRIL = datetime(2024, 4, 5, 3, tzinfo=UTC)
JULI = datetime(2024, 7, 5, 3, tzinfo=UTC)
JUTA = 1_000_000


@pytest.fixture
def alokasi(db):
    return make_alokasi()


@pytest.fixture
def paket(alokasi):
    return make_paket(make_kegiatan(alokasi), kontrak=900 * JUTA)


@pytest.fixture
def laporan(alokasi, paket, operator):
    return aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=APRIL)


def baris(keuangan=0, fisik="0", volume="0", **values):
    return IsianBaris(
        keuangan=keuangan, progres_fisik=Decimal(fisik), volume_selesai=Decimal(volume), **values
    )


def fill(laporan, by, rows=None, now=APRIL, **values):
    """Save what was filled in (by default zeros) on the present working copy."""
    fresh = Laporan.objects.get(pk=laporan.pk)
    if rows is None:
        rows = {row.paket_id: baris() for row in fresh.baris.all()}
    return aksi.save(
        laporan_id=laporan.pk, isian=Isian(versi=fresh.versi, baris=rows, **values), by=by, now=now
    )


def send(laporan, by, now=APRIL):
    versi = Laporan.objects.get(pk=laporan.pk).versi
    return aksi.submit(laporan_id=laporan.pk, versi=versi, by=by, now=now)


def status(laporan):
    return Laporan.objects.get(pk=laporan.pk).status


@pytest.fixture
def diajukan(laporan, operator):
    fill(laporan, operator)
    send(laporan, operator)
    return laporan


@pytest.fixture
def diperiksa(diajukan, verifikator):
    aksi.begin_verification(laporan_id=diajukan.pk, by=verifikator, now=APRIL)
    return diajukan


@pytest.fixture
def diverifikasi(diperiksa, verifikator):
    aksi.verify(laporan_id=diperiksa.pk, by=verifikator, now=APRIL)
    return diperiksa


@pytest.fixture
def dikembalikan(diajukan, verifikator):
    return aksi.return_for_fix(
        laporan_id=diajukan.pk, alasan="Lengkapi.", catatan=[], by=verifikator, now=APRIL
    )


def close(tahun=2024, ke=1, by=None):
    admin = by or make_pengguna(Peran.ADMIN)
    PeriodeTriwulan.objects.filter(tahun=tahun, triwulan=ke).update(ditutup_pada=JULI, ditutup_oleh=admin)


# --- starting -----------------------------------------------------------------------------------------


def test_starting_gives_a_draft_with_one_empty_row_a_paket(alokasi, paket, laporan):
    assert laporan.status == StatusLaporan.KONSEP
    assert [(row.paket, row.keuangan) for row in laporan.baris.all()] == [(paket, None)]


def test_starting_twice_continues_the_one_report(alokasi, laporan, penyetuju):
    assert aksi.start(alokasi=alokasi, triwulan=1, by=penyetuju, now=APRIL) == laporan
    assert Laporan.objects.count() == 1


def test_a_quarter_that_has_not_begun_cannot_be_started(alokasi, operator):
    with pytest.raises(Ditolak, match="TW II dapat diisi mulai Senin, 1 April 2024, pukul"):
        aksi.start(alokasi=alokasi, triwulan=2, by=operator, now=datetime(2024, 3, 31, 16, 59, tzinfo=UTC))
    # 17.00 UTC is midnight in WIB.
    assert aksi.start(alokasi=alokasi, triwulan=2, by=operator, now=datetime(2024, 3, 31, 17, tzinfo=UTC))


def test_a_closed_quarter_cannot_be_started(alokasi, operator):
    close()
    with pytest.raises(Ditolak, match="sudah ditutup"):
        aksi.start(alokasi=alokasi, triwulan=1, by=operator, now=JULI)


@pytest.mark.parametrize("who", ["provinsi", "verifikator", "admin", "orang_luar", "auditor"])
def test_only_the_own_office_starts_fills_and_submits(who, request, alokasi, laporan, operator):
    stranger = request.getfixturevalue(who)
    fill(laporan, operator)
    steps = (
        lambda: aksi.start(alokasi=alokasi, triwulan=1, by=stranger, now=APRIL),
        lambda: fill(laporan, stranger),
        lambda: send(laporan, stranger),
        lambda: aksi.withdraw(laporan_id=laporan.pk, by=stranger, now=APRIL),
    )
    for step in steps:
        with pytest.raises(Ditolak, match="daerahnya sendiri"):
            step()
    assert status(laporan) == StatusLaporan.KONSEP


def test_a_second_report_of_the_quarter_is_refused_by_the_row_itself(laporan):
    with pytest.raises(IntegrityError), transaction.atomic():
        Laporan.objects.create(alokasi=laporan.alokasi, triwulan=1, dibuat_pada=APRIL, disimpan_pada=APRIL)


# --- saving -------------------------------------------------------------------------------------------


def test_saving_stores_the_row_raises_the_version_and_leaves_a_trail(laporan, paket, operator):
    saved = fill(laporan, operator, {paket.pk: baris(5 * JUTA, "1.50", kode_masalah=6, penjelasan="x")})
    row = saved.baris.get()
    assert (row.keuangan, row.progres_fisik, row.kode_masalah) == (5 * JUTA, Decimal("1.50"), 6)
    assert saved.versi == 2
    trail = Riwayat.objects.get(subjek=f"laporan:{laporan.pk}", aksi="simpan")
    assert trail.pelaku == operator
    assert trail.sebelum[str(paket.pk)]["keuangan"] is None
    assert trail.sesudah[str(paket.pk)]["keuangan"] == 5 * JUTA


def test_a_stale_save_is_refused_and_changes_nothing(laporan, paket, operator, penyetuju):
    fill(laporan, operator, {paket.pk: baris(5)})
    with pytest.raises(Basi) as stale:
        aksi.save(
            laporan_id=laporan.pk, isian=Isian(versi=1, baris={paket.pk: baris(7)}), by=penyetuju, now=APRIL
        )
    assert stale.value.laporan.versi == 2
    assert laporan.baris.get().keuangan == 5


def test_the_same_save_sent_again_is_not_stale_and_writes_nothing(laporan, paket, operator):
    isian = Isian(versi=1, baris={paket.pk: baris(5)}, catatan="Sama")
    aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=APRIL)
    again = aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=APRIL)
    assert again.versi == 2
    assert Riwayat.objects.filter(aksi="simpan").count() == 1


@pytest.mark.parametrize("change", [{"catatan": "Lain"}, {"nihil": True, "alasan_nihil": "Belum"}])
def test_a_stale_save_that_differs_outside_the_rows_is_stale_too(laporan, paket, operator, change):
    fill(laporan, operator, {paket.pk: baris(5)})
    isian = Isian(versi=1, baris={paket.pk: baris(5)}, **change)
    with pytest.raises(Basi):
        aksi.save(laporan_id=laporan.pk, isian=isian, by=operator, now=APRIL)


def test_a_row_of_another_report_is_refused_whole(laporan, paket, operator):
    foreign = make_paket(make_kegiatan(make_alokasi(LOMBOK_TENGAH)))
    with pytest.raises(Ditolak, match="bukan bagian laporan ini"):
        fill(laporan, operator, {paket.pk: baris(5), foreign.pk: baris(6)})
    assert laporan.baris.get().keuangan is None


def test_a_paket_imported_after_the_start_gets_its_row_with_the_next_save(laporan, alokasi, operator):
    new = make_paket(make_kegiatan(alokasi))
    fill(laporan, operator, {new.pk: baris(7)})
    assert laporan.baris.get(paket=new).keuangan == 7


def test_a_paket_imported_after_the_start_must_be_filled_in_before_submission(laporan, alokasi, operator):
    fill(laporan, operator)
    new = make_paket(make_kegiatan(alokasi))
    with pytest.raises(AdaTemuan) as found:
        send(laporan, operator)
    assert {finding.paket for finding in found.value.temuan} == {new.pk}


def test_nihil_without_a_reason_is_refused(laporan, operator):
    with pytest.raises(Ditolak, match="alasan nihil"):
        fill(laporan, operator, nihil=True, alasan_nihil="  ")


def test_nihil_in_the_first_quarter_means_zero_whatever_was_typed(laporan, paket, operator):
    fill(laporan, operator, {paket.pk: baris(99, "9")}, nihil=True, alasan_nihil="Menunggu DPA")
    row = laporan.baris.get()
    assert (row.keuangan, row.progres_fisik, row.volume_selesai) == (0, 0, 0)
    assert send(laporan, operator).nihil


def test_nihil_later_repeats_the_last_verified_quarter(alokasi, paket, laporan, operator, verifikator):
    fill(laporan, operator, {paket.pk: baris(450 * JUTA, "50", "0.5")}, catatan="Talangan")
    send(laporan, operator)
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    second = aksi.start(alokasi=alokasi, triwulan=2, by=operator, now=JULI)
    fill(second, operator, {paket.pk: baris()}, now=JULI, nihil=True, alasan_nihil="Tidak ada termin")
    row = second.baris.get()
    assert (row.keuangan, row.progres_fisik, row.volume_selesai) == (450 * JUTA, 50, Decimal("0.5"))


def test_the_next_quarter_starts_from_the_last_verified_one(alokasi, paket, laporan, operator, verifikator):
    fill(
        laporan,
        operator,
        {paket.pk: baris(450 * JUTA, "50", kode_masalah=8, penjelasan="SP2D antre")},
        catatan="Talangan",
    )
    send(laporan, operator)
    unverified = aksi.start(alokasi=alokasi, triwulan=2, by=operator, now=JULI)
    assert unverified.baris.get().keuangan is None, "a submitted figure is not yet a verified one"
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    third = aksi.start(alokasi=alokasi, triwulan=3, by=operator, now=JULI)
    row = third.baris.get()
    assert (row.keuangan, row.progres_fisik) == (450 * JUTA, 50)
    assert (row.kode_masalah, row.penjelasan) == (None, ""), "a problem is this quarter's own"


# --- submitting ---------------------------------------------------------------------------------------


def test_submitting_gives_a_receipt_an_audit_row_and_one_event(laporan, operator):
    fill(laporan, operator)
    receipt = send(laporan, operator)
    assert receipt.tanda_terima == f"LT-2024-1-32.10-{laporan.pk}-1"
    assert len(receipt.sidik) == 64
    assert status(laporan) == StatusLaporan.DIAJUKAN
    assert Riwayat.objects.filter(aksi="ajukan", sesudah__tanda_terima=receipt.tanda_terima).count() == 1
    assert list(Peristiwa.objects.values_list("jenis", "triwulan")) == [("ajukan", 1)]


def test_pressing_submit_twice_gives_the_one_receipt(laporan, operator, penyetuju):
    saved = fill(laporan, operator)
    first = aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=operator, now=APRIL)
    again = aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=penyetuju, now=JULI)
    assert again == first
    assert VersiLaporan.objects.count() == 1
    assert Peristiwa.objects.count() == 1


def test_findings_block_the_submission_and_write_nothing(laporan, paket, operator):
    fill(laporan, operator, {paket.pk: baris(901 * JUTA, "100")})
    with pytest.raises(AdaTemuan) as found:
        send(laporan, operator)
    assert {"melebihi_kontrak", "tanpa_bast", "melebihi_penyaluran"} == {f.kode for f in found.value.temuan}
    assert status(laporan) == StatusLaporan.KONSEP
    assert not VersiLaporan.objects.exists()


def test_an_unsaved_change_of_somebody_else_makes_the_submission_stale(laporan, operator, penyetuju):
    saved = fill(laporan, operator)
    fill(laporan, penyetuju, catatan="Diperiksa")
    with pytest.raises(Basi):
        aksi.submit(laporan_id=laporan.pk, versi=saved.versi, by=operator, now=APRIL)


def test_answered_findings_are_counted_for_the_ministry(laporan, paket, operator):
    fill(laporan, operator, {paket.pk: baris(100 * JUTA, "80", alasan="Termin menyusul")}, catatan="Talangan")
    assert send(laporan, operator).jumlah_temuan == 2


def test_the_submitted_row_keeps_the_plan_of_its_day(laporan, paket, operator):
    fill(laporan, operator, {paket.pk: baris(volume="0.25")})
    receipt = send(laporan, operator)
    paket.nilai_kontrak = 1
    paket.save()
    copy = BarisVersi.objects.get(versi=receipt)
    assert (copy.nilai_kontrak, copy.nilai_rk, copy.capaian_sejuta) == (900 * JUTA, 1_000 * JUTA, 250_000)


@pytest.mark.parametrize("column", ["keuangan", "volume_selesai", "progres_fisik", "alasan", "nilai_kontrak"])
def test_the_fingerprint_changes_with_every_figure(diajukan, column):
    receipt = VersiLaporan.objects.get()
    rows = list(receipt.baris.all())
    assert fingerprint(receipt, rows) == receipt.sidik
    setattr(rows[0], column, "x" if column == "alasan" else 1)
    assert fingerprint(receipt, rows) != receipt.sidik


def test_where_the_penyetuju_is_required_an_operator_saves_but_does_not_submit(laporan, operator, penyetuju):
    Parameter.objects.create(
        kunci="lapor.wajib_penyetuju",
        daerah_id="32.10",
        nilai=True,
        sumber="SK Bupati",
        tanda="C",
        berlaku_dari="2024-01-01",
        dicatat_pada=APRIL,
    )
    fill(laporan, operator)
    with pytest.raises(Ditolak, match="diajukan oleh penyetuju"):
        send(laporan, operator)
    assert send(laporan, penyetuju)


# --- taking back --------------------------------------------------------------------------------------


def test_a_submission_can_be_taken_back_until_it_is_taken_up(diajukan, operator):
    aksi.withdraw(laporan_id=diajukan.pk, by=operator, now=APRIL)
    assert status(diajukan) == StatusLaporan.KONSEP
    aksi.withdraw(laporan_id=diajukan.pk, by=operator, now=APRIL)
    assert Riwayat.objects.filter(aksi="tarik kembali").count() == 1
    second = send(diajukan, operator)
    assert second.nomor == 2
    assert second.tanda_terima.endswith("-2")


def test_what_is_being_verified_cannot_be_taken_back(diperiksa, operator):
    with pytest.raises(Ditolak, match="Sedang Diverifikasi"):
        aksi.withdraw(laporan_id=diperiksa.pk, by=operator, now=APRIL)


# --- verifying ----------------------------------------------------------------------------------------


def test_taking_up_is_pressed_once_and_a_second_verifikator_hears_by_whom(diperiksa, verifikator):
    aksi.begin_verification(laporan_id=diperiksa.pk, by=verifikator, now=APRIL)
    assert Riwayat.objects.filter(aksi="mulai verifikasi").count() == 1
    other = make_pengguna(Peran.VERIFIKATOR)
    with pytest.raises(Ditolak, match="diverifikasi oleh verifikator"):
        aksi.begin_verification(laporan_id=diperiksa.pk, by=other, now=APRIL)


def test_verifying_twice_is_one_verification(diverifikasi, verifikator):
    aksi.verify(laporan_id=diverifikasi.pk, by=verifikator, now=JULI)
    assert VersiLaporan.objects.get().diverifikasi_pada == APRIL
    assert Riwayat.objects.filter(aksi="verifikasi").count() == 1


@pytest.mark.parametrize("who", ["operator", "provinsi", "pimpinan", "analis", "auditor", "admin"])
def test_only_a_verifikator_judges(who, request, diajukan):
    by = request.getfixturevalue(who)
    steps = (
        lambda: aksi.begin_verification(laporan_id=diajukan.pk, by=by, now=APRIL),
        lambda: aksi.verify(laporan_id=diajukan.pk, by=by, now=APRIL),
        lambda: aksi.return_for_fix(laporan_id=diajukan.pk, alasan="x", catatan=[], by=by, now=APRIL),
        lambda: aksi.reopen(laporan_id=diajukan.pk, alasan="x", by=by, now=APRIL),
    )
    for step in steps:
        with pytest.raises(Ditolak, match=r"verifikator|kementerian"):
            step()
    assert status(diajukan) == StatusLaporan.DIAJUKAN


@pytest.mark.parametrize("part", ["saved", "submitted"])
def test_the_maker_is_never_the_checker(part, laporan, operator, penyetuju):
    """Whoever saved or submitted it does not verify it, also after moving to the ministry."""
    fill(laporan, operator)
    send(laporan, penyetuju)
    mover = operator if part == "saved" else penyetuju
    mover.peran, mover.daerah = Peran.VERIFIKATOR, None
    mover.save()
    aksi.begin_verification(laporan_id=laporan.pk, by=mover, now=APRIL)
    with pytest.raises(Ditolak, match="Yang mengisi tidak boleh memverifikasi"):
        aksi.verify(laporan_id=laporan.pk, by=mover, now=APRIL)


def test_a_return_needs_a_reason(diajukan, verifikator):
    with pytest.raises(Ditolak, match="Tulis alasan"):
        aksi.return_for_fix(laporan_id=diajukan.pk, alasan=" ", catatan=[], by=verifikator, now=APRIL)
    assert status(diajukan) == StatusLaporan.DIAJUKAN


def test_a_return_keeps_its_reason_and_remarks_and_happens_once(diperiksa, paket, verifikator):
    remark = Catatan(paket=paket.pk, kolom="keuangan", teks="Cocokkan dengan SP2D.")
    for _ in range(2):
        aksi.return_for_fix(
            laporan_id=diperiksa.pk, alasan="Periksa.", catatan=[remark], by=verifikator, now=APRIL
        )
    assert status(diperiksa) == StatusLaporan.DIKEMBALIKAN
    assert VersiLaporan.objects.get().alasan_pengembalian == "Periksa."
    assert list(CatatanSel.objects.values_list("paket", "kolom", "teks")) == [
        (paket.pk, "keuangan", "Cocokkan dengan SP2D.")
    ]
    assert Riwayat.objects.filter(aksi="kembalikan").count() == 1


def test_a_remark_on_a_foreign_row_is_refused_whole(diperiksa, verifikator):
    foreign = make_paket(make_kegiatan(make_alokasi(LOMBOK_TENGAH)))
    remark = Catatan(paket=foreign.pk, kolom="keuangan", teks="x")
    with pytest.raises(Ditolak, match="bukan bagian laporan ini"):
        aksi.return_for_fix(laporan_id=diperiksa.pk, alasan="x", catatan=[remark], by=verifikator, now=APRIL)
    assert status(diperiksa) == StatusLaporan.SEDANG_DIVERIFIKASI


def test_a_returned_report_becomes_a_draft_with_the_first_save(dikembalikan, operator):
    assert fill(dikembalikan, operator).status == StatusLaporan.KONSEP


def test_reopening_needs_a_reason_and_keeps_the_verified_version(diverifikasi, verifikator):
    with pytest.raises(Ditolak, match="Tulis alasan"):
        aksi.reopen(laporan_id=diverifikasi.pk, alasan="", by=verifikator, now=JULI)
    for _ in range(2):
        aksi.reopen(laporan_id=diverifikasi.pk, alasan="Salah kurs.", by=verifikator, now=JULI)
    version = VersiLaporan.objects.get()
    assert (version.diverifikasi_pada, version.dibuka_kembali_pada) == (APRIL, JULI)
    assert status(diverifikasi) == StatusLaporan.KONSEP
    assert Riwayat.objects.filter(aksi="buka kembali").count() == 1


# (status, step) -> the status after it; every other pair is refused and changes nothing.
LANGKAH = {
    ("laporan", "save"): StatusLaporan.KONSEP,
    ("laporan", "submit"): StatusLaporan.DIAJUKAN,
    ("diajukan", "submit"): StatusLaporan.DIAJUKAN,  # the same press again: the same receipt
    ("diajukan", "withdraw"): StatusLaporan.KONSEP,
    ("diajukan", "begin"): StatusLaporan.SEDANG_DIVERIFIKASI,
    ("diajukan", "return"): StatusLaporan.DIKEMBALIKAN,
    ("diperiksa", "submit"): StatusLaporan.SEDANG_DIVERIFIKASI,
    ("diperiksa", "begin"): StatusLaporan.SEDANG_DIVERIFIKASI,
    ("diperiksa", "verify"): StatusLaporan.DIVERIFIKASI,
    ("diperiksa", "return"): StatusLaporan.DIKEMBALIKAN,
    ("diverifikasi", "verify"): StatusLaporan.DIVERIFIKASI,
    ("diverifikasi", "reopen"): StatusLaporan.KONSEP,
    ("dikembalikan", "save"): StatusLaporan.KONSEP,
    ("dikembalikan", "submit"): StatusLaporan.DIAJUKAN,
    ("dikembalikan", "return"): StatusLaporan.DIKEMBALIKAN,
}


@pytest.mark.parametrize("step", ["save", "submit", "withdraw", "begin", "verify", "return", "reopen"])
@pytest.mark.parametrize("state", ["laporan", "diajukan", "diperiksa", "diverifikasi", "dikembalikan"])
def test_every_status_allows_its_steps_and_no_other(state, step, request, operator, verifikator):
    report = request.getfixturevalue(state)
    if state == "laporan":
        fill(report, operator)
    key = {"laporan_id": report.pk, "now": JULI}
    steps = {
        "save": lambda: fill(report, operator, catatan="Lain", now=JULI),
        "submit": lambda: send(report, operator, now=JULI),
        "withdraw": lambda: aksi.withdraw(by=operator, **key),
        "begin": lambda: aksi.begin_verification(by=verifikator, **key),
        "verify": lambda: aksi.verify(by=verifikator, **key),
        "return": lambda: aksi.return_for_fix(by=verifikator, alasan="x", catatan=[], **key),
        "reopen": lambda: aksi.reopen(by=verifikator, alasan="x", **key),
    }
    before = status(report)
    if (state, step) in LANGKAH:
        steps[step]()
        assert status(report) == LANGKAH[state, step]
    else:
        trail = Riwayat.objects.count()
        with pytest.raises(Ditolak):
            steps[step]()
        assert status(report) == before
        assert Riwayat.objects.count() == trail


# --- facts that are never overwritten -----------------------------------------------------------------


def test_the_four_facts_survive_a_return_and_a_reopening(laporan, operator, verifikator):
    moments = [APRIL + timedelta(days=day) for day in range(6)]
    fill(laporan, operator)
    send(laporan, operator, now=moments[0])
    aksi.return_for_fix(laporan_id=laporan.pk, alasan="x", catatan=[], by=verifikator, now=moments[1])
    send(laporan, operator, now=moments[2])
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=moments[2])
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=moments[3])
    aksi.reopen(laporan_id=laporan.pk, alasan="x", by=verifikator, now=moments[4])
    send(laporan, operator, now=moments[5])
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=moments[5])
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=moments[5])
    facts = Laporan.objects.get(pk=laporan.pk)
    assert facts.pertama_diajukan_pada == moments[0]
    assert facts.terakhir_diajukan_pada == moments[5]
    assert facts.pertama_diverifikasi_pada == moments[3]
    assert list(laporan.versi_diajukan.values_list("diajukan_pada", "dikembalikan_pada")) == [
        (moments[0], moments[1]),
        (moments[2], None),
        (moments[5], None),
    ]


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_late_begins_one_second_after_the_deadline(laporan, operator, seconds, late):
    deadline = PeriodeTriwulan.objects.get(tahun=2024, triwulan=1).tenggat
    fill(laporan, operator)
    send(laporan, operator, now=deadline + timedelta(seconds=seconds))
    sent = Laporan.objects.get(pk=laporan.pk)
    assert sent.status == StatusLaporan.DIAJUKAN, "late is not closed"
    assert sent.is_late(deadline, JULI) is late


def test_a_return_after_the_deadline_does_not_make_a_timely_report_late(laporan, operator, verifikator):
    deadline = PeriodeTriwulan.objects.get(tahun=2024, triwulan=1).tenggat
    fill(laporan, operator)
    send(laporan, operator, now=deadline)
    aksi.return_for_fix(laporan_id=laporan.pk, alasan="x", catatan=[], by=verifikator, now=JULI)
    send(laporan, operator, now=JULI)
    assert not Laporan.objects.get(pk=laporan.pk).is_late(deadline, JULI)


# --- a closed quarter ---------------------------------------------------------------------------------


def test_a_closed_quarter_takes_no_save_no_submission_and_no_verification(
    laporan, paket, operator, verifikator
):
    fill(laporan, operator)
    send(laporan, operator)
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    close()
    with pytest.raises(Ditolak, match="sudah ditutup"):
        aksi.verify(laporan_id=laporan.pk, by=verifikator, now=JULI)
    aksi.return_for_fix(laporan_id=laporan.pk, alasan="x", catatan=[], by=verifikator, now=JULI)
    with pytest.raises(Ditolak, match="sudah ditutup"):
        fill(laporan, operator, {paket.pk: baris(5)}, now=JULI)
    with pytest.raises(Ditolak, match="sudah ditutup"):
        send(laporan, operator, now=JULI)


def test_a_closed_quarter_changes_through_reopening_and_then_as_a_new_version(
    diverifikasi, paket, operator, verifikator
):
    close()
    aksi.reopen(laporan_id=diverifikasi.pk, alasan="Temuan audit.", by=verifikator, now=JULI)
    fill(diverifikasi, operator, {paket.pk: baris(90 * JUTA, "10")}, catatan="Talangan", now=JULI)
    send(diverifikasi, operator, now=JULI)
    aksi.begin_verification(laporan_id=diverifikasi.pk, by=verifikator, now=JULI)
    aksi.verify(laporan_id=diverifikasi.pk, by=verifikator, now=JULI)
    versions = VersiLaporan.objects.order_by("nomor").values_list("total_keuangan", "diverifikasi_pada")
    # Verified at the very instant of the closing, it counts as verified after it.
    assert list(versions) == [(0, APRIL), (90 * JUTA, JULI + timedelta(microseconds=1))]


def test_a_figure_below_the_verified_quarter_needs_a_reason(alokasi, paket, laporan, operator, verifikator):
    fill(laporan, operator, {paket.pk: baris(90 * JUTA, "10")}, catatan="Talangan")
    send(laporan, operator)
    aksi.begin_verification(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    aksi.verify(laporan_id=laporan.pk, by=verifikator, now=APRIL)
    second = aksi.start(alokasi=alokasi, triwulan=2, by=operator, now=JULI)
    fill(second, operator, {paket.pk: baris(80 * JUTA, "10")}, catatan="Talangan", now=JULI)
    with pytest.raises(AdaTemuan) as found:
        send(second, operator, now=JULI)
    assert [finding.kode for finding in found.value.temuan] == ["keuangan_turun"]
    corrected = {paket.pk: baris(80 * JUTA, "10", alasan="Koreksi SP2D ganda")}
    fill(second, operator, corrected, catatan="Talangan", now=JULI)
    assert send(second, operator, now=JULI)
