"""The queue of one machine: Kombu's transport on files, whose writes are whole or not there at all.

Kombu opens a file and then fills it. A worker that looks in between reads an empty message or table, and ends
with a JSON error; here every file is written beside its place and renamed into it.
"""

from __future__ import annotations

import fcntl
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        # Named as Kombu names it: workers take the smallest name first.
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, payload)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file = self._exchange_file(exchange)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        # Two processes that start together must not overwrite each other's table.
        with (self.control_folder / "kunci").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if bound not in table:
                _write_whole(file, [bound, *table])


class Transport(filesystem.Transport):
    Channel = Channel


def _write_whole(file: Path, content: Any) -> None:
    draft = file.with_name(f".{uuid.uuid4()}")
    draft.write_bytes(str_to_bytes(dumps(content)))
    draft.replace(file)
