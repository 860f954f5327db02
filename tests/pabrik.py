"""Factories: one a model, with the least that a valid row needs. What a test is about, it passes itself."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module

from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from daerah.cakupan import WITH_DAERAH, Peran, office_of
from daerah.management.commands.load_wilayah import rows
from daerah.models import Daerah, Pengguna
from realisasi.aturan.triwulan import WIB, Triwulan
from realisasi.models import (
    Alokasi,
    BarisLaporan,
    Bidang,
    Dispensasi,
    Kegiatan,
    Komponen,
    Laporan,
    Paket,
    Parameter,
    Pekerjaan,
    Pelaksanaan,
    Pembayaran,
    Penyaluran,
    PeriodeTriwulan,
    Sentra,
    StatusLaporan,
    TahunAnggaran,
    Target,
    VersiLaporan,
    VersiPagu,
    VersiRK,
)

SANDI = "sandi-uji-yang-panjang"
MAJALENGKA, BOGOR, JAWA_BARAT = "32.10", "32.01", "32"
LOMBOK_TENGAH, NTB = "52.02", "52"

_nomor = itertools.count(1)


@cache
def _wilayah():
    return {daerah.kode: daerah for daerah in rows()}


def load_all_daerah():
    """The 552 regions, as `load_wilayah` writes them."""
    Daerah.objects.bulk_create(_wilayah().values(), ignore_conflicts=True)


def load_shipped_rows():
    """The rules and the bidang of the first migration, where a test that flushes has taken them away."""
    if not Parameter.objects.exists():
        import_module("realisasi.migrations.0002_isian_awal").load(apps, None)


def make_daerah(kode=MAJALENGKA):
    """A real region by its code, with its province."""
    found = Daerah.objects.filter(pk=kode).first()
    if found:
        return found
    source = _wilayah()[kode]
    if source.induk_id:
        make_daerah(source.induk_id)
    values = {field.attname: getattr(source, field.attname) for field in Daerah._meta.concrete_fields}
    return Daerah.objects.create(**values)


def make_pengguna(peran=Peran.OPERATOR, daerah=MAJALENGKA, *, username=None, **values):
    """An account of a role; roles of a daerah get the one of this kode (or row), the others none."""
    place = None
    if peran in WITH_DAERAH:
        place = daerah if isinstance(daerah, Daerah) else make_daerah(daerah)
    username = username or f"{peran}.{next(_nomor)}"
    values = {"email": f"{username}@contoh.test", "password": SANDI, **values}
    return Pengguna.objects.create_user(username=username, peran=peran, daerah=place, **values)


def make_tahun(tahun=2024):
    """A TA with its four quarters, each due on the tenth day after its end."""
    found, created = TahunAnggaran.objects.get_or_create(tahun=tahun)
    if created:
        PeriodeTriwulan.objects.bulk_create(
            PeriodeTriwulan(
                tahun=found,
                triwulan=tw.ke,
                dibuka_pada=tw.mulai,
                tenggat=tw.tenggat(10, datetime.min.time().replace(hour=23, minute=59, second=59)),
            )
            for tw in Triwulan(tahun, 1).semua
        )
    return found


def make_dispensasi(periode, daerah=MAJALENGKA, oleh=None, **values):
    """A waiver for one quarter (its row or key), given a day after its deadline and held for a week."""
    if not isinstance(periode, PeriodeTriwulan):
        periode = PeriodeTriwulan.objects.get(pk=periode)
    given = periode.tenggat + timedelta(days=1)
    defaults = {"sampai": given + timedelta(days=7), "alasan": "Banjir.", "diberikan_pada": given}
    return Dispensasi.objects.create(
        periode=periode,
        daerah=daerah if isinstance(daerah, Daerah) else make_daerah(daerah),
        diberikan_oleh=oleh or make_pengguna(Peran.ADMIN),
        **{**defaults, **values},
    )


def make_alokasi(daerah=MAJALENGKA, tahun=2024, pagu=5_000_000_000, *, bidang=Bidang.IKM, **values):
    """An alokasi with its first pagu (None: without any)."""
    place = daerah if isinstance(daerah, Daerah) else make_daerah(daerah)
    Bidang.objects.get_or_create(kode=bidang, defaults={"nama": bidang})
    alokasi = Alokasi.objects.create(daerah=place, tahun=make_tahun(tahun), bidang_id=bidang, **values)
    if pagu is not None:
        make_pagu(alokasi, pagu)
    return alokasi


def recorded(hari):
    """The instant at which a fact that takes effect on a day was recorded: its first, WIB."""
    return datetime.combine(hari, datetime.min.time(), tzinfo=WIB)


def make_pagu(alokasi, jumlah, berlaku_dari=None):
    """A version of the pagu, in force from a day on (default: the first of the TA)."""
    hari = berlaku_dari or date(alokasi.tahun_id, 1, 1)
    return VersiPagu.objects.create(
        alokasi=alokasi, jumlah=jumlah, berlaku_dari=hari, dicatat_pada=recorded(hari)
    )


def make_rk(kegiatan, nilai, berlaku_dari=None):
    """A version of the nilai RK, in force from a day on (default: the first of the TA)."""
    hari = berlaku_dari or date(kegiatan.alokasi.tahun_id, 1, 1)
    return VersiRK.objects.create(
        kegiatan=kegiatan, nilai=nilai, berlaku_dari=hari, dicatat_pada=recorded(hari)
    )


def make_target(alokasi, ke, keuangan=None, fisik=None):
    """The target of a quarter, recorded with the RK on the first of the TA."""
    return Target.objects.create(
        alokasi=alokasi,
        triwulan=ke,
        keuangan=keuangan,
        fisik=fisik,
        dicatat_pada=recorded(date(alokasi.tahun_id, 1, 1)),
    )


def make_penyaluran(alokasi, jumlah, tanggal_sp2d, *, tahap="I", nomor_sp2d=None, **values):
    """One SP2D of the KPPN, recorded on its day."""
    return Penyaluran.objects.create(
        alokasi=alokasi,
        tahap=tahap,
        nomor_sp2d=nomor_sp2d or f"SP2D-{next(_nomor)}",
        tanggal_sp2d=tanggal_sp2d,
        jumlah=jumlah,
        **{"dicatat_pada": recorded(tanggal_sp2d), **values},
    )


def make_kegiatan(alokasi=None, nilai_rk=1_000_000_000, **values):
    """A kegiatan of an alokasi with its first nilai RK (None: without any)."""
    alokasi = alokasi or make_alokasi()
    nomor = next(_nomor)
    sentra, _ = Sentra.objects.get_or_create(
        daerah=alokasi.daerah, nama=f"Sentra {alokasi.daerah.nama}", defaults={"komoditas": "Bambu"}
    )
    defaults = {
        "sentra": sentra,
        "menu": "Pembangunan sentra IKM",
        "rincian": f"Rincian {nomor}",
        "komponen": Komponen.RUMAH_PRODUKSI,
        "lokasi": "Desa Contoh",
        "volume": Decimal(1),
        "satuan": "unit",
        "pelaksanaan": Pelaksanaan.KONTRAKTUAL,
        "pembayaran": Pembayaran.BERTAHAP,
    }
    kegiatan = Kegiatan.objects.create(alokasi=alokasi, **{**defaults, **values})
    if nilai_rk is not None:
        make_rk(kegiatan, nilai_rk)
    return kegiatan


def make_paket(kegiatan=None, kontrak=None, tanggal_kontrak=None, **values):
    """A paket; with `kontrak` (rupiah) signed on `tanggal_kontrak` or on 1 March of its TA."""
    kegiatan = kegiatan or make_kegiatan()
    if kontrak is not None:
        tanggal_kontrak = tanggal_kontrak or date(kegiatan.alokasi.tahun_id, 3, 1)
        values.setdefault("kontrak_dicatat_pada", recorded(tanggal_kontrak))
    defaults = {"nama": f"Paket {kegiatan.rincian}", "nilai_kontrak": kontrak}
    return Paket.objects.create(kegiatan=kegiatan, tanggal_kontrak=tanggal_kontrak, **{**defaults, **values})


def make_laporan(alokasi=None, ke=1, *, status=StatusLaporan.KONSEP, baris=True, **values):
    """A report in a status, with an empty row a paket; a submitted one has its version.

    Written straight into the tables: a test about the acts themselves calls `realisasi.actions.laporan`.
    """
    alokasi = alokasi or make_alokasi()
    sent = datetime(alokasi.tahun_id, 4, 5, 3, 0, tzinfo=UTC)
    moments = {"dibuat_pada": sent, "disimpan_pada": sent}
    if status != StatusLaporan.KONSEP:
        moments |= {"pertama_diajukan_pada": sent, "terakhir_diajukan_pada": sent}
    if status == StatusLaporan.DIVERIFIKASI:
        moments["pertama_diverifikasi_pada"] = sent
    laporan = Laporan.objects.create(alokasi=alokasi, triwulan=ke, status=status, **{**moments, **values})
    if baris:
        BarisLaporan.objects.bulk_create(
            BarisLaporan(laporan=laporan, paket=paket)
            for paket in Paket.objects.filter(kegiatan__alokasi=alokasi)
        )
    if status != StatusLaporan.KONSEP:
        make_versi(laporan, sent)
    return laporan


def make_pekerjaan(pemilik, status=Pekerjaan.Status.SELESAI, **values):
    """A job of an account for the workbook of TW III 2024; a finished one has its file."""
    asked = {"tahun": 2024, "triwulan": 3, "posisi": "sementara", "pada": None, "kantor": office_of(pemilik)}
    now = timezone.now()
    if status in (Pekerjaan.Status.SELESAI, Pekerjaan.Status.GAGAL):
        values.setdefault("selesai_pada", now)
    if status == Pekerjaan.Status.SELESAI:
        values |= {"berkas": ContentFile(b"isi", name="1.xlsx"), "nama_berkas": "rekap-dak-ikm-2024-tw3.xlsx"}
    defaults = {"jenis": Pekerjaan.Jenis.EKSPOR_REKAP, "parameter": asked, "dibuat_pada": now}
    return Pekerjaan.objects.create(pemilik=pemilik, status=status, **{**defaults, **values})


def make_versi(laporan, diajukan_pada, **values):
    """The submission of a report, with what its status needs."""
    office = laporan.alokasi.daerah
    sender = Pengguna.objects.filter(peran=Peran.OPERATOR, daerah=office).first()
    extra = {}
    if laporan.status in (StatusLaporan.SEDANG_DIVERIFIKASI, StatusLaporan.DIVERIFIKASI):
        extra = {"verifikasi_dimulai_pada": diajukan_pada, "verifikator": _any_verifikator()}
    if laporan.status == StatusLaporan.DIVERIFIKASI:
        extra["diverifikasi_pada"] = diajukan_pada
    if laporan.status == StatusLaporan.DIKEMBALIKAN:
        extra = {"dikembalikan_pada": diajukan_pada, "alasan_pengembalian": "Lengkapi penjelasan."}
    defaults = {
        "nomor": 1,
        "tanda_terima": f"TT-{laporan.pk}-1",
        "diajukan_oleh": sender or make_pengguna(daerah=office),
        "versi_konsep": laporan.versi,
        "sidik": "0" * 64,
        "total_keuangan": 0,
    }
    return VersiLaporan.objects.create(
        laporan=laporan, diajukan_pada=diajukan_pada, **{**defaults, **extra, **values}
    )


def _any_verifikator():
    return Pengguna.objects.filter(peran=Peran.VERIFIKATOR).first() or make_pengguna(Peran.VERIFIKATOR)
