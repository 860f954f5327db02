from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("realisasi", "0002_isian_awal")]

    operations = [
        migrations.AddField(
            model_name="versilaporan",
            name="jumlah_temuan",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="jumlah temuan beralasan"),
        ),
    ]
