"""How gunicorn serves, under `make run` and in a container; the address comes with the command."""

import os
from pathlib import Path

wsgi_app = "dakikm.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
timeout = 60
graceful_timeout = 30
# Workers are renewed now and then, never both at once.
max_requests = 2000
max_requests_jitter = 500
control_socket_disable = True

# Heartbeats only; on a disk a slow write looks like a dead worker.
_shared_memory = Path("/dev/shm")  # noqa: S108
if os.access(_shared_memory, os.W_OK):
    worker_tmp_dir = str(_shared_memory)
