"""Where the reasons of a refused action are shown: beside the field they are about."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from realisasi.actions.galat import Ditolak


def places_of(model: type[models.Model], batas: Mapping[str, str]) -> dict[str, str]:
    """Message of a constraint -> the field it is shown beside, from the names of both."""
    messages = {
        constraint.name: str(constraint.violation_error_message) for constraint in model._meta.constraints
    }
    return {messages[name]: kolom for name, kolom in batas.items()}


def show_refusal(
    form: forms.BaseForm, galat: Ditolak | ValidationError, tempat: Mapping[str, str] | None = None
) -> None:
    """Put an action's refusal onto its form; what belongs to no field stands above the form.

    `tempat` says where the message of a rule that spans fields is shown (`places_of`).
    """
    if isinstance(galat, Ditolak):
        form.add_error(galat.kolom if galat.kolom in form.fields else None, galat.pesan)
        return
    for kolom, messages in galat.message_dict.items():
        for pesan in messages:
            place = kolom if kolom in form.fields else (tempat or {}).get(pesan)
            form.add_error(place, pesan)
