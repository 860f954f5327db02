"""The Celery application; the tasks themselves live in realisasi.tasks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dakikm.settings")

app = Celery("dakikm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
