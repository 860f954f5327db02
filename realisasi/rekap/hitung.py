"""Fresh figures from the rows: SQL adds up alokasi and areas; nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Left

from daerah.models import Daerah
from realisasi.aturan import serapan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    AMOUNTS,
    Alokasi,
    BarisVersi,
    Kegiatan,
    Paket,
    Penyaluran,
    Posisi,
    RekapTriwulan,
    RekapWilayah,
    Target,
    VersiLaporan,
)

KAB_KOTA = ~Q(daerah__jenis=Daerah.Jenis.PROVINSI)


def _sum_of(rows: QuerySet[Any], group: str, amount: Any) -> Subquery:
    """Subquery: the sum of one amount over the rows that belong to the outer alokasi."""
    grouped = rows.filter(**{group: OuterRef("pk")}).order_by().values(group)
    return Subquery(grouped.annotate(total=Sum(amount)).values("total"), output_field=BigIntegerField())


def _counting(tw: Triwulan, posisi: Posisi, field: str) -> Subquery:
    """Subquery: of the version that counts for this quarter, its own or an earlier one's (`dibawa`)."""
    versions = VersiLaporan.objects.counting(posisi).filter(
        laporan__alokasi=OuterRef("pk"), laporan__triwulan__lte=tw.ke
    )
    return Subquery(versions.order_by("-laporan__triwulan", "-nomor").values(field)[:1])


def _facts(alokasi: QuerySet[Alokasi], tw: Triwulan, hari: date) -> list[dict[str, Any]]:
    """Every amount that belongs to the quarter, effective on `hari`, and which versions count."""
    packages = Paket.objects.with_amounts(hari)
    target = Target.objects.filter(alokasi=OuterRef("pk"), triwulan=tw.ke)
    annotated = alokasi.with_pagu(hari).annotate(  # type: ignore[attr-defined]
        nilai_rk=_sum_of(Kegiatan.objects.with_rk(hari), "alokasi", "nilai_rk"),
        nilai_kontrak=_sum_of(packages, "kegiatan__alokasi", "kontrak"),
        bobot=_sum_of(packages, "kegiatan__alokasi", "bobot"),
        disalurkan=_sum_of(Penyaluran.objects.filter(tanggal_sp2d__lte=hari), "alokasi", "jumlah"),
        target_keuangan=Subquery(target.values("keuangan")),
        # Taken from the column as it is stored: hundredths of a percent.
        target_fisik=Subquery(
            target.annotate(mentah=F("fisik") * 1).values("mentah"), output_field=BigIntegerField()
        ),
        **{f"versi_{p}": _counting(tw, p, "pk") for p in Posisi},
        **{f"tw_{p}": _counting(tw, p, "laporan__triwulan") for p in Posisi},
    )
    return list(
        annotated.values(
            "pk", "daerah_id", "bidang_id", "pagu", "nilai_rk", "nilai_kontrak", "bobot", "disalurkan",
            "target_keuangan", "target_fisik", *(f"{kind}_{p}" for kind in ("versi", "tw") for p in Posisi),
        )
    )  # fmt: skip


def _reported(versi_ids: set[int], hari: date) -> dict[int, dict[str, int | None]]:
    """Sums of the rows of submitted versions; progress is weighed as of `hari`."""
    bobot = Paket.objects.with_amounts(hari).filter(pk=OuterRef("paket"))
    rows = BarisVersi.objects.filter(versi__in=versi_ids).annotate(
        bobot=Subquery(bobot.values("bobot"), output_field=BigIntegerField())
    )
    sums = rows.order_by().values("versi").annotate(
        realisasi_keuangan=Sum("keuangan"),
        bobot_fisik=Sum(F("bobot") * F("progres_fisik"), output_field=BigIntegerField()),
        bobot_keluaran=Sum(F("bobot") * F("capaian_sejuta"), output_field=BigIntegerField()),
    )  # fmt: skip
    return {row.pop("versi"): row for row in sums}


NOTHING_REPORTED = {"realisasi_keuangan": None, "bobot_fisik": None, "bobot_keluaran": None}


def fresh_rekap(alokasi: QuerySet[Alokasi], tw: Triwulan, *, now: datetime) -> list[RekapTriwulan]:
    """Unsaved recap rows, both positions, of these alokasi (all of the TA of `tw`) for one quarter.

    Amounts are effective on the quarter's last day or today, whichever is earlier (`Triwulan.posisi`).
    """
    hari = tw.posisi(now.astimezone(WIB).date())
    facts = _facts(alokasi, tw, hari)
    versi_ids = {fact[f"versi_{p}"] for fact in facts for p in Posisi} - {None}
    reported = _reported(versi_ids, hari)
    # Before its first pagu takes effect an alokasi is not there yet, as in quarters closed before it came.
    return [
        _rekap(fact, posisi, reported, tw, now)
        for fact in facts
        if fact["pagu"] is not None
        for posisi in Posisi
    ]


def _rekap(
    fact: dict[str, Any],
    posisi: Posisi,
    reported: dict[int, dict[str, int | None]],
    tw: Triwulan,
    now: datetime,
) -> RekapTriwulan:
    own = reported.get(fact[f"versi_{posisi}"], NOTHING_REPORTED)
    source = fact[f"tw_{posisi}"]
    bobot = fact["bobot"] or 0
    target_fisik = fact["target_fisik"]
    return RekapTriwulan(
        alokasi_id=fact["pk"],
        daerah_id=fact["daerah_id"],
        bidang=fact["bidang_id"],
        tahun=tw.tahun,
        triwulan=tw.ke,
        posisi=posisi,
        pagu=fact["pagu"],
        nilai_rk=fact["nilai_rk"] or 0,
        nilai_kontrak=fact["nilai_kontrak"] or 0,
        penyaluran=fact["disalurkan"] or 0,
        bobot=bobot,
        target_keuangan=fact["target_keuangan"],
        bobot_target=None if target_fisik is None else bobot * target_fisik,
        lapor=source == tw.ke,
        dibawa_dari=source if source != tw.ke else None,
        berlaku_dari=now,
        **own,
    )


def fresh_wilayah(
    *, bidang: str, quarters: Iterable[Triwulan], provinsi: str | None = None, now: datetime
) -> list[RekapWilayah]:
    """Unsaved rows of the nation and of one Wilayah (or of all), from the stored recap of their daerah."""
    quarters = list(quarters)
    members = RekapTriwulan.objects.current().filter(
        bidang=bidang, tahun=quarters[0].tahun, triwulan__in=[tw.ke for tw in quarters]
    )
    members = members.annotate(provinsi=Left("daerah_id", 2))
    rates = _kab_kota_pairs(members)
    nation = members.values("triwulan", "posisi")
    areas = members.filter(provinsi=provinsi) if provinsi else members
    sums = [
        ({"kode": RekapWilayah.KODE_NASIONAL, "tingkat": RekapWilayah.Tingkat.NASIONAL}, row)
        for row in _sums(nation)
    ]
    sums += [
        ({"kode": row.pop("provinsi"), "tingkat": RekapWilayah.Tingkat.PROVINSI}, row)
        for row in _sums(areas.values("provinsi", "triwulan", "posisi"))
    ]
    return [_wilayah(area, row, rates, bidang, quarters[0].tahun, now) for area, row in sums]


def _sums(grouped: QuerySet[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    return list(
        grouped.order_by().annotate(
            **{f"jumlah_{name}": Sum(name) for name in AMOUNTS},
            jumlah_daerah=Count("daerah_id", distinct=True),
            jumlah_daerah_lapor=Count("pk", filter=Q(lapor=True)),
            jumlah_dibawa=Count("pk", filter=Q(dibawa_dari__isnull=False)),
            jumlah_bertarget=Count("pk", filter=Q(target_keuangan__isnull=False)),
            pagu_lapor=Sum("pagu", filter=Q(lapor=True)),
            pagu_kab_kota=Sum("pagu", filter=KAB_KOTA),
            realisasi_kab_kota=Sum("realisasi_keuangan", filter=KAB_KOTA),
        )
    )


Pairs = dict[tuple[str, int, str], list[tuple[int | None, int]]]


def _kab_kota_pairs(members: QuerySet[RekapTriwulan]) -> Pairs:
    """(realisasi, pagu) of each kab/kota by (area, triwulan, posisi): the mean needs every single rate."""
    pairs: Pairs = {}
    rows = members.filter(KAB_KOTA).order_by("daerah_id")
    for kode, ke, posisi, realisasi, pagu in rows.values_list(
        "provinsi", "triwulan", "posisi", "realisasi_keuangan", "pagu"
    ):
        for area in (kode, RekapWilayah.KODE_NASIONAL):
            pairs.setdefault((area, ke, posisi), []).append((realisasi, pagu))
    return pairs


def _wilayah(
    area: dict[str, str], row: dict[str, Any], rates: Pairs, bidang: str, tahun: int, now: datetime
) -> RekapWilayah:
    amounts = {name: row.pop(f"jumlah_{name}") for name in AMOUNTS}
    key = (area["kode"], row["triwulan"], row["posisi"])
    return RekapWilayah(
        **area,
        **amounts,
        bidang=bidang,
        tahun=tahun,
        triwulan=row["triwulan"],
        posisi=row["posisi"],
        jumlah_daerah=row["jumlah_daerah"],
        jumlah_daerah_lapor=row["jumlah_daerah_lapor"],
        jumlah_dibawa=row["jumlah_dibawa"],
        jumlah_bertarget=row["jumlah_bertarget"],
        pagu_lapor=row["pagu_lapor"] or 0,
        pagu_kab_kota=row["pagu_kab_kota"] or 0,
        realisasi_kab_kota=row["realisasi_kab_kota"],
        serapan=serapan.persen_dari(amounts["realisasi_keuangan"], amounts["pagu"]),
        rata_rata_kab_kota=serapan.rata_rata_serapan(rates.get(key, [])),
        berlaku_dari=now,
    )
