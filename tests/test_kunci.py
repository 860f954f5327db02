"""The locks install anywhere: one version of every package, its hashes, and no registry of their own."""

import re

import pytest
from django.conf import settings

LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry(name):
    lock = (settings.BASE_DIR / name).read_text()
    assert re.findall(r"\w+://\S+|--(?:index-url|extra-index-url|find-links|trusted-host)", lock) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_hashes(name):
    lock = re.sub(r"^\s*#.*\n", "", (settings.BASE_DIR / name).read_text(), flags=re.MULTILINE)
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert len(packages) > 30
    assert [p for p in packages if not re.match(r"[\w.-]+==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", p)] == []


def test_tests_run_on_the_versions_that_are_served():
    pins = [
        set(re.findall(r"^\S+==\S+", (settings.BASE_DIR / name).read_text(), re.MULTILINE)) for name in LOCKS
    ]
    assert pins[0] <= pins[1]
