"""Health check of the web container: ends with 0 when the application and its database answer."""

import os
import sys
from http.client import HTTPConnection


def accepted_host() -> str:
    """A name that the application answers to, whichever it is reached under."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return first.removeprefix(".").replace("*", "localhost") or "localhost"


connection = HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=4)
connection.request("GET", "/status/", headers={"Host": accepted_host()})
sys.exit(connection.getresponse().status != 200)
