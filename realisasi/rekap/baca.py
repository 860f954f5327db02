"""Reading figures: in scope, by quarter and position, as the rows that every door shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from daerah.models import Daerah
from realisasi.aturan import tampilan
from realisasi.aturan.serapan import Serapan, persen_dari
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import (
    AMOUNTS,
    Alokasi,
    BarisVersi,
    Bidang,
    Paket,
    Posisi,
    RekapTriwulan,
    RekapWilayah,
    VersiLaporan,
)
from realisasi.rekap.saat import Saat, closed_by, saat_of

NASIONAL, PROVINSI, DAERAH = "nasional", "provinsi", "daerah"
TINGKAT = (NASIONAL, PROVINSI, DAERAH)


@dataclass(frozen=True, kw_only=True)
class BarisSerapan(Serapan):
    """One area or recipient in one quarter: amounts (rupiah), rates (percent), what the total covers."""

    tahun: int
    triwulan: int
    tingkat: str
    kode: str
    nama: str
    posisi: str
    jumlah_daerah: int
    jumlah_daerah_lapor: int
    jumlah_dibawa: int
    jumlah_bertarget: int
    rata_rata_kab_kota: Decimal | None
    dihitung_pada: datetime
    # How many figures are carried forward from which earlier quarter.
    dibawa: Mapping[int, int] = field(default_factory=dict)
    # Kab/kota whose rate enters the mean, and those that never reported and so have none.
    jumlah_kab_kota_lapor: int = 0
    jumlah_kab_kota_diam: int = 0
    # Of a single recipient.
    daerah: Daerah | None = None
    dibawa_dari: int | None = None
    alokasi_id: int | None = None

    @property
    def tw(self) -> Triwulan:
        return Triwulan(self.tahun, self.triwulan)

    @property
    def jumlah_belum_pernah(self) -> int:
        """Daerah whose pagu is in the base although they never reported in the TA."""
        return self.jumlah_daerah - self.jumlah_daerah_lapor - self.jumlah_dibawa

    @property
    def sekurang_kurangnya(self) -> bool:
        """Whether the total is a lower bound, because somebody never reported."""
        return self.jumlah_belum_pernah > 0 and self.realisasi_keuangan is not None

    @property
    def cakupan(self) -> str:
        """What the figure covers, in words."""
        if self.tingkat == DAERAH:
            return self._cakupan_penerima
        return tampilan.cakupan(
            lapor=self.jumlah_daerah_lapor,
            daerah=self.jumlah_daerah,
            persen_pagu=self.cakupan_pagu,
            dibawa=self.dibawa,
            belum_pernah=self.jumlah_belum_pernah,
        )

    @property
    def _cakupan_penerima(self) -> str:
        if self.jumlah_daerah_lapor:
            return f"memakai laporan {self.tw.label}"
        if self.dibawa_dari:
            source = tampilan.tw(self.dibawa_dari)
            return f"belum ada laporan {self.tw.label} yang dihitung; memakai angka {source}"
        return f"belum pernah lapor pada TA {self.tahun}"


def serapan_rows(
    user: Any,
    tw: Triwulan,
    tingkat: str,
    *,
    posisi: str | None = None,
    pada: datetime | None = None,
    provinsi: str | None = None,
    jenis: str | None = None,
    kode: str | None = None,
) -> list[BarisSerapan]:
    """The rows of one level that the account may see, ordered by kode; as known at `pada` (None: now)."""
    position = effective_posisi(tw, posisi, pada)
    if tingkat == DAERAH:
        recipients = _recipients(user, pada).for_triwulan(tw).filter(posisi=position)
        if provinsi:
            recipients = recipients.filter(daerah__kode__startswith=provinsi)
        if jenis:
            recipients = recipients.filter(daerah__jenis=jenis)
        if kode:
            recipients = recipients.filter(daerah=kode)
        return [recipient_row(row) for row in recipients.order_by("daerah_id")]
    areas = RekapWilayah.objects.as_of(pada).visible_to(user).for_triwulan(tw)
    areas = areas.filter(bidang=Bidang.IKM, posisi=position, tingkat=tingkat)
    if kode or provinsi:
        areas = areas.filter(kode=kode or provinsi)
    return _from_areas(areas.order_by("kode"), pada)


def effective_posisi(tw: Triwulan, posisi: str | None = None, pada: datetime | None = None) -> str:
    """A closed quarter has final only; otherwise what was asked for, *sementara* by default."""
    return Posisi.FINAL if tw.ke in closed_by(tw.tahun, pada) else posisi or Posisi.SEMENTARA


def serapan_series(
    user: Any,
    tahun: int,
    tingkat: str,
    kode: str,
    *,
    posisi: str | None = None,
    pada: datetime | None = None,
) -> list[BarisSerapan]:
    """One area or recipient through the quarters of a TA, for the Kurva-S; each closed quarter is final."""
    closed = closed_by(tahun, pada)
    wanted = posisi or Posisi.SEMENTARA
    if tingkat == DAERAH:
        rows = [recipient_row(r) for r in _recipients(user, pada).filter(tahun=tahun, daerah=kode)]
    else:
        areas = RekapWilayah.objects.as_of(pada).visible_to(user)
        rows = _from_areas(areas.filter(tahun=tahun, bidang=Bidang.IKM, tingkat=tingkat, kode=kode), pada)
    chosen = [row for row in rows if row.posisi == (Posisi.FINAL if row.triwulan in closed else wanted)]
    return sorted(chosen, key=lambda row: row.triwulan)


def _recipients(user: Any, pada: datetime | None) -> Any:
    return (
        RekapTriwulan.objects.as_of(pada)
        .visible_to(user)
        .filter(bidang=Bidang.IKM)
        .select_related("daerah__induk")
    )


def recipient_row(row: RekapTriwulan) -> BarisSerapan:
    kab_kota = row.daerah.jenis != Daerah.Jenis.PROVINSI
    known = row.realisasi_keuangan is not None
    return BarisSerapan(
        **{name: getattr(row, name) for name in AMOUNTS},
        tahun=row.tahun,
        triwulan=row.triwulan,
        tingkat=DAERAH,
        kode=row.daerah_id,
        nama=row.daerah.nama_lengkap,
        posisi=row.posisi,
        jumlah_daerah=1,
        jumlah_daerah_lapor=int(row.lapor),
        jumlah_dibawa=int(row.dibawa_dari is not None),
        jumlah_bertarget=int(row.target_keuangan is not None),
        pagu_lapor=row.pagu if row.lapor else 0,
        pagu_kab_kota=row.pagu if kab_kota else 0,
        realisasi_kab_kota=row.realisasi_keuangan if kab_kota else None,
        rata_rata_kab_kota=persen_dari(row.realisasi_keuangan, row.pagu) if kab_kota else None,
        dihitung_pada=row.berlaku_dari,
        dibawa={row.dibawa_dari: 1} if row.dibawa_dari else {},
        jumlah_kab_kota_lapor=int(kab_kota and known),
        jumlah_kab_kota_diam=int(kab_kota and not known),
        daerah=row.daerah,
        dibawa_dari=row.dibawa_dari,
        alokasi_id=row.alokasi_id,
    )


@dataclass
class _Anggota:
    """Of the members of an area: whose figures are carried forward, and which kab/kota have a rate."""

    dibawa: Counter[int] = field(default_factory=Counter)
    kab_kota_lapor: int = 0
    kab_kota_diam: int = 0


def _from_areas(areas: QuerySet[RekapWilayah], pada: datetime | None) -> list[BarisSerapan]:
    names = {daerah.kode: daerah.nama_wilayah for daerah in Daerah.objects.provinsi()}
    rows = list(areas)
    members = _members(rows, pada)
    return [
        _from_area(row, names.get(row.kode, "Nasional"), members[row.kode, row.triwulan, row.posisi])
        for row in rows
    ]


def _members(rows: list[RekapWilayah], pada: datetime | None) -> dict[tuple[str, int, str], _Anggota]:
    """What each area's members are, in one query; all rows are of one TA."""
    found = {(row.kode, row.triwulan, row.posisi): _Anggota() for row in rows}
    counted = (
        RekapTriwulan.objects.as_of(pada)
        .filter(bidang=Bidang.IKM, tahun__in={row.tahun for row in rows})
        .filter(triwulan__in={row.triwulan for row in rows})
        .annotate(provinsi=Left("daerah_id", 2))
        .order_by()
        .values_list("provinsi", "triwulan", "posisi", "lapor", "dibawa_dari", "daerah__jenis")
        .annotate(jumlah=Count("pk"))
    )
    for provinsi, ke, posisi, lapor, dari, jenis, jumlah in counted:
        for kode in (provinsi, RekapWilayah.KODE_NASIONAL):
            if area := found.get((kode, ke, posisi)):
                _count_in(area, lapor=lapor, dari=dari, jenis=jenis, jumlah=jumlah)
    return found


def _count_in(area: _Anggota, *, lapor: bool, dari: int | None, jenis: str, jumlah: int) -> None:
    if dari:
        area.dibawa[dari] += jumlah
    if jenis != Daerah.Jenis.PROVINSI:
        if lapor or dari:
            area.kab_kota_lapor += jumlah
        else:
            area.kab_kota_diam += jumlah


def _from_area(row: RekapWilayah, nama: str, anggota: _Anggota) -> BarisSerapan:
    return BarisSerapan(
        **{name: getattr(row, name) for name in AMOUNTS},
        tahun=row.tahun,
        triwulan=row.triwulan,
        tingkat=row.tingkat,
        kode=row.kode,
        nama=nama,
        posisi=row.posisi,
        jumlah_daerah=row.jumlah_daerah,
        jumlah_daerah_lapor=row.jumlah_daerah_lapor,
        jumlah_dibawa=row.jumlah_dibawa,
        jumlah_bertarget=row.jumlah_bertarget,
        pagu_lapor=row.pagu_lapor,
        pagu_kab_kota=row.pagu_kab_kota,
        realisasi_kab_kota=row.realisasi_kab_kota,
        rata_rata_kab_kota=row.rata_rata_kab_kota,
        dihitung_pada=row.berlaku_dari,
        dibawa=anggota.dibawa,
        jumlah_kab_kota_lapor=anggota.kab_kota_lapor,
        jumlah_kab_kota_diam=anggota.kab_kota_diam,
    )


@dataclass(frozen=True, kw_only=True)
class BarisPaket:
    """One paket in one quarter; a kegiatan has exactly one, so this is its row too."""

    tahun: int
    triwulan: int
    kode: str
    nama: str
    posisi: str
    asal: str
    kegiatan_id: int
    paket_id: int
    sentra: str
    menu: str
    rincian: str
    komponen: str
    lokasi: str
    volume: Decimal
    satuan: str
    penerima_manfaat: int | None
    pelaksanaan: str
    pembayaran: str
    nilai_rk: int | None
    nilai_kontrak: int | None
    paket: str
    metode: str
    penyedia: str
    nomor_kontrak: str
    tanggal_kontrak: date | None
    mulai: date | None
    selesai: date | None
    tanggal_bast: date | None
    realisasi_keuangan: int | None
    volume_selesai: Decimal | None
    progres_fisik: Decimal | None
    kode_masalah: int | None
    penjelasan: str

    @property
    def persen_keuangan(self) -> Decimal | None:
        return persen_dari(self.realisasi_keuangan, self.nilai_rk)

    @property
    def persen_volume(self) -> Decimal | None:
        return persen_volume(self.volume_selesai, self.volume)


def persen_volume(selesai: Decimal | None, volume: Decimal | None) -> Decimal | None:
    """Delivered over target volume (percent, not capped); both have at most two decimals."""
    if selesai is None or volume is None:
        return None
    return persen_dari(int(selesai.scaleb(2)), int(volume.scaleb(2)))


def paket_rows(
    user: Any,
    tw: Triwulan,
    *,
    now: datetime,
    posisi: str | None = None,
    pada: datetime | None = None,
    daerah: str | None = None,
) -> list[BarisPaket]:
    """Every paket in scope (or of one daerah) with the figures that count for this quarter, by daerah.

    What is recorded of a closed quarter's packages is what was known at its closing.
    """
    saat = saat_of(tw, now=now, pada=pada)
    position = saat.posisi(posisi)
    packages = (
        Paket.objects.visible_to(user)
        .filter(kegiatan__alokasi__tahun=tw.tahun, kegiatan__alokasi__bidang=Bidang.IKM)
        .with_amounts(saat.hari, saat.tahu)
        .select_related("kegiatan__alokasi__daerah", "kegiatan__sentra")
        .order_by("kegiatan__alokasi__daerah_id", "kegiatan_id", "pk")
    )
    if daerah:
        packages = packages.filter(kegiatan__alokasi__daerah=daerah)
    reported, source = _counted(user, saat, position)
    recorded = packages.isian_pada(saat.tahu)
    return [
        _baris_paket(p, recorded[p.pk], tw, position, reported.get(p.pk), source.get(p.kegiatan.alokasi_id))
        for p in packages
        # One that an import brought later was not there yet.
        if saat.tahu is None or p.nilai_rk is not None or p.kontrak is not None
    ]


def _counted(user: Any, saat: Saat, posisi: str) -> tuple[dict[int, BarisVersi], dict[int, int]]:
    """The submitted row that counts per paket, and per alokasi the quarter it is from."""
    versions = VersiLaporan.objects.counting(posisi, saat.pada).filter(
        laporan__alokasi__in=Alokasi.objects.visible_to(user).ikm().filter(tahun=saat.tw.tahun),
        laporan__triwulan__lte=saat.tw.ke,
    )
    if saat.ditutup:  # it carries no earlier quarter that was first verified after its closing
        own = Q(laporan__triwulan=saat.tw.ke)
        versions = versions.filter(own | Q(laporan__pertama_diverifikasi_pada__lte=saat.ditutup))
    counting: dict[int, tuple[int, int]] = {}
    for alokasi, ke, pk in versions.order_by("laporan__triwulan", "nomor").values_list(
        "laporan__alokasi", "laporan__triwulan", "pk"
    ):
        counting[alokasi] = (pk, ke)
    rows = BarisVersi.objects.filter(versi__in=[pk for pk, _ in counting.values()])
    return {row.paket_id: row for row in rows}, {alokasi: ke for alokasi, (_, ke) in counting.items()}


def _baris_paket(
    paket: Any, isian: Any, tw: Triwulan, posisi: str, row: BarisVersi | None, asal: int | None
) -> BarisPaket:
    kegiatan = paket.kegiatan
    return BarisPaket(
        tahun=tw.tahun,
        triwulan=tw.ke,
        kode=kegiatan.alokasi.daerah_id,
        nama=kegiatan.alokasi.daerah.nama_lengkap,
        posisi=posisi,
        asal=tampilan.tw(asal) if asal else "",
        kegiatan_id=kegiatan.pk,
        paket_id=paket.pk,
        sentra=kegiatan.sentra.nama,
        menu=kegiatan.menu,
        rincian=kegiatan.rincian,
        komponen=kegiatan.komponen,
        lokasi=kegiatan.lokasi,
        volume=kegiatan.volume,
        satuan=kegiatan.satuan,
        penerima_manfaat=kegiatan.penerima_manfaat,
        pelaksanaan=kegiatan.pelaksanaan,
        pembayaran=kegiatan.pembayaran,
        nilai_rk=paket.nilai_rk,
        nilai_kontrak=paket.kontrak,
        paket=paket.nama,
        metode=isian.get_metode_display(),
        penyedia=isian.penyedia,
        nomor_kontrak=isian.nomor_kontrak,
        tanggal_kontrak=isian.tanggal_kontrak,
        mulai=isian.mulai,
        selesai=isian.selesai,
        tanggal_bast=isian.tanggal_bast,
        realisasi_keuangan=row.keuangan if row else None,
        volume_selesai=row.volume_selesai if row else None,
        progres_fisik=row.progres_fisik if row else None,
        kode_masalah=row.kode_masalah if row else None,
        penjelasan=row.penjelasan if row else "",
    )
