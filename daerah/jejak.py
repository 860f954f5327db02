"""The audit trail of accounts. A floor above keeps it, named by the settings: this app knows only that."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as store
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from daerah.masuk import client_address
from daerah.models import Pengguna


@cache
def _recorder() -> Any:
    return import_string(settings.PENCATAT_JEJAK)


def record_act(
    akun: Pengguna, aksi: str, request: HttpRequest, *, by: Pengguna | None = None, **more: Any
) -> None:
    """Write what happened to an account, from which address, in the transaction of the change.

    `by`: who did it, the owner unless somebody else is named.
    """
    _recorder()(
        by=by or akun,
        subjek=f"akun:{akun.pk}",
        aksi=aksi,
        sesudah={"alamat": client_address(request), **more},
    )


def record_lockout(request: HttpRequest, username: str, **kwargs: Any) -> None:
    """A name was locked for an address; a name that nobody has leaves no trail.

    Once a cool-off: whoever keeps knocking must not fill the trail.
    """
    akun = Pengguna.objects.filter(username=username).first()
    seconds = round(settings.AXES_COOLOFF_TIME * 3600)
    if akun and store.add(f"terkunci:{akun.pk}:{client_address(request)}", 1, seconds):
        with transaction.atomic():
            record_act(akun, "terkunci", request, by=Pengguna.objects.sistem())
