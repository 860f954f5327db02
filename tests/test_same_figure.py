"""One figure, everywhere: page = API = shell = workbook, at every level, in every year and quarter.

The walk is over the demonstration data: three years in every state that a quarter can be in.
"""

import json
import re
from dataclasses import fields
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from daerah import waktu
from daerah.cakupan import sees_nation
from daerah.models import Pengguna
from realisasi.aturan import tampilan
from realisasi.aturan.serapan import Serapan
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.buku.rekap_analis import write_rekap
from realisasi.models import Posisi
from realisasi.rekap.baca import TINGKAT, effective_posisi, paket_rows, serapan_rows
from realisasi.rekap.kolom import KOLOM_SERAPAN

QUARTERS = [Triwulan(tahun, ke) for tahun in (2022, 2023, 2024) for ke in (1, 2, 3, 4)]
POSITIONS = list(Posisi.values)
SHEETS = {"nasional": "Nasional", "provinsi": "Provinsi", "daerah": "Daerah"}
# What adds up; rates and the kab/kota share of an area do not.
AMOUNTS = [field.name for field in fields(Serapan)]

walk = pytest.mark.parametrize(
    ("tw", "posisi"),
    [pytest.param(tw, posisi, id=f"{tw.tahun}-{tw.ke}-{posisi}") for tw in QUARTERS for posisi in POSITIONS],
)


@pytest.fixture(autouse=True)
def demo(contoh, db, settings):
    settings.DEMO = True


@pytest.fixture
def analis(demo):
    return Pengguna.objects.get(username="analis")


@pytest.fixture
def layar(client, analis):
    client.force_login(analis)

    def get(address):
        response = client.get(address)
        assert response.status_code == 200, address
        return response

    return get


def rows_of(user, tw, tingkat, posisi):
    rows = serapan_rows(user, tw, tingkat, posisi=posisi)
    assert rows
    return rows


def as_api(rows):
    return [{column.key: column.as_json(row) for column in KOLOM_SERAPAN} for row in rows]


def words(response):
    body = response.content.decode().split('<main id="isi"')[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@walk
@pytest.mark.parametrize("tingkat", TINGKAT)
def test_api_and_shell_give_the_rows_of_the_recap(layar, analis, tw, posisi, tingkat):
    expected = as_api(rows_of(analis, tw, tingkat, posisi))
    query = f"tahun={tw.tahun}&triwulan={tw.ke}&tingkat={tingkat}&posisi={posisi}&page_size=1000"
    answer = layar(f"/api/v1/serapan/?{query}").json()
    assert answer["results"] == expected
    assert (answer["count"], answer["next"]) == (len(expected), None)
    out = StringIO()
    call_command(
        "show_serapan", tahun=tw.tahun, triwulan=tw.ke, tingkat=tingkat, posisi=posisi, json=True, stdout=out
    )
    assert json.loads(out.getvalue()) == expected


@walk
def test_the_workbook_holds_the_rows_of_the_recap(analis, tw, posisi):
    out = BytesIO()
    write_rekap(out, user=analis, tw=tw, now=waktu.now(), posisi=posisi)
    book = load_workbook(out, read_only=True)
    for tingkat, name in SHEETS.items():
        assert sheet(book, name) == [
            {column.key: cell(column, row) for column in KOLOM_SERAPAN}
            for row in rows_of(analis, tw, tingkat, posisi)
        ]
    paket = sheet(book, "Paket")
    assert sum(row["realisasi_keuangan"] or 0 for row in paket) == (
        rows_of(analis, tw, "nasional", posisi)[0].realisasi_keuangan or 0
    )


def sheet(book, name):
    """Rows of a sheet by the API's names, which the sheet *Kamus* gives for its headings."""
    lines = list(book[name].iter_rows(values_only=True))
    heads = next(number for number, line in enumerate(lines) if line[0] == "Tahun anggaran")
    keys = {line[1]: line[2] for line in book["Kamus"].iter_rows(values_only=True) if line[0] == name}
    known = {column.key for column in KOLOM_SERAPAN} | {"realisasi_keuangan"}
    return [
        {keys[head]: value for head, value in zip(lines[heads], line, strict=True) if keys[head] in known}
        for line in lines[heads + 1 :]
    ]


def cell(column, row):
    """A figure as a cell of the workbook has it."""
    value = column.value(row)
    if isinstance(value, Decimal):
        return float(value)
    return value.astimezone(WIB).replace(tzinfo=None) if hasattr(value, "astimezone") else value


@walk
def test_the_national_page_says_what_the_api_says(layar, analis, tw, posisi):
    query = f"?tahun={tw.tahun}&triwulan={tw.ke}&posisi={posisi}"
    response = layar(f"/nasional/{query}&halaman=semua")
    (row,) = rows_of(analis, tw, "nasional", posisi)
    assert as_api([response.context["baris"]]) == as_api([row])
    said = words(response)
    for amount in (row.pagu, row.nilai_rk, row.nilai_kontrak, row.penyaluran, row.realisasi_keuangan):
        assert tampilan.rupiah(amount) in said
    cards = {kartu.nama: kartu.nilai for kartu in response.context["kartu"]}
    assert cards == {
        "Serapan nasional": tampilan.persen(row.serapan),
        "Serapan kabupaten/kota (tertimbang)": tampilan.persen(row.serapan_kab_kota),
        "Rata-rata serapan kabupaten/kota": tampilan.persen(row.rata_rata_kab_kota),
        "Progres fisik": tampilan.persen(row.progres_fisik),
        f"Daerah lapor {tw.label}": f"{row.jumlah_daerah_lapor} dari {row.jumlah_daerah}",
    }
    assert all(value in said for value in cards.values())
    tiles = {isi.kode: isi.nilai for isi in response.context["peta"]}
    assert tiles == {r.kode: r.serapan for r in rows_of(analis, tw, "provinsi", posisi)}
    assert shown_in_table(response) == {
        (r.kode, tampilan.persen(r.serapan), tampilan.persen(r.progres_fisik), tampilan.rupiah(r.pagu))
        for r in rows_of(analis, tw, "daerah", posisi)
    }


def shown_in_table(response):
    table = response.context["tabel"]
    heads = [kolom.label for kolom in table.kolom]
    serapan, fisik, pagu = (heads.index(name) for name in ("Serapan", "Fisik", "Pagu"))
    return {
        (re.search(r"/daerah/([\d.]+)/", row[0].url).group(1), *(row[n].teks for n in (serapan, fisik, pagu)))
        for row in table.baris
    }


@pytest.mark.parametrize("tw", QUARTERS, ids=lambda tw: f"{tw.tahun}-{tw.ke}")
def test_every_province_and_daerah_page_says_what_the_api_says(layar, analis, tw):
    closed = effective_posisi(tw) == Posisi.FINAL  # then both positions are one page
    for posisi in POSITIONS[:1] if closed else POSITIONS:
        query = f"?tahun={tw.tahun}&triwulan={tw.ke}&posisi={posisi}"
        for tingkat in ("provinsi", "daerah"):
            for row in rows_of(analis, tw, tingkat, posisi):
                response = layar(f"/{tingkat}/{row.kode}/{query}")
                assert as_api([response.context["baris"]]) == as_api([row])
                said = words(response)
                for amount in (row.pagu, row.nilai_kontrak, row.penyaluran, row.realisasi_keuangan):
                    assert tampilan.rupiah(amount) in said
                assert tampilan.persen(row.serapan) in said


@walk
def test_daerah_add_up_to_provinsi_and_these_to_the_nation(analis, tw, posisi):
    (nation,) = rows_of(analis, tw, "nasional", posisi)
    areas, recipients = (rows_of(analis, tw, tingkat, posisi) for tingkat in ("provinsi", "daerah"))
    counts = ("jumlah_daerah", "jumlah_daerah_lapor", "jumlah_dibawa", "jumlah_bertarget")
    for name in (*AMOUNTS, *counts):
        assert total(areas, name) == total(recipients, name) == total([nation], name), name
    for area in areas:
        members = [row for row in recipients if row.kode[:2] == area.kode]
        for name in (*AMOUNTS, *counts):
            assert total(members, name) == total([area], name), (area.kode, name)
    assert all(row.serapan is None for row in recipients if row.realisasi_keuangan is None)


def total(rows, name):
    """The sum; nothing at all where no row has a figure, so that silence is never a zero."""
    known = [getattr(row, name) for row in rows if getattr(row, name) is not None]
    return sum(known) if known else None


@walk
def test_packages_add_up_to_their_recipient(analis, tw, posisi):
    packages = paket_rows(analis, tw, posisi=posisi, now=waktu.now())
    for row in rows_of(analis, tw, "daerah", posisi):
        own = [paket for paket in packages if paket.kode == row.kode]
        assert total(own, "realisasi_keuangan") == row.realisasi_keuangan, row.kode
        assert (total(own, "nilai_rk") or 0, total(own, "nilai_kontrak") or 0) == (
            row.nilai_rk,
            row.nilai_kontrak,
        )


def test_the_published_figures(layar):
    (row,) = layar("/api/v1/serapan/?tahun=2023&triwulan=4&tingkat=nasional").json()["results"]
    published = {"pagu": 395_000_000_000, "serapan": "88.46", "rata_rata_kab_kota": "93.23"}
    assert published | {"jumlah_daerah": 56} == {key: row[key] for key in (*published, "jumlah_daerah")}
    (row,) = layar("/api/v1/serapan/?tahun=2022&triwulan=4&tingkat=nasional").json()["results"]
    assert row["serapan"] == "82.72"
    said = words(layar("/nasional/?tahun=2023&triwulan=4"))
    assert "Secara nasional, TA 2023 ditutup dengan 88,46% pagu terserap." in said
    assert "Rata-rata serapan kabupaten/kota 93,23%" in said


def test_stored_is_what_a_fresh_computation_gives():
    out = StringIO()
    call_command("compute_rekap", check=True, stdout=out)
    assert out.getvalue() == "Rekap cocok; 0 baris menunggu.\n"


def test_an_office_reads_the_same_figure_as_the_ministry(client, analis):
    tw = Triwulan(2024, 3)
    for row in rows_of(analis, tw, "daerah", "sementara")[:8]:
        office = Pengguna.objects.get(username=f"operator.{row.kode}")
        assert not sees_nation(office)
        client.force_login(office)
        answer = client.get("/api/v1/serapan/?tahun=2024&triwulan=3&tingkat=daerah").json()
        assert answer["results"] == as_api([row])
        assert (
            client.get(f"/daerah/{row.kode}/?tahun=2024&triwulan=3").context["baris"].serapan == row.serapan
        )
        assert client.get("/?tahun=2024&triwulan=3").context["baris"].serapan == row.serapan
