"""Query parameters by an allowlist: a misspelt filter must not answer with everything."""

from collections.abc import Iterable

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from realisasi.api.halaman import HalamanBernomor

PAGING = frozenset({HalamanBernomor.page_query_param, HalamanBernomor.page_size_query_param})


def refuse_unknown(request: Request, *known: str, paged: bool = True) -> None:
    """Refuse parameters that the endpoint does not know, and any that is given twice.

    Raises:
        ValidationError: naming each of them and what is known.
    """
    allowed = {*known, *(PAGING if paged else ())}
    faults = {name[:60]: [_unknown(allowed)] for name in request.query_params if name not in allowed}
    faults |= {
        name: ["Parameter ini diberikan lebih dari sekali; berikan satu saja."]
        for name in allowed
        if len(request.query_params.getlist(name)) > 1
    }
    if faults:
        raise ValidationError(faults)


def _unknown(allowed: Iterable[str]) -> str:
    listed = ", ".join(sorted(allowed)) or "tidak ada"
    return f"Parameter ini tidak dikenal. Yang dikenal: {listed}."
