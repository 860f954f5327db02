"""Promise 30: a page costs the same number of queries, however many recipients there are."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daerah import waktu
from daerah.cakupan import Peran
from daerah.models import Daerah, Pengguna
from realisasi.actions import rekap
from realisasi.models import (
    Alokasi,
    BarisVersi,
    Bidang,
    Kegiatan,
    Komponen,
    Laporan,
    Paket,
    Pelaksanaan,
    Pembayaran,
    Penyaluran,
    RekapTriwulan,
    Sentra,
    StatusLaporan,
    VersiLaporan,
    VersiPagu,
    VersiRK,
)
from tests import pabrik

pytestmark = pytest.mark.django_db

OKTOBER = datetime(2024, 10, 15, 3, tzinfo=UTC)
SENT = datetime(2024, 10, 5, 3, tzinfo=UTC)
# (status of TW III by turns; None: no report)
AWAL = date(2024, 1, 1)
STATUS = [
    StatusLaporan.DIVERIFIKASI,
    StatusLaporan.DIAJUKAN,
    StatusLaporan.SEDANG_DIVERIFIKASI,
    StatusLaporan.KONSEP,
    None,
]
FEW, MANY, OTHER = 5, 60, 500
PAGES = [
    (Peran.VERIFIKATOR, "/"),
    (Peran.PIMPINAN, "/"),
    (Peran.ANALIS, "/"),
    (Peran.AUDITOR, "/"),
    (Peran.ADMIN, "/"),
    (Peran.PROVINSI, "/"),
    (Peran.OPERATOR, "/"),
    (Peran.PENYETUJU, "/"),
    (Peran.VERIFIKATOR, "/nasional/"),
    (Peran.VERIFIKATOR, "/nasional/?halaman=semua"),
    (Peran.VERIFIKATOR, "/provinsi/32/"),
    (Peran.PROVINSI, "/provinsi/32/"),
    (Peran.VERIFIKATOR, "/daerah/32.10/"),
    (Peran.OPERATOR, "/daerah/32.10/"),
    (Peran.VERIFIKATOR, "/daerah/"),
    (Peran.PROVINSI, "/daerah/"),
    (Peran.VERIFIKATOR, "/laporan/?tahun=2024&triwulan=3"),
    (Peran.PROVINSI, "/laporan/?tahun=2024&triwulan=3"),
    (Peran.OPERATOR, "/laporan/?tahun=2024&triwulan=3"),
    (Peran.VERIFIKATOR, "/verifikasi/"),
    *(
        (Peran.ANALIS, f"/api/v1/serapan/?tahun=2024&triwulan=3&tingkat={tingkat}&page_size=1000")
        for tingkat in ("nasional", "provinsi", "daerah")
    ),
    (Peran.ANALIS, "/api/v1/daerah/?page_size=1000"),
]


def places(count, *, skip=0):
    """Recipients of every province in turn, Jawa Barat's first, Majalengka always among them."""
    kab_kota = Daerah.objects.filter(administratif=False).exclude(jenis="provinsi")
    west_java = list(kab_kota.filter(kode__startswith="32.").exclude(pk="32.10").order_by("kode"))
    rest = list(kab_kota.exclude(kode__startswith="32.").order_by("kode"))
    majalengka = Daerah.objects.get(pk="32.10")
    mixed = [majalengka, *west_java[:2], *rest[:2], *west_java[2:], *rest[2:]]
    return mixed[skip:count]


def fill_ikm(found):
    """Allocations of IKM with a paket, a transfer and a report each, written in bulk."""
    tahun = pabrik.make_tahun(2024)
    ikm, _ = Bidang.objects.get_or_create(kode=Bidang.IKM, defaults={"nama": "IKM"})
    grants = Alokasi.objects.bulk_create(Alokasi(daerah=place, tahun=tahun, bidang=ikm) for place in found)
    VersiPagu.objects.bulk_create(
        VersiPagu(
            alokasi=grant, jumlah=5_000_000_000 + nomor, berlaku_dari=AWAL, dicatat_pada=pabrik.recorded(AWAL)
        )
        for nomor, grant in enumerate(grants)
    )
    clusters = Sentra.objects.bulk_create(
        Sentra(daerah=grant.daerah, nama="Sentra", komoditas="Bambu") for grant in grants
    )
    works = Kegiatan.objects.bulk_create(
        Kegiatan(
            alokasi=grant, sentra=sentra, menu="Menu", rincian=f"Rincian {nomor}",
            komponen=Komponen.RUMAH_PRODUKSI, lokasi="Desa", volume=Decimal(1), satuan="unit",
            pelaksanaan=Pelaksanaan.KONTRAKTUAL, pembayaran=Pembayaran.BERTAHAP,
        )
        for grant, sentra in zip(grants, clusters, strict=True)
        for nomor in (1,)
    )  # fmt: skip
    VersiRK.objects.bulk_create(
        VersiRK(kegiatan=work, nilai=4_900_000_000, berlaku_dari=AWAL, dicatat_pada=pabrik.recorded(AWAL))
        for work in works
    )
    packages = Paket.objects.bulk_create(
        Paket(
            kegiatan=work, nama="Paket", nilai_kontrak=4_000_000_000, tanggal_kontrak=date(2024, 5, 1),
            kontrak_dicatat_pada=pabrik.recorded(date(2024, 5, 1)),
        )
        for work in works
    )  # fmt: skip
    Penyaluran.objects.bulk_create(
        Penyaluran(
            alokasi=grant,
            tahap="I",
            nomor_sp2d=f"{grant.pk}",
            tanggal_sp2d=date(2024, 6, 1),
            jumlah=10**9,
            dicatat_pada=pabrik.recorded(date(2024, 6, 1)),
        )
        for grant in grants
    )
    fill_reports(grants, packages)


def fill_reports(grants, packages):
    """TW II verified for all; TW III in every state by turns."""
    quarters = [(2, [StatusLaporan.DIVERIFIKASI] * len(grants)), (3, STATUS * len(grants))]
    for ke, states in quarters:
        for grant, paket, status in zip(grants, packages, states, strict=False):
            if status is not None:
                make_report(grant, paket, ke, status)


def make_report(grant, paket, ke, status):
    verified = status == StatusLaporan.DIVERIFIKASI
    sent = None if status == StatusLaporan.KONSEP else SENT
    laporan = Laporan.objects.create(
        alokasi=grant, triwulan=ke, status=status, dibuat_pada=SENT, disimpan_pada=SENT,
        pertama_diajukan_pada=sent, terakhir_diajukan_pada=sent,
        pertama_diverifikasi_pada=SENT if verified else None,
    )  # fmt: skip
    if sent is None:
        return
    begun = verified or status == StatusLaporan.SEDANG_DIVERIFIKASI
    versi = VersiLaporan.objects.create(
        laporan=laporan, nomor=1, tanda_terima=f"T-{laporan.pk}", diajukan_pada=SENT,
        diajukan_oleh=sender(), versi_konsep=1, sidik="0" * 64, total_keuangan=10**8 * ke,
        verifikasi_dimulai_pada=SENT if begun else None, verifikator=sender() if begun else None,
        diverifikasi_pada=SENT if verified else None,
    )  # fmt: skip
    BarisVersi.objects.create(
        versi=versi, paket=paket, keuangan=10**8 * ke, progres_fisik=Decimal(20), volume_selesai=Decimal(0),
        nilai_rk=4_900_000_000, nilai_kontrak=4_000_000_000, volume=Decimal(1), satuan="unit",
        pelaksanaan=Pelaksanaan.KONTRAKTUAL, pembayaran=Pembayaran.BERTAHAP, capaian_sejuta=0,
    )  # fmt: skip


def sender():
    return Pengguna.objects.get(username="verifikator")


def fill_other(count):
    """Allocations of another bidang, as `load_demo --scale` writes them."""
    tahun = pabrik.make_tahun(2024)
    other, _ = Bidang.objects.get_or_create(kode="UJI", defaults={"nama": "Uji"})
    found = Daerah.objects.filter(administratif=False).order_by("kode")[:count]
    grants = Alokasi.objects.bulk_create(Alokasi(daerah=place, tahun=tahun, bidang=other) for place in found)
    VersiPagu.objects.bulk_create(
        VersiPagu(alokasi=grant, jumlah=10**9, berlaku_dari=AWAL, dicatat_pada=pabrik.recorded(AWAL))
        for grant in grants
    )


@pytest.fixture
def accounts(wilayah, verifikator, settings):
    settings.DEMO = True
    waktu.set_demo_day(date(2024, 10, 15))
    found = {
        peran: pabrik.make_pengguna(peran, {Peran.PROVINSI: "32"}.get(peran, "32.10"))
        for peran in {peran for peran, _ in PAGES} - {Peran.VERIFIKATOR}
    }
    return {**found, Peran.VERIFIKATOR: verifikator}


@pytest.fixture
def count_queries(accounts, client):
    def count(peran, address):
        client.force_login(accounts[peran])
        client.get(address)  # what is looked up once for a process is no cost of a page
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, address
        return [query["sql"] for query in queries]

    return count


def test_every_page_costs_the_same_with_few_and_with_many(accounts, count_queries):
    fill_ikm(places(FEW))
    rekap.compute_all(now=OKTOBER)
    few = {page: count_queries(*page) for page in PAGES}

    fill_ikm(places(MANY, skip=FEW))
    fill_other(OTHER)
    rekap.compute_all(now=OKTOBER)
    assert Alokasi.objects.ikm().count() == MANY
    assert RekapTriwulan.objects.exclude(bidang=Bidang.IKM).count() == OTHER * 8
    many = {page: count_queries(*page) for page in PAGES}

    grown = {page: (len(few[page]), len(many[page])) for page in PAGES if len(few[page]) != len(many[page])}
    assert grown == {}
    assert max(map(len, many.values())) <= 30
