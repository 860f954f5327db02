"""Promise 8: every act leaves its row in the trail, by its actor, under a name that a reader can choose."""

import ast
import importlib
import inspect
import pkgutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

import realisasi.actions
from daerah.cakupan import Peran
from daerah.models import Pengguna
from realisasi.actions import (
    akun,
    alokasi,
    dispensasi,
    impor,
    jadwal,
    laporan,
    paket,
    parameter,
    penutupan,
    penyaluran,
    peristiwa,
    rencana_impor,
    riwayat,
)
from realisasi.aturan.formulir_akun import BarisAkun
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Alokasi, Paket, Parameter, Peristiwa, Riwayat
from realisasi.models.pekerjaan import MAKS_PERCOBAAN
from tests import dunia, pabrik
from tests.buku.berkas import SATU

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 9, 3, tzinfo=UTC)
TAHUN_DEPAN = datetime(2025, 2, 1, 3, tzinfo=UTC)

# Public functions of realisasi.actions that leave no row of their own, and why that is right.
TANPA_JEJAK = {
    "akun": {"other_accounts", "plan_import", "subjek"},  # reads
    "fakta": {"put", "put_all"},  # parts of an act, which records
    "galat": {"require"},
    "jadwal": {"schedule_of", "require_taken", "require_open_tahun"},  # reads
    "laporan": {"may_submit", "require_editable"},  # reads
    "penutupan": {"hold_calendar", "hold_open"},  # locks
    # Jobs carry owner, times, state and error in rows of their own; what they write is a copy.
    "pekerjaan": {
        "ask", "retry", "send", "run", "claim", "report", "sweep", "remove_old_files", "record_pulse",
    },
    # The outbox and the figures follow acts that were recorded; recomputing changes nobody's data.
    "peristiwa": {
        "record_change", "record_changes", "without_messages", "send", "send_all", "relay", "begin_attempt",
        "record_failure", "open_work", "compute_open",
    },
    "rekap": {
        "compute_alokasi", "compute_all", "find_differences", "not_before",
    },
    "rencana_impor": {"plan_import"},  # reads
    "riwayat": {"record"},  # writes the row itself
    "segel": {"seal"},  # its own chain: SegelRiwayat
    "sidik_fakta": {"fingerprints", "row_fingerprint"},  # reads
    "tanda_terima": {"copy_row", "fingerprint", "row_fingerprints"},  # reads
}  # fmt: skip


def acts(orang, satu):
    """(act, its actor, the call), in an order in which each is possible; `satu`: an alokasi of TA 2024."""
    admin, verifikator, operator, analis = orang
    own_paket = Paket.objects.get(kegiatan__alokasi=satu)
    yield jadwal.open_tahun, admin, lambda by: jadwal.open_tahun(tahun=2026, by=by)
    yield parameter.add_parameter, admin, lambda by: parameter.add_parameter(
        kunci="lapor.wajib_penyetuju", tahun=2024, daerah=None, nilai=False, sumber="Surat", tanda="C",
        berlaku_dari=date(2024, 1, 1), by=by, now=NOW,
    )  # fmt: skip
    Parameter.objects.create(
        kunci="lapor.hari", tahun=2024, nilai=20, sumber="Surat", tanda="C", berlaku_dari="2024-01-01",
        dicatat_pada=NOW,
    )  # fmt: skip
    yield jadwal.apply_schedule, admin, lambda by: jadwal.apply_schedule(by=by)
    yield (
        impor.apply_import,
        verifikator,
        lambda by: impor.apply_import(
            rencana_impor.plan_import([replace(SATU, kode_daerah=pabrik.BOGOR)], now=NOW), by=by, now=NOW
        ),
    )
    yield (
        alokasi.assign,
        admin,
        lambda by: alokasi.assign(
            alokasi_id=satu.pk, direktorat_pembina="Dit. IKM", penanggung_jawab=verifikator, by=by
        ),
    )
    yield (
        alokasi.revise_pagu,
        admin,
        lambda by: alokasi.revise_pagu(
            alokasi_id=satu.pk,
            jumlah=2_000_000_000,
            berlaku_dari=date(2024, 2, 1),
            sumber="x",
            by=by,
            now=NOW,
        ),
    )
    yield alokasi.revise_target, admin, lambda by: alokasi.revise_target(
        alokasi_id=satu.pk, isian={1: alokasi.IsianTarget(keuangan=1, fisik=Decimal(1))}, alasan="x", by=by,
        now=NOW,
    )  # fmt: skip
    yield paket.save_paket, operator, lambda by: paket.save_paket(
        paket_id=own_paket.pk, versi=own_paket.versi, by=by, now=NOW,
        isian=paket.IsianPaket(nilai_kontrak=900_000_000, tanggal_kontrak=date(2024, 5, 3)),
    )  # fmt: skip
    sp2d = {"tahap": "I", "nomor_sp2d": "A", "tanggal_sp2d": date(2024, 5, 1), "jumlah": 5}
    rows = []
    yield (
        penyaluran.record_penyaluran,
        verifikator,
        lambda by: rows.append(penyaluran.record_penyaluran(alokasi=satu, **sp2d, by=by, now=NOW)),
    )
    yield (
        penyaluran.remove_penyaluran,
        verifikator,
        lambda by: penyaluran.remove_penyaluran(penyaluran_id=rows[0].pk, alasan="Keliru.", by=by, now=NOW),
    )
    yield from acts_on_a_report(verifikator, operator, satu, own_paket)
    yield (
        dispensasi.grant_dispensasi,
        admin,
        lambda by: rows.append(
            dispensasi.grant_dispensasi(
                alokasi=satu, triwulan=1, sampai=NOW + timedelta(days=1), alasan="Banjir.", by=by, now=NOW
            )
        ),
    )
    yield (
        dispensasi.revoke_dispensasi,
        admin,
        lambda by: dispensasi.revoke_dispensasi(dispensasi_id=rows[1].pk, alasan="Selesai.", by=by, now=NOW),
    )
    Peristiwa.objects.filter(alokasi=satu).update(percobaan=MAKS_PERCOBAAN, galat="x")
    yield peristiwa.retry, admin, lambda by: peristiwa.retry(alokasi=satu, by=by)
    yield (
        penutupan.close_triwulan,
        admin,
        lambda by: penutupan.close_triwulan(tw=Triwulan(2024, 1), by=by, now=TAHUN_DEPAN),
    )
    yield from acts_on_accounts(admin, operator, analis)


def acts_on_a_report(verifikator, operator, satu, own_paket):
    made = []
    row = laporan.IsianBaris(
        keuangan=400_000_000, progres_fisik=Decimal(40), volume_selesai=Decimal(0), alasan="Uji."
    )

    def act(function, by, **more):
        return function(laporan_id=made[0].pk, by=by, now=NOW, **more)

    def save(by):
        made[0].refresh_from_db()
        isian = laporan.Isian(
            versi=made[0].versi, baris={own_paket.pk: row}, catatan=f"Isian {made[0].versi}."
        )
        act(laporan.save, by, isian=isian)

    def submit(by):
        made[0].refresh_from_db()
        act(laporan.submit, by, versi=made[0].versi)

    yield (
        laporan.start,
        operator,
        lambda by: made.append(laporan.start(alokasi=satu, triwulan=3, by=by, now=NOW)),
    )
    yield laporan.save, operator, save
    yield laporan.submit, operator, submit
    yield laporan.withdraw, operator, lambda by: act(laporan.withdraw, by)
    yield laporan.submit, operator, submit
    yield laporan.begin_verification, verifikator, lambda by: act(laporan.begin_verification, by)
    yield (
        laporan.return_for_fix,
        verifikator,
        lambda by: act(laporan.return_for_fix, by, alasan="Lengkapi.", catatan=[]),
    )
    yield laporan.save, operator, save
    yield laporan.submit, operator, submit
    yield laporan.begin_verification, verifikator, lambda by: act(laporan.begin_verification, by)
    yield laporan.verify, verifikator, lambda by: act(laporan.verify, by)
    yield laporan.reopen, verifikator, lambda by: act(laporan.reopen, by, alasan="Angka tertukar.")


def acts_on_accounts(admin, operator, analis):
    account = BarisAkun(username="baru", nama="Baru", surel="baru@contoh.test", peran="analis")
    yield akun.import_akun, admin, lambda by: akun.import_akun(rows=[account], by=by)
    yield akun.set_active, admin, lambda by: akun.set_active(akun=operator, aktif=False, alasan="x", by=by)
    yield akun.set_active, admin, lambda by: akun.set_active(akun=operator, aktif=True, alasan="x", by=by)
    yield (
        akun.allow_new_password,
        admin,
        lambda by: akun.allow_new_password(akun=Pengguna.objects.get(pk=operator.pk), by=by),
    )
    yield akun.release_devices, admin, lambda by: akun.release_devices(akun=operator, alasan="x", by=by)
    tokens = []
    yield akun.issue_token, analis, lambda by: tokens.append(akun.issue_token(label="uji", hari=30, by=by)[0])
    yield akun.revoke_token, analis, lambda by: akun.revoke_token(token=tokens[0], by=by)
    yield riwayat.record_read, admin, lambda by: riwayat.record_read(by=by, subjek=f"akun:{operator.pk}")


@pytest.fixture
def orang(admin, verifikator, operator, analis, wilayah):
    return admin, verifikator, operator, analis


def test_every_act_leaves_a_row_of_its_actor(orang):
    satu = dunia.make_penerima(pabrik.MAJALENGKA)
    seen, silent, unknown = set(), [], set()
    for function, by, call in acts(orang, satu):
        before = Riwayat.objects.count()
        call(by)
        new = Riwayat.objects.order_by("pk")[before:]
        seen.add(name_of(function))
        unknown |= {row.aksi for row in new} - set(riwayat.AKSI)
        if by.pk not in {row.pelaku_id for row in new}:
            silent.append(name_of(function))
    assert silent == []
    assert unknown == set(), "add these acts to AKSI"
    written = {f"{module}.{name}" for module, names in TANPA_JEJAK.items() for name in names}
    assert public() - seen - written == set(), "perform these in acts(), or say in TANPA_JEJAK why not"
    assert (seen | written) - public() == set(), "these are gone"
    # And all that they recorded agrees with what they wrote.
    call_command("verify_riwayat", stdout=StringIO())


def name_of(function):
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def public():
    """The public functions of realisasi.actions; the check itself reads."""
    found = set()
    for info in pkgutil.iter_modules(realisasi.actions.__path__):
        module = importlib.import_module(f"realisasi.actions.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{info.name}.{name}")
    return found


def test_what_owners_do_with_their_accounts_has_a_name_too():
    names = set()
    for path in Path(settings.BASE_DIR, "daerah").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_act":
                names |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    assert len(names) >= 5
    assert names <= set(riwayat.AKSI)


def test_commands_act_as_the_account_of_the_system(verifikator, tmp_path):
    dunia.make_penerima(pabrik.MAJALENGKA)
    call_command("tutup_triwulan", tahun=2024, triwulan=1, stdout=StringIO())
    closing = Riwayat.objects.get(aksi="tutup triwulan")
    assert (closing.pelaku.username, closing.pelaku.peran) == ("sistem", Peran.SISTEM)
    assert not closing.pelaku.has_usable_password()
    assert closing.waktu <= timezone.now()
    assert Alokasi.objects.count() == 1
