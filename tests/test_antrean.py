"""The queue on files: who looks while somebody writes finds whole messages and whole tables."""

from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from threading import Barrier

import pytest
from kombu import Connection
from kombu.transport import filesystem

from dakikm import antrean

MESSAGES = 1000
EXCHANGES = [f"bersama{number}" for number in range(50)]


@pytest.fixture
def buka(tmp_path):
    """Open the queue as another process would."""
    folders = {"data_folder_in": tmp_path, "data_folder_out": tmp_path, "control_folder": tmp_path}
    opened = []

    def _buka():
        opened.append(
            Connection("filesystem://", transport=antrean.Transport, transport_options=dict(folders))
        )
        return opened[-1].channel()

    yield _buka
    for connection in opened:
        connection.close()


def test_a_worker_that_looks_while_messages_are_written_reads_whole_ones(buka):
    def write():
        channel = buka()
        for number in range(MESSAGES):
            channel._put("cepat", {"nomor": number, "isi": "x" * 2000})

    def read():
        channel, found = buka(), []
        while len(found) < MESSAGES:
            try:
                found.append(channel._get("cepat")["nomor"])
            except Empty:
                continue
        return found

    with ThreadPoolExecutor(2) as pool:
        pool.submit(write)
        assert sorted(pool.submit(read).result(timeout=60)) == list(range(MESSAGES))


def test_processes_that_start_together_bind_all_their_queues(buka):
    together = Barrier(8, timeout=20)

    def bind(number):
        channel = buka()
        for name in EXCHANGES:
            together.wait()
            channel._queue_bind(name, f"{number}", "", f"antrean{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bind, range(8)))
    channel = buka()
    assert {name: len(channel.get_table(name)) for name in EXCHANGES} == dict.fromkeys(EXCHANGES, 8)


def test_it_is_the_queue_that_the_application_uses_without_a_server(settings):
    if settings.REDIS_URL:
        pytest.skip("a Redis server is set")
    assert settings.CELERY_BROKER_TRANSPORT == "dakikm.antrean:Transport"
    assert issubclass(antrean.Channel, filesystem.Channel)
