from django.apps import AppConfig


class DaerahConfig(AppConfig):
    name = "daerah"
    verbose_name = "daerah dan akun"

    def ready(self) -> None:
        # Registers the start-up checks and listens for locked names; models may only be imported now.
        from axes.signals import user_locked_out

        from daerah import pemeriksaan  # noqa: F401
        from daerah.jejak import record_lockout

        user_locked_out.connect(record_lockout)
