"""`serapan/` and `daerah/`: figures per area, and the regions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView

from daerah import waktu
from daerah.models import Daerah
from realisasi.api.kolom import serializer_for
from realisasi.api.saringan import refuse_unknown
from realisasi.aturan.nilai_aturan import read_tanggal
from realisasi.aturan.triwulan import Triwulan
from realisasi.models import Posisi
from realisasi.rekap.baca import DAERAH, TINGKAT, BarisSerapan, serapan_rows
from realisasi.rekap.kolom import KOLOM_DAERAH, KOLOM_SERAPAN
from realisasi.rekap.saat import known_on

SerapanSerializer = serializer_for("Serapan", KOLOM_SERAPAN)
DaerahSerializer = serializer_for("Daerah", KOLOM_DAERAH)


def _param(
    name: str, description: str, *, required: bool = False, enum: Any = None, kind: type = str
) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, required=required, enum=enum)


@extend_schema_view(
    get=extend_schema(
        summary="Serapan per wilayah atau penerima",
        parameters=[
            _param("tahun", "Tahun anggaran.", required=True, kind=int),
            _param("triwulan", "1 sampai 4.", required=True, enum=[1, 2, 3, 4], kind=int),
            _param("tingkat", "Bawaan: nasional.", enum=TINGKAT),
            _param("posisi", "Bawaan: sementara. Triwulan yang ditutup selalu final.", enum=Posisi.values),
            _param("pada", "Angka sebagaimana diketahui pada akhir hari ini (YYYY-MM-DD); bawaan: sekarang."),
            _param("provinsi", "Kode provinsi (tingkat daerah)."),
            _param("jenis", "Jenis penerima (tingkat daerah).", enum=Daerah.Jenis.values),
            _param("kode", "Kode wilayah atau penerima."),
        ],
    )
)
class SerapanList(ListAPIView):
    """One row per area; areas without an allocation in that TA have no row."""

    serializer_class = SerapanSerializer

    def get_queryset(self) -> list[BarisSerapan]:
        if getattr(self, "swagger_fake_view", False):
            return []
        refuse_unknown(
            self.request, "tahun", "triwulan", "tingkat", "posisi", "pada", "provinsi", "jenis", "kode"
        )
        asked = self.request.query_params
        tingkat = _one_of(asked, "tingkat", TINGKAT) or TINGKAT[0]
        filters = {
            "provinsi": _matching(asked, "provinsi", r"\d{2}", "dua angka, misalnya 32"),
            "jenis": _one_of(asked, "jenis", Daerah.Jenis.values),
            "kode": _matching(asked, "kode", r"\d{2}(\.\d{2})?", "kode Kemendagri, misalnya 32.10"),
        }
        if tingkat != DAERAH and (filters["provinsi"] or filters["jenis"]):
            raise ValidationError({"tingkat": ["Saringan provinsi dan jenis hanya untuk tingkat=daerah."]})
        posisi = _one_of(asked, "posisi", Posisi.values)
        return serapan_rows(
            self.request.user, _triwulan(asked), tingkat, posisi=posisi, pada=_pada(asked), **filters
        )


@extend_schema_view(get=extend_schema(summary="Daerah dalam cakupan akun"))
class DaerahList(ListAPIView):
    """The regions that the account may see, by kode."""

    serializer_class = DaerahSerializer
    queryset = Daerah.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        refuse_unknown(self.request, "provinsi", "jenis", "kode")
        asked = self.request.query_params
        found = Daerah.objects.visible_to(self.request.user).order_by("kode")
        if provinsi := _matching(asked, "provinsi", r"\d{2}", "dua angka, misalnya 32"):
            found = found.filter(kode__startswith=provinsi)
        if jenis := _one_of(asked, "jenis", Daerah.Jenis.values):
            found = found.filter(jenis=jenis)
        if kode := _matching(asked, "kode", r"\d{2}(\.\d{2})?", "kode Kemendagri, misalnya 32.10"):
            found = found.filter(kode=kode)
        return found


def _triwulan(asked: Any) -> Triwulan:
    tahun = _matching(asked, "tahun", r"20\d{2}", "tahun 2000 sampai 2099, misalnya 2024", required=True)
    ke = _matching(asked, "triwulan", r"[1-4]", "1 sampai 4", required=True)
    return Triwulan(int(tahun), int(ke))


def _pada(asked: Any) -> datetime | None:
    """The last instant of the day asked for; a day to come is refused, today and none are now."""
    text = _matching(asked, "pada", r"20\d{2}-\d{2}-\d{2}", "tanggal YYYY-MM-DD, misalnya 2024-10-14")
    if not text:
        return None
    hari = read_tanggal(text)
    if hari is None or hari > waktu.today():
        raise ValidationError({"pada": [f"“{text}”: isi tanggal yang sudah terjadi, YYYY-MM-DD."]})
    return known_on(hari, today=waktu.today())


def _one_of(asked: Any, name: str, known: Any) -> str | None:
    value = asked.get(name)
    if value is None:
        return None
    if value not in known:
        raise ValidationError({name: [f"“{value[:20]}” tidak dikenal. Yang dikenal: {', '.join(known)}."]})
    return str(value)


def _matching(asked: Any, name: str, pattern: str, expected: str, *, required: bool = False) -> str:
    value = asked.get(name, "")
    if not value and not required:
        return ""
    if not re.fullmatch(pattern, value, flags=re.ASCII):
        raise ValidationError({name: [f"“{value[:20]}”: isi {expected}."]})
    return str(value)
