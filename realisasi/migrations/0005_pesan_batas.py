from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("daerah", "0002_token_akses"),
        ("realisasi", "0004_batas_kosong"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="alokasi",
            name="alokasi_unik",
            constraint=models.UniqueConstraint(
                fields=("daerah", "tahun", "bidang"),
                name="alokasi_unik",
                violation_error_message="Alokasi daerah ini untuk tahun dan bidang itu sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="barislaporan",
            name="baris_laporan_unik",
            constraint=models.UniqueConstraint(
                fields=("laporan", "paket"),
                name="baris_laporan_unik",
                violation_error_message="Baris untuk paket ini sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="barislaporan",
            name="baris_laporan_progres_0_100",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("progres_fisik__isnull", True),
                    models.Q(("progres_fisik__gte", 0), ("progres_fisik__lte", 100)),
                    _connector="OR",
                ),
                name="baris_laporan_progres_0_100",
                violation_error_message="Progres fisik harus 0 sampai 100 persen.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="barisversi",
            name="baris_versi_unik",
            constraint=models.UniqueConstraint(
                fields=("versi", "paket"),
                name="baris_versi_unik",
                violation_error_message="Baris untuk paket ini sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="barisversi",
            name="baris_versi_progres_0_100",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("progres_fisik__isnull", True),
                    models.Q(("progres_fisik__gte", 0), ("progres_fisik__lte", 100)),
                    _connector="OR",
                ),
                name="baris_versi_progres_0_100",
                violation_error_message="Progres fisik harus 0 sampai 100 persen.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="kegiatan",
            name="kegiatan_unik",
            constraint=models.UniqueConstraint(
                fields=("alokasi", "menu", "rincian", "komponen", "lokasi"),
                name="kegiatan_unik",
                violation_error_message="Kegiatan dengan menu, rincian, komponen dan lokasi itu sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="paket",
            name="paket_satu_per_kegiatan",
            constraint=models.UniqueConstraint(
                fields=("kegiatan",),
                name="paket_satu_per_kegiatan",
                violation_error_message="Kegiatan ini sudah punya paket.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="periodetriwulan",
            name="periode_unik",
            constraint=models.UniqueConstraint(
                fields=("tahun", "triwulan"),
                name="periode_unik",
                violation_error_message="Triwulan ini sudah ada dalam jadwal.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="rekaptriwulan",
            name="rekap_lapor_atau_dibawa",
            constraint=models.CheckConstraint(
                condition=models.Q(("lapor", False), ("dibawa_dari__isnull", True), _connector="OR"),
                name="rekap_lapor_atau_dibawa",
                violation_error_message="Triwulan yang dilaporkan tidak membawa angka triwulan lain.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="sentra",
            name="sentra_unik",
            constraint=models.UniqueConstraint(
                fields=("daerah", "nama"),
                name="sentra_unik",
                violation_error_message="Sentra dengan nama itu sudah ada di daerah ini.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="target",
            name="target_unik",
            constraint=models.UniqueConstraint(
                fields=("alokasi", "triwulan"),
                name="target_unik",
                violation_error_message="Target triwulan ini sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="target",
            name="target_fisik_0_100",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fisik__isnull", True), models.Q(("fisik__gte", 0), ("fisik__lte", 100)), _connector="OR"
                ),
                name="target_fisik_0_100",
                violation_error_message="Target fisik harus 0 sampai 100 persen.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="versilaporan",
            name="versi_laporan_unik",
            constraint=models.UniqueConstraint(
                fields=("laporan", "nomor"),
                name="versi_laporan_unik",
                violation_error_message="Pengajuan dengan nomor itu sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="versipagu",
            name="versi_pagu_unik",
            constraint=models.UniqueConstraint(
                fields=("alokasi", "berlaku_dari"),
                name="versi_pagu_unik",
                violation_error_message="Pagu dengan tanggal berlaku itu sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="versirk",
            name="versi_rk_unik",
            constraint=models.UniqueConstraint(
                fields=("kegiatan", "berlaku_dari"),
                name="versi_rk_unik",
                violation_error_message="Nilai RK dengan tanggal berlaku itu sudah ada.",
            ),
        ),
    ]
