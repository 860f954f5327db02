"""Run a few services as one: whatever ends first ends all, and nothing outlives the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PAUSE = 0.1  # seconds between two looks at the services
GRACE = 10  # seconds that a service has to finish what it is doing
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ServiceError(Exception):
    """A service ended by itself, or was not ready in time."""


@dataclass(frozen=True)
class Service:
    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()


def end_with_supervisor() -> None:
    """Ask the kernel to end this child when its supervisor is killed outright; only Linux knows how."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Supervisor:
    """Starts services, each in a session of its own, so that Ctrl-C reaches them only through stop()."""

    log_dir: Path
    with_parent: bool = False
    stop_requested: bool = False
    parent: int = field(default_factory=os.getppid)
    running: list[tuple[Service, subprocess.Popen]] = field(default_factory=list)

    def listen_to_signals(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._request_stop)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        # A flag, not an exception: raised between a start and its registration it would orphan the child.
        self.stop_requested = True

    def log_of(self, service: Service) -> Path:
        return self.log_dir / f"{service.name}.log"

    def start(self, service: Service) -> None:
        self.log_dir.mkdir(parents=True, exist_ok=True)
        log_path = self.log_of(service)
        if log_path.exists():
            log_path.replace(log_path.with_suffix(".log.1"))
        with log_path.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the commands are fixed, in serve.py
                service.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=service.pass_fds,
                start_new_session=True,
                preexec_fn=end_with_supervisor,
            )
        self.running.append((service, process))

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once ready, or once asked to stop."""
        limit = time.monotonic() + seconds
        while not self._should_stop() and not is_ready():
            self._insist_on_life()
            if time.monotonic() > limit:
                raise ServiceError(f"No answer within {seconds:.0f} seconds; see the logs in {self.log_dir}.")
            time.sleep(PAUSE)

    def watch(self) -> None:
        """Return when asked to stop; a service that ends by itself is an error."""
        while not self._should_stop():
            self._insist_on_life()
            time.sleep(PAUSE)

    def _should_stop(self) -> bool:
        return self.stop_requested or (self.with_parent and os.getppid() != self.parent)

    def _insist_on_life(self) -> None:
        for service, process in self.running:
            if process.poll() is not None:
                tail = self.log_of(service).read_text(errors="replace").splitlines()[-15:]
                raise ServiceError(
                    f"The {service.name} stopped by itself (exit code {process.returncode}). "
                    f"The end of {self.log_of(service)}:\n" + "\n".join(tail)
                )

    def stop(self) -> None:
        """Ask every service to finish, then sweep what is left of its process group."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for _service, process in self.running:
            process.terminate()
        limit = time.monotonic() + GRACE
        for _service, process in self.running:
            try:
                process.wait(timeout=max(0.0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
            self._sweep(process)
            process.wait()
        self.running.clear()

    @staticmethod
    def _sweep(process: subprocess.Popen) -> None:
        with suppress(ProcessLookupError):  # most often nothing is left
            os.killpg(process.pid, signal.SIGKILL)
