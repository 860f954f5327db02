"""The application refuses to start with queues that could lose a job or do it for ever."""

import pytest
from django.core.checks import Tags, registry, run_checks

from realisasi import pemeriksaan, tasks


@pytest.fixture(autouse=True)
def terbaca():
    """Celery reads its settings when they are first needed: not only when a test has broken them."""
    assert pemeriksaan.check_antrean() == []


def faults():
    return {fault.id for fault in pemeriksaan.check_antrean()}


def test_it_runs_at_every_start_not_only_before_a_deployment():
    assert pemeriksaan.check_antrean in registry.registry.get_checks()
    assert Tags.database not in pemeriksaan.check_antrean.tags


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CELERY_TASK_ACKS_LATE", False),
        ("CELERY_TASK_REJECT_ON_WORKER_LOST", False),
        ("CELERY_TASK_SERIALIZER", "pickle"),
        ("CELERY_ACCEPT_CONTENT", ["json", "pickle"]),
    ],
)
def test_what_loses_jobs_or_runs_foreign_code_is_refused(settings, name, value):
    setattr(settings, name, value)
    assert [fault.id for fault in run_checks() if fault.id.startswith("dakikm.E01")] == ["dakikm.E010"]


def test_a_redelivery_before_the_longest_task_ends_is_refused(settings):
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {**options, "visibility_timeout": 901}
    assert faults() == set()
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {**options, "visibility_timeout": 900}
    assert faults() == {"dakikm.E014"}


@pytest.mark.parametrize("limits", [{"time_limit": None}, {"soft_time_limit": None}, {"soft_time_limit": 90}])
def test_a_task_without_an_end_is_refused(monkeypatch, limits):
    for name, value in limits.items():
        monkeypatch.setattr(tasks.compute_serapan, name, value)
    assert faults() == {"dakikm.E013"}


def test_a_task_that_is_acknowledged_before_it_is_done_is_refused(monkeypatch):
    monkeypatch.setattr(tasks.compute_serapan, "acks_late", False)
    assert faults() == {"dakikm.E010"}


@pytest.mark.parametrize("name", ["CELERY_TASK_DEFAULT_QUEUE", "CELERY_TASK_ROUTES"])
def test_a_queue_that_no_worker_serves_is_refused(settings, name):
    new = {
        "CELERY_TASK_DEFAULT_QUEUE": "celery",
        "CELERY_TASK_ROUTES": {"realisasi.tasks.write_ekspor": {"queue": "x"}},
    }
    setattr(settings, name, new[name])
    assert faults() == {"dakikm.E012"}


def test_a_schedule_of_a_task_that_is_not_there_is_refused(settings):
    settings.CELERY_BEAT_SCHEDULE = {"lama": {"task": "realisasi.tasks.yang_lama", "schedule": 1.0}}
    assert faults() == {"dakikm.E011"}
