"""Half-filled pairs were let through: a comparison with NULL is unknown, and a CHECK passes what is unknown."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("realisasi", "0003_versi_laporan_temuan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="laporan",
            name="laporan_pengajuan_urut",
        ),
        migrations.RemoveConstraint(
            model_name="paket",
            name="paket_kontrak_lengkap",
        ),
        migrations.AddConstraint(
            model_name="laporan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("pertama_diajukan_pada__isnull", True), ("terakhir_diajukan_pada__isnull", True)
                    ),
                    models.Q(
                        ("pertama_diajukan_pada__isnull", False),
                        ("terakhir_diajukan_pada__gte", models.F("pertama_diajukan_pada")),
                        ("terakhir_diajukan_pada__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="laporan_pengajuan_urut",
                violation_error_message="Pengajuan terakhir tidak boleh sebelum yang pertama.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("nilai_kontrak__isnull", True), ("tanggal_kontrak__isnull", True)),
                    models.Q(
                        ("nilai_kontrak__gt", 0),
                        ("nilai_kontrak__isnull", False),
                        ("tanggal_kontrak__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="paket_kontrak_lengkap",
                violation_error_message="Nilai dan tanggal kontrak diisi bersama; nilainya di atas nol.",
            ),
        ),
    ]
