"""The Dockerfile, read and checked: what is in the image, who runs it, and that no secret gets into it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.pasang.wadah import ROOT, image_command, image_environment, last_stage, read_dockerfile


def copied():
    """What is taken from the working tree, by stage or not."""
    rests = [rest.split() for word, rest in read_dockerfile() if word in ("COPY", "ADD")]
    return {source for words in rests if not words[0].startswith("--from=") for source in words[:-1]}


def test_it_runs_as_a_user_with_a_fixed_number_who_is_not_root():
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", users[-1])
    made = " ".join(rest for word, rest in last_stage() if word == "RUN")
    assert f"useradd --uid {users[-1].partition(':')[0]} " in made


def test_it_is_checked_and_started_without_a_shell():
    assert image_command("HEALTHCHECK") == ["python", "dakikm/pasang/sehat.py"]
    assert image_command("CMD")[0] == "gunicorn"


def test_it_is_built_on_the_python_that_the_lock_was_made_for():
    bases = [rest for word, rest in read_dockerfile() if word == "FROM"]
    assert bases[0] == "python:3.11-slim-bookworm AS dasar"
    assert [base for base in bases[1:] if base.split()[0] != "dasar"] == []


def test_packages_come_from_the_lock_with_hashes():
    installs = [rest for word, rest in read_dockerfile() if word == "RUN" and "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes -r /requirements.txt" in installs[0]


def test_it_copies_what_exists_and_all_that_the_application_needs():
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    needed = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}
    needed |= {Path(place).relative_to(ROOT).parts[0] for place in settings.STATICFILES_DIRS}
    needed |= {Path(place).relative_to(ROOT).parts[0] for t in settings.TEMPLATES for place in t["DIRS"]}
    needed |= {settings.ROOT_URLCONF.partition(".")[0], "manage.py"}
    assert needed == copied() - {"requirements.txt"}


def test_only_what_is_copied_is_sent_to_the_builder():
    rules = [rule for rule in (ROOT / ".dockerignore").read_text().split("\n") if rule and rule[0] != "#"]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule[0] == "!"} == copied()
    assert "**/.env" in rules


@pytest.mark.parametrize("name", ["Dockerfile", "docker-compose.yml"])
def test_no_secret_is_written_down(name):
    text = (ROOT / name).read_text()
    assert re.findall(r"(?:SECRET|PASSWORD|TOKEN)\w*[=:] ?(?!\?|\$\{)\S+", text) == []
    assert settings.DEFAULT_SECRET_KEY not in text


def test_settings_of_the_image_are_places_not_secrets():
    assert set(image_environment()) == {
        *("PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"),
        *("VAR_DIR", "PORT"),
    }
