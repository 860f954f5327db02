"""Workbooks: the analysts' against openpyxl write-only, the import against a bare read of the same file."""

import tracemalloc
from io import BytesIO

from openpyxl import Workbook, load_workbook

from daerah import waktu
from daerah.models import Daerah, Pengguna
from realisasi.actions.rencana_impor import plan_import
from realisasi.aturan.triwulan import Triwulan
from realisasi.buku.formulir_alokasi import read_formulir, write_template
from realisasi.buku.kolom_alokasi import Syarat
from realisasi.buku.rekap_analis import write_rekap
from realisasi.contoh.langkah import Kalender
from realisasi.contoh.muat import form_rows
from realisasi.contoh.rencana import plan_year
from tests.bench.alat import alternate, few, ukuran

TW = Triwulan(2024, 3)


def measure(kali):
    yield export(kali)
    yield imported(kali)


def export(kali):
    cells = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in load_workbook(ours())]
    whole, bare = alternate(ours, lambda: plain(cells), kali=few(kali))
    peaks = f"puncak memori {peak(ours):.1f} MB, openpyxl {peak(lambda: plain(cells)):.1f} MB"
    return ukuran(
        "buku kerja analis", whole, bare, terhadap="openpyxl write-only, sel yang sama", catatan=peaks
    )


def ours():
    out = BytesIO()
    write_rekap(out, user=Pengguna.objects.sistem(), tw=TW, now=waktu.now())
    return out


def plain(sheets):
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(BytesIO())


def peak(act):
    tracemalloc.start()
    act()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def imported(kali):
    """Reading, checking and planning a whole year's form; nothing is written."""
    journeys = plan_year(list(Daerah.objects.all()), TW.tahun, Kalender(waktu.today()))
    rows = [row for journey in journeys for row in form_rows(journey.alokasi)]
    form = BytesIO()
    write_template(rows, form)

    def plan():
        found = read_formulir(form, syarat=Syarat.load(hari=waktu.today()))
        assert not found.kesalahan
        plan_import(found.baris, now=waktu.now())

    def read():
        for sheet in load_workbook(form, read_only=True):
            for _ in sheet.iter_rows(values_only=True):
                pass

    whole, bare = alternate(plan, read, kali=few(kali))
    return ukuran(
        f"impor {len(rows)} kegiatan (periksa dan rencana)", whole, bare, terhadap="openpyxl membaca saja"
    )
