"""A part that this machine cannot run is skipped with a hint, and under STRICT=1 it fails."""

import pytest

from tests.conftest import lacking


def test_a_missing_part_is_skipped_and_says_what_to_install(monkeypatch):
    monkeypatch.delenv("STRICT", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt install chromium"):
        lacking("needs a browser: apt install chromium")


def test_under_strict_a_missing_part_is_a_failure(monkeypatch):
    monkeypatch.setenv("STRICT", "1")
    with pytest.raises(pytest.fail.Exception, match="STRICT=1: needs a browser"):
        lacking("needs a browser")
