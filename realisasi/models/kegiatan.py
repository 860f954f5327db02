"""What the money is for: sentra, kegiatan of the rencana kegiatan (RK), and their procurement packages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from daerah.models import Daerah
from realisasi.aturan.formulir_alokasi import kunci_kegiatan
from realisasi.models.alokasi import Alokasi
from realisasi.models.bidang_isian import RupiahField
from realisasi.models.tercatat import Tercatat, TercatatQuerySet, interval_valid


class Sentra(models.Model):
    """A centre of small industry; it outlives the allocations that build it."""

    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah")
    nama = models.CharField("nama sentra", max_length=200)
    komoditas = models.CharField("komoditas", max_length=120, blank=True)

    class Meta:
        verbose_name = "sentra"
        verbose_name_plural = "sentra"
        ordering = ["daerah", "nama"]
        constraints = [
            models.UniqueConstraint(
                fields=["daerah", "nama"],
                name="sentra_unik",
                violation_error_message="Sentra dengan nama itu sudah ada di daerah ini.",
            )
        ]

    def __str__(self) -> str:
        return self.nama


class Komponen(models.TextChoices):
    RUMAH_PRODUKSI = "rumah produksi", "Rumah produksi"
    UPT = "UPT", "UPT"
    RUMAH_KEMASAN = "rumah kemasan", "Rumah kemasan"
    MESIN = "mesin/peralatan", "Mesin/peralatan"
    IPAL = "IPAL", "IPAL"
    IPAB = "IPAB", "IPAB"
    SARANA = "sarana pendukung", "Sarana pendukung"
    PENUNJANG = "penunjang", "Penunjang"


class Pelaksanaan(models.TextChoices):
    SWAKELOLA = "swakelola", "Swakelola"
    KONTRAKTUAL = "kontraktual", "Kontraktual"


class Pembayaran(models.TextChoices):
    SEKALIGUS = "sekaligus", "Sekaligus"
    BERTAHAP = "bertahap", "Bertahap"


class KegiatanQuerySet(models.QuerySet["Kegiatan"]):
    def visible_to(self, user: Any) -> KegiatanQuerySet:
        return self.filter(alokasi__in=Alokasi.objects.visible_to(user))


class Kegiatan(models.Model):
    """One line of the RK (menu > rincian), with its target volume."""

    alokasi = models.ForeignKey(Alokasi, models.CASCADE, verbose_name="alokasi")
    sentra = models.ForeignKey(Sentra, models.PROTECT, verbose_name="sentra")
    menu = models.CharField("menu kegiatan", max_length=200)
    rincian = models.CharField("rincian kegiatan", max_length=300)
    komponen = models.CharField("komponen", max_length=20, choices=Komponen.choices)
    lokasi = models.CharField("lokasi", max_length=200)
    volume = models.DecimalField("volume", max_digits=14, decimal_places=2)
    satuan = models.CharField("satuan", max_length=40)
    penerima_manfaat = models.PositiveIntegerField("penerima manfaat", null=True, blank=True)
    pelaksanaan = models.CharField("pelaksanaan", max_length=12, choices=Pelaksanaan.choices)
    pembayaran = models.CharField("metode pembayaran", max_length=10, choices=Pembayaran.choices)

    objects = KegiatanQuerySet.as_manager()

    class Meta:
        verbose_name = "kegiatan"
        verbose_name_plural = "kegiatan"
        ordering = ["alokasi", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alokasi", "menu", "rincian", "komponen", "lokasi"],
                name="kegiatan_unik",
                violation_error_message="Kegiatan dengan menu, rincian, komponen dan lokasi itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(volume__gt=0),
                name="kegiatan_volume_positif",
                violation_error_message="Volume kegiatan harus lebih dari nol.",
            ),
        ]

    def __str__(self) -> str:
        return self.rincian

    @property
    def kunci(self) -> tuple[str, ...]:
        """What the formulir alokasi knows it by, within its alokasi."""
        return kunci_kegiatan(self.menu, self.rincian, self.komponen, self.lokasi)


class VersiRK(Tercatat):
    """Nilai RK of a kegiatan in force from a day on."""

    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, verbose_name="kegiatan")
    nilai = RupiahField("nilai RK (Rp)")
    berlaku_dari = models.DateField("berlaku dari")

    objects = TercatatQuerySet.as_manager()

    class Meta:
        verbose_name = "versi RK"
        verbose_name_plural = "versi RK"
        ordering = ["kegiatan", "berlaku_dari"]
        constraints = [
            models.UniqueConstraint(
                fields=["kegiatan", "berlaku_dari"],
                condition=Q(dicabut_pada__isnull=True),
                name="versi_rk_satu_berlaku",
                violation_error_message="Nilai RK dengan tanggal berlaku itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(nilai__gte=0),
                name="versi_rk_positif",
                violation_error_message="Nilai RK di bawah nol.",
            ),
            interval_valid("versi_rk_masa_catat"),
        ]


class KeadaanPaket(models.TextChoices):
    """How far the procurement is, as far as contract and BAST tell."""

    BELUM_TERKONTRAK = "BELUM_TERKONTRAK", "Belum terkontrak"
    TERKONTRAK = "TERKONTRAK", "Terkontrak"
    SELESAI_BAST = "SELESAI_BAST", "Selesai, BAST"


def _by_day(nama: str, tanggal: str, hari: date, pada: datetime | None) -> Case:
    """Expression on Paket: a field of it whose own day has come, as known at an instant; else NULL."""
    come = When(**{f"{tanggal}__lte": hari}, then=F(nama))
    if pada is None:
        return Case(come)
    earlier = KontrakTerdahulu.objects.known(pada).filter(paket=OuterRef("pk"), **{f"{tanggal}__lte": hari})
    return Case(
        When(kontrak_dicatat_pada__gt=pada, then=Subquery(earlier.order_by("-pk").values(nama)[:1])), come
    )


class PaketQuerySet(models.QuerySet["Paket"]):
    def visible_to(self, user: Any) -> PaketQuerySet:
        return self.filter(kegiatan__alokasi__in=Alokasi.objects.visible_to(user))

    def with_amounts(self, hari: date, pada: datetime | None = None) -> PaketQuerySet:
        """Adds, as of a day: `nilai_rk`, `kontrak` (signed, None before) and `bobot`, all rupiah.

        `pada`: as known at this instant (None: now). bobot weighs physical progress: nilai kontrak, or
        nilai RK before a contract (section 2; the weighting is our reading, mark I, and is said on screen).
        """
        rk = VersiRK.objects.known(pada).filter(kegiatan=OuterRef("kegiatan"), berlaku_dari__lte=hari)
        return self.annotate(
            nilai_rk=Subquery(rk.order_by("-berlaku_dari").values("nilai")[:1]),
            kontrak=_by_day("nilai_kontrak", "tanggal_kontrak", hari, pada),
            bobot=Case(When(kontrak__isnull=False, then=F("kontrak")), default=F("nilai_rk")),
        )

    def with_keadaan(self, hari: date, pada: datetime | None = None) -> PaketQuerySet:
        """Adds `keadaan` as of a day, as known at an instant (None: now)."""
        return self.annotate(
            serah_terima=_by_day("tanggal_bast", "tanggal_bast", hari, pada),
            tanda_tangan=_by_day("tanggal_kontrak", "tanggal_kontrak", hari, pada),
            keadaan=Case(
                When(serah_terima__isnull=False, then=Value(KeadaanPaket.SELESAI_BAST.value)),
                When(tanda_tangan__isnull=False, then=Value(KeadaanPaket.TERKONTRAK.value)),
                default=Value(KeadaanPaket.BELUM_TERKONTRAK.value),
            ),
        )

    def isian_pada(self, pada: datetime | None) -> dict[int, IsianKontrak]:
        """What was recorded of each package at an instant (None: now), by its key."""
        rows = {paket.pk: paket for paket in self}
        if pada is None:
            return dict(rows)
        changed = [p.pk for p in rows.values() if p.kontrak_dicatat_pada and p.kontrak_dicatat_pada > pada]
        earlier = {
            row.paket_id: row for row in KontrakTerdahulu.objects.known(pada).filter(paket__in=changed)
        }
        return rows | {pk: earlier.get(pk) or KontrakTerdahulu(paket=rows[pk]) for pk in changed}


class IsianKontrak(models.Model):
    """What a daerah records of a package: method, contract, dates, BAST."""

    class Metode(models.TextChoices):
        TENDER = "tender", "Tender"
        SELEKSI = "seleksi", "Seleksi"
        TENDER_CEPAT = "tender_cepat", "Tender cepat"
        PENUNJUKAN_LANGSUNG = "penunjukan_langsung", "Penunjukan langsung"
        PENGADAAN_LANGSUNG = "pengadaan_langsung", "Pengadaan langsung"
        E_PURCHASING = "e_purchasing", "E-purchasing"
        SWAKELOLA = "swakelola", "Swakelola"

    metode = models.CharField("metode", max_length=20, choices=Metode.choices, blank=True)
    penyedia = models.CharField("penyedia", max_length=200, blank=True)
    nomor_kontrak = models.CharField("nomor kontrak/surat pesanan", max_length=100, blank=True)
    tanggal_kontrak = models.DateField("tanggal kontrak/surat pesanan", null=True, blank=True)
    nilai_kontrak = RupiahField("nilai kontrak (Rp)", null=True, blank=True)
    mulai = models.DateField("mulai", null=True, blank=True)
    selesai = models.DateField("selesai menurut kontrak", null=True, blank=True)
    tanggal_bast = models.DateField("tanggal BAST", null=True, blank=True)

    class Meta:
        abstract = True


class Paket(IsianKontrak):
    """A procurement package: method, contract, dates. One row of a report is one paket."""

    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, verbose_name="kegiatan")
    nama = models.CharField("nama paket", max_length=300)
    # When the package as it stands was recorded (None: nothing yet); what stood before: KontrakTerdahulu.
    kontrak_dicatat_pada = models.DateTimeField("kontrak dicatat pada", null=True, blank=True)
    versi = models.PositiveIntegerField("versi", default=1)

    objects = PaketQuerySet.as_manager()

    class Meta:
        verbose_name = "paket"
        verbose_name_plural = "paket"
        ordering = ["kegiatan", "pk"]
        constraints = [
            # Weights and RK are read per paket: a second one would count its kegiatan's RK twice.
            models.UniqueConstraint(
                fields=["kegiatan"],
                name="paket_satu_per_kegiatan",
                violation_error_message="Kegiatan ini sudah punya paket.",
            ),
            models.CheckConstraint(
                condition=Q(nilai_kontrak__isnull=True, tanggal_kontrak__isnull=True)
                # NULL > 0 is unknown, which a CHECK lets pass: it has to be said.
                | Q(nilai_kontrak__isnull=False, nilai_kontrak__gt=0, tanggal_kontrak__isnull=False),
                name="paket_kontrak_lengkap",
                violation_error_message="Nilai dan tanggal kontrak diisi bersama; nilainya di atas nol.",
            ),
            models.CheckConstraint(
                condition=Q(mulai__isnull=True) | Q(selesai__isnull=True) | Q(selesai__gte=F("mulai")),
                name="paket_selesai_sesudah_mulai",
                violation_error_message="Tanggal selesai tidak boleh sebelum tanggal mulai.",
            ),
            models.CheckConstraint(
                condition=Q(tanggal_bast__isnull=True)
                | Q(tanggal_kontrak__isnull=False, tanggal_bast__gte=F("tanggal_kontrak")),
                name="paket_bast_sesudah_kontrak",
                violation_error_message="BAST memerlukan kontrak dan tidak boleh mendahuluinya.",
            ),
            models.CheckConstraint(
                condition=Q(tanggal_kontrak__isnull=True) | Q(kontrak_dicatat_pada__isnull=False),
                name="paket_kontrak_bertanggal_catat",
                violation_error_message="Kontrak harus mencatat kapan ia dicatat.",
            ),
        ]

    def __str__(self) -> str:
        return self.nama


class KontrakTerdahulu(Tercatat, IsianKontrak):
    """What was recorded of a package before it was changed: figures and lists as of then still read it."""

    paket = models.ForeignKey(Paket, models.CASCADE, verbose_name="paket")

    objects = TercatatQuerySet.as_manager()

    class Meta:
        verbose_name = "kontrak terdahulu"
        verbose_name_plural = "kontrak terdahulu"
        ordering = ["paket", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dicabut_pada__isnull=False, dicabut_pada__gte=F("dicatat_pada")),
                name="kontrak_terdahulu_sudah_diganti",
                violation_error_message="Kontrak terdahulu harus mencatat kapan ia diganti.",
            )
        ]
