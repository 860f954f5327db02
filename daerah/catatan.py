"""Log lines that nobody can forge: what a user typed never starts a line of its own."""

import logging
import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTINUATION = "\n    | "


class OneLine(logging.Formatter):
    """Escapes control characters in the message; the lines of a traceback are visibly its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (named by logging)
        record.message = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 (named by logging)
        lines = super().formatException(ei).splitlines()
        return "    | " + CONTINUATION.join(CONTROL.sub("?", line) for line in lines)
