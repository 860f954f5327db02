"""What a report is read against: earlier quarters, facts of its packages, findings, live totals."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Sum

from realisasi.aturan import pemeriksaan
from realisasi.aturan.parameter import batas_pemeriksaan
from realisasi.aturan.pemeriksaan import Nilai, Temuan
from realisasi.aturan.triwulan import WIB
from realisasi.models import BarisVersi, Laporan, Paket, Parameter, Penyaluran, Posisi, VersiLaporan


def earlier_values(laporan: Laporan) -> dict[int, list[BarisVersi]]:
    """Per paket the verified rows of the earlier quarters of the TA, the latest quarter first."""
    verified = VersiLaporan.objects.counting(Posisi.FINAL).filter(
        laporan__alokasi=laporan.alokasi_id, laporan__triwulan__lt=laporan.triwulan
    )
    latest = dict(verified.order_by("laporan__triwulan", "nomor").values_list("laporan__triwulan", "pk"))
    by_version: dict[int, dict[int, BarisVersi]] = defaultdict(dict)
    for row in BarisVersi.objects.filter(versi__in=latest.values()).select_related("versi__laporan"):
        by_version[row.versi_id][row.paket_id] = row
    found: dict[int, list[BarisVersi]] = defaultdict(list)
    for ke in sorted(latest, reverse=True):
        for paket, row in by_version[latest[ke]].items():
            found[paket].append(row)
    return dict(found)


def check(laporan: Laporan, *, now: datetime) -> list[Temuan]:
    """Every finding of the working copy as it is stored, rows in order, then the report as a whole."""
    hari = laporan.tw.posisi(now.astimezone(WIB).date())
    rules = Parameter.objects.values_of(
        laporan.tw.tahun, hari=now.astimezone(WIB).date(), daerah=laporan.alokasi.daerah_id
    )
    batas = batas_pemeriksaan(rules, laporan.tw.tahun)
    packages = {
        p.pk: p for p in Paket.objects.filter(kegiatan__alokasi=laporan.alokasi_id).with_amounts(hari)
    }
    earlier = earlier_values(laporan)
    rows = list(laporan.baris.all())
    findings: list[Temuan] = []
    for row in rows:
        findings += pemeriksaan.check_baris(
            _baris(row, packages[row.paket_id], earlier.get(row.paket_id, [])), batas
        )
    total = sum(row.keuangan or 0 for row in rows)
    transfers = Penyaluran.objects.known().filter(alokasi=laporan.alokasi_id, tanggal_sp2d__lte=hari)
    received = transfers.aggregate(s=Sum("jumlah"))
    findings += pemeriksaan.check_laporan(
        total_keuangan=total, penyaluran=received["s"] or 0, alasan=laporan.catatan
    )
    return findings


def _baris(row: object, paket: object, earlier: list[BarisVersi]) -> pemeriksaan.Baris:
    before = [_nilai(version) for version in earlier]
    return pemeriksaan.Baris(
        paket=row.paket_id,
        nilai=_nilai(row),
        kode_masalah=row.kode_masalah,
        penjelasan=row.penjelasan,
        alasan=row.alasan,
        nilai_rk=paket.nilai_rk,
        nilai_kontrak=paket.kontrak,
        selesai=paket.selesai,
        ada_bast=paket.tanggal_bast is not None,
        sebelumnya=before[0] if before else None,
        dua_sebelumnya=before[1] if len(before) > 1 else None,
        kontrak_dua_sebelumnya=len(earlier) > 1 and earlier[1].nilai_kontrak is not None,
    )


def _nilai(row: object) -> Nilai:
    return Nilai(keuangan=row.keuangan, progres_fisik=row.progres_fisik, volume_selesai=row.volume_selesai)
