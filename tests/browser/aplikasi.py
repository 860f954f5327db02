"""The whole application as a newcomer starts it: web, worker and beat on data of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings

from realisasi.contoh.akun import SANDI

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
READY_WITHIN = 180  # seconds: the regions and three years of demonstration data are loaded first


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def running(place, today="2024-10-15"):
    """Its address, while it runs with fresh demonstration data in a folder."""
    port = free_port()
    # Its own database, queue and files, whatever servers the caller itself runs on.
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    environment = {**inherited, "DEMO": "1", "DEMO_TODAY": today, "VAR_DIR": str(place)}
    log = place / "keluaran.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        limit = time.monotonic() + READY_WITHIN
        while "answers on" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < limit, log.read_text()
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def sign_in(context, username):
    """A page of this browser profile, signed in as a demonstration account."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/masuk/")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(SANDI)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)
    return page
