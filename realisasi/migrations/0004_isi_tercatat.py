"""Give what was recorded before this release its times of recording, and the trail its chains.

When a fact was recorded is not known for these rows. The day on which it took effect lies before every
closing that counted it, so closed quarters keep their figures.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import migrations

from realisasi.aturan.rantai import IsiRiwayat, rantai_of, sidik_riwayat
from realisasi.aturan.triwulan import WIB, Triwulan

BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    model = lambda name: apps.get_model("realisasi", name)  # noqa: E731
    _stamp(model("VersiPagu"), lambda row: row.berlaku_dari)
    _stamp(model("VersiRK"), lambda row: row.berlaku_dari)
    _stamp(model("Penyaluran"), lambda row: row.tanggal_sp2d)
    _stamp(model("Target").objects.select_related("alokasi"), lambda row: date(row.alokasi.tahun_id, 1, 1))
    signed = model("Paket").objects.filter(tanggal_kontrak__isnull=False)
    _stamp(signed, lambda row: row.tanggal_kontrak, name="kontrak_dicatat_pada")
    _stamp(
        model("PeriodeTriwulan"), lambda row: Triwulan(row.tahun_id, row.triwulan).awal, name="dibuka_pada"
    )
    _chain(apps)


def _stamp(rows: Any, day: Any, name: str = "dicatat_pada") -> None:
    found = list(rows.objects.all() if hasattr(rows, "objects") else rows)
    for row in found:
        setattr(row, name, datetime.combine(day(row), time(), tzinfo=WIB))
    if found:
        type(found[0]).objects.bulk_update(found, [name], batch_size=BATCH)


def _chain(apps: Any) -> None:
    heads: dict[str, tuple[int, str]] = {}
    rows = list(apps.get_model("realisasi", "Riwayat").objects.order_by("pk"))
    owners = _owners(apps)
    for row in rows:
        row.rantai = rantai_of(row.subjek, owners.get(row.subjek))
        count, before = heads.get(row.rantai, (0, ""))
        row.urutan, row.sidik_sebelum = count + 1, before
        row.sidik = sidik_riwayat(
            IsiRiwayat(
                rantai=row.rantai,
                urutan=row.urutan,
                waktu=row.waktu,
                pelaku=row.pelaku_id,
                subjek=row.subjek,
                aksi=row.aksi,
                sebelum=row.sebelum,
                sesudah=row.sesudah,
                alasan=row.alasan,
                fakta=None,
                sidik_sebelum=before,
            )
        )
        heads[row.rantai] = row.urutan, row.sidik
    apps.get_model("realisasi", "Riwayat").objects.bulk_update(
        rows, ["rantai", "urutan", "sidik_sebelum", "sidik"], batch_size=BATCH
    )
    kepala = apps.get_model("realisasi", "KepalaRiwayat")
    kepala.objects.bulk_create(
        kepala(rantai=rantai, jumlah=count, sidik=last) for rantai, (count, last) in heads.items()
    )


def _owners(apps: Any) -> dict[str, int]:
    """The alokasi of every subject that has one and still exists."""
    sources = {
        "laporan": ("Laporan", "alokasi_id"),
        "paket": ("Paket", "kegiatan__alokasi_id"),
        "penyaluran": ("Penyaluran", "alokasi_id"),
    }
    return {
        f"{kind}:{pk}": alokasi
        for kind, (name, path) in sources.items()
        for pk, alokasi in apps.get_model("realisasi", name).objects.values_list("pk", path)
    }


class Migration(migrations.Migration):
    dependencies = [("realisasi", "0003_tercatat")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
