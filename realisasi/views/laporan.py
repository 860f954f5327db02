"""Quarterly reports: the officer's tasks, the list of those in scope, one report, its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daerah import waktu
from daerah.cakupan import Wewenang, can, owns, sees_nation
from realisasi.actions.galat import Ditolak
from realisasi.actions.laporan import require_editable, start, withdraw
from realisasi.aturan.serapan import persen_dari
from realisasi.aturan.tampilan import persen, rupiah, waktu_pendek
from realisasi.forms.laporan import FormMulai
from realisasi.gambar.lambang import LAPORAN
from realisasi.gambar.tabel import Kolom, Sel, Tabel
from realisasi.models import Alokasi, Laporan, PeriodeTriwulan, StatusLaporan, VersiLaporan
from realisasi.rekap import antrean
from realisasi.rekap.baca import NASIONAL, PROVINSI, BarisSerapan, serapan_rows
from realisasi.rekap.lapor import StatusLapor, reporting, states_of
from realisasi.rekap.lembar import Lembar, sent_sheet, working_sheet
from realisasi.views import isian
from realisasi.views.penerima import signs
from realisasi.views.periode import Periode, periode
from realisasi.views.saringan import chosen as chosen_in
from realisasi.views.saringan import provinces

PER_PAGE = 50


@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """An officer's tasks; for the others the reports in scope."""
    return _tasks(request) if can(request.user, Wewenang.LAPOR) else _reports(request)


def _tasks(request: HttpRequest) -> HttpResponse:
    chosen = periode(request)
    tasks = antrean.officer_tasks(request.user, chosen.tw.tahun, now=waktu.now())
    context = {
        "tugas": tasks,
        "terhenti": next((task for task in tasks if task.terhenti), None),
        "mendesak": antrean.most_urgent(tasks),
        "tahun": chosen.tw.tahun,
        "hari_ini": waktu.today(),
        "zona": request.user.zona,
        "daerah": request.user.daerah,
    }
    return render(request, "laporan/tugas.html", context)


def _reports(request: HttpRequest) -> HttpResponse:
    chosen = periode(request)
    scope = antrean.reports_in_scope(request.user, chosen.tw, now=waktu.now())
    places = list(provinces(request)) if sees_nation(request.user) else []
    status = chosen_in(request, "status", LAPORAN)
    provinsi = chosen_in(request, "provinsi", {place.kode for place in places})
    found = scope.filter(status=status) if status else scope
    if provinsi:
        found = found.filter(antrean.in_province(provinsi))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "tw": chosen.tw,
        "halaman": page,
        "tabel": _table(request, page.object_list, chosen),
        "cakupan": _coverage(request, chosen, provinsi),
        "provinsi": places,
        "provinsi_terpilih": provinsi,
        "saringan_lain": [_status_filter(status)],
        "disaring": bool(status or provinsi),
        "zona": request.user.zona,
    }
    return render(request, "laporan/daftar.html", context)


def _status_filter(status: str) -> dict[str, Any]:
    choices = [("", "Semua status"), *((kode, sign.kata) for kode, sign in LAPORAN.items())]
    return {"nama": "status", "label": "Status", "pilihan": choices, "terpilih": status}


def _coverage(request: HttpRequest, chosen: Periode, provinsi: str) -> BarisSerapan | None:
    """The recap row of the area that the list shows."""
    kode = provinsi or ("" if sees_nation(request.user) else request.user.daerah_id)
    rows = serapan_rows(request.user, chosen.tw, PROVINSI if kode else NASIONAL, kode=kode or None)
    return rows[0] if rows else None


def _table(request: HttpRequest, alokasi: Any, chosen: Periode) -> Tabel:
    states = reporting(request.user, chosen.tw.tahun, now=waktu.now(), alokasi=[row.pk for row in alokasi])
    kolom = [
        Kolom("Daerah"),
        Kolom("Status"),
        Kolom("Pertama diajukan"),
        Kolom("Pagu", "Rp", is_angka=True),
        Kolom("Realisasi keuangan", "Rp", is_angka=True),
        Kolom("Serapan", "% pagu", is_angka=True),
    ]
    baris = [_table_row(row, states[row.pk][chosen.tw.ke], request.user.zona) for row in alokasi]
    return Tabel(f"Laporan {chosen.tw.label}", kolom, baris)


def _table_row(row: Any, keadaan: StatusLapor, zona: str) -> list[Sel]:
    rate = persen_dari(row.keuangan, row.pagu)
    url = reverse("laporan_rinci", args=[row.nomor_laporan]) if row.nomor_laporan else ""
    return [
        Sel(row.daerah.nama_lengkap, url=url, sub=row.daerah.induk.nama if row.daerah.induk else ""),
        Sel("belum waktunya") if keadaan.status is None else Sel(status=signs(keadaan)),
        Sel(waktu_pendek(row.diajukan, zona)),
        Sel(rupiah(row.pagu)),
        Sel(rupiah(row.keuangan)),
        Sel(persen(rate), batang=rate),
    ]


@require_POST
def mulai(request: HttpRequest) -> HttpResponse:
    """Start the report of a quarter, or go on with it."""
    form = FormMulai(request.POST)
    if not form.is_valid():
        raise Http404
    visible = Alokasi.objects.visible_to(request.user).select_related("daerah")
    alokasi = get_object_or_404(visible, pk=form.cleaned_data["alokasi"])
    if not owns(request.user, alokasi.daerah):
        raise PermissionDenied
    try:
        laporan = start(
            alokasi=alokasi, triwulan=form.cleaned_data["triwulan"], by=request.user, now=waktu.now()
        )
    except Ditolak as refused:
        messages.error(request, refused.pesan)
        return redirect("laporan")
    return redirect("laporan_rinci", pk=laporan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rinci(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for the office that may fill it in now; for everybody else what was submitted."""
    laporan = find_laporan(request, pk)
    if request.method == "POST":
        return isian.accept(request, laporan)
    try:
        require_editable(laporan, request.user, now=waktu.now())
    except Ditolak as refused:
        return _read(request, laporan, refused.pesan)
    return isian.show(request, laporan)


def find_laporan(request: HttpRequest, pk: int) -> Laporan:
    """A report in scope; a foreign one is as absent as a missing one."""
    reports = Laporan.objects.visible_to(request.user).select_related("alokasi__daerah__induk")
    return get_object_or_404(reports, pk=pk)


def _read(request: HttpRequest, laporan: Laporan, alasan: str) -> HttpResponse:
    versions = list(laporan.versi_diajukan.select_related("diajukan_oleh", "verifikator").order_by("nomor"))
    own = owns(request.user, laporan.alokasi.daerah)
    shown, lembar = _shown_sheet(laporan, versions, own)
    keadaan = states_of([laporan], now=waktu.now())[laporan.pk]
    remarks = isian.remarks_by_cell(shown)
    context = {
        "laporan": laporan,
        "versi": shown,
        "lembar": lembar,
        "baris": [(row, remarks[row.paket.pk]) for row in lembar.baris] if lembar else [],
        "langkah": history(laporan, versions),
        "periode": PeriodeTriwulan.objects.get(tahun=laporan.tw.tahun, triwulan=laporan.triwulan),
        "keadaan": keadaan,
        "terakhir": versions[-1] if versions else None,
        "alasan_terkunci": alasan if own else "",
        "dapat_ditarik": own and laporan.status == StatusLaporan.DIAJUKAN and not keadaan.terkunci,
        "lihat_verifikasi": sees_nation(request.user) and bool(versions),
        "zona": request.user.zona,
    }
    return render(request, "laporan/baca.html", context)


def _shown_sheet(
    laporan: Laporan, versions: list[VersiLaporan], own: bool
) -> tuple[VersiLaporan | None, Lembar | None]:
    """The last submission; a draft is its office's alone."""
    sent = next((version for version in reversed(versions) if version.ditarik_pada is None), None)
    if own and laporan.is_editable:
        return None, working_sheet(laporan, now=waktu.now())
    return sent, sent_sheet(sent, laporan, now=waktu.now()) if sent else None


def history(laporan: Laporan, versions: list[VersiLaporan]) -> list[dict[str, Any]]:
    """Every submission and what became of it, as the steps of components/langkah.html."""
    steps: list[dict[str, Any]] = []
    for version in versions:
        checker = version.verifikator
        for nama, waktunya, oleh, catatan in (
            (f"Diajukan, {version.tanda_terima}", version.diajukan_pada, version.diajukan_oleh, ""),
            ("Ditarik kembali", version.ditarik_pada, version.diajukan_oleh.daerah, ""),
            ("Mulai diverifikasi", version.verifikasi_dimulai_pada, checker, ""),
            ("Dikembalikan", version.dikembalikan_pada, checker, version.alasan_pengembalian),
            ("Diverifikasi", version.diverifikasi_pada, checker, ""),
            ("Dibuka kembali", version.dibuka_kembali_pada, "Kementerian", version.alasan_pembukaan),
        ):
            if waktunya:
                keadaan = "gagal" if nama == "Dikembalikan" else "selesai"
                steps.append(
                    {"nama": nama, "keadaan": keadaan, "waktu": waktunya, "oleh": oleh, "catatan": catatan}
                )
    return steps + _coming(laporan)


def _coming(laporan: Laporan) -> list[dict[str, Any]]:
    todo = {
        StatusLaporan.KONSEP: ("Diisi daerah", "Diajukan"),
        StatusLaporan.DIKEMBALIKAN: ("Diperbaiki daerah", "Diajukan kembali"),
        StatusLaporan.DIAJUKAN: ("Menunggu verifikator", "Diverifikasi"),
        StatusLaporan.SEDANG_DIVERIFIKASI: ("Sedang diverifikasi", "Diverifikasi"),
        StatusLaporan.DIVERIFIKASI: (),
    }[StatusLaporan(laporan.status)]
    return [
        {"nama": nama, "keadaan": keadaan} for nama, keadaan in zip(todo, ("kini", "nanti"), strict=False)
    ]


@require_safe
def tanda_terima(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of the latest submission."""
    laporan = find_laporan(request, pk)
    versi = laporan.versi_diajukan.select_related("diajukan_oleh").order_by("-nomor").first()
    if versi is None:
        raise Http404
    keadaan = states_of([laporan], now=waktu.now())[laporan.pk]
    own = owns(request.user, laporan.alokasi.daerah)
    context = {
        "laporan": laporan,
        "versi": versi,
        "lembar": sent_sheet(versi, laporan, now=waktu.now()),
        "periode": PeriodeTriwulan.objects.get(tahun=laporan.tw.tahun, triwulan=laporan.triwulan),
        "keadaan": keadaan,
        "dapat_ditarik": own and laporan.status == StatusLaporan.DIAJUKAN and not keadaan.terkunci,
        "zona": request.user.zona,
    }
    return render(request, "laporan/tanda_terima.html", context)


@require_POST
def tarik(request: HttpRequest, pk: int) -> HttpResponse:
    """*Tarik Kembali*."""
    laporan = find_laporan(request, pk)
    if not owns(request.user, laporan.alokasi.daerah):
        raise PermissionDenied
    try:
        withdraw(laporan_id=laporan.pk, by=request.user, now=waktu.now())
    except Ditolak as refused:
        messages.error(request, refused.pesan)
    else:
        messages.success(
            request, "Laporan ditarik kembali dan dapat diubah lagi. Ajukan ulang bila sudah benar."
        )
    return redirect("laporan_rinci", pk=laporan.pk)
