"""Lists of reports: what an officer has to do, who has reported, what waits for the ministry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    Alokasi,
    Bidang,
    Dispensasi,
    Laporan,
    PeriodeTriwulan,
    Posisi,
    StatusLaporan,
    VersiLaporan,
)
from realisasi.rekap.lapor import BELUM_LAPOR, StatusLapor, by_place, state

# Orders of the queue: the first is how the ministry works through it.
URUTAN = {
    "temuan": ("-jumlah_temuan", "diajukan_pada", "pk"),
    "umur": ("diajukan_pada", "pk"),
    "keuangan": ("-total_keuangan", "diajukan_pada", "pk"),
}


@dataclass(frozen=True, kw_only=True)
class Tugas:
    """One quarter of one alokasi, as the officer who reports it sees it."""

    alokasi: Alokasi
    periode: PeriodeTriwulan
    laporan: Laporan | None
    terakhir: VersiLaporan | None
    keadaan: StatusLapor
    now: datetime

    @property
    def tw(self) -> Triwulan:
        return self.periode.tw

    @property
    def status(self) -> str:
        return self.laporan.status if self.laporan else BELUM_LAPOR

    @property
    def hari_tenggat(self) -> date:
        return self.periode.tenggat.astimezone(WIB).date()

    @property
    def begun(self) -> bool:
        return self.periode.is_opened(self.now)

    @property
    def ended(self) -> bool:
        return self.tw.akhir < self.now.astimezone(WIB).date()

    @property
    def terlambat(self) -> bool:
        return self.keadaan.terlambat

    @property
    def tanda(self) -> list[str]:
        """The flags beside its status."""
        return self.keadaan.tanda

    @property
    def dibuka_kembali(self) -> bool:
        return bool(self.terakhir and self.terakhir.dibuka_kembali_pada)

    @property
    def perlu_diisi(self) -> bool:
        """Whether the officer can and should do something now."""
        can_change = self.laporan.is_editable if self.laporan else True
        return self.begun and can_change and not self.keadaan.terkunci

    @property
    def terhenti(self) -> bool:
        """Whether the office owes it, but its time to report is over: it needs a waiver."""
        return self.keadaan.terkunci and self.keadaan.di_daerah and not self.periode.is_closed

    @property
    def menunggu(self) -> bool:
        """Whether the next step is the ministry's."""
        return self.status in (StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI)

    @property
    def dikembalikan(self) -> VersiLaporan | None:
        """The submission that was sent back and not yet replaced: its reason is what to do."""
        sent_back = self.perlu_diisi and self.terakhir and self.terakhir.dikembalikan_pada
        return self.terakhir if sent_back else None


def officer_tasks(user: Any, tahun: int, *, now: datetime) -> list[Tugas]:
    """The quarters of the TA for every alokasi of the account's daerah."""
    offices = list(Alokasi.objects.visible_to(user).ikm().filter(tahun=tahun).select_related("daerah"))
    reports = {
        (laporan.alokasi_id, laporan.triwulan): laporan
        for laporan in Laporan.objects.filter(alokasi__in=offices)
    }
    latest = _latest_versions([laporan.pk for laporan in reports.values()])
    quarters = list(PeriodeTriwulan.objects.filter(tahun=tahun).order_by("triwulan"))
    waivers = by_place(Dispensasi.objects.visible_to(user).filter(periode__in=quarters))
    return [
        Tugas(
            alokasi=alokasi,
            periode=periode,
            laporan=found,
            terakhir=found and latest.get(found.pk),
            keadaan=state(found, periode, waivers.get((alokasi.daerah_id, periode.pk), ()), now=now),
            now=now,
        )
        for alokasi in offices
        for periode in quarters
        for found in [reports.get((alokasi.pk, periode.triwulan))]
    ]


def most_urgent(tasks: Iterable[Tugas]) -> Tugas | None:
    """The oldest quarter that has ended and that the office should work on now."""
    return next((task for task in tasks if task.perlu_diisi and task.ended), None)


def _latest_versions(reports: list[int]) -> dict[int, VersiLaporan]:
    versions = VersiLaporan.objects.filter(laporan__in=reports).order_by("nomor")
    return {
        version.laporan_id: version
        for version in versions.select_related("verifikator").annotate(jumlah_catatan=Count("catatan_sel"))
    }


def reports_in_scope(user: Any, tw: Triwulan, *, now: datetime) -> QuerySet[Alokasi]:
    """Every alokasi that the account sees with the state of its report for this quarter, by kode.

    Adds `nomor_laporan`, `status` (BELUM_LAPOR where there is none), `nihil`, `diajukan` (first), `pagu` and
    `keuangan`, the total that counts (*sementara*) of this very quarter.
    """
    own = Laporan.objects.filter(alokasi=OuterRef("pk"), triwulan=tw.ke)
    counted = VersiLaporan.objects.counting(Posisi.SEMENTARA).filter(
        laporan__alokasi=OuterRef("pk"), laporan__triwulan=tw.ke
    )
    hari = tw.posisi(now.astimezone(WIB).date())
    scope = Alokasi.objects.visible_to(user).ikm().filter(tahun=tw.tahun).with_pagu(hari)
    return (
        scope.annotate(
            nomor_laporan=Subquery(own.values("pk")),
            status=Coalesce(Subquery(own.values("status")), Value(BELUM_LAPOR)),
            nihil=Subquery(own.values("nihil")),
            diajukan=Subquery(own.values("pertama_diajukan_pada")),
            keuangan=Subquery(counted.order_by("-nomor").values("total_keuangan")[:1]),
        )
        .select_related("daerah__induk")
        .order_by("daerah_id")
    )


def queue(user: Any) -> QuerySet[VersiLaporan]:
    """Submissions that wait for the ministry.

    Adds `sebelumnya`, the total of the last verified earlier quarter, and `tambahan`, what was gained since.
    """
    earlier = VersiLaporan.objects.counting(Posisi.FINAL).filter(
        laporan__alokasi=OuterRef("laporan__alokasi"), laporan__triwulan__lt=OuterRef("laporan__triwulan")
    )
    pending = VersiLaporan.objects.visible_to(user).filter(
        laporan__alokasi__bidang=Bidang.IKM,
        laporan__status__in=(StatusLaporan.DIAJUKAN, StatusLaporan.SEDANG_DIVERIFIKASI),
        ditarik_pada=None,
        dikembalikan_pada=None,
        diverifikasi_pada=None,
    )
    return pending.annotate(
        sebelumnya=Subquery(
            earlier.order_by("-laporan__triwulan", "-nomor").values("total_keuangan")[:1],
        ),
        tambahan=F("total_keuangan") - Coalesce(F("sebelumnya"), Value(0)),
    ).select_related("laporan__alokasi__daerah__induk", "verifikator")


def in_province(kode: str, daerah: str = "daerah") -> Q:
    """Condition: the province's government and its kab/kota."""
    return Q(**{daerah: kode}) | Q(**{f"{daerah}__induk": kode})
