"""How large what is sent may be: a form is small; a file is taken from who may bring one only."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, request

from wesentra.web.permissions import role_for

FORM_BYTES = 2 * 1024 * 1024
"""Of a form. It is read before anybody is asked who they are, since its token stands in it."""
STRANGER_BYTES = 256 * 1024
"""Of a form of who is not signed in: a password beside a form that goes along (64 kB, and thrice
that in percent signs)."""
FILE_BYTES = 64 * 1024 * 1024
TAKES_FILES = ("imports.upload",)


def allow_files(roles: Iterable[str]) -> None:
    """Let this request be as large as a file, if its address takes one and a role permits it."""
    if request.endpoint in TAKES_FILES:
        view: Any = current_app.view_functions[request.endpoint]
        if role_for(view.need.permission, roles):
            request.max_content_length = FILE_BYTES
