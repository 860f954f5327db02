"""Pages of a list by number. What cannot be a page is refused, never quietly bent into one."""

import re
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class HalamanBernomor(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        size = _positive(asked)
        if size is None or size > self.max_page_size:
            raise ValidationError(
                {self.page_size_query_param: [f"“{asked[:20]}”: isi bilangan bulat 1 sampai 1.000."]}
            )
        return size

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        asked = request.query_params.get(self.page_query_param, "1")
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        number = _positive(asked)
        if number is None or number > paginator.num_pages:
            raise ValidationError(
                {
                    self.page_query_param: [
                        f"“{asked[:20]}”: isi nomor halaman 1 sampai {paginator.num_pages}."
                    ]
                }
            )
        self.page = paginator.page(number)
        self.request = request
        return list(self.page)


def _positive(text: str) -> int | None:
    """A plain number of at most nine digits; the rest could not be a page of anything."""
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text, flags=re.ASCII) else None
