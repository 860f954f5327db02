from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RealisasiConfig(AppConfig):
    name = "realisasi"
    verbose_name = "realisasi"

    def ready(self) -> None:
        # What touches the database may only be imported once apps are there; checks register themselves.
        from realisasi import pemeriksaan, pemicu  # noqa: F401

        pre_migrate.connect(pemicu.remove_for_migrations, sender=self)
        post_migrate.connect(pemicu.install, sender=self)
