"""Rows protect themselves: every CHECK and UNIQUE of the tables, one field at a time, in Indonesian.

A valid row is made by a factory; one change must break exactly the constraint that is named, in the database
and in `full_clean` with its message. A constraint without a case fails the suite.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from daerah.cakupan import Peran
from daerah.models import TokenAkses
from realisasi.actions.riwayat import record
from realisasi.models import (
    BarisVersi,
    Dispensasi,
    KepalaTersegel,
    KontrakTerdahulu,
    Paket,
    Parameter,
    Pekerjaan,
    PeriodeTriwulan,
    RekapTriwulan,
    RekapWilayah,
    SegelRiwayat,
    StatusLaporan,
)
from tests.pabrik import (
    BOGOR,
    JAWA_BARAT,
    make_alokasi,
    make_daerah,
    make_kegiatan,
    make_laporan,
    make_paket,
    make_pengguna,
    make_penyaluran,
    make_target,
)
from tests.pemicu import lifted

SAAT = datetime(2024, 4, 5, 3, tzinfo=UTC)
HARI = date(2024, 3, 1)


# --- a valid row of each table ------------------------------------------------------------------------


def token():
    owner = make_pengguna(Peran.ANALIS)
    return TokenAkses.issue(pengguna=owner, label="uji", masa=timedelta(days=1), saat=SAAT)[0]


def laporan(status=StatusLaporan.KONSEP):
    return make_laporan(make_paket().kegiatan.alokasi, status=status)


def versi(status=StatusLaporan.DIAJUKAN):
    return laporan(status).versi_diajukan.get()


def baris_versi():
    sent = versi()
    paket = Paket.objects.get()
    return BarisVersi.objects.create(
        versi=sent,
        paket=paket,
        volume=1,
        satuan="unit",
        pelaksanaan="kontraktual",
        pembayaran="bertahap",
        keuangan=1,
        volume_selesai=1,
        progres_fisik=Decimal(1),
    )


def kontrak_terdahulu():
    return KontrakTerdahulu.objects.create(
        paket=make_paket(kontrak=2), nilai_kontrak=1, dicatat_pada=SAAT, dicabut_pada=SAAT
    )


def dispensasi():
    return Dispensasi.objects.create(
        periode=periode(),
        daerah=make_daerah(),
        sampai=SAAT + timedelta(days=1),
        alasan="Gempa bumi.",
        diberikan_pada=SAAT,
        diberikan_oleh=make_pengguna(Peran.ADMIN),
    )


def riwayat():
    with transaction.atomic():
        return record(by=make_pengguna(), subjek="alokasi:1", aksi="uji")


def kepala_tersegel():
    segel = SegelRiwayat.objects.create(waktu=SAAT, jumlah_rantai=1, sidik="0" * 64)
    return KepalaTersegel.objects.create(segel=segel, rantai="alokasi:1", jumlah=1, sidik="0" * 64)


def pekerjaan():
    return Pekerjaan.objects.create(
        jenis="ekspor_rekap", pemilik=make_pengguna(Peran.ANALIS), dibuat_pada=SAAT
    )


def rekap(model, **values):
    amounts = dict.fromkeys(("pagu", "nilai_rk", "nilai_kontrak", "penyaluran", "bobot"), 1)
    return model.objects.create(
        tahun=2024, triwulan=1, bidang="IKM", posisi="final", berlaku_dari=SAAT, **amounts, **values
    )


def rekap_triwulan():
    alokasi = make_alokasi()
    return rekap(RekapTriwulan, alokasi=alokasi, daerah=alokasi.daerah, lapor=True)


def rekap_wilayah():
    counts = dict.fromkeys(
        ("jumlah_daerah", "jumlah_daerah_lapor", "jumlah_dibawa", "jumlah_bertarget", "pagu_lapor"), 1
    )
    return rekap(RekapWilayah, tingkat="nasional", kode="00", pagu_kab_kota=1, **counts)


def penyaluran():
    return make_penyaluran(make_alokasi(), 1, HARI, nomor_sp2d="1")


def parameter():
    return Parameter.objects.create(
        kunci="x", nilai=1, sumber="PMK", tanda="C", berlaku_dari=HARI, dicatat_pada=SAAT
    )


def paket_dikontrak():
    return make_paket(kontrak=1, tanggal_kontrak=HARI, mulai=HARI, selesai=HARI, tanggal_bast=HARI)


def target():
    return make_target(make_alokasi(), 1, 1, Decimal(1))


def periode():
    make_alokasi()
    return PeriodeTriwulan.objects.get(triwulan=1)


# --- CHECK: the row, and one change that breaks the rule ----------------------------------------------

DAHULU = datetime(2023, 1, 1, tzinfo=UTC)
SEBELUMNYA = datetime(2024, 4, 5, 2, 59, 59, tzinfo=UTC)
CEK = [
    ("daerah_induk_kab_kota", make_daerah, {"induk": None}),
    ("daerah_induk_kab_kota", lambda: make_daerah(JAWA_BARAT), {"induk_id": "32"}),
    ("pengguna_daerah_sesuai_peran", make_pengguna, {"daerah": None}),
    ("pengguna_daerah_sesuai_peran", make_pengguna, {"peran": Peran.VERIFIKATOR}),
    (
        "pengguna_masa_tugas_urut",
        lambda: make_pengguna(mulai_bertugas=HARI, selesai_bertugas=HARI),
        {"selesai_bertugas": date(2024, 2, 29)},
    ),
    ("token_akses_masa_urut", token, {"kedaluwarsa": SAAT}),
    ("periode_triwulan_1_4", periode, {"triwulan": 0}),
    ("periode_triwulan_1_4", periode, {"triwulan": 5}),
    ("periode_penutup_tercatat", periode, {"ditutup_pada": SAAT}),
    ("periode_tenggat_sesudah_dibuka", periode, {"tenggat": datetime(2023, 12, 31, 17, tzinfo=UTC)}),
    ("periode_batas_sesudah_tenggat", periode, {"batas_lapor": SAAT}),
    ("dispensasi_beralasan", dispensasi, {"alasan": ""}),
    ("dispensasi_sampai_kemudian", dispensasi, {"sampai": SAAT}),
    ("versi_pagu_masa_catat", lambda: make_alokasi().versipagu_set.get(), {"dicabut_pada": DAHULU}),
    ("versi_rk_masa_catat", lambda: make_kegiatan().versirk_set.get(), {"dicabut_pada": DAHULU}),
    ("target_masa_catat", target, {"dicabut_pada": DAHULU}),
    ("penyaluran_masa_catat", penyaluran, {"dicabut_pada": DAHULU}),
    ("kontrak_terdahulu_sudah_diganti", kontrak_terdahulu, {"dicabut_pada": None}),
    ("kontrak_terdahulu_sudah_diganti", kontrak_terdahulu, {"dicabut_pada": DAHULU}),
    ("paket_kontrak_bertanggal_catat", paket_dikontrak, {"kontrak_dicatat_pada": None}),
    ("rekap_triwulan_masa", rekap_triwulan, {"berlaku_sampai": DAHULU}),
    ("rekap_wilayah_masa", rekap_wilayah, {"berlaku_sampai": DAHULU}),
    ("pekerjaan_selesai_bertanggal", pekerjaan, {"status": "SELESAI"}),
    ("pekerjaan_selesai_bertanggal", pekerjaan, {"selesai_pada": SAAT}),
    ("pekerjaan_kemajuan_0_100", pekerjaan, {"kemajuan": 101}),
    ("versi_pagu_positif", lambda: make_alokasi().versipagu_set.get(), {"jumlah": -1}),
    ("target_triwulan_1_4", target, {"triwulan": 5}),
    ("target_keuangan_positif", target, {"keuangan": -1}),
    ("target_fisik_0_100", target, {"fisik": Decimal("100.01")}),
    ("target_fisik_0_100", target, {"fisik": Decimal("-0.01")}),
    ("penyaluran_positif", penyaluran, {"jumlah": 0}),
    ("kegiatan_volume_positif", make_kegiatan, {"volume": Decimal(0)}),
    ("versi_rk_positif", lambda: make_kegiatan().versirk_set.get(), {"nilai": -1}),
    ("paket_kontrak_lengkap", paket_dikontrak, {"nilai_kontrak": None}),
    ("paket_kontrak_lengkap", paket_dikontrak, {"nilai_kontrak": 0}),
    ("paket_kontrak_lengkap", lambda: make_paket(kontrak=1), {"tanggal_kontrak": None}),
    ("paket_selesai_sesudah_mulai", paket_dikontrak, {"selesai": date(2024, 2, 29)}),
    ("paket_bast_sesudah_kontrak", paket_dikontrak, {"tanggal_bast": date(2024, 2, 29)}),
    ("paket_bast_sesudah_kontrak", make_paket, {"tanggal_bast": HARI}),
    ("laporan_triwulan_1_4", laporan, {"triwulan": 5}),
    ("laporan_diajukan_bertanggal", laporan, {"status": "DIAJUKAN"}),
    ("laporan_diajukan_bertanggal", laporan, {"status": "DIKEMBALIKAN"}),
    ("laporan_pengajuan_urut", laporan, {"pertama_diajukan_pada": SAAT}),
    ("laporan_pengajuan_urut", laporan, {"terakhir_diajukan_pada": SAAT}),
    (
        "laporan_pengajuan_urut",
        lambda: laporan(StatusLaporan.DIAJUKAN),
        {"terakhir_diajukan_pada": SEBELUMNYA},
    ),
    (
        "laporan_diverifikasi_bertanggal",
        lambda: laporan(StatusLaporan.DIVERIFIKASI),
        {"pertama_diverifikasi_pada": None},
    ),
    ("laporan_nihil_beralasan", laporan, {"nihil": True}),
    ("baris_laporan_keuangan_positif", lambda: laporan().baris.get(), {"keuangan": -1}),
    ("baris_laporan_volume_positif", lambda: laporan().baris.get(), {"volume_selesai": Decimal("-0.01")}),
    ("baris_laporan_progres_0_100", lambda: laporan().baris.get(), {"progres_fisik": Decimal("100.01")}),
    ("baris_laporan_progres_0_100", lambda: laporan().baris.get(), {"progres_fisik": Decimal("-0.01")}),
    (
        "versi_laporan_satu_akhir",
        lambda: versi(StatusLaporan.DIKEMBALIKAN),
        {"ditarik_pada": SAAT},
    ),
    (
        "versi_laporan_satu_akhir",
        lambda: versi(StatusLaporan.DIVERIFIKASI),
        {"ditarik_pada": SAAT},
    ),
    ("versi_laporan_kembali_beralasan", versi, {"dikembalikan_pada": SAAT}),
    ("versi_laporan_kembali_beralasan", versi, {"alasan_pengembalian": "Tanpa waktu"}),
    (
        "versi_laporan_buka_beralasan",
        lambda: versi(StatusLaporan.DIVERIFIKASI),
        {"dibuka_kembali_pada": SAAT},
    ),
    ("versi_laporan_buka_beralasan", versi, {"alasan_pembukaan": "Tanpa waktu"}),
    ("versi_laporan_verifikator", lambda: versi(StatusLaporan.DIVERIFIKASI), {"verifikator": None}),
    ("baris_versi_keuangan_positif", baris_versi, {"keuangan": -1}),
    ("baris_versi_volume_positif", baris_versi, {"volume_selesai": Decimal("-0.01")}),
    ("baris_versi_progres_0_100", baris_versi, {"progres_fisik": Decimal("100.01")}),
    ("parameter_bersumber", parameter, {"sumber": ""}),
    ("rekap_triwulan_1_4", rekap_triwulan, {"triwulan": 5}),
    ("rekap_lapor_atau_dibawa", rekap_triwulan, {"dibawa_dari": 1}),
    ("rekap_wilayah_triwulan_1_4", rekap_wilayah, {"triwulan": 5}),
]


# --- UNIQUE: a row, and the fields that make a second one ---------------------------------------------


def second(row, **values):
    """The same row again, as a new one."""
    copy = row.__class__.objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


UNIK = [
    ("periode_unik", periode, {}),
    ("alokasi_unik", make_alokasi, {}),
    ("versi_pagu_satu_berlaku", lambda: make_alokasi().versipagu_set.get(), {"jumlah": 2}),
    ("target_satu_berlaku", target, {"keuangan": 2}),
    ("penyaluran_satu_berlaku", penyaluran, {"jumlah": 2}),
    ("sentra_unik", lambda: make_kegiatan().sentra, {"komoditas": "Rotan"}),
    ("kegiatan_unik", make_kegiatan, {"volume": Decimal(2)}),
    ("versi_rk_satu_berlaku", lambda: make_kegiatan().versirk_set.get(), {"nilai": 2}),
    ("paket_satu_per_kegiatan", make_paket, {"nama": "Kedua"}),
    ("laporan_unik", laporan, {}),
    ("baris_laporan_unik", lambda: laporan().baris.get(), {}),
    ("versi_laporan_unik", versi, {"tanda_terima": "lain"}),
    ("baris_versi_unik", baris_versi, {}),
    ("dispensasi_satu_berlaku", dispensasi, {"alasan": "Banjir."}),
    ("riwayat_urutan_unik", riwayat, {"aksi": "lain"}),
    ("kepala_tersegel_unik", kepala_tersegel, {"jumlah": 2}),
    ("rekap_triwulan_satu_berlaku", rekap_triwulan, {"pagu": 2}),
    ("rekap_wilayah_satu_berlaku", rekap_wilayah, {"pagu": 2}),
]


def own_constraints(kind):
    return {
        constraint.name
        for app in ("daerah", "realisasi")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    }


@pytest.mark.parametrize(
    ("kind", "cases"),
    [(models.CheckConstraint, CEK), (models.UniqueConstraint, UNIK)],
    ids=["check", "unique"],
)
def test_every_constraint_has_its_case(kind, cases):
    assert own_constraints(kind) == {name for name, *_ in cases}


def refused_by(row):
    """The text of the database's refusal; the guards of history, which would refuse first, are away."""
    with lifted(), pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save()
    return str(refused.value)


@pytest.mark.parametrize(("name", "make", "change"), CEK, ids=[f"{n}-{'-'.join(c)}" for n, _, c in CEK])
def test_one_wrong_field_is_refused_by_database_and_form(db, name, make, change):
    row = make()
    for field, value in change.items():
        setattr(row, field, value)
    # SQLite takes the table's copy of a rule that a later migration rebuilt; the name is the same on both.
    assert name in refused_by(row)
    constraint = next(c for c in row._meta.constraints if c.name == name)
    with pytest.raises(ValidationError) as shown:
        constraint.validate(row.__class__, row)
    assert shown.value.messages == [constraint.violation_error_message]
    assert "Batasan" not in shown.value.messages[0], "the rule says in Indonesian what is wrong"


@pytest.mark.parametrize(("name", "make", "change"), UNIK, ids=[name for name, *_ in UNIK])
def test_a_second_row_is_refused_by_the_database(db, name, make, change):
    row = make()
    columns = next(c for c in row._meta.constraints if c.name == name).fields
    text = refused_by(second(row, **change))
    if connection.vendor == "postgresql":
        assert name in text
    else:
        table = row._meta.db_table
        expected = [f"{table}.{row._meta.get_field(column).column}" for column in columns]
        assert f"UNIQUE constraint failed: {', '.join(expected)}" in text


# Rows that only the application computes: nobody fills them in, so nobody reads a message.
DIHITUNG = {"rekap_triwulan_satu_berlaku", "rekap_wilayah_satu_berlaku"}


@pytest.mark.parametrize(
    ("name", "make", "change"),
    [pytest.param(*case, id=case[0]) for case in UNIK if case[0] not in DIHITUNG],
)
def test_a_second_row_is_explained_in_indonesian(db, name, make, change):
    row = make()
    constraint = next(c for c in row._meta.constraints if c.name == name)
    with pytest.raises(ValidationError) as shown:
        constraint.validate(row.__class__, second(row, **change))
    assert re.search(r"sudah (ada|punya|tercatat)", shown.value.messages[0])


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (make_alokasi, {"tahun_id": 2025}),
        (laporan, {"triwulan": 2}),
        (rekap_triwulan, {"berlaku_sampai": SAAT}),
        (rekap_wilayah, {"kode": "32", "tingkat": "provinsi"}),
    ],
)
def test_another_quarter_year_or_ended_row_may_stand_beside_it(db, make, change):
    row = make()
    make_alokasi(BOGOR, tahun=2025)
    second(row, **change).save()
    assert row.__class__.objects.count() >= 2


def test_the_rows_of_the_cases_are_valid_as_they_are(db):
    """Otherwise a case could pass because of a fault of its own."""
    for name, make, _ in CEK:
        with transaction.atomic():
            row = make()
            for constraint in row._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    constraint.validate(row.__class__, row)
            transaction.set_rollback(True)
        assert name
