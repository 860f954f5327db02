"""Signing in: an account counts only while its duty lasts, also for sessions already open."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class DutyBackend(ModelBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        # Real time, not the demonstration day: this is about people, not about data.
        return super().user_can_authenticate(user) and user.on_duty(timezone.localdate())
