"""The server's own log: errors and warnings on standard error, each with its moment in UTC.

Requests are not logged: their addresses may hold what somebody typed.
"""

import logging
import time


class Line(logging.Formatter):
    """`2026-11-23T06:15:00Z ERROR what happened`, on a machine of any time zone."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")


LOGGING = {
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "line",
        },
        "access": {"class": "logging.NullHandler"},
    },
    "formatters": {"line": {"()": f"{__name__}.Line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
"""Of every process of the server (`logging.config`)."""
