"""A browser, and the whole application as a newcomer starts it: web, worker and beat on data of its own."""

import os
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

READY_WITHIN = 180  # seconds: the regions and three years of demonstration data are loaded first
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def peramban(butuh_browser):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=butuh_browser, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def aplikasi(butuh_browser, tmp_path_factory):
    """The address of a running application with the demonstration data of 15 October 2024."""
    place = tmp_path_factory.mktemp("aplikasi")
    port = free_port()
    # Its own database, queue and files, whatever servers the suite itself runs on.
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    environment = {**inherited, "DEMO": "1", "DEMO_TODAY": "2024-10-15", "VAR_DIR": str(place)}
    log = place / "keluaran.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    limit = time.monotonic() + READY_WITHIN
    while "answers on" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.5)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def masuk(peramban, aplikasi):
    """Open a page of the application as an account, each in a browser profile of its own."""
    contexts = []

    def sign_in(username, **options):
        context = peramban.new_context(base_url=aplikasi, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/masuk/")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi").fill("dak-ikm-contoh")
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda url: "/masuk/" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
