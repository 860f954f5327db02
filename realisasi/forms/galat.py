"""Where the reasons of a refused action are shown: beside the field they are about."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from realisasi.actions.galat import Ditolak


def show_refusal(form: forms.BaseForm, galat: Ditolak | ValidationError) -> None:
    """Put an action's refusal onto its form; what belongs to no field stands above the form."""
    if isinstance(galat, Ditolak):
        form.add_error(galat.kolom if galat.kolom in form.fields else None, galat.pesan)
        return
    for kolom, messages in (galat.message_dict if hasattr(galat, "error_dict") else {}).items():
        form.add_error(kolom if kolom in form.fields else None, messages)
    if not hasattr(galat, "error_dict"):
        form.add_error(None, galat.messages)
