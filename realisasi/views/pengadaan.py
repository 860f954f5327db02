"""Packages: the list in scope, and one paket with the form of its own office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from daerah import waktu
from daerah.cakupan import WITH_DAERAH, Peran, owns
from realisasi.actions.galat import Ditolak, PaketBasi
from realisasi.actions.paket import save_paket
from realisasi.aturan import tampilan
from realisasi.forms.galat import show_refusal
from realisasi.forms.pengadaan import TEMPAT, FormPaket, stored_values
from realisasi.gambar.tabel import Kolom as KolomTabel
from realisasi.gambar.tabel import Sel, Tabel
from realisasi.models import KeadaanPaket, Komponen, Paket, Parameter, Riwayat
from realisasi.rekap.kolom import KOLOM_PAKET, TEXT, kolom
from realisasi.rekap.pengadaan import RingkasanPaket, packages_on, summarise
from realisasi.views.periode import periode
from realisasi.views.saringan import HariDaftar, chosen, day_of, provinces

PER_HALAMAN = 50
RIWAYAT_TERAKHIR = 20
KOLOM_DAFTAR = kolom(KOLOM_PAKET, "nilai_rk", "nilai_kontrak", "tanggal_kontrak", "selesai", "tanggal_bast")


@dataclass(frozen=True)
class Beda:
    """One field of a stale save: what was typed beside what is stored."""

    label: str
    diketik: str
    tersimpan: str


@dataclass(frozen=True)
class Perubahan:
    """One entry of a paket's trail, in words."""

    waktu: datetime
    pelaku: str
    isi: list[tuple[str, str, str]]


@require_safe
def pengadaan(request: HttpRequest) -> HttpResponse:
    saat = day_of(request)
    shown = {
        "provinsi": chosen(request, "provinsi", {p.kode for p in provinces(request)}),
        "komponen": chosen(request, "komponen", Komponen.values),
        "keadaan": chosen(request, "keadaan", KeadaanPaket.values),
    }
    packages = packages_on(request.user, tahun=saat.tw.tahun, hari=saat.hari, pada=saat.pada, **shown)
    page = Paginator(packages, PER_HALAMAN).get_page(request.GET.get("halaman"))
    jumlah = summarise(packages)
    context = {
        "saat": saat,
        "tahu": periode(request).tahu,
        "halaman": page,
        "jumlah": jumlah,
        "tabel": _table(request, page, saat, jumlah),
        "tersaring": any(shown.values()),
        "provinsi": _choices_of_province(request),
        "provinsi_terpilih": shown["provinsi"],
        "saringan": [
            _filter("komponen", "Komponen", "Semua komponen", Komponen.choices, shown),
            _filter("keadaan", "Status", "Semua status", KeadaanPaket.choices, shown),
        ],
        "pengisi": request.user.peran in (Peran.OPERATOR, Peran.PENYETUJU),
    }
    return render(request, "pengadaan/daftar.html", context)


def _choices_of_province(request: HttpRequest) -> list[Any]:
    found = list(provinces(request))
    return found if len(found) > 1 else []


def _filter(
    nama: str, label: str, semua: str, choices: list[tuple[str, str]], shown: dict[str, str]
) -> dict[str, Any]:
    return {"nama": nama, "label": label, "pilihan": [("", semua), *choices], "terpilih": shown[nama]}


def _table(request: HttpRequest, page: Page[Paket], saat: HariDaftar, jumlah: RingkasanPaket) -> Tabel:
    one_daerah = request.user.peran in WITH_DAERAH - {Peran.PROVINSI}
    query = periode(request).query
    recorded = page.object_list.isian_pada(saat.pada)  # type: ignore[attr-defined]
    names = [KolomTabel("Paket")] + ([] if one_daerah else [KolomTabel("Daerah")])
    figures = [KolomTabel(c.label, c.satuan.value if c.is_number else "", c.is_number) for c in KOLOM_DAFTAR]
    return Tabel(
        judul=f"Paket pengadaan TA {saat.tw.tahun}",
        kolom=[*names, KolomTabel("Komponen, metode"), *figures, KolomTabel("Status")],
        baris=[_cells(paket, recorded[paket.pk], query, one_daerah=one_daerah) for paket in page],
        jumlah=_total(jumlah, one_daerah=one_daerah) if jumlah.jumlah else [],
    )


def _cells(paket: Any, isian: Any, query: str, *, one_daerah: bool) -> list[Sel]:
    kegiatan = paket.kegiatan
    daerah = kegiatan.alokasi.daerah
    place = [] if one_daerah else [Sel(daerah.nama_lengkap, sub=daerah.induk.nama if daerah.induk else "")]
    signed = paket.kontrak is not None
    # What happened after the day of the list is not known on it.
    values = {
        "nilai_rk": paket.nilai_rk,
        "nilai_kontrak": paket.kontrak,
        "tanggal_kontrak": isian.tanggal_kontrak if signed else None,
        "selesai": isian.selesai if signed else None,
        "tanggal_bast": isian.tanggal_bast if paket.keadaan == KeadaanPaket.SELESAI_BAST else None,
    }
    return [
        Sel(paket.nama, url=reverse("paket", args=[paket.pk]) + query, sub=kegiatan.sentra.nama),
        *place,
        Sel(kegiatan.get_komponen_display(), sub=isian.get_metode_display()),
        *(Sel(_unbroken(TEXT[column.satuan](values[column.key]))) for column in KOLOM_DAFTAR),
        Sel(status=(paket.keadaan,)),
    ]


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _total(jumlah: RingkasanPaket, *, one_daerah: bool) -> list[Sel]:
    figures = {"nilai_rk": jumlah.nilai_rk, "nilai_kontrak": jumlah.nilai_kontrak}
    return [
        Sel("Jumlah", sub=f"{tampilan.rupiah(jumlah.jumlah)} paket"),
        *([] if one_daerah else [Sel()]),
        Sel(),
        *(
            Sel(tampilan.rupiah(figures[column.key]) if column.key in figures else "")
            for column in KOLOM_DAFTAR
        ),
        Sel(f"{tampilan.rupiah(jumlah.terkontrak)} terkontrak"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def paket(request: HttpRequest, pk: int) -> HttpResponse:
    """One paket; its own office posts to the same address."""
    visible = Paket.objects.visible_to(request.user).with_amounts(waktu.today()).with_keadaan(waktu.today())
    found = get_object_or_404(
        visible.select_related("kegiatan__alokasi__daerah__induk", "kegiatan__sentra"), pk=pk
    )
    mine = owns(request.user, found.kegiatan.alokasi.daerah)
    if request.method != "POST":
        return _page(request, found, FormPaket(initial=stored_values(found)) if mine else None)
    if not mine:
        raise PermissionDenied
    form = FormPaket(request.POST)
    if form.is_valid():
        try:
            saved = save_paket(
                paket_id=found.pk,
                versi=form.cleaned_data["versi"],
                isian=form.isian(),
                by=request.user,
                now=waktu.now(),
            )
        except PaketBasi as stale:
            return _stale(request, found, form, stale)
        except (Ditolak, ValidationError) as refused:
            show_refusal(form, refused, TEMPAT)
        else:
            _confirm(request, saved, found)
            return redirect(reverse("paket", args=[pk]) + periode(request).query)
    return _page(request, found, form, status=422)


def _page(
    request: HttpRequest, found: Paket, form: FormPaket | None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {
        "paket": found,
        "kegiatan": found.kegiatan,
        "daerah": found.kegiatan.alokasi.daerah,
        "fakta": _facts(found),
        "form": form,
        "riwayat": _trail(found),
        "query": periode(request).query,
        "zona": request.user.zona,
    }
    return render(request, "pengadaan/rinci.html", context | extra, status=status)


def _facts(found: Any) -> list[tuple[str, str]]:
    """What is recorded, for those who only read."""
    values = {
        "metode": found.get_metode_display(),
        "penyedia": found.penyedia,
        "nomor_kontrak": found.nomor_kontrak,
        "nilai_kontrak": found.nilai_kontrak,
    } | {name: getattr(found, name) for name in ("tanggal_kontrak", "mulai", "selesai", "tanggal_bast")}
    return [
        (
            f"{column.label} (Rp)" if column.is_number else column.label,
            TEXT[column.satuan](values[column.key]),
        )
        for column in kolom(KOLOM_PAKET, *values)
    ]


def _confirm(request: HttpRequest, saved: Paket, before: Any) -> None:
    """Echo what was understood; warn, never block, where an amount looks odd."""
    contract = f" Nilai kontrak {tampilan.rp(saved.nilai_kontrak)}." if saved.nilai_kontrak else ""
    messages.success(request, f"Tersimpan.{contract}")
    if not saved.nilai_kontrak or not before.nilai_rk:
        return
    rules = Parameter.objects.values_of(saved.kegiatan.alokasi.tahun_id, hari=waktu.today())
    if saved.nilai_kontrak * rules["periksa.faktor_ribuan"] <= before.nilai_rk:
        messages.warning(
            request,
            f"Nilai kontrak jauh di bawah nilai RK {tampilan.rp(before.nilai_rk)}. "
            "Periksa apakah angkanya terketik dalam ribuan.",
        )
    if saved.nilai_kontrak > before.nilai_rk:
        messages.warning(
            request,
            f"Nilai kontrak melebihi nilai RK {tampilan.rp(before.nilai_rk)}. "
            "Ini boleh bila ditambah APBD; bila tidak, periksa angkanya.",
        )


def _stale(request: HttpRequest, found: Paket, form: FormPaket, stale: PaketBasi) -> HttpResponse:
    """Both versions side by side; a second press of *Simpan* then overwrites knowingly."""
    data = request.POST.copy()
    data["versi"] = str(stale.paket.versi)
    typed, kept = asdict(form.isian()), stored_values(stale.paket)
    beda = [
        Beda(str(form.fields[name].label), in_words(name, typed[name]), in_words(name, kept[name]))
        for name in typed
        if typed[name] != kept[name]
    ]
    last = Riwayat.objects.filter(subjek=f"paket:{found.pk}").select_related("pelaku").last()
    return _page(request, found, FormPaket(data), status=409, pesan=stale.pesan, beda=beda, penyimpan=last)


def _trail(found: Paket) -> list[Perubahan]:
    entries = Riwayat.objects.filter(subjek=f"paket:{found.pk}").select_related("pelaku").order_by("-pk")
    return [
        Perubahan(entry.waktu, str(entry.pelaku), list(_changes(entry)))
        for entry in entries[:RIWAYAT_TERAKHIR]
    ]


def _changes(entry: Riwayat) -> Iterable[tuple[str, str, str]]:
    before, after = entry.sebelum or {}, entry.sesudah or {}
    labels = {column.key: column.label for column in KOLOM_PAKET}
    for name in after:
        if name in labels:
            yield labels[name], in_words(name, before.get(name)), in_words(name, after[name])


def in_words(name: str, value: Any) -> str:
    """A field of a paket as a page prints it; the trail keeps days as ISO text."""
    if value in (None, ""):
        return tampilan.KOSONG
    if name == "metode":
        return dict(Paket.Metode.choices).get(value, str(value))
    if name == "nilai_kontrak":
        return tampilan.rp(int(Decimal(value)))
    if name in ("tanggal_kontrak", "mulai", "selesai", "tanggal_bast"):
        return tampilan.tanggal(value if isinstance(value, date) else date.fromisoformat(value))
    return str(value)
