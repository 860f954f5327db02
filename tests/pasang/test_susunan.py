"""docker-compose.yml, read and checked: nothing is reachable, lost or changed that should not be."""

import re
import runpy
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.pasang.wadah import (
    ROOT,
    SECRETS,
    built_here,
    command,
    filled_env,
    health_check,
    image_environment,
    last_stage,
    read_compose,
)


@pytest.fixture
def compose():
    return read_compose()


@pytest.fixture
def services(compose):
    return compose["services"]


@pytest.fixture
def ours(services):
    """The services that run the application's own image."""
    return {name: service for name, service in services.items() if built_here(service)}


def once(services):
    """The services that others wait for until they have ended."""
    return {
        name
        for service in services.values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == "service_completed_successfully"
    }


def seconds(duration):
    amount, unit = re.fullmatch(r"(\d+)([sm])", duration).groups()
    return int(amount) * {"s": 1, "m": 60}[unit]


def mounts(service):
    """Where each volume or file of the machine appears in the container."""
    return dict(volume.split(":")[:2] for volume in service.get("volumes", []))


def option(words, name):
    return next(word.partition("=")[2] for word in words if word.startswith(f"{name}="))


def test_the_production_shape_is_complete(services):
    assert set(services) == {"db", "redis", "migrate", "web", "worker", "worker-ekspor", "beat", "proxy"}


@pytest.mark.parametrize("name", SECRETS)
def test_without_a_secret_nothing_starts(name):
    others = {key: value for key, value in SECRETS.items() if key != name}
    with pytest.raises(LookupError, match=rf"^{name}: set it in .env"):
        read_compose(filled_env(others))


def test_the_application_is_no_demonstration_and_shows_no_code(ours):
    assert {(s["environment"]["DEMO"], s["environment"]["DEBUG"]) for s in ours.values()} == {("off", "off")}


def test_every_service_that_stays_is_checked_and_started_again(services):
    stays = {name: service for name, service in services.items() if name not in once(services)}
    assert [name for name, service in stays.items() if not health_check(service)] == []
    assert {service["restart"] for service in stays.values()} == {"unless-stopped"}


def test_migrations_run_once_before_anything_that_needs_them(services, ours):
    assert once(services) == {"migrate"}
    assert services["migrate"]["restart"] == "no"
    assert [n for n, s in ours.items() if n != "migrate" and "migrate" not in s["depends_on"]] == []


def test_who_is_waited_for_can_be_well(services):
    waits = [
        (name, wait["condition"]) for s in services.values() for name, wait in s.get("depends_on", {}).items()
    ]
    assert [n for n, how in waits if how == "service_healthy" and not health_check(services[n])] == []


def test_only_the_proxy_is_reached_from_outside(compose, services):
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["db"]["networks"] == services["redis"]["networks"] == ["dalam"]
    assert compose["networks"]["dalam"]["internal"]
    assert "dalam" not in services["proxy"]["networks"]


def test_networks_are_declared_and_used(compose, services):
    assert {network for s in services.values() for network in s["networks"]} == set(compose["networks"])


def test_images_are_pinned_and_come_from_no_registry_of_our_own(services, ours):
    images = {service["image"] for service in services.values()}
    assert [image for image in images if not re.fullmatch(r"[a-z-]+:\d+(\.\d+)*(-[a-z]+)?", image)] == []
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {service["image"] for service in ours.values()} == {f"dak-ikm:{version}"}


def test_volumes_are_declared_and_used_and_files_exist(compose, services):
    sources = {source for service in services.values() for source in mounts(service)}
    files = {source for source in sources if source.startswith(".")}
    assert sources - files == set(compose["volumes"])
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_what_must_survive_lies_in_a_volume(services):
    assert mounts(services["db"])["db"] == "/var/lib/postgresql/data"
    assert mounts(services["redis"])["redis"] == "/data"
    for name in ("web", "worker", "worker-ekspor"):
        assert mounts(services[name])["berkas"] == services[name]["environment"]["MEDIA_ROOT"]
    schedule = (
        Path(services["beat"]["environment"]["VAR_DIR"]) / Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).name
    )
    assert mounts(services["beat"])["jadwal"] == str(schedule.parent)


def test_volumes_of_the_application_belong_to_its_user(ours):
    made = next(rest for word, rest in last_stage() if word == "RUN")
    targets = {target for service in ours.values() for target in mounts(service).values()}
    assert [
        target for target in targets if f" {target}" not in made.partition("install --directory")[2]
    ] == []


def test_jobs_are_written_to_disk_and_never_thrown_out(services):
    words = services["redis"]["command"]
    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_proxy_has_no_uploaded_file(services):
    assert "berkas" not in mounts(services["proxy"])


def test_who_breaks_into_a_container_can_change_nothing_in_it(services, ours):
    for name, service in {**ours, "proxy": services["proxy"]}.items():
        assert (name, service["read_only"], service["cap_drop"]) == (name, True, ["ALL"])
    for name, service in services.items():
        assert (name, service["security_opt"]) == (name, ["no-new-privileges:true"])


def test_logs_do_not_fill_the_disk(services):
    assert {service["logging"]["options"]["max-size"] for service in services.values()} == {"10m"}


def test_nothing_is_cut_off_while_it_finishes(services):
    for name in ("worker", "worker-ekspor"):
        assert seconds(services[name]["stop_grace_period"]) > settings.CELERY_TASK_TIME_LIMIT
    gunicorn = runpy.run_path(str(ROOT / "dakikm" / "pasang" / "gunicorn.conf.py"))
    assert seconds(services["web"]["stop_grace_period"]) > gunicorn["graceful_timeout"]


def test_quick_jobs_and_exports_have_workers_of_their_own(services):
    queues = {name: option(command(services[name]), "--queues") for name in ("worker", "worker-ekspor")}
    assert queues == {"worker": "cepat", "worker-ekspor": "ekspor"}


def test_every_command_is_there(ours):
    programs = str(Path(sys.executable).parent)
    for service in ours.values():
        words = command(service)
        assert words[0] == "sh" or shutil.which(words[0], path=programs), words
        managed = re.findall(r"python manage\.py (\w+)", " ".join(words))
        assert set(managed) <= set(get_commands()), managed
        files = [
            word for word in [*words, *(health_check(service) or [])] if re.fullmatch(r"[\w/.]+\.py", word)
        ]
        assert [file for file in files if not (ROOT / file).is_file()] == []


def test_containers_and_image_agree_where_data_lie(ours):
    assert {s["environment"]["VAR_DIR"] for s in ours.values()} == {image_environment()["VAR_DIR"]}
