"""A sign-on under way: what the browser keeps while it is at the provider's.

It lies in a cookie that only this program can read, for ten minutes, so that an answer is taken
in the browser that asked for it, and there once.
"""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from flask import Response, after_this_request, request
from sqlalchemy.exc import IntegrityError

from wesentra import clock
from wesentra.accounts import sealing
from wesentra.accounts.sso.failing import TOO_LATE, NotSignedOn
from wesentra.models import FormToken, db
from wesentra.models.base import meant_to_write

COOKIE = "__Host-wesentra-sso"
USE = "sign-on under way"
LASTS = timedelta(minutes=10)
LONGEST_ADDRESS = 1500


@dataclass(frozen=True)
class Flow:
    """One sign-on: `back` is where the provider leads to, `onto` where one wanted to.

    `session_id` is the session whose user shows anew who they are; 0: somebody comes in.
    """

    state: str
    nonce: str
    verifier: str
    back: str
    onto: str
    began: int
    session_id: int


class Answer(NamedTuple):
    """What a browser brought back: a code, or why there is none, and who says so (RFC 9207)."""

    code: str
    error: str
    issuer: str


def begun(back: str, onto: str, session_id: int = 0) -> Flow:
    """A new one, with secrets of its own (256 bits each; the verifier as RFC 7636 wants it).

    An address that would not fit into the cookie with them is forgotten.
    """
    onto = onto if len(onto) <= LONGEST_ADDRESS else "/"
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    began = int(clock.now().timestamp())
    return Flow(state, nonce, verifier, back, onto, began, session_id)


def keep(response: Response, flow: Flow) -> Response:
    """Let the browser keep it; one that was under way before is over."""
    give(response, COOKIE, sealing.sealed(json.dumps(asdict(flow)), USE))
    return response


def give(response: Response, name: str, value: str) -> None:
    """A cookie for as long as a sign-on may take."""
    seconds = int(LASTS.total_seconds())
    said = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
    response.set_cookie(name, value, max_age=seconds, **said)  # type: ignore[arg-type]


def drop(name: str) -> None:
    """Take a cookie away with the answer that is being made."""

    @after_this_request
    def forget(response: Response) -> Response:
        response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")
        return response


def under_way() -> Flow | None:
    """The one of this browser; None when there is none, or it began too long ago."""
    text = opened(COOKIE, USE)
    flow = Flow(**json.loads(text)) if text else None
    late = flow is not None and clock.now().timestamp() - flow.began > LASTS.total_seconds()
    return None if late else flow


def opened(name: str, use: str) -> str | None:
    """What was sealed into a cookie of this browser."""
    try:
        return sealing.opened(request.cookies.get(name, ""), use)
    except ValueError:  # too short, or no base64
        return None


def taken(state: str, session_id: int = 0) -> Flow:
    """The sign-on that an answer belongs to, which is taken herewith, and that is committed: two
    answers at the same moment are one. Raises NotSignedOn for any other browser, state or use.

    What the request has not committed before is rolled back.
    """
    flow = under_way()
    drop(COOKIE)
    if flow is None:
        raise NotSignedOn("no sign-on under way", TOO_LATE)
    same = hmac.compare_digest(flow.state.encode(), state.encode(errors="replace"))
    if not same or flow.session_id != session_id:
        raise NotSignedOn("state", TOO_LATE)
    db.session.close()
    try:
        with meant_to_write():
            token = sha256(f"sso {flow.state}".encode()).hexdigest()[:40]
            db.session.add(FormToken(token=token, at=clock.now()))
            db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise NotSignedOn("taken before", TOO_LATE) from error
    finally:
        db.session.close()
    return flow
