"""What every page frame needs: menu, chosen TA and TW, zone, the demonstration's day."""

from typing import Any

from django.http import HttpRequest


def kerangka(request: HttpRequest) -> dict[str, Any]:
    return {}
