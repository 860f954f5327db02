"""200 random sequences of actions: whatever people do, in whatever order, these rules hold after every step.

The run keeps books of its own (`Urutan`): what was sent, what was verified, how closed quarters looked. A
refusal is a fine answer as long as it writes nothing. A failing sequence is cut down and printed; always the
same sequences are tried.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from daerah.cakupan import Peran
from realisasi.actions import laporan as aksi
from realisasi.actions.alokasi import IsianTarget, revise_pagu, revise_target
from realisasi.actions.galat import Ditolak
from realisasi.actions.laporan import Isian, IsianBaris
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.actions.penutupan import close_triwulan
from realisasi.actions.penyaluran import record_penyaluran, remove_penyaluran
from realisasi.actions.peristiwa import compute_open
from realisasi.actions.rekap import compute_all, find_differences
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    AMOUNTS,
    BarisVersi,
    Laporan,
    Paket,
    Penyaluran,
    Peristiwa,
    Posisi,
    RekapTriwulan,
    RekapWilayah,
    Riwayat,
    StatusLaporan,
    VersiLaporan,
)
from tests import dunia, pabrik

# 200 in all, in parts that can run beside each other.
BANYAK, BENIH = 50, (1, 2, 3, 4)
AWAL = datetime(2024, 7, 5, 3, tzinfo=UTC)
JUTA = 1_000_000
KONSEP, DIAJUKAN, SEDANG, DIVERIFIKASI, DIKEMBALIKAN = StatusLaporan
# What a status may become in one step (None: Belum Lapor).
PANAH = {
    (None, KONSEP),
    (KONSEP, DIAJUKAN),
    (DIAJUKAN, KONSEP),
    (DIAJUKAN, SEDANG),
    (DIAJUKAN, DIKEMBALIKAN),
    (SEDANG, DIVERIFIKASI),
    (SEDANG, DIKEMBALIKAN),
    (DIVERIFIKASI, KONSEP),
    (DIKEMBALIKAN, KONSEP),
    (DIKEMBALIKAN, DIAJUKAN),  # sent again as it is
}
REPORTED = ("realisasi_keuangan", "bobot_fisik", "bobot_keluaran")
PLANNED = tuple(name for name in AMOUNTS if name not in REPORTED)


@dataclass(frozen=True)
class Langkah:
    """One step; which report, package or quarter, what figure and who are numbers, read when it is taken."""

    aksi: str
    mana: int
    angka: int
    siapa: int  # 0: the one whose task it is


@dataclass(frozen=True)
class Negeri:
    """Three daerah in two provinces, and those who act."""

    alokasi: list
    operator: dict
    pemeriksa: list
    admin: object
    orang: list


@pytest.fixture
def negeri(db):
    """On 5 July, TW I closed: a report in every situation from which a figure can move.

    Bogor for TW I and Lombok Tengah for TW II were verified, reopened, filled in anew and taken up again;
    Majalengka is verified for TW I and submitted for TW II; Bogor has a draft of TW II.
    """
    alokasi = [dunia.make_penerima(kode, now=AWAL) for kode in ("32.10", "32.01", "52.02")]
    majalengka, bogor, lombok = alokasi
    operator = {row.pk: row.daerah.pengguna_set.get(peran=Peran.OPERATOR) for row in alokasi}
    pemeriksa = [pabrik.make_pengguna(Peran.VERIFIKATOR) for _ in range(2)]
    admin, provinsi = pabrik.make_pengguna(Peran.ADMIN), pabrik.make_pengguna(Peran.PROVINSI, "32")
    again = [dunia.report(bogor, 1, 300 * JUTA, now=AWAL), dunia.report(lombok, 2, 400 * JUTA, now=AWAL)]
    for laporan in [dunia.report(majalengka, 1, 100 * JUTA, now=AWAL), *again]:
        dunia.verify(laporan, pemeriksa[0], now=AWAL)
    close_triwulan(tw=Triwulan(2024, 1), by=admin, now=AWAL)
    for laporan in again:
        aksi.reopen(laporan_id=laporan.pk, alasan="Uji.", by=pemeriksa[0], now=AWAL)
        dunia.report(laporan.alokasi, laporan.triwulan, 350 * JUTA, now=AWAL)
        aksi.begin_verification(laporan_id=laporan.pk, by=pemeriksa[0], now=AWAL)
    dunia.report(majalengka, 2, 200 * JUTA, now=AWAL)
    aksi.start(alokasi=bogor, triwulan=2, by=operator[bogor.pk], now=AWAL)
    dunia.compute(now=AWAL)
    return Negeri(alokasi, operator, pemeriksa, admin, [*operator.values(), *pemeriksa, admin, provinsi])


class Urutan:
    """One sequence: its clock, and the books that are kept of it."""

    def __init__(self, negeri, done):
        self.alokasi, self.operator, self.orang = negeri.alokasi, negeri.operator, negeri.orang
        self.pemeriksa, self.admin, self.done = negeri.pemeriksa, negeri.admin, done
        self.now = AWAL
        majalengka, bogor, lombok = (row.pk for row in self.alokasi)
        self.status = {(majalengka, 1): DIVERIFIKASI, (majalengka, 2): DIAJUKAN}
        self.status |= {(bogor, 1): SEDANG, (bogor, 2): KONSEP, (lombok, 2): SEDANG}
        # Rupiah by (alokasi, quarter): what was verified last, and what waits at the ministry.
        self.final = {(majalengka, 1): 100 * JUTA, (bogor, 1): 300 * JUTA, (lombok, 2): 400 * JUTA}
        self.menunggu = {(majalengka, 2): 200 * JUTA, (bogor, 1): 350 * JUTA, (lombok, 2): 350 * JUTA}
        self.pengajuan, self.terkirim = 6, set()
        # Closed quarters as they were at their closing, and whose of them were verified anew since.
        self.beku, self.dinyatakan_ulang = {1: self.figures(1)}, set()
        self.observe(0)

    # --- the steps ---------------------------------------------------------------------------------------

    def take(self, langkah):
        self.now += timedelta(minutes=1)
        typed = 0
        try:
            typed = getattr(self, langkah.aksi)(langkah)
        except (Ditolak, ValidationError):
            assert Riwayat.objects.count() == self.jejak, "a refusal leaves no trace"
        self.observe(typed)

    def by(self, langkah, usual):
        return self.orang[langkah.siapa - 1] if langkah.siapa else usual

    def report(self, langkah, *fitting):
        """A report in one of these statuses if there is one, else any."""
        reports = list(Laporan.objects.order_by("pk").select_related("alokasi"))
        chosen = [laporan for laporan in reports if laporan.status in fitting] or reports
        return chosen[langkah.mana % len(chosen)]

    def quarter(self, langkah):
        return langkah.angka % 4 + 1

    def day(self, langkah):
        """A day of a quarter that may be closed, or today."""
        return [date(2024, 2, 15), date(2024, 5, 2), date(2024, 8, 20), self.today][langkah.angka % 4]

    @property
    def today(self):
        return self.now.astimezone(WIB).date()

    def mulai(self, langkah):
        alokasi = self.alokasi[langkah.mana % len(self.alokasi)]
        by = self.by(langkah, self.operator[alokasi.pk])
        aksi.start(alokasi=alokasi, triwulan=self.quarter(langkah), by=by, now=self.now)

    def simpan(self, langkah):
        laporan = self.report(langkah, KONSEP, DIKEMBALIKAN)
        row = IsianBaris(
            keuangan=langkah.angka * 100 * JUTA,
            progres_fisik=Decimal(langkah.angka * 10),
            volume_selesai=Decimal(langkah.mana) / 4,
            alasan="Uji.",
        )
        isian = Isian(
            versi=laporan.versi - (langkah.angka == 9),
            baris=dict.fromkeys(laporan.baris.values_list("paket", flat=True), row),
            catatan="Uji.",
        )
        by = self.by(langkah, self.operator[laporan.alokasi_id])
        aksi.save(laporan_id=laporan.pk, isian=isian, by=by, now=self.now)

    def ajukan(self, langkah):
        laporan = self.report(langkah, KONSEP, DIKEMBALIKAN)
        by = self.by(langkah, self.operator[laporan.alokasi_id])
        typed = sum(keuangan or 0 for keuangan in laporan.baris.values_list("keuangan", flat=True))
        aksi.submit(laporan_id=laporan.pk, versi=laporan.versi, by=by, now=self.now)
        return typed

    def tarik(self, langkah):
        laporan = self.report(langkah, DIAJUKAN)
        by = self.by(langkah, self.operator[laporan.alokasi_id])
        aksi.withdraw(laporan_id=laporan.pk, by=by, now=self.now)

    def judge(self, act, langkah, *fitting, **values):
        laporan = self.report(langkah, *fitting)
        act(
            laporan_id=laporan.pk,
            by=self.by(langkah, self.pemeriksa[langkah.angka % 2]),
            now=self.now,
            **values,
        )

    def ambil(self, langkah):
        self.judge(aksi.begin_verification, langkah, DIAJUKAN)

    def verifikasi(self, langkah):
        self.judge(aksi.verify, langkah, SEDANG)

    def kembalikan(self, langkah):
        self.judge(aksi.return_for_fix, langkah, SEDANG, DIAJUKAN, alasan="Uji.", catatan=[])

    def buka(self, langkah):
        self.judge(aksi.reopen, langkah, DIVERIFIKASI, alasan="Uji.")

    def kontrak(self, langkah):
        packages = Paket.objects.order_by("pk").select_related("kegiatan")
        paket = packages[langkah.mana % len(packages)]
        value = (langkah.angka + 1) * 100 * JUTA
        isian = IsianPaket(nilai_kontrak=value, tanggal_kontrak=self.day(langkah))
        save_paket(
            paket_id=paket.pk,
            versi=paket.versi,
            isian=isian if langkah.angka else IsianPaket(),
            by=self.by(langkah, self.operator[paket.kegiatan.alokasi_id]),
            now=self.now,
        )

    def salurkan(self, langkah):
        record_penyaluran(
            alokasi=self.alokasi[langkah.mana % len(self.alokasi)],
            tahap="II",
            nomor_sp2d=f"SP2D {langkah.mana}",
            tanggal_sp2d=self.day(langkah),
            jumlah=(langkah.angka + 1) * 10 * JUTA,
            by=self.by(langkah, self.admin),
            now=self.now,
        )

    def hapus_penyaluran(self, langkah):
        rows = Penyaluran.objects.known().order_by("pk")
        if rows:
            chosen = rows[langkah.mana % len(rows)].pk
            by = self.by(langkah, self.admin)
            remove_penyaluran(penyaluran_id=chosen, alasan="Uji.", by=by, now=self.now)

    def pagu(self, langkah):
        revise_pagu(
            alokasi_id=self.alokasi[langkah.mana % len(self.alokasi)].pk,
            jumlah=(langkah.angka + 5) * 100 * JUTA,
            berlaku_dari=self.day(langkah) + timedelta(days=langkah.mana * 10),
            sumber="Uji",
            by=self.by(langkah, self.admin),
            now=self.now,
        )

    def target(self, langkah):
        values = IsianTarget(keuangan=langkah.angka * 50 * JUTA, fisik=Decimal(langkah.angka * 10))
        revise_target(
            alokasi_id=self.alokasi[langkah.mana % len(self.alokasi)].pk,
            isian={self.quarter(langkah): values},
            alasan="Uji.",
            by=self.by(langkah, self.admin),
            now=self.now,
        )

    def tutup(self, langkah):
        tw = Triwulan(2024, self.quarter(langkah))
        close_triwulan(tw=tw, by=self.by(langkah, self.admin), now=self.now, alasan="Uji.")
        self.done["tutup"] += 1
        self.beku[tw.ke] = self.figures(tw.ke)

    def hari(self, langkah):
        """Days pass, and with the first night everything is computed afresh."""
        self.now += timedelta(days=[1, 30, 100][langkah.angka % 3])
        compute_all(now=self.now)

    def hitung(self, langkah):
        compute_open(now=self.now)

    def maju(self, langkah):
        """Whatever comes next for one of the reports."""
        following = {
            KONSEP: "ajukan" if langkah.angka % 2 else "simpan",
            DIAJUKAN: "ambil",
            SEDANG: "verifikasi",
            DIVERIFIKASI: "buka",
            DIKEMBALIKAN: "simpan",
        }
        return getattr(self, following[self.report(langkah).status])(langkah)

    # --- what holds after every step ---------------------------------------------------------------------

    def observe(self, typed):
        before = self.status
        rows = Laporan.objects.values_list("alokasi", "triwulan", "status")
        self.status = {(alokasi, ke): status for alokasi, ke, status in rows}
        for key, status in self.status.items():
            if status != before.get(key):
                self.book(key, (before.get(key), status), typed)
        assert before.keys() <= self.status.keys(), "no report vanishes"
        sent = set(BarisVersi.objects.values_list("versi", "paket", "keuangan", "progres_fisik", "nilai_rk"))
        assert self.terkirim <= sent, "what was sent never changes"
        self.terkirim, self.jejak = sent, Riwayat.objects.count()

    def book(self, key, panah, typed):
        """Keep the books by the arrow that a report took, whichever action it was."""
        assert panah in PANAH, f"{key}: {panah[0]} became {panah[1]}"
        status = panah[1]
        self.done[status] += 1
        if status == DIAJUKAN:
            self.menunggu[key] = typed
            self.pengajuan += 1
        elif status == DIVERIFIKASI:
            self.book_verified(key)
        elif status in (KONSEP, DIKEMBALIKAN):
            self.menunggu.pop(key, None)

    def book_verified(self, key):
        alokasi, ke = key
        if key in self.final:
            closed = {(alokasi, later) for later in range(ke, 5) if later in self.beku}
            self.done["diverifikasi ulang", bool(closed)] += 1
            self.dinyatakan_ulang |= closed
        else:
            assert ke not in self.beku, f"{key} was verified first in a closed quarter"
        self.final[key] = self.menunggu.pop(key)

    # --- what holds in the end ---------------------------------------------------------------------------

    def close_books(self):
        self.now += timedelta(minutes=1)
        assert [row for row in find_differences(now=self.now) if not row.menunggu] == []
        if compute_open(now=self.now):
            assert find_differences(now=self.now) == []
        assert not Peristiwa.objects.open().exists()
        rows = list(RekapTriwulan.objects.current())
        for row in rows:
            self.check_reported(row)
        self.check_closed()
        self.check_sums(rows)
        sent = VersiLaporan.objects
        assert sent.count() == sent.values("tanda_terima").distinct().count() == self.pengajuan
        assert Riwayat.objects.filter(aksi="ajukan").count() == self.pengajuan
        assert Peristiwa.objects.filter(jenis="ajukan").count() == self.pengajuan

    def check_reported(self, row):
        """The figure is that of the last report of the TA that counts, carried forward from where it was."""
        for ke in range(row.triwulan, 0, -1):
            own = self.final.get((row.alokasi_id, ke))
            if own is None and row.posisi == Posisi.SEMENTARA:
                own = self.menunggu.get((row.alokasi_id, ke))
            if own is not None:
                break
        source = None if own is None else ke
        carried = None if source == row.triwulan else source
        expected = (own, source == row.triwulan, carried)
        stored = (row.realisasi_keuangan, row.lapor, row.dibawa_dari)
        assert stored == expected, f"{row.daerah_id} {row.tw.label} {row.posisi}"

    def figures(self, ke):
        """The stored final figures of a quarter by alokasi."""
        rows = RekapTriwulan.objects.current().filter(triwulan=ke, posisi=Posisi.FINAL)
        return {row["alokasi"]: row for row in rows.values("alokasi", *AMOUNTS)}

    def check_closed(self):
        for ke, before in self.beku.items():
            after = self.figures(ke)
            assert after.keys() == before.keys()
            for alokasi, row in after.items():
                free = REPORTED if (alokasi, ke) in self.dinyatakan_ulang else ()
                moved = {name for name in AMOUNTS if row[name] != before[alokasi][name]}
                assert moved <= set(free), f"TW {ke} of {alokasi} moved after its closing: {moved}"

    def check_sums(self, rows):
        """Sum of daerah = provinsi = nasional, for every amount; nothing at all stays nothing."""
        areas = {(area.kode, area.triwulan, area.posisi): area for area in RekapWilayah.objects.current()}
        assert len(areas) == 3 * 4 * 2, "the nation and two provinces"
        for (kode, ke, posisi), area in areas.items():
            members = [
                row
                for row in rows
                if (row.triwulan, row.posisi) == (ke, posisi)
                and kode in (RekapWilayah.KODE_NASIONAL, row.daerah_id[:2])
            ]
            for name in AMOUNTS:
                known = [getattr(row, name) for row in members if getattr(row, name) is not None]
                assert getattr(area, name) == (sum(known) if known else None), f"{name} of {area.kode}"


# What is named more than once happens more often.
AKSI = (
    *["maju"] * 11, "mulai", "simpan", "ajukan", "tarik", "ambil", "verifikasi", "kembalikan", "buka",
    "kontrak", "salurkan", "hapus_penyaluran", "pagu", "target", "tutup", "tutup", "hari", "hitung",
)  # fmt: skip
langkah = st.builds(
    Langkah,
    aksi=st.sampled_from(AKSI),
    mana=st.integers(0, 5),
    angka=st.integers(0, 9),
    siapa=st.sampled_from([*[0] * 28, 1, 2, 3, 4, 5, 6, 7]),
)


@pytest.mark.parametrize("benih", BENIH)
def test_no_sequence_of_actions_breaks_a_rule(negeri, monkeypatch, benih):
    monkeypatch.setattr("realisasi.actions.peristiwa.send", lambda *args: None)
    done = Counter()

    @seed(benih)
    @settings(max_examples=BANYAK, database=None, deadline=None)
    @given(st.lists(langkah, min_size=4, max_size=12))
    def run(sequence):
        with transaction.atomic():
            urutan = Urutan(negeri, done)
            for satu in sequence:
                urutan.take(satu)
            urutan.close_books()
            transaction.set_rollback(True)

    run()
    reached = {*StatusLaporan, "tutup", ("diverifikasi ulang", True), ("diverifikasi ulang", False)}
    assert reached <= done.keys(), "the sequences went wherever a figure can move"
