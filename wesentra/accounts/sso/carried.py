"""A form whose session has ended goes along to the provider and back: sealed, in the browser."""

import base64
import json
import zlib

from flask import Response

from wesentra.accounts import sealing
from wesentra.accounts.sso import flow as flows
from wesentra.accounts.sso.flow import Flow
from wesentra.web.interrupted import Interrupted

COOKIE = "__Host-wesentra-sso-form"
LARGEST = 3800
"""Characters: browsers keep 4096 of a cookie with its name and attributes (RFC 6265, 6.1)."""


def packed(form: Interrupted, flow: Flow) -> str | None:
    """The form as a cookie's value; None when it is too long for one."""
    raw = zlib.compress(json.dumps([form.to, form.packed]).encode(), 9)
    value = sealing.sealed(base64.b85encode(raw).decode(), _use(flow))
    return value if len(value) <= LARGEST else None


def keep(response: Response, value: str) -> None:
    """Let the browser keep it for as long as a sign-on may take."""
    flows.give(response, COOKIE, value)


def of(flow: Flow | None) -> tuple[str, str]:
    """Where the form was sent to, and its fields as one text; empty when none goes along.

    Whoever takes it looks at it as at any form that says so (`interrupted.of_sign_in`).
    """
    text = flows.opened(COOKIE, _use(flow)) if flow else None
    if text is None:
        return "", ""
    to, typed = json.loads(zlib.decompress(base64.b85decode(text)))
    return str(to), str(typed)


def _use(flow: Flow) -> str:
    return f"form of sign-on {flow.state}"
