"""The whole application as one command: web, a Celery worker for each queue, beat. `make run` calls it."""

import errno
import socket
import sys
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from realisasi.contoh.akun import SANDI
from realisasi.management.supervisor import Service, ServiceError, Supervisor
from realisasi.models import Alokasi

HOST = "127.0.0.1"

READY_WITHIN = 60  # seconds until the first answer

DEMO_ACCOUNTS = (
    ("operator.32.10  penyetuju.32.10", "a daerah; so too operator.52.02 and the others"),
    ("provinsi.32", "a Wilayah Provinsi, reading"),
    ("verifikator  pimpinan  analis  auditor  admin", "the ministry"),
)


def reserve_port(port: int) -> socket.socket:
    """Hold the port from the start, so that a second `make run` fails at once, not after its migrations."""
    if not 1 <= port <= 65535:
        raise CommandError(f"Port {port} does not exist: choose one from 1024 to 65535.")
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        reason = (
            "is already in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        )
        raise CommandError(
            f"Port {port} {reason}: choose another one, for example PORT=8123 make run."
        ) from None


def services(listener: socket.socket) -> list[Service]:
    celery = [sys.executable, "-m", "celery", "--app", "dakikm"]
    return [
        Service("web", gunicorn_command(listener), pass_fds=(listener.fileno(),)),
        *(
            Service(f"worker-{queue.name}", [*celery, *worker_options(queue.name)])
            for queue in settings.CELERY_TASK_QUEUES
        ),
        Service("beat", [*celery, "beat", "--loglevel=INFO"]),
    ]


def worker_options(queue: str) -> list[str]:
    return [
        "worker",
        f"--queues={queue}",
        f"--hostname={queue}@%h",
        # One process each: SQLite has one writer at a time, and the other core belongs to the pages.
        "--concurrency=1",
        "--loglevel=INFO",
        # Workers of one machine have nothing to tell each other, and nobody listens to their heartbeat.
        "--without-mingle",
        "--without-gossip",
        "--without-heartbeat",
    ]


def gunicorn_command(listener: socket.socket) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn"),
        f"--config={settings.BASE_DIR / 'dakikm' / 'pasang' / 'gunicorn.conf.py'}",
        f"--bind=fd://{listener.fileno()}",
        "--graceful-timeout=5",  # below the supervisor's GRACE
    ]


def is_answering(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/status/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class Command(BaseCommand):
    help = "Migrates, loads the regions (in DEMO also demonstration data) and serves until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="stop when the process that started this one is gone (make run)",
        )

    def handle(self, *, port: int, stop_with_parent: bool, **_options: Any) -> None:
        supervisor = Supervisor(log_dir=settings.VAR_DIR / "log", with_parent=stop_with_parent)
        listener = reserve_port(port)
        try:
            self._prepare_data()
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready.") from None
        supervisor.listen_to_signals()
        try:
            self._serve(supervisor, listener, port)
        except ServiceError as error:
            raise CommandError(str(error)) from None
        finally:
            supervisor.stop()
        self._say("Stopped.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # through a pipe the address would otherwise appear at the very end

    def _prepare_data(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_wilayah", verbosity=0)
        if settings.DEMO and not Alokasi.objects.exists():
            self._say("Loading the demonstration data, once ...")
            call_command("load_demo", f"--today={settings.DEMO_TODAY}", verbosity=0)
        connections.close_all()

    def _serve(self, supervisor: Supervisor, listener: socket.socket, port: int) -> None:
        for service in services(listener):
            supervisor.start(service)
        listener.close()  # from here on the port lives and dies with the web service
        supervisor.wait_until(lambda: is_answering(port), seconds=READY_WITHIN)
        if not supervisor.stop_requested:
            self._say(f"\nDAK IKM answers on http://{HOST}:{port}/ (Ctrl-C stops it)")
            if settings.DEMO:
                self._say_accounts()
        supervisor.watch()
        self._say("\nStopping; a job that is being worked on is finished first ...")

    def _say_accounts(self) -> None:
        self._say(f"Demonstration accounts, all with the password {SANDI}:")
        for accounts, explanation in DEMO_ACCOUNTS:
            self._say(f"  {accounts:48}{explanation}")
