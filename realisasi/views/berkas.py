"""Workbooks that a page hands out."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.http import FileResponse

from realisasi.buku.penjaga import XLSX


def workbook_answer(write: Callable[[BytesIO], None], *, nama: str) -> FileResponse:
    """What `write` puts into a file, as a download that no browser opens by itself."""
    out = BytesIO()
    write(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=nama, content_type=XLSX)
