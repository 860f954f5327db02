"""The clock. Deadlines and cut-offs ask it; sessions, tokens and the audit trail use real time.

In a demonstration the day stands still at the stored one (`load_demo --today`), the time of day moves.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from daerah.models import HariContoh

WIB = ZoneInfo("Asia/Jakarta")
CACHE_KEY = "hari_contoh"


def now() -> datetime:
    """This instant (aware); in DEMO the stored day with the time of day of now."""
    real = timezone.now()
    if not settings.DEMO:
        return real
    return datetime.combine(demo_day(), real.astimezone(WIB).time(), tzinfo=WIB)


def today() -> date:
    """Today in WIB, the zone of the treasury's calendar."""
    return now().astimezone(WIB).date()


def demo_day() -> date:
    """The day of the demonstration data, or the one of the settings before any were loaded."""
    lokal = caches["lokal"]
    stored = lokal.get(CACHE_KEY)
    if stored is None:
        row = HariContoh.objects.first()
        stored = row.hari if row else settings.DEMO_TODAY
        lokal.set(CACHE_KEY, stored, 60)
    return stored


def set_demo_day(hari: date) -> None:
    HariContoh.objects.all().delete()
    HariContoh.objects.create(hari=hari)
    caches["lokal"].delete(CACHE_KEY)
