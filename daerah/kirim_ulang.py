"""What a form sent, ready to be sent again: nothing typed is lost to an expired token or session."""

from django.http import HttpRequest

# Never written back into a page.
SECRET_FIELDS = ("password", "sandi", "otp", "kode_verifikasi", "csrfmiddlewaretoken")


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values as they were posted, without secrets; files cannot be kept by a page."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_FIELDS)
        for value in values
    ]
