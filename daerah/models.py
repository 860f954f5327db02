"""Who and where: the regions of Indonesia and the accounts that act for an office."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from daerah.cakupan import (
    MINISTRY,
    WITH_DAERAH,
    Peran,
    manageable_accounts,
    visible_daerah,
    visible_wilayah,
)


class Zona(models.TextChoices):
    WIB = "WIB", "WIB"
    WITA = "WITA", "WITA"
    WIT = "WIT", "WIT"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo({"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}[self.value])


class DaerahQuerySet(models.QuerySet["Daerah"]):
    def visible_to(self, user: Any) -> DaerahQuerySet:
        """Recipients whose data the account may see."""
        return self.filter(visible_daerah(user))

    def wilayah_visible_to(self, user: Any) -> DaerahQuerySet:
        """Provinces whose sum over the whole Wilayah the account may see."""
        return self.filter(visible_wilayah(user))

    def provinsi(self) -> DaerahQuerySet:
        return self.filter(jenis=Daerah.Jenis.PROVINSI)

    def resolve(self, kode: str) -> Daerah | None:
        """The daerah of a Kemendagri code of today, or of one that changed with the provinces of 2022."""
        return self.filter(Q(kode=kode) | (Q(kode_lama=kode) & ~Q(kode_lama=""))).first()


class Daerah(models.Model):
    """A provinsi, kabupaten or kota, by its Kemendagri code (text: 32.10 is not 32.1)."""

    class Jenis(models.TextChoices):
        PROVINSI = "provinsi", "Provinsi"
        KABUPATEN = "kabupaten", "Kabupaten"
        KOTA = "kota", "Kota"

    kode = models.CharField("kode", max_length=5, primary_key=True)
    nama = models.CharField("nama", max_length=60)
    jenis = models.CharField("jenis", max_length=10, choices=Jenis.choices)
    induk = models.ForeignKey(
        "self", models.PROTECT, verbose_name="provinsi", null=True, blank=True, related_name="anggota"
    )
    zona_waktu = models.CharField("zona waktu", max_length=4, choices=Zona.choices)
    lat = models.DecimalField("lintang", max_digits=7, decimal_places=4)
    lon = models.DecimalField("bujur", max_digits=7, decimal_places=4)
    # The six administrative areas of DKI Jakarta have no budget of their own, so no allocation.
    administratif = models.BooleanField("wilayah administratif", default=False)
    kode_bps = models.CharField("kode BPS", max_length=4, blank=True)
    kode_lama = models.CharField("kode sebelum 2022", max_length=5, blank=True)

    objects = DaerahQuerySet.as_manager()

    class Meta:
        verbose_name = "daerah"
        verbose_name_plural = "daerah"
        ordering = ["kode"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jenis="provinsi", induk__isnull=True)
                | (~Q(jenis="provinsi") & Q(induk__isnull=False)),
                name="daerah_induk_kab_kota",
                violation_error_message="Kabupaten/kota harus punya provinsi; provinsi tidak.",
            )
        ]

    def __str__(self) -> str:
        return self.nama_lengkap

    @property
    def nama_lengkap(self) -> str:
        """As a recipient: «Pemerintah Provinsi X», «Kab. X», «Kota X»."""
        return {"provinsi": "Pemerintah Provinsi", "kabupaten": "Kab.", "kota": "Kota"}[
            self.jenis
        ] + f" {self.nama}"

    @property
    def nama_wilayah(self) -> str:
        """As a sum: «Wilayah Provinsi X»."""
        return f"Wilayah Provinsi {self.nama}"

    @property
    def kode_provinsi(self) -> str:
        return self.kode[:2]

    @property
    def tz(self) -> ZoneInfo:
        return Zona(self.zona_waktu).tz


class PenggunaManager(UserManager["Pengguna"]):
    def sistem(self) -> Pengguna:
        """The account in whose name commands write; nobody can sign in with it."""
        user, created = self.get_or_create(username="sistem", defaults={"peran": Peran.SISTEM})
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def manageable_by(self, user: Any) -> models.QuerySet[Pengguna]:
        """Accounts that the user may look up and help (not: whose data it may see)."""
        return self.filter(manageable_accounts(user))


class Pengguna(AbstractUser):
    """An account of an office: duties stay with the office when the person changes."""

    peran = models.CharField("peran", max_length=12, choices=Peran.choices)
    daerah = models.ForeignKey(Daerah, models.PROTECT, verbose_name="daerah", null=True, blank=True)
    jabatan = models.CharField("jabatan", max_length=120, blank=True)
    telepon = models.CharField("telepon", max_length=20, blank=True)
    mulai_bertugas = models.DateField("mulai bertugas", null=True, blank=True)
    selesai_bertugas = models.DateField("selesai bertugas", null=True, blank=True)
    contoh = models.BooleanField("akun contoh", default=False)

    objects = PenggunaManager()

    REQUIRED_FIELDS = ["peran"]

    class Meta(AbstractUser.Meta):
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        constraints = [
            models.CheckConstraint(
                condition=Q(peran__in=sorted(WITH_DAERAH), daerah__isnull=False)
                | (~Q(peran__in=sorted(WITH_DAERAH)) & Q(daerah__isnull=True)),
                name="pengguna_daerah_sesuai_peran",
                violation_error_message=(
                    "Peran daerah dan provinsi harus punya daerah; peran kementerian tidak."
                ),
            ),
            models.CheckConstraint(
                condition=Q(mulai_bertugas__isnull=True)
                | Q(selesai_bertugas__isnull=True)
                | Q(selesai_bertugas__gte=models.F("mulai_bertugas")),
                name="pengguna_masa_tugas_urut",
                violation_error_message="Selesai bertugas tidak boleh sebelum mulai bertugas.",
            ),
        ]

    def on_duty(self, hari: date) -> bool:
        """Whether the dates of duty cover this day (open ends count as covered)."""
        started = self.mulai_bertugas is None or self.mulai_bertugas <= hari
        return started and (self.selesai_bertugas is None or hari <= self.selesai_bertugas)

    @property
    def is_ministry(self) -> bool:
        return self.peran in MINISTRY

    @property
    def zona(self) -> Zona:
        """The zone in which this account reads times; ministry roles read WIB."""
        return Zona(self.daerah.zona_waktu) if self.daerah else Zona.WIB


class TokenAksesQuerySet(models.QuerySet["TokenAkses"]):
    def visible_to(self, user: Any) -> TokenAksesQuerySet:
        """A token is its owner's business alone."""
        return self.filter(pengguna=user)

    def alive(self, saat: datetime) -> TokenAksesQuerySet:
        return self.filter(dicabut__isnull=True, kedaluwarsa__gt=saat)


class TokenAkses(models.Model):
    """A key with which a program reads in the name of an account; only its hash is kept."""

    # Enough to tell two tokens apart in a list, far too little to guess the rest.
    AWALAN = 8

    pengguna = models.ForeignKey(
        Pengguna, models.CASCADE, verbose_name="pengguna", related_name="token_akses"
    )
    label = models.CharField("label", max_length=80)
    awalan = models.CharField("awalan", max_length=AWALAN)
    hash = models.CharField("hash", max_length=64, unique=True)
    dibuat = models.DateTimeField("dibuat")
    kedaluwarsa = models.DateTimeField("kedaluwarsa")
    dicabut = models.DateTimeField("dicabut", null=True, blank=True)
    terakhir_dipakai = models.DateTimeField("terakhir dipakai", null=True, blank=True)

    objects = TokenAksesQuerySet.as_manager()

    class Meta:
        verbose_name = "token akses"
        verbose_name_plural = "token akses"
        ordering = ["-dibuat", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kedaluwarsa__gt=models.F("dibuat")),
                name="token_akses_masa_urut",
                violation_error_message="Token harus kedaluwarsa sesudah dibuat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.awalan}…)"

    @classmethod
    def issue(
        cls, *, pengguna: Pengguna, label: str, masa: timedelta, saat: datetime
    ) -> tuple[TokenAkses, str]:
        """A new token and its secret, which is never readable again."""
        rahasia = secrets.token_urlsafe(32)
        token = cls.objects.create(
            pengguna=pengguna,
            label=label,
            awalan=rahasia[: cls.AWALAN],
            hash=cls.digest(rahasia),
            dibuat=saat,
            kedaluwarsa=saat + masa,
        )
        return token, rahasia

    @staticmethod
    def digest(rahasia: str) -> str:
        # No salt, no stretching: 256 random bits cannot be guessed, and the hash must be found by index.
        return hashlib.sha256(rahasia.encode()).hexdigest()

    def is_alive(self, saat: datetime) -> bool:
        return self.dicabut is None and saat < self.kedaluwarsa


class HariContoh(models.Model):
    """The day around which the demonstration data lives; at most one row, only in DEMO."""

    hari = models.DateField("hari")

    class Meta:
        verbose_name = "hari contoh"
        verbose_name_plural = "hari contoh"
