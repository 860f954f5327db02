"""What happens to a quarterly report: fill, submit, take back, take up, verify, return, reopen.

Every act locks the report's row first, checks its status, writes its audit row and, where a figure may move,
its outbox row, all in one transaction. `by` is the account, `now` the clock's instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from daerah.cakupan import Peran, Wewenang, can, owns
from daerah.models import Pengguna
from realisasi.actions.galat import AdaTemuan, Basi, Ditolak, require
from realisasi.actions.jadwal import require_taken
from realisasi.actions.penutupan import hold_calendar, hold_open
from realisasi.actions.peristiwa import record_change
from realisasi.actions.riwayat import record
from realisasi.actions.tanda_terima import FIELDS, copy_row, fingerprint, row_fingerprints
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    Alokasi,
    BarisLaporan,
    BarisVersi,
    CatatanSel,
    Laporan,
    Paket,
    Parameter,
    PeriodeTriwulan,
    Posisi,
    StatusLaporan,
    VersiLaporan,
)
from realisasi.rekap.laporan import check, earlier_values


@dataclass(frozen=True, kw_only=True)
class IsianBaris:
    """What was filled in for one paket (None: left empty)."""

    keuangan: int | None = None
    volume_selesai: Decimal | None = None
    progres_fisik: Decimal | None = None
    kode_masalah: int | None = None
    penjelasan: str = ""
    alasan: str = ""


@dataclass(frozen=True, kw_only=True)
class Isian:
    """A whole report as filled in; `versi` is the working copy it was typed on."""

    versi: int
    baris: Mapping[int, IsianBaris]
    nihil: bool = False
    alasan_nihil: str = ""
    catatan: str = ""


@dataclass(frozen=True, kw_only=True)
class Catatan:
    """A remark on one cell."""

    paket: int
    kolom: str
    teks: str


def start(*, alokasi: Alokasi, triwulan: int, by: Pengguna, now: datetime) -> Laporan:
    """The report of this quarter, made on first use with rows prefilled from the last verified quarter.

    Raises:
        Ditolak: another office's alokasi, an unknown or closed quarter, or one whose reports are not taken
            (`require_taken`).
    """
    require(owns(by, alokasi.daerah), "Laporan diisi oleh daerahnya sendiri.")
    tw = Triwulan(alokasi.tahun_id, triwulan)
    with transaction.atomic():
        # Two tabs that start at once: the second waits here and then finds the first one's row.
        Alokasi.objects.select_for_update(no_key=True).get(pk=alokasi.pk)
        existing = Laporan.objects.filter(alokasi=alokasi, triwulan=triwulan).first()
        if existing:
            return existing
        require_taken(hold_open(tw), by=by, now=now)
        laporan = Laporan.objects.create(
            alokasi=alokasi, triwulan=triwulan, dibuat_pada=now, disimpan_pada=now
        )
        before = earlier_values(laporan)
        BarisLaporan.objects.bulk_create(
            BarisLaporan(laporan=laporan, paket_id=paket, **_prefill(before.get(paket, [])))
            for paket in Paket.objects.filter(kegiatan__alokasi=alokasi)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        record(
            by=by,
            subjek=f"laporan:{laporan.pk}",
            aksi="mulai mengisi",
            alokasi=alokasi.pk,
            sesudah={"status": laporan.status},
        )
    return laporan


def _prefill(earlier: list[Any]) -> dict[str, Any]:
    if not earlier:
        return {}
    latest = earlier[0]
    return {name: getattr(latest, name) for name in ("keuangan", "volume_selesai", "progres_fisik")}


def save(*, laporan_id: int, isian: Isian, by: Pengguna, now: datetime) -> Laporan:
    """Store the working copy. Findings do not stop a save, only a submission.

    The same content sent again (a second press, a retry) is already stored: nothing is written then.

    Raises:
        Basi: somebody saved something else in between.
        Ditolak: not the own office, not editable, closed or locked quarter, nihil without a reason, or a row
            that is not this report's.
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(owns(by, laporan.alokasi.daerah), "Laporan diisi oleh daerahnya sendiri.")
        require(not isian.nihil or bool(isian.alasan_nihil.strip()), "Tulis alasan nihil.")
        _add_new_packages(laporan)
        rows = {row.paket_id: row for row in laporan.baris.select_for_update()}
        require(isian.baris.keys() <= rows.keys(), "Ada paket yang bukan bagian laporan ini.")
        filled_in = _unchanged(laporan, isian) if isian.nihil else isian.baris
        if laporan.versi != isian.versi and _is_stored(laporan, isian, rows, filled_in):
            return laporan
        require_editable(laporan, by, now=now)
        if laporan.versi != isian.versi:
            raise Basi(laporan)
        changes = _apply(rows, filled_in)
        BarisLaporan.objects.bulk_update(rows.values(), FIELDS)
        laporan.nihil, laporan.alasan_nihil, laporan.catatan = isian.nihil, isian.alasan_nihil, isian.catatan
        laporan.versi += 1
        laporan.disimpan_pada = now
        if laporan.status == StatusLaporan.DIKEMBALIKAN:
            laporan.status = StatusLaporan.KONSEP
        laporan.save()
        laporan.penyunting.add(by)
        record(
            by=by,
            subjek=f"laporan:{laporan.pk}",
            aksi="simpan",
            alokasi=laporan.alokasi_id,
            sebelum={paket: before for paket, (before, _) in changes.items()},
            sesudah={paket: after for paket, (_, after) in changes.items()},
        )
    return laporan


def _add_new_packages(laporan: Laporan) -> None:
    """Rows for packages that an import brought after the report was started."""
    if not laporan.is_editable:
        return
    known = laporan.baris.values("paket")
    packages = Paket.objects.filter(kegiatan__alokasi=laporan.alokasi_id).exclude(pk__in=known)
    BarisLaporan.objects.bulk_create(
        BarisLaporan(laporan=laporan, paket=paket) for paket in packages.order_by("pk")
    )


def _is_stored(
    laporan: Laporan, isian: Isian, rows: dict[int, BarisLaporan], filled_in: Mapping[int, IsianBaris]
) -> bool:
    """Whether the working copy says exactly this already."""
    general = (isian.nihil, isian.alasan_nihil, isian.catatan)
    return general == (laporan.nihil, laporan.alasan_nihil, laporan.catatan) and all(
        _values(rows[paket]) == asdict(filled) for paket, filled in filled_in.items()
    )


def _unchanged(laporan: Laporan, isian: Isian) -> dict[int, IsianBaris]:
    """Nihil: nothing happened, so every cumulative figure is that of the last verified quarter, or zero."""
    earlier = earlier_values(laporan)
    nothing = {"keuangan": 0, "volume_selesai": Decimal(0), "progres_fisik": Decimal(0)}
    return {
        paket: replace(filled, **(_prefill(earlier.get(paket, [])) or nothing))
        for paket, filled in isian.baris.items()
    }


def _apply(
    rows: dict[int, BarisLaporan], filled_in: Mapping[int, IsianBaris]
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Put what was filled in into the rows; returns before and after of those that changed."""
    changes = {}
    for paket, filled in filled_in.items():
        row, new = rows[paket], asdict(filled)
        before = _values(row)
        if before == new:
            continue
        for name, value in new.items():
            setattr(row, name, value)
        changes[str(paket)] = (_as_json(before), _as_json(new))
    return changes


def _values(row: BarisLaporan) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def submit(*, laporan_id: int, versi: int, by: Pengguna, now: datetime) -> VersiLaporan:
    """Send the working copy to the ministry and return its receipt.

    Pressing twice, in two tabs or by two officers, gives the one receipt of the same working copy.

    Raises:
        AdaTemuan: findings that block; nothing is written.
        Basi: the working copy changed since it was shown.
        Ditolak: not the own office, not submittable, closed or locked quarter, or only the penyetuju may.
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(owns(by, laporan.alokasi.daerah), "Laporan diajukan oleh daerahnya sendiri.")
        _add_new_packages(laporan)
        sent = VersiLaporan.objects.filter(laporan=laporan, versi_konsep=versi, ditarik_pada=None).last()
        if sent and laporan.status in (StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI):
            return sent
        require_editable(laporan, by, now=now)
        require(may_submit(laporan, by, now=now), "Laporan daerah ini diajukan oleh penyetuju.")
        if laporan.versi != versi:
            raise Basi(laporan)
        findings = check(laporan, now=now)
        blocking = [finding for finding in findings if finding.menghalangi]
        if blocking:
            raise AdaTemuan(blocking)
        return _send(laporan, by, now, reasons=len(findings))


def may_submit(laporan: Laporan, by: Pengguna, *, now: datetime) -> bool:
    """Whether this account may send it: only the penyetuju where the daerah's rule says so."""
    rules = Parameter.objects.values_of(
        laporan.tw.tahun, hari=now.astimezone(WIB).date(), daerah=laporan.alokasi.daerah_id
    )
    return not rules["lapor.wajib_penyetuju"] or by.peran == Peran.PENYETUJU


def _send(laporan: Laporan, by: Pengguna, now: datetime, *, reasons: int) -> VersiLaporan:
    hari = laporan.tw.posisi(now.astimezone(WIB).date())
    packages = {
        p.pk: p
        for p in Paket.objects.filter(kegiatan__alokasi=laporan.alokasi_id)
        .with_amounts(hari)
        .select_related("kegiatan")
    }
    rows = list(laporan.baris.all())
    nomor = laporan.versi_diajukan.count() + 1
    sent = VersiLaporan(
        laporan=laporan,
        nomor=nomor,
        tanda_terima=f"LT-{laporan.tw.tahun}-{laporan.tw.ke}-{laporan.alokasi.daerah_id}-{laporan.pk}-{nomor}",
        diajukan_pada=now,
        diajukan_oleh=by,
        versi_konsep=laporan.versi,
        nihil=laporan.nihil,
        alasan_nihil=laporan.alasan_nihil,
        catatan=laporan.catatan,
        total_keuangan=sum(row.keuangan or 0 for row in rows),
        jumlah_temuan=reasons,
    )
    copies = [copy_row(sent, row, packages[row.paket_id]) for row in rows]
    sent.sidik = fingerprint(sent, copies)
    sent.save()
    BarisVersi.objects.bulk_create(copies)
    laporan.status = StatusLaporan.DIAJUKAN
    laporan.pertama_diajukan_pada = laporan.pertama_diajukan_pada or now
    laporan.terakhir_diajukan_pada = now
    laporan.save()
    laporan.penyunting.add(by)
    trail = {
        "tanda_terima": sent.tanda_terima,
        "sidik": sent.sidik,
        "sidik_baris": row_fingerprints(copies),
    }
    _leave_trail(laporan, by, now, aksi="ajukan", sesudah=trail, fakta=[sent, *copies])
    return sent


def withdraw(*, laporan_id: int, by: Pengguna, now: datetime) -> Laporan:
    """*Tarik Kembali*: possible while nobody at the ministry has taken it up and it could be sent again.

    Raises:
        Ditolak: another office, no longer Diajukan, closed or locked quarter.
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(owns(by, laporan.alokasi.daerah), "Laporan ditarik oleh daerahnya sendiri.")
        sent = _last_sent(laporan)
        if laporan.status == StatusLaporan.KONSEP and sent.ditarik_pada:
            return laporan
        _require_status(laporan, StatusLaporan.DIAJUKAN)
        _require_taken(laporan, by, now)
        sent.ditarik_pada = now
        sent.save()
        laporan.status = StatusLaporan.KONSEP
        laporan.versi += 1  # a late press on what was taken back is stale, never a second submission
        laporan.save()
        trail = {"tanda_terima": sent.tanda_terima}
        _leave_trail(laporan, by, now, aksi="tarik kembali", sesudah=trail, fakta=[sent])
    return laporan


def begin_verification(*, laporan_id: int, by: Pengguna, now: datetime, nomor: int | None = None) -> Laporan:
    """*Mulai Verifikasi*: a press, after which the daerah can no longer take the report back.

    Raises:
        Ditolak: not a verifikator, or not Diajukan (a second verifikator is told who was first).
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(can(by, Wewenang.VERIFIKASI), "Hanya verifikator yang memverifikasi.")
        sent = _judged(laporan, nomor)
        if laporan.status == StatusLaporan.SEDANG_DIVERIFIKASI:
            require(sent.verifikator_id == by.pk, f"Sudah mulai diverifikasi oleh {sent.verifikator}.")
            return laporan
        _require_status(laporan, StatusLaporan.DIAJUKAN)
        sent.verifikasi_dimulai_pada, sent.verifikator = now, by
        sent.save()
        laporan.status = StatusLaporan.SEDANG_DIVERIFIKASI
        laporan.save()
        record(
            by=by,
            subjek=f"laporan:{laporan.pk}",
            aksi="mulai verifikasi",
            alokasi=laporan.alokasi_id,
            sesudah={"status": laporan.status},
            fakta=[sent],
        )
    return laporan


def verify(*, laporan_id: int, by: Pengguna, now: datetime, nomor: int | None = None) -> Laporan:
    """Accept the submission: it is *final* and locked.

    Raises:
        Ditolak: not a verifikator, not being verified, a closed quarter, or somebody who filled it in (maker
            is never checker).
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(can(by, Wewenang.VERIFIKASI), "Hanya verifikator yang memverifikasi.")
        sent = _judged(laporan, nomor)
        if laporan.status == StatusLaporan.DIVERIFIKASI and sent.verifikator_id == by.pk:
            return laporan
        _require_status(laporan, StatusLaporan.SEDANG_DIVERIFIKASI)
        require(not laporan.penyunting.filter(pk=by.pk).exists(), "Yang mengisi tidak boleh memverifikasi.")
        # In or out of a closing that runs at this moment, and in its figures accordingly.
        moment = hold_calendar(laporan.tw.tahun, now)
        _require_changeable(laporan)
        sent.diverifikasi_pada, sent.verifikator = moment, by
        sent.save()
        laporan.status = StatusLaporan.DIVERIFIKASI
        laporan.pertama_diverifikasi_pada = laporan.pertama_diverifikasi_pada or moment
        laporan.save()
        trail = {"tanda_terima": sent.tanda_terima}
        _leave_trail(laporan, by, now, aksi="verifikasi", sesudah=trail, fakta=[sent])
    return laporan


def return_for_fix(
    *,
    laporan_id: int,
    alasan: str,
    catatan: list[Catatan],
    by: Pengguna,
    now: datetime,
    nomor: int | None = None,
) -> Laporan:
    """Send it back with a reason and remarks on cells; its figures no longer count.

    Raises:
        Ditolak: no reason, not a verifikator, not with the ministry, or a remark on a foreign row.
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(can(by, Wewenang.VERIFIKASI), "Hanya verifikator yang mengembalikan.")
        require(bool(alasan.strip()), "Tulis alasan pengembalian.")
        sent = _judged(laporan, nomor)
        if (laporan.status, sent.verifikator_id) == (StatusLaporan.DIKEMBALIKAN, by.pk):
            return laporan
        _require_status(laporan, StatusLaporan.SEDANG_DIVERIFIKASI, StatusLaporan.DIAJUKAN)
        packages = set(laporan.baris.values_list("paket_id", flat=True))
        require(
            {c.paket for c in catatan} <= packages, "Ada catatan untuk paket yang bukan bagian laporan ini."
        )
        sent.dikembalikan_pada, sent.verifikator, sent.alasan_pengembalian = now, by, alasan.strip()
        sent.save()
        CatatanSel.objects.bulk_create(
            CatatanSel(versi=sent, paket_id=c.paket, kolom=c.kolom, teks=c.teks) for c in catatan
        )
        laporan.status = StatusLaporan.DIKEMBALIKAN
        laporan.versi += 1  # a late press on what was sent back is stale: its remarks come first
        laporan.save()
        _leave_trail(
            laporan,
            by,
            now,
            aksi="kembalikan",
            sesudah={"catatan": len(catatan)},
            alasan=alasan.strip(),
            fakta=[sent],
        )
    return laporan


def reopen(*, laporan_id: int, alasan: str, by: Pengguna, now: datetime, nomor: int | None = None) -> Laporan:
    """Give a verified report back to its daerah; the verified version counts until another one replaces it.

    Also the only way into a closed quarter, whose figure then gets a new version.

    Raises:
        Ditolak: no reason, not a verifikator, or not Diverifikasi.
    """
    with transaction.atomic():
        laporan = _locked(laporan_id)
        require(can(by, Wewenang.VERIFIKASI), "Hanya kementerian yang membuka kembali laporan.")
        require(bool(alasan.strip()), "Tulis alasan pembukaan kembali.")
        sent = _judged(laporan, nomor)
        if laporan.status == StatusLaporan.KONSEP and sent.dibuka_kembali_pada:
            return laporan
        _require_status(laporan, StatusLaporan.DIVERIFIKASI)
        sent.dibuka_kembali_pada, sent.alasan_pembukaan = now, alasan.strip()
        sent.save()
        laporan.status = StatusLaporan.KONSEP
        laporan.versi += 1
        laporan.save()
        _leave_trail(
            laporan,
            by,
            now,
            aksi="buka kembali",
            sesudah={"status": laporan.status},
            alasan=alasan.strip(),
            fakta=[sent],
        )
    return laporan


def _leave_trail(
    laporan: Laporan,
    by: Pengguna,
    now: datetime,
    *,
    aksi: str,
    sesudah: dict[str, Any],
    fakta: list[Model],
    alasan: str = "",
) -> None:
    """Audit row and outbox row of an act that may move a figure."""
    subjek = f"laporan:{laporan.pk}"
    record(
        by=by,
        subjek=subjek,
        aksi=aksi,
        alokasi=laporan.alokasi_id,
        sesudah={"status": laporan.status, **sesudah},
        alasan=alasan,
        fakta=fakta,
    )
    record_change(alokasi=laporan.alokasi, triwulan=laporan.triwulan, jenis=aksi, subjek=subjek, now=now)


def _locked(laporan_id: int) -> Laporan:
    return (
        Laporan.objects.select_for_update(of=("self",)).select_related("alokasi__daerah").get(pk=laporan_id)
    )


def _judged(laporan: Laporan, nomor: int | None) -> VersiLaporan:
    """The submission that is judged: the one that was on the screen (`nomor`), never one unseen."""
    sent = _last_sent(laporan)
    require(
        nomor in (None, sent.nomor),
        "Laporan ini sudah diajukan lagi sejak halaman dibuka. Periksa isian yang baru, lalu putuskan.",
    )
    return sent


def _last_sent(laporan: Laporan) -> VersiLaporan:
    sent = laporan.versi_diajukan.order_by("-nomor").first()
    if sent is None:
        raise Ditolak("Laporan ini belum pernah diajukan.")
    return sent


def require_editable(laporan: Laporan, by: Pengguna, *, now: datetime) -> None:
    """Refuse with the reason unless this account may change the working copy now.

    Raises:
        Terkunci: past the batas lapor without a dispensasi.
        Ditolak: another office, with the ministry or verified, a closed quarter or one not open yet.
    """
    require(owns(by, laporan.alokasi.daerah), "Laporan diisi oleh daerahnya sendiri.")
    require(laporan.is_editable, f"Laporan berstatus {laporan.get_status_display()}, tidak dapat diubah.")
    _require_taken(laporan, by, now)


def _require_taken(laporan: Laporan, by: Pengguna, now: datetime) -> None:
    """The schedule binds the office; the ministry judges what was sent in time whenever it comes to it."""
    periode = _require_changeable(laporan)
    if periode:
        require_taken(periode, by=by, now=now)


def _require_changeable(laporan: Laporan) -> PeriodeTriwulan | None:
    """The open quarter; None for a report that was reopened, the one way past closing and limit."""
    reopened = VersiLaporan.objects.counting(Posisi.FINAL).filter(laporan=laporan).exists()
    return None if reopened else hold_open(laporan.tw)


def _require_status(laporan: Laporan, *expected: StatusLaporan) -> None:
    require(
        laporan.status in expected,
        f"Laporan berstatus {laporan.get_status_display()}; langkah ini hanya untuk "
        + " atau ".join(status.label for status in expected)
        + ".",
    )
