"""Rows of the API from the column declarations: the same figure as on the page, as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from realisasi.rekap.kolom import Kolom, Satuan

FIELDS: dict[Satuan, type[serializers.Field]] = {
    Satuan.TEKS: serializers.CharField,
    Satuan.NOMOR: serializers.IntegerField,
    Satuan.BILANGAN: serializers.IntegerField,
    Satuan.DESIMAL: serializers.CharField,
    Satuan.RUPIAH: serializers.IntegerField,
    Satuan.PERSEN: serializers.CharField,
    Satuan.POIN: serializers.CharField,
    Satuan.TANGGAL: serializers.DateField,
    Satuan.WAKTU: serializers.DateTimeField,
}


class KolomSerializer(serializers.Serializer):
    """Writes a row through its columns; the fields are there for the schema."""

    kolom: tuple[Kolom, ...] = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {column.key: column.as_json(instance) for column in self.kolom}


def serializer_for(name: str, kolom: tuple[Kolom, ...]) -> type[KolomSerializer]:
    """A serializer class of these columns."""
    fields = {
        column.key: FIELDS[column.satuan](help_text=column.penjelasan, allow_null=True, read_only=True)
        for column in kolom
    }
    return type(name, (KolomSerializer,), {"kolom": kolom, **fields})
