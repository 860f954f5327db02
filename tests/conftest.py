"""What a test needs from the machine: skipped with a hint where it is missing, a failure under STRICT=1."""

import os
import shutil

import pytest
from django.db import connection

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Fixture -> the marker set on every test that asks for it, so that `-m "not browser"` needs no second word.
REQUIREMENTS = {"butuh_browser": "browser", "butuh_postgres": "postgres"}


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marker and before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        for fixture, marker in REQUIREMENTS.items():
            if fixture in item.fixturenames:
                item.add_marker(marker)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))  # two browsers at once starve each other


def lacking(reason):
    if os.environ.get("STRICT") == "1":
        pytest.fail(f"STRICT=1: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def butuh_browser():
    """The path of a Chromium."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return path or lacking("needs a browser: install Chromium (on Debian: apt install chromium)")


@pytest.fixture(scope="session")
def butuh_postgres():
    if connection.vendor != "postgresql":
        lacking(
            "needs PostgreSQL for its row locks: install it (on Debian: apt install postgresql) and set "
            "DATABASE_URL=postgres://user:password@127.0.0.1:5432/name"
        )
