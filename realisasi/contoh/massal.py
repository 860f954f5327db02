"""Test bidang for speed tests: the plan of every TA once more, written in bulk past the doors.

All reports are verified and on time; no audit rows, no working rows. Nothing of it is shown on pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from daerah.models import Pengguna
from realisasi.actions.tanda_terima import copy_row, fingerprint
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.contoh.langkah import Kalender
from realisasi.contoh.rencana import Pembukaan, Perjalanan
from realisasi.models import (
    Alokasi,
    BarisVersi,
    Bidang,
    Kegiatan,
    Laporan,
    Paket,
    Penyaluran,
    Sentra,
    StatusLaporan,
    Target,
    VersiLaporan,
    VersiPagu,
    VersiRK,
)

M = TypeVar("M", bound=models.Model)
HARI_LAPOR, HARI_VERIFIKASI = 5, 9  # days after the quarter's end


def fill_bidang(
    opened: Sequence[Pembukaan], *, jumlah: int, akun: dict[str, Pengguna], kalender: Kalender
) -> None:
    """Write so many test bidang, each with the allocations of every opened TA."""
    sentra = {(row.daerah_id, row.nama): row for row in Sentra.objects.all()}
    for nomor in range(1, jumlah + 1):
        bidang = Bidang.objects.create(kode=f"UJI{nomor:03}", nama=f"Bidang uji {nomor}")
        for opening in opened:
            Salinan(opening.perjalanan, bidang, sentra, akun, kalender).write()


class Salinan:
    """The allocations of one TA in one test bidang."""

    def __init__(
        self,
        perjalanan: Sequence[Perjalanan],
        bidang: Bidang,
        sentra: dict[tuple[str, str], Sentra],
        akun: dict[str, Pengguna],
        kalender: Kalender,
    ) -> None:
        self.perjalanan = perjalanan
        self.bidang = bidang
        self.sentra = sentra
        self.akun = akun
        self.kalender = kalender

    def write(self) -> None:
        alokasi = _save(self._alokasi(p) for p in self.perjalanan)
        owned = list(zip(self.perjalanan, alokasi, strict=True))
        _save(self._pagu(p, a) for p, a in owned)
        _save(target for p, a in owned for target in _targets(p, a))
        _save(transfer for p, a in owned for transfer in self._transfers(p, a))
        kegiatan = _save(line for p, a in owned for line in self._kegiatan(p, a))
        lines = [(p, ke) for p in self.perjalanan for ke in range(len(p.kontrak))]
        _save(
            VersiRK(
                kegiatan=k,
                nilai=p.alokasi.kegiatan[ke].nilai_rk,
                berlaku_dari=date(p.alokasi.tahun, 1, 1),
                dicatat_pada=_morning(date(p.alokasi.tahun, 1, 1)),
            )
            for (p, ke), k in zip(lines, kegiatan, strict=True)
        )
        paket = _save(self._paket(p, ke, k) for (p, ke), k in zip(lines, kegiatan, strict=True))
        self._write_reports(owned, iter(paket))

    def _alokasi(self, p: Perjalanan) -> Alokasi:
        return Alokasi(
            daerah=p.alokasi.daerah,
            tahun_id=p.alokasi.tahun,
            bidang=self.bidang,
            tematik=p.alokasi.tematik,
            direktorat_pembina=p.alokasi.direktorat_pembina,
        )

    def _pagu(self, p: Perjalanan, alokasi: Alokasi) -> VersiPagu:
        return VersiPagu(
            alokasi=alokasi,
            jumlah=p.alokasi.pagu,
            berlaku_dari=date(p.alokasi.tahun, 1, 1),
            dicatat_pada=_morning(date(p.alokasi.tahun, 1, 1)),
            sumber="Data uji",
        )

    def _transfers(self, p: Perjalanan, alokasi: Alokasi) -> Iterator[Penyaluran]:
        for transfer in p.transfers:
            if transfer.tanggal < self.kalender.hari:
                yield Penyaluran(
                    alokasi=alokasi,
                    tahap=transfer.tahap,
                    nomor_sp2d=transfer.nomor_sp2d,
                    tanggal_sp2d=transfer.tanggal,
                    jumlah=transfer.jumlah,
                    dicatat_pada=_morning(transfer.tanggal),
                )

    def _kegiatan(self, p: Perjalanan, alokasi: Alokasi) -> Iterator[Kegiatan]:
        for line in p.alokasi.kegiatan:
            yield Kegiatan(
                alokasi=alokasi,
                sentra=self.sentra[p.alokasi.daerah.kode, p.alokasi.sentra],
                menu=line.menu,
                rincian=line.rincian,
                komponen=line.komponen,
                lokasi=line.lokasi,
                volume=Decimal(line.volume),
                satuan=line.satuan,
                penerima_manfaat=line.penerima_manfaat,
                pelaksanaan=line.pelaksanaan,
                pembayaran=line.pembayaran,
            )

    def _paket(self, p: Perjalanan, ke: int, kegiatan: Kegiatan) -> Paket:
        kontrak, bast = p.kontrak[ke], p.kemajuan.bast[ke]
        paket = Paket(kegiatan=kegiatan, nama=kegiatan.rincian)
        if kontrak and kontrak.tanggal < self.kalender.hari:
            paket.metode, paket.penyedia, paket.nomor_kontrak = (
                kontrak.metode,
                kontrak.penyedia,
                kontrak.nomor,
            )
            paket.tanggal_kontrak, paket.nilai_kontrak = kontrak.tanggal, kontrak.nilai
            paket.kontrak_dicatat_pada = _morning(kontrak.tanggal)
            paket.mulai, paket.selesai = kontrak.mulai, kontrak.selesai
            paket.tanggal_bast = bast if bast and bast < self.kalender.hari else None
        return paket

    def _write_reports(self, owned: list[tuple[Perjalanan, Alokasi]], paket: Iterator[Paket]) -> None:
        ended = [
            tw
            for tw in self.kalender.ended(self.perjalanan[0].alokasi.tahun)
            if (self.kalender.hari - tw.akhir).days > HARI_VERIFIKASI
        ]
        packages = {p.kunci: [next(paket) for _ in p.kontrak] for p in self.perjalanan}
        reports = _save(_laporan(a, tw) for _, a in owned for tw in ended)
        quarters = [(p, tw) for p in self.perjalanan for tw in ended]
        sent, rows = [], []
        for (p, tw), laporan in zip(quarters, reports, strict=True):
            versi, copies = self._sent(p, tw, laporan, packages[p.kunci])
            sent.append(versi)
            rows += copies
        _save(sent)
        for row in rows:
            row.versi_id = row.versi.pk  # known only now
        _save(rows)

    def _sent(
        self, p: Perjalanan, tw: Triwulan, laporan: Laporan, packages: Sequence[Any]
    ) -> tuple[VersiLaporan, list[BarisVersi]]:
        filled = p.kemajuan.isian[tw.ke - 1]
        versi = VersiLaporan(
            laporan=laporan,
            nomor=1,
            tanda_terima=f"LT-{tw.tahun}-{tw.ke}-{p.alokasi.daerah.kode}-{laporan.pk}-1",
            diajukan_pada=laporan.terakhir_diajukan_pada,
            diajukan_oleh=self.akun[f"operator.{p.alokasi.daerah.kode}"],
            versi_konsep=laporan.versi,
            total_keuangan=sum(row.keuangan or 0 for row in filled),
            verifikasi_dimulai_pada=laporan.pertama_diverifikasi_pada,
            diverifikasi_pada=laporan.pertama_diverifikasi_pada,
            verifikator=self.akun["verifikator"],
        )
        copies = []
        for paket, line, row in zip(packages, p.alokasi.kegiatan, filled, strict=True):
            signed = paket.tanggal_kontrak and paket.tanggal_kontrak <= tw.akhir
            paket.nilai_rk, paket.kontrak = line.nilai_rk, paket.nilai_kontrak if signed else None
            copies.append(copy_row(versi, row, paket))
        versi.sidik = fingerprint(versi, copies)
        return versi, copies


def _targets(p: Perjalanan, alokasi: Alokasi) -> Iterator[Target]:
    pairs = zip(p.alokasi.target_keuangan, p.alokasi.target_fisik, strict=True)
    for ke, (keuangan, fisik) in enumerate(pairs, start=1):
        yield Target(
            alokasi=alokasi,
            triwulan=ke,
            keuangan=keuangan,
            fisik=Decimal(fisik),
            dicatat_pada=_morning(date(p.alokasi.tahun, 1, 1)),
        )


def _laporan(alokasi: Alokasi, tw: Triwulan) -> Laporan:
    sent, verified = (_office_hour(tw, days) for days in (HARI_LAPOR, HARI_VERIFIKASI))
    return Laporan(
        alokasi=alokasi,
        triwulan=tw.ke,
        status=StatusLaporan.DIVERIFIKASI,
        dibuat_pada=sent,
        disimpan_pada=sent,
        pertama_diajukan_pada=sent,
        terakhir_diajukan_pada=sent,
        pertama_diverifikasi_pada=verified,
    )


def _office_hour(tw: Triwulan, days: int) -> datetime:
    return datetime.combine(tw.akhir + timedelta(days=days), time(10), tzinfo=WIB)


def _save(rows: Iterable[M]) -> list[M]:
    saved = list(rows)
    if saved:
        type(saved[0])._default_manager.bulk_create(saved)
    return saved


def _morning(hari: date) -> datetime:
    """Test rows are recorded on the very day they take effect."""
    return datetime.combine(hari, time(), tzinfo=WIB)
