"""A real Celery worker on the test's own database and queue, whose work a test can hold up or poison.

As a program (`python -m tests.pekerja`) it is that worker; as a module it starts and kills one.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from dakikm.celery import app

PATIENCE = 30  # seconds; reached only by a failing test


def wait_until(condition, worker):
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, worker.log.read_text()[-3000:]
        time.sleep(0.05)


class Pekerja:
    """One worker process with its children; `place` holds its queue, its files and what holds it up."""

    def __init__(self, place, **extra):
        self.log = place / f"pekerja-{time.monotonic_ns()}.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.pekerja"],
                cwd=settings.BASE_DIR,
                env={**os.environ, **environment(place), **extra},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self):
        """As the kernel does it when memory runs out: nobody gets to say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment(place):
    return {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "VAR_DIR": str(place),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "TAHAN": str(place / "tahan"),
    }


def database_url():
    """The test's own database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    user, password, host, port = (
        quote(str(connection.settings_dict[key])) for key in ("USER", "PASSWORD", "HOST", "PORT")
    )
    return f"postgres://{user}:{password}@{host}:{port}/{name}"


def redis_url():
    """Another database of the same Redis: tests that run beside this one empty their own."""
    if not settings.REDIS_URL:
        return ""
    parts = urlsplit(settings.REDIS_URL)
    number = (int(parts.path.strip("/") or 0) + 8) % 16
    return urlunsplit(parts._replace(path=f"/{number}"))


def main():
    hold = Path(os.environ["TAHAN"])
    poison, deadly = (int(os.environ.get(name, 0)) for name in ("RACUN", "MEMATIKAN"))

    def held(work):
        def wait(*args, **kwargs):
            while hold.exists():
                time.sleep(0.02)
            if kwargs.get("alokasi_id") == poison:
                raise ZeroDivisionError("racun")
            if kwargs.get("alokasi_id") == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            return work(*args, **kwargs)

        return wait

    app.loader.import_default_modules()
    tasks = sys.modules["realisasi.tasks"]
    tasks.rekap.compute_alokasi = held(tasks.rekap.compute_alokasi)
    tasks.write_rekap = held(tasks.write_rekap)
    app.conf.worker_lost_wait = 0.5  # seconds, not ten, until a killed child is taken for lost
    # No queue named: it serves all of them.
    app.worker_main(["worker", "--concurrency=2", "--loglevel=INFO", "--without-mingle", "--without-gossip"])


if __name__ == "__main__":
    main()
