"""Start-up checks of the queues: what must hold so that no job is lost, and none is done for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from celery import Task, current_app
from django.conf import settings
from django.core import checks

from realisasi import tasks

OURS = f"{tasks.__name__}."
# Kombu's own, where the settings say nothing.
VISIBILITY_TIMEOUT = 3600
# A message that nobody acknowledged for so long is delivered again: the longest task must be far from it.
MARGIN = 1.5
NEEDED = {
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
    "CELERY_TASK_SERIALIZER": "json",
    "CELERY_ACCEPT_CONTENT": ["json"],
}


@checks.register()
def check_antrean(**kwargs: Any) -> list[checks.CheckMessage]:
    ours = {name: task for name, task in current_app.tasks.items() if name.startswith(OURS)}
    return [*_settings(), *_names(set(ours)), *(fault for task in ours.values() for fault in _task(task))]


def _settings() -> Iterator[checks.CheckMessage]:
    for name, needed in NEEDED.items():
        if getattr(settings, name, None) != needed:
            yield checks.Error(f"{name} harus {needed!r}.", id="dakikm.E010")


def _names(known: set[str]) -> Iterator[checks.CheckMessage]:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for name in sorted((scheduled | set(settings.CELERY_TASK_ROUTES)) - known):
        yield checks.Error(f"Tugas {name} dijadwalkan atau diarahkan, tetapi tidak ada.", id="dakikm.E011")


def _task(task: Task) -> Iterator[checks.CheckMessage]:
    if not (task.acks_late and task.reject_on_worker_lost):
        yield checks.Error(
            f"{task.name} hilang bersama pekerjanya: acks_late atau reject_on_worker_lost mati.",
            id="dakikm.E010",
        )
    route = settings.CELERY_TASK_ROUTES.get(task.name, {})
    queue = route.get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
    if queue not in {known.name for known in settings.CELERY_TASK_QUEUES}:
        yield checks.Error(f"{task.name} masuk antrean {queue} yang tidak dilayani.", id="dakikm.E012")
    soft, hard = task.soft_time_limit, task.time_limit
    if not (soft and hard and soft < hard):
        yield checks.Error(
            f"{task.name} tidak punya batas waktu lunak di bawah batas keras.", id="dakikm.E013"
        )
    elif hard * MARGIN >= _visibility_timeout():
        yield checks.Error(
            f"{task.name} boleh berjalan {hard} detik, terlalu dekat dengan {_visibility_timeout()} detik.",
            hint=f"time_limit x {MARGIN} harus di bawah visibility_timeout.",
            id="dakikm.E014",
        )


def _visibility_timeout() -> float:
    return settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", VISIBILITY_TIMEOUT)
