"""`/pekerjaan/`: what works in the background, for who waits for it and for who looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from daerah.cakupan import Wewenang, can
from realisasi.actions import pekerjaan as aksi
from realisasi.actions import peristiwa
from realisasi.actions.galat import Ditolak
from realisasi.buku.penjaga import XLSX
from realisasi.models import Alokasi, Denyut, Pekerjaan, Peristiwa
from realisasi.models.pekerjaan import MAKS_PERCOBAAN
from realisasi.views.izin import only

PER_PAGE = 20
MOST = 50  # of lists that only the admin sees: the newest jobs, the dead letters
# The relay runs every half minute; silence for so long means that beat, broker or worker stands still.
SILENCE = 120  # seconds
RELAY = "realisasi.tasks.relay_peristiwa"


# --- for who waits ---------------------------------------------------------------------------------------


@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    only(request, Wewenang.EKSPOR)
    own = Pekerjaan.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "halaman": Paginator(own, PER_PAGE).get_page(request.GET.get("halaman")),
        "maks": aksi.MAKS_PERCOBAAN,
    }
    if can(request.user, Wewenang.PEKERJAAN):
        context |= _state_of_all()
    return render(request, "pekerjaan/daftar.html", context)


@require_safe
def rinci(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    return render(request, "pekerjaan/rinci.html", {"job": job, "maks": aksi.MAKS_PERCOBAAN})


@require_safe
def keadaan(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, for the script that renews it."""
    job = _own(request, pk)
    context = {"job": job, "maks": aksi.MAKS_PERCOBAAN, "zona": request.user.zona, "query": ""}
    return render(request, "pekerjaan/_keadaan.html", context)


@require_safe
def berkas(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for its owner alone; checked here each time, for no address leads to the file itself."""
    job = _own(request, pk)
    try:
        content = job.berkas.open("rb")
    except (FileNotFoundError, ValueError):  # not on this disk; not written yet, or deleted after its time
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=job.nama_berkas, content_type=XLSX)


@require_POST
def ulang(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    try:
        job = aksi.retry(pekerjaan=job, by=request.user)
    except Ditolak as refused:
        messages.warning(request, refused.pesan)
    return redirect("pekerjaan_rinci", pk=job.pk)


def _own(request: HttpRequest, pk: int) -> Pekerjaan:
    only(request, Wewenang.EKSPOR)
    return get_object_or_404(Pekerjaan.objects.visible_to(request.user), pk=pk)


# --- for who looks after it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class TugasTerjadwal:
    """A task of beat and when it finished last (None: never yet)."""

    nama: str
    terakhir: datetime | None


@require_POST
def hitung_ulang(request: HttpRequest, pk: int) -> HttpResponse:
    """«Coba lagi» of a computation that was given up."""
    only(request, Wewenang.PEKERJAAN)
    alokasi = get_object_or_404(Alokasi.objects.select_related("daerah"), pk=pk)
    if peristiwa.retry(alokasi=alokasi, by=request.user):
        messages.success(request, f"Perhitungan {alokasi.daerah} TA {alokasi.tahun_id} masuk antrean lagi.")
    else:
        messages.info(request, f"Tidak ada perhitungan {alokasi.daerah} yang perlu dicoba lagi.")
    return redirect("pekerjaan")


def _state_of_all() -> dict[str, Any]:
    """Everybody's jobs, what waits to be computed, what was given up, who gave a sign of life."""
    pulses = dict(Denyut.objects.values_list("tugas", "pada"))
    relay = pulses.get(RELAY)
    return {
        "semua": Pekerjaan.objects.select_related("pemilik")[:MOST],
        "hitungan": Peristiwa.objects.alive().aggregate(
            jumlah=Count("pk"), tertua=Min("dibuat_pada"), gagal=Count("pk", filter=Q(percobaan__gt=0))
        ),
        "ekspor": Pekerjaan.objects.open().aggregate(
            menunggu=Count("pk", filter=Q(status=Pekerjaan.Status.MENUNGGU)),
            berjalan=Count("pk", filter=Q(status=Pekerjaan.Status.BERJALAN)),
            tertua=Min("dibuat_pada"),
            detak=Max("detak_pada"),
        ),
        "surat_mati": _dead_letters()[:MOST],
        "maks_hitung": MAKS_PERCOBAAN,
        "diam": relay is None or (timezone.now() - relay).total_seconds() > SILENCE,
        "terakhir": relay,
        "tugas": [
            TugasTerjadwal(nama.replace("-", " ").capitalize(), pulses.get(entry["task"]))
            for nama, entry in settings.CELERY_BEAT_SCHEDULE.items()
        ],
    }


def _dead_letters() -> QuerySet[Peristiwa, dict[str, Any]]:
    """One row an alokasi: its changes are one computation."""
    by_alokasi = Peristiwa.objects.dead().values("alokasi_id", "alokasi__daerah__nama", "alokasi__tahun_id")
    return by_alokasi.annotate(
        jumlah=Count("pk"), tertua=Min("dibuat_pada"), percobaan=Max("percobaan"), sebab=Max("galat")
    ).order_by("alokasi_id")
