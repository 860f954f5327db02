"""The commands of the containers run on this machine, with their environment but for the addresses: the
application starts, is well by its own health checks, works and stops in order."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from tests.conftest import lacking
from tests.pasang.wadah import (
    ROOT,
    SECRETS,
    command,
    filled_env,
    health_check,
    image_environment,
    read_compose,
)

# One process runs them all: they share what is started once.
pytestmark = pytest.mark.xdist_group("pasang")

HOST = "127.0.0.1"
PUBLIC = "dak-ikm.example"
PATIENCE = 60  # seconds; reached only by a failing test
STAYING = ("web", "worker", "worker-ekspor", "beat")


def free_port():
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]


def becomes_true(condition):
    limit = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < limit:
        time.sleep(0.1)
    return condition()


@contextmanager
def running(words, log, **more):
    """A process in a session of its own, so that nothing of it is left behind."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **more
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def empty_database():
    """An empty database on the server of the tests; gives its DATABASE_URL."""
    server = connection.settings_dict
    host, port = server["HOST"] or HOST, server["PORT"] or 5432
    access = {"host": host, "port": port, "user": server["USER"], "password": server["PASSWORD"]}
    name = f"{server['NAME']}_pasang"
    with closing(psycopg2.connect(dbname="postgres", **access)) as admin, admin.cursor() as cursor:
        admin.autocommit = True
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            user, password = quote(server["USER"], safe=""), quote(server["PASSWORD"], safe="")
            yield f"postgres://{user}:{password}@{host}:{port}/{name}"
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_redis(words, place):
    """A Redis of its own, started as in the container; gives its REDIS_URL."""
    if not shutil.which(words[0]):
        lacking("needs Redis: install it (on Debian: apt install redis-server)")
    place.mkdir()
    port = free_port()
    with running(
        [*words, "--bind", HOST, "--port", str(port), "--dir", str(place)], place / "log"
    ) as process:
        assert becomes_true(lambda: "Ready to accept" in (place / "log").read_text()), process.poll()
        yield f"redis://{HOST}:{port}/0"


class Susunan:
    """The services of docker-compose.yml as processes of this machine."""

    def __init__(self, place, env, overrides):
        self.place = place
        self.services = read_compose(env)["services"]
        self.env = env
        self.overrides = overrides
        self.processes = {}

    def environment(self, name):
        return {
            **image_environment(),
            **self.env,
            **self.services[name]["environment"],
            **self.overrides,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def log(self, name):
        return self.place / f"{name}.log"

    def start(self, name):
        """The running process, as a context."""
        return running(command(self.services[name]), self.log(name), env=self.environment(name))

    def is_well(self, name):
        check = health_check(self.services[name])
        answer = subprocess.run(
            check, cwd=ROOT, env=self.environment(name), capture_output=True, timeout=PATIENCE
        )
        return answer.returncode == 0

    def get(self, address, **headers):
        """Status and Location of an answer of the web service."""
        with closing(HTTPConnection(HOST, int(self.overrides["PORT"]), timeout=10)) as web:
            web.request("GET", address, headers={"Host": PUBLIC, **headers})
            answer = web.getresponse()
            return answer.status, answer.getheader("Location")


@pytest.fixture(scope="module")
def susunan(butuh_postgres, django_db_setup, tmp_path_factory):
    """Everything but the proxy, started in the order of docker-compose.yml from an empty database."""
    place = tmp_path_factory.mktemp("pasang")
    env = filled_env({**SECRETS, "ALLOWED_HOSTS": PUBLIC})
    redis_command = read_compose(env)["services"]["redis"]["command"]
    with empty_database() as database_url, own_redis(redis_command, place / "redis") as redis_url:
        overrides = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PORT": str(free_port())}
        overrides |= {"VAR_DIR": str(place / "var"), "MEDIA_ROOT": str(place / "var" / "berkas")}
        susunan = Susunan(place, env, overrides)
        with susunan.start("migrate") as migrate:
            assert migrate.wait(2 * PATIENCE) == 0, susunan.log("migrate").read_text()
        with (
            susunan.start("web") as web,
            susunan.start("worker") as worker,
            susunan.start("worker-ekspor") as worker_ekspor,
            susunan.start("beat") as beat,
        ):
            susunan.processes = dict(zip(STAYING, (web, worker, worker_ekspor, beat), strict=True))
            yield susunan


def test_migrate_leaves_a_database_with_the_regions(susunan):
    with (
        closing(psycopg2.connect(susunan.overrides["DATABASE_URL"])) as database,
        database.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM daerah_daerah")
        assert cursor.fetchone() == (552,)


@pytest.mark.parametrize("name", STAYING)
def test_each_service_is_well_by_its_own_health_check(susunan, name):
    assert becomes_true(lambda: susunan.is_well(name)), susunan.log(name).read_text()


def test_health_is_told_without_encryption_and_pages_are_not(susunan):
    assert susunan.get("/status/") == (200, None)
    assert susunan.get("/masuk/") == (301, f"https://{PUBLIC}/masuk/")


def test_behind_the_proxy_a_page_is_served(susunan):
    status, address = susunan.get("/", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"})
    assert (status, address) == (302, "/masuk/?next=/")


def test_a_job_reaches_the_quick_worker(susunan):
    words = ["celery", "--app=dakikm", "call", "realisasi.tasks.relay_peristiwa", "--queue=cepat"]
    subprocess.run(
        words, cwd=ROOT, env=susunan.environment("web"), capture_output=True, check=True, timeout=PATIENCE
    )
    assert becomes_true(lambda: "succeeded in" in susunan.log("worker").read_text())


# The last of this file: it ends what the others need.
def test_each_service_stops_in_order_when_asked(susunan):
    for process in susunan.processes.values():
        process.terminate()
    ends = {name: process.wait(PATIENCE) for name, process in susunan.processes.items()}
    assert ends == dict.fromkeys(STAYING, 0)
