"""What /jadwal/ shows of the waivers: those of the TA, and for the admin the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from daerah.cakupan import Wewenang, can
from realisasi.actions.dispensasi import CABUT
from realisasi.forms.dispensasi import FormCabut, FormDispensasi
from realisasi.models import Alokasi, Dispensasi, PeriodeTriwulan, Riwayat

Refused = Mapping[int, FormCabut]


@dataclass(frozen=True, kw_only=True)
class BarisDispensasi:
    """One waiver, how it stands, who took it back and why, and the form to do so."""

    row: Dispensasi
    keadaan: str
    pencabutan: Riwayat | None
    form: FormCabut | None


def give_form(request: HttpRequest, tahun: int, data: Any = None) -> FormDispensasi:
    open_quarters = PeriodeTriwulan.objects.filter(tahun=tahun, ditutup_pada=None).order_by("triwulan")
    return FormDispensasi(
        data,
        penerima=Alokasi.objects.visible_to(request.user).ikm().filter(tahun=tahun),
        triwulan=list(open_quarters),
        auto_id="id_dispensasi_%s",
    )


def take_form(row: Dispensasi, data: Any = None) -> FormCabut:
    return FormCabut(data, auto_id=f"id_cabut_{row.pk}_%s")


def waivers(request: HttpRequest, tahun: int, now: datetime, refused: Refused) -> list[BarisDispensasi]:
    """Those of a TA, the latest first."""
    found = list(
        Dispensasi.objects.visible_to(request.user)
        .filter(periode__tahun=tahun)
        .select_related("daerah", "periode", "diberikan_oleh")
        .order_by("-diberikan_pada", "-pk")
    )
    trail = Riwayat.objects.filter(aksi=CABUT, subjek__in=[f"dispensasi:{row.pk}" for row in found])
    by_subject = {line.subjek: line for line in trail.select_related("pelaku")}
    may_end = can(request.user, Wewenang.JADWAL)
    rows = []
    for row in found:
        keadaan = _state(row, now)
        own = (refused.get(row.pk) or take_form(row)) if may_end and keadaan == "BERLAKU" else None
        rows.append(
            BarisDispensasi(
                row=row,
                keadaan=keadaan,
                pencabutan=by_subject.get(f"dispensasi:{row.pk}"),
                form=refused.get(row.pk, own),
            )
        )
    return rows


def _state(row: Dispensasi, now: datetime) -> str:
    if row.dicabut_pada and row.dicabut_pada <= row.sampai:
        return "DICABUT"
    return "BERLAKU" if row.is_in_force(now) and not row.periode.is_closed else "BERAKHIR"
