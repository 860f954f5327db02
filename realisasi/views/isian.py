"""The report form: shown, saved, submitted; nothing typed is ever lost on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daerah import waktu
from daerah.cakupan import owns
from realisasi.actions.galat import AdaTemuan, Basi, Ditolak, Terkunci
from realisasi.actions.laporan import may_submit, save, submit
from realisasi.aturan.pemeriksaan import Temuan, Tingkat
from realisasi.aturan.tampilan import rp, tanggal_pendek
from realisasi.forms.laporan import FormulirLaporan
from realisasi.models import CatatanSel, Laporan, PeriodeTriwulan, Riwayat, VersiLaporan
from realisasi.rekap.lapor import states_of
from realisasi.rekap.laporan import check
from realisasi.rekap.lembar import BarisLembar, Lembar, working_sheet

Cells = Mapping[int | None, Mapping[str, list[dict[str, Any]]]]


@dataclass(frozen=True, kw_only=True)
class Beda:
    """A cell that was typed otherwise than it is stored now."""

    paket: str
    isian: str
    diketik: str
    tersimpan: str


def show(request: HttpRequest, laporan: Laporan) -> HttpResponse:
    """The form as it is stored. A report that was never saved is not scolded for its empty cells."""
    now = waktu.now()
    lembar = working_sheet(laporan, now=now)
    findings = check(laporan, now=now) if laporan.versi > 1 else []
    return _form(request, lembar, FormulirLaporan(lembar), findings=findings)


def accept(request: HttpRequest, laporan: Laporan) -> HttpResponse:
    """Save what was sent and, if asked, submit it. Values that were saved stay when the submission fails."""
    if not owns(request.user, laporan.alokasi.daerah):
        raise PermissionDenied
    now = waktu.now()
    lembar = working_sheet(laporan, now=now)
    formulir = FormulirLaporan(lembar, request.POST)
    if not formulir.is_valid():
        typed, faults = lembar.with_values(formulir.typed()), _format_faults(lembar, formulir)
        title = f"Belum disimpan: {len(faults)} isian harus diperbaiki"
        return _form(request, typed, formulir, faults=faults, status=422, judul_salah=title)
    try:
        saved = save(laporan_id=laporan.pk, isian=formulir.isian(), by=request.user, now=now)
        if request.POST.get("tindakan") == "ajukan":
            submit(laporan_id=saved.pk, versi=saved.versi, by=request.user, now=now)
            return redirect("laporan_tanda_terima", pk=saved.pk)
    except AdaTemuan as found:
        return _not_yet(request, saved, list(found.temuan))
    except Ditolak as refused:
        return _refused(request, laporan.pk, refused)
    messages.success(request, _saved_text(check(saved, now=now)))
    return redirect("laporan_rinci", pk=saved.pk)


def _saved_text(findings: list[Temuan]) -> str:
    waiting = sum(finding.menghalangi for finding in findings)
    if not waiting:
        return "Tersimpan. Tidak ada yang perlu diperbaiki; laporan dapat diajukan."
    return f"Tersimpan. {waiting} hal perlu diperbaiki atau diberi alasan sebelum diajukan."


def _not_yet(request: HttpRequest, laporan: Laporan, blocking: list[Temuan]) -> HttpResponse:
    """Saved, but not submitted: the findings stand beside their cells and in the summary."""
    lembar = working_sheet(laporan, now=waktu.now())
    names = {row.paket.pk: f"Paket {row.nomor}, {row.paket.nama}" for row in lembar.baris}
    faults = [
        {
            "url": f"#id_p{finding.paket}-{finding.kolom}" if finding.paket else f"#id_{finding.kolom}",
            "teks": f"{names.get(finding.paket, 'Seluruh laporan')}: {finding.pesan}",
        }
        for finding in blocking
    ]
    context = {"judul_salah": f"Tersimpan, tetapi belum diajukan: {len(faults)} hal harus diperbaiki"}
    formulir = FormulirLaporan(lembar)
    return _form(request, lembar, formulir, findings=blocking, faults=faults, status=422, **context)


def _refused(request: HttpRequest, pk: int, refused: Ditolak) -> HttpResponse:
    """Stored otherwise in between, or no longer taken: both versions side by side, and what was typed.

    A form that came after the batas lapor keeps its values; it can be sent again under a dispensasi.
    """
    laporan = Laporan.objects.select_related("alokasi__daerah__induk").get(pk=pk)
    stored = working_sheet(laporan, now=waktu.now())
    data = request.POST.copy()
    data["versi"] = str(laporan.versi)
    formulir = FormulirLaporan(stored, data)
    formulir.is_valid()
    context = {
        "pesan": refused.pesan,
        "beda": list(_differences(stored, formulir)),
        "penyimpan": Riwayat.objects.filter(subjek=f"laporan:{pk}").select_related("pelaku").last(),
        "dapat_simpan": isinstance(refused, Basi | Terkunci) and laporan.is_editable,
        "terkunci": isinstance(refused, Terkunci),
    }
    sheet = stored.with_values(formulir.typed())
    return _form(request, sheet, formulir, status=409, template="laporan/basi.html", **context)


def _differences(stored: Lembar, formulir: FormulirLaporan) -> Iterable[Beda]:
    kept = FormulirLaporan(stored)
    pairs: list[tuple[str, forms.Form, forms.Form]] = [("Seluruh laporan", formulir.umum, kept.umum)]
    pairs += [
        (f"{row.nomor}. {row.paket.nama}", formulir.baris[row.paket.pk], kept.baris[row.paket.pk])
        for row in stored.baris
    ]
    for name, typed, other in pairs:
        for field in typed.visible_fields():
            values = [_shown(bound) for bound in (field, other[field.name])]
            if values[0] != values[1]:
                yield Beda(paket=name, isian=str(field.label), diketik=values[0], tersimpan=values[1])


def _shown(field: forms.BoundField) -> str:
    """What a cell says, in words where it is a choice or a tick; typed figures as they are stored."""
    value = getattr(field.form, "cleaned_data", {}).get(field.name) if field.form.is_bound else field.initial
    if isinstance(field.field, forms.BooleanField):
        return "Ya" if value else "Tidak"
    if isinstance(field.field, forms.ChoiceField):
        return dict(field.field.choices).get(value or "", "")
    return str(field.field.prepare_value(value) or "")


def _format_faults(lembar: Lembar, formulir: FormulirLaporan) -> list[dict[str, str]]:
    named = [("", formulir.umum)]
    named += [
        (f"Paket {row.nomor}, {row.paket.nama}: ", formulir.baris[row.paket.pk]) for row in lembar.baris
    ]
    return [
        {"url": f"#{field.auto_id}", "teks": f"{name}{field.label}: {pesan}"}
        if not field.is_hidden
        else {"url": "", "teks": pesan}
        for name, form in named
        for field in form
        for pesan in field.errors
    ]


def _form(
    request: HttpRequest,
    lembar: Lembar,
    formulir: FormulirLaporan,
    *,
    findings: Iterable[Temuan] = (),
    faults: Iterable[dict[str, str]] = (),
    status: int = 200,
    template: str = "laporan/isian.html",
    **extra: Any,
) -> HttpResponse:
    laporan, now = lembar.laporan, waktu.now()
    findings = list(findings)
    last = laporan.versi_diajukan.select_related("verifikator").order_by("-nomor").first()
    periode = PeriodeTriwulan.objects.get(tahun=laporan.tw.tahun, triwulan=laporan.triwulan)
    found, remarks = _by_cell(findings), remarks_by_cell(last)
    formulir.tie_findings(found)
    context = {
        "laporan": laporan,
        "lembar": lembar,
        "formulir": formulir,
        "isian": [
            {"form": formulir.baris[row.paket.pk], "baris": _row(row, found, remarks, findings)}
            for row in lembar.baris
        ],
        "jumlah": {name: getattr(lembar, name) for name in ("keuangan", "tambahan", "persen", "fisik")}
        | {"dasar": lembar.pagu, "terisi": lembar.terisi, "isian": lembar.isian},
        "temuan_umum": found[None]["catatan"],
        "salah": list(faults),
        "periode": periode,
        "keadaan": states_of([laporan], now=now)[laporan.pk],
        "tenggat_hari": periode.tenggat.astimezone(waktu.WIB).date(),
        "hari_ini": waktu.today(),
        "kembali": last if last and (last.dikembalikan_pada or last.dibuka_kembali_pada) else None,
        "dapat_ajukan": may_submit(laporan, request.user, now=now),
        "tersimpan": None if formulir.umum.is_bound else laporan.disimpan_pada,
        "zona": request.user.zona,
    }
    return render(request, template, context | extra, status=status)


def _by_cell(findings: Iterable[Temuan]) -> Cells:
    """What stands beside a cell: findings that a reason answered already do not."""
    cells: dict[int | None, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        if finding.menghalangi:
            tingkat = "galat" if finding.tingkat is Tingkat.TOLAK else "awas"
            cells[finding.paket][finding.kolom].append({"tingkat": tingkat, "pesan": finding.pesan})
    return cells


def remarks_by_cell(versi: VersiLaporan | None) -> Cells:
    """The verifikator's remarks on a submission that was sent back, by paket and column."""
    cells: dict[int | None, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    if versi and versi.dikembalikan_pada:
        for remark in CatatanSel.objects.filter(versi=versi):
            cells[remark.paket_id][remark.kolom].append(
                {"teks": remark.teks, "oleh": "Verifikator", "pada": versi.dikembalikan_pada}
            )
    return cells


def _row(row: BarisLembar, found: Cells, remarks: Cells, findings: list[Temuan]) -> dict[str, Any]:
    """What components/baris_isian.html shows of a paket."""
    return {
        "nomor": row.nomor,
        "nama": row.paket.nama,
        "url": reverse("paket", args=[row.paket.pk]),
        "uraian": row.uraian,
        "fakta": _facts(row),
        "satuan": row.satuan,
        "volume": row.volume,
        "bobot": row.bobot,
        "nilai_rk": row.nilai_rk,
        "keuangan_lalu": row.keuangan_lalu,
        "volume_lalu": row.volume_lalu,
        "progres_lalu": row.progres_lalu,
        "tambahan": row.tambahan,
        "persen": row.persen_keuangan,
        "perlu_alasan": any(
            finding.paket == row.paket.pk and finding.tingkat is Tingkat.ALASAN for finding in findings
        ),
        "temuan": found[row.paket.pk],
        "catatan": remarks[row.paket.pk],
    }


def _facts(row: BarisLembar) -> list[str]:
    paket = row.paket
    contract = f"Kontrak {rp(row.nilai_kontrak)}" if row.nilai_kontrak else "Belum dikontrak"
    optional = (
        paket.get_metode_display() if paket.metode else "",
        f"kontrak s.d. {tanggal_pendek(paket.selesai)}" if paket.selesai else "",
        f"BAST {tanggal_pendek(paket.tanggal_bast)}" if paket.tanggal_bast else "",
    )
    return [contract, f"RK {rp(row.nilai_rk)}", row.pembayaran, *filter(None, optional)]
