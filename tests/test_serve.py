"""`make run`: a taken port is said in one sentence, and whatever stops it leaves no process behind."""

import fcntl
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from realisasi.management.commands.serve import HOST

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds; reached only by a failing test

# A process that holds a lock for as long as it lives.
HOLD = "import fcntl, sys, time; lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX); "
PLAIN = HOLD + "time.sleep(60)"
SERVICES = {
    "plain": PLAIN,
    "stubborn": HOLD + "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
    # Dies at the first signal and leaves a child that nobody asked to stop.
    "careless": "import subprocess, sys; "
    f"subprocess.Popen([sys.executable, '-c', {PLAIN!r}, sys.argv[1] + '-child']); " + PLAIN,
    "brief": HOLD + "time.sleep(0.5); sys.exit('the disk is full')",
}
DRIVER = """
import sys
from pathlib import Path
from realisasi.management import supervisor as module
module.GRACE = 1
supervisor = module.Supervisor(log_dir=Path(sys.argv[1]), with_parent=True)
supervisor.listen_to_signals()
try:
    for number, code in enumerate(sys.argv[2:]):
        command = [sys.executable, "-c", code, f"{sys.argv[1]}/lock-{number}"]
        supervisor.start(module.Service(f"service-{number}", command))
    supervisor.watch()
finally:
    supervisor.stop()
"""


def is_held(lock):
    """Whether a living process holds the lock: a zombie does not, so this needs no process table."""
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def becomes_true(condition):
    limit = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < limit:
        time.sleep(0.02)
    return condition()


@pytest.fixture
def start(tmp_path):
    """Start a supervisor of the named services; answers with its process and the locks, all held."""
    started = []

    def _start(*names, prefix=()):
        command = [*prefix, sys.executable, "-c", DRIVER, str(tmp_path), *(SERVICES[name] for name in names)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        started.append(process)
        locks = [tmp_path / f"lock-{number}" for number in range(len(names))]
        locks += [
            tmp_path / f"lock-{number}-child" for number, name in enumerate(names) if name == "careless"
        ]
        assert becomes_true(lambda: all(map(is_held, locks))), process.stderr.read()
        return process, locks

    yield _start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_service_and_their_children(start, number):
    process, locks = start("plain", "careless")
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert not any(map(is_held, locks))


def test_a_service_that_will_not_stop_is_killed(start):
    process, locks = start("stubborn", "plain")
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert not any(map(is_held, locks))


def test_the_end_of_one_service_stops_the_others_and_shows_its_last_words(start):
    process, locks = start("careless", "brief")
    _output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "service-1 stopped by itself" in errors
    assert "the disk is full" in errors
    assert not any(map(is_held, locks))


def test_nothing_outlives_a_killed_make(start):
    process, locks = start("plain", "careless", prefix=("sh", "-c", '"$@"; exit', "make"))
    process.kill()
    assert becomes_true(lambda: not any(map(is_held, locks)))


@pytest.mark.skipif(
    sys.platform != "linux", reason="only the Linux kernel ends the children of a killed process"
)
def test_nothing_outlives_a_killed_supervisor(start):
    process, locks = start("plain", "plain")
    process.kill()
    assert becomes_true(lambda: not any(map(is_held, locks)))


def test_a_taken_port_is_one_sentence():
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"^Port {port} is already in use: choose another") as refusal:
            call_command("serve", port=port)
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("port", [70000, -1])
def test_a_port_that_does_not_exist_is_one_sentence(port):
    with pytest.raises(CommandError, match=f"^Port {port} does not exist"):
        call_command("serve", port=port)
