from django.apps import AppConfig


class DaerahConfig(AppConfig):
    name = "daerah"
    verbose_name = "daerah dan akun"

    def ready(self) -> None:
        # Registers the start-up checks; checks may only be imported once apps are there.
        from daerah import pemeriksaan  # noqa: F401
