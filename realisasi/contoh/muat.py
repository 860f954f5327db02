"""Takes the plan through the doors of real input, event by event, in order of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod
from io import BytesIO

from django.db import transaction

from daerah.models import Daerah, Pengguna
from daerah.waktu import set_demo_day
from realisasi.actions import laporan as aksi_laporan
from realisasi.actions.dispensasi import grant_dispensasi
from realisasi.actions.impor import apply_import
from realisasi.actions.laporan import Catatan, Isian
from realisasi.actions.paket import IsianPaket, save_paket
from realisasi.actions.penutupan import close_triwulan
from realisasi.actions.penyaluran import record_penyaluran
from realisasi.actions.peristiwa import without_messages
from realisasi.actions.rekap import compute_all
from realisasi.actions.rencana_impor import plan_import
from realisasi.aturan.formulir_alokasi import BarisAlokasi
from realisasi.buku.formulir_alokasi import read_formulir, write_template
from realisasi.buku.kolom_alokasi import Syarat
from realisasi.buku.rekap_analis import closing_book
from realisasi.contoh import kosakata
from realisasi.contoh.akun import create_accounts
from realisasi.contoh.bagi import dice
from realisasi.contoh.kegiatan import AlokasiContoh
from realisasi.contoh.langkah import Aksi, Kalender
from realisasi.contoh.massal import fill_bidang
from realisasi.contoh.pagu import Nasib
from realisasi.contoh.rencana import (
    AksiLaporan,
    Kejadian,
    Kelonggaran,
    Pembukaan,
    Penandatanganan,
    Penghitungan,
    Penutupan,
    PenyaluranMasuk,
    Perjalanan,
    SerahTerima,
    build,
)
from realisasi.models import Alokasi, Laporan, Paket

Kunci = tuple[int, str]  # tahun, kode


def load(hari: date, *, scale: int = 1) -> list[Pembukaan]:
    """Load everything up to a day, with its accounts and figures, or nothing; returns the years opened.

    `scale` multiplies the allocations: the others go to test bidang.
    """
    kalender = Kalender(hari)
    events = build(list(Daerah.objects.all()), hari)
    opened = [event for event in events if isinstance(event, Pembukaan)]
    penerima = {p.alokasi.daerah for opening in opened for p in opening.perjalanan}
    with transaction.atomic(), without_messages():
        set_demo_day(hari)
        akun = create_accounts(sorted(penerima, key=lambda daerah: daerah.kode))
        pemuat = Pemuat(akun, tahun_buku=hari.year - 1)
        for event in events:
            pemuat.apply(event)
        fill_bidang(opened, jumlah=scale - 1, akun=akun, kalender=kalender)
        compute_all(now=kalender.sampai)
    return opened


class Pemuat:
    """Holds what the doors gave back: the rows behind the plan's names."""

    def __init__(self, akun: dict[str, Pengguna], *, tahun_buku: int) -> None:
        # Workbooks are kept from this TA on: older closings come from before there was an application.
        self.tahun_buku = tahun_buku
        self.sistem = Pengguna.objects.sistem()
        self.admin, self.verifikator = akun["admin"], akun["verifikator"]
        self.akun = akun
        self.alokasi: dict[Kunci, Alokasi] = {}
        self.paket: dict[Kunci, list[Paket]] = {}
        self.laporan: dict[tuple[Kunci, int], Laporan] = {}

    @singledispatchmethod
    def apply(self, event: Kejadian) -> None:
        raise NotImplementedError(event)

    @apply.register
    def _open_year(self, event: Pembukaan) -> None:
        rows = [row for p in event.perjalanan for row in form_rows(p.alokasi)]
        formulir = BytesIO()
        write_template(rows, formulir)
        isi = read_formulir(formulir, syarat=Syarat.load(hari=event.waktu.date()))
        if isi.kesalahan:
            raise RuntimeError(f"data contoh ditolak: {isi.kesalahan[0]}")
        apply_import(plan_import(isi.baris, now=event.waktu), by=self.sistem, now=event.waktu)
        self._remember(event)

    def _remember(self, event: Pembukaan) -> None:
        for alokasi in Alokasi.objects.ikm().filter(tahun=event.tahun).select_related("daerah"):
            self.alokasi[event.tahun, alokasi.daerah_id] = alokasi
        packages = Paket.objects.filter(kegiatan__alokasi__tahun=event.tahun).select_related("kegiatan")
        found = {(p.kegiatan.alokasi_id, p.kegiatan.rincian): p for p in packages}
        for p in event.perjalanan:
            pk = self.alokasi[p.kunci].pk
            self.paket[p.kunci] = [found[pk, kegiatan.rincian] for kegiatan in p.alokasi.kegiatan]

    @apply.register
    def _sign(self, event: Penandatanganan) -> None:
        kontrak = event.perjalanan.kontrak[event.paket]
        if kontrak:
            isian = IsianPaket(
                metode=kontrak.metode,
                penyedia=kontrak.penyedia,
                nomor_kontrak=kontrak.nomor,
                tanggal_kontrak=kontrak.tanggal,
                nilai_kontrak=kontrak.nilai,
                mulai=kontrak.mulai,
                selesai=kontrak.selesai,
            )
            self._save_paket(event, isian)

    @apply.register
    def _hand_over(self, event: SerahTerima) -> None:
        paket = self.paket[event.perjalanan.kunci][event.paket]
        known = {name: getattr(paket, name) for name in asdict(IsianPaket())}
        bast = event.perjalanan.kemajuan.bast[event.paket]
        self._save_paket(event, replace(IsianPaket(**known), tanggal_bast=bast))

    def _save_paket(self, event: Penandatanganan | SerahTerima, isian: IsianPaket) -> None:
        packages = self.paket[event.perjalanan.kunci]
        before = packages[event.paket]
        packages[event.paket] = save_paket(
            paket_id=before.pk,
            versi=before.versi,
            isian=isian,
            by=self._operator(event.perjalanan),
            now=event.waktu,
        )

    @apply.register
    def _receive(self, event: PenyaluranMasuk) -> None:
        transfer = event.transfer
        record_penyaluran(
            alokasi=self.alokasi[event.perjalanan.kunci],
            tahap=transfer.tahap,
            nomor_sp2d=transfer.nomor_sp2d,
            tanggal_sp2d=transfer.tanggal,
            jumlah=transfer.jumlah,
            by=self.sistem,
            now=event.waktu,
        )

    @apply.register
    def _let_in_late(self, event: Kelonggaran) -> None:
        grant_dispensasi(
            alokasi=self.alokasi[event.perjalanan.kunci],
            triwulan=event.ke,
            sampai=event.sampai,
            alasan=kosakata.ALASAN_DISPENSASI,
            by=self.admin,
            now=event.waktu,
        )

    @apply.register
    def _close(self, event: Penutupan) -> None:
        buku = closing_book if event.triwulan.tahun >= self.tahun_buku else None
        close_triwulan(tw=event.triwulan, by=self.sistem, now=event.waktu, buku=buku)

    @apply.register
    def _compute(self, event: Penghitungan) -> None:
        # What was known on that day stays readable: the recap gets its versions in order of time.
        compute_all(tahun=event.tahun, now=event.waktu)

    @apply.register
    def _act(self, event: AksiLaporan) -> None:
        if event.langkah.aksi is Aksi.ISI:
            self._fill_in(event)
            return
        laporan = self.laporan[event.perjalanan.kunci, event.ke]
        done = ACTS[event.langkah.aksi](self, event, laporan)
        if isinstance(done, Laporan):
            self.laporan[event.perjalanan.kunci, event.ke] = done

    def _fill_in(self, event: AksiLaporan) -> None:
        perjalanan, by, now = event.perjalanan, self._operator(event.perjalanan), event.waktu
        key = perjalanan.kunci, event.ke
        laporan = self.laporan.get(key) or aksi_laporan.start(
            alokasi=self.alokasi[perjalanan.kunci], triwulan=event.ke, by=by, now=now
        )
        rows = perjalanan.isian(event.ke, salah=event.langkah.salah)
        packages = self.paket[perjalanan.kunci]
        nihil = perjalanan.kemajuan.nothing_happened(event.ke)
        isian = Isian(
            versi=laporan.versi,
            baris={paket.pk: row for paket, row in zip(packages, rows, strict=True)},
            nihil=nihil,
            alasan_nihil=_why_nothing(perjalanan, event.ke) if nihil else "",
        )
        self.laporan[key] = aksi_laporan.save(laporan_id=laporan.pk, isian=isian, by=by, now=now)

    def _submit(self, event: AksiLaporan, laporan: Laporan) -> None:
        by = self._operator(event.perjalanan)
        aksi_laporan.submit(laporan_id=laporan.pk, versi=laporan.versi, by=by, now=event.waktu)

    def _withdraw(self, event: AksiLaporan, laporan: Laporan) -> Laporan:
        by = self._operator(event.perjalanan)
        return aksi_laporan.withdraw(laporan_id=laporan.pk, by=by, now=event.waktu)

    def _begin(self, event: AksiLaporan, laporan: Laporan) -> Laporan:
        return aksi_laporan.begin_verification(laporan_id=laporan.pk, by=self.verifikator, now=event.waktu)

    def _verify(self, event: AksiLaporan, laporan: Laporan) -> Laporan:
        return aksi_laporan.verify(laporan_id=laporan.pk, by=self.verifikator, now=event.waktu)

    def _return(self, event: AksiLaporan, laporan: Laporan) -> Laporan:
        paket = self.paket[event.perjalanan.kunci][event.perjalanan.slip(event.ke) or 0]
        catatan = Catatan(paket=paket.pk, kolom="progres_fisik", teks=kosakata.CATATAN_FISIK)
        return aksi_laporan.return_for_fix(
            laporan_id=laporan.pk,
            alasan=kosakata.ALASAN_KEMBALI,
            catatan=[catatan],
            by=self.verifikator,
            now=event.waktu,
        )

    def _reopen(self, event: AksiLaporan, laporan: Laporan) -> Laporan:
        return aksi_laporan.reopen(
            laporan_id=laporan.pk, alasan=kosakata.ALASAN_BUKA, by=self.verifikator, now=event.waktu
        )

    def _operator(self, perjalanan: Perjalanan) -> Pengguna:
        return self.akun[f"operator.{perjalanan.alokasi.daerah.kode}"]


ACTS: dict[Aksi, Callable[[Pemuat, AksiLaporan, Laporan], Laporan | None]] = {
    Aksi.AJUKAN: Pemuat._submit,
    Aksi.TARIK: Pemuat._withdraw,
    Aksi.MULAI: Pemuat._begin,
    Aksi.KEMBALIKAN: Pemuat._return,
    Aksi.VERIFIKASI: Pemuat._verify,
    Aksi.BUKA: Pemuat._reopen,
}


def form_rows(alokasi: AlokasiContoh) -> list[BarisAlokasi]:
    """The rows of the formulir alokasi of one daerah."""
    return [
        BarisAlokasi(
            kode_daerah=alokasi.daerah.kode,
            tahun=alokasi.tahun,
            tematik=alokasi.tematik,
            pagu=alokasi.pagu,
            sentra=alokasi.sentra,
            komoditas=alokasi.komoditas,
            menu=kegiatan.menu,
            rincian=kegiatan.rincian,
            komponen=kegiatan.komponen,
            lokasi=kegiatan.lokasi,
            volume=Decimal(kegiatan.volume),
            satuan=kegiatan.satuan,
            penerima_manfaat=kegiatan.penerima_manfaat,
            nilai_rk=kegiatan.nilai_rk,
            pelaksanaan=kegiatan.pelaksanaan,
            pembayaran=kegiatan.pembayaran,
            direktorat_pembina=alokasi.direktorat_pembina,
            target_keuangan=alokasi.target_keuangan,
            target_fisik=tuple(Decimal(target) for target in alokasi.target_fisik),
        )
        for kegiatan in alokasi.kegiatan
    ]


def _why_nothing(perjalanan: Perjalanan, ke: int) -> str:
    if perjalanan.bagian.nasib is Nasib.MACET and ke > 1:
        return kosakata.ALASAN_NIHIL_MACET
    return dice("nihil", *perjalanan.kunci).choice(kosakata.ALASAN_NIHIL_AWAL)
