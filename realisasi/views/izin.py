"""Who may enter a room at all; which objects are seen there is `visible_to`'s matter."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from daerah.cakupan import Wewenang, can


def only(request: HttpRequest, wewenang: Wewenang) -> None:
    """A room that a role may not enter looks like one that is not there."""
    if not can(request.user, wewenang):
        raise Http404
