"""To the provider and back: the two steps that coming in and showing anew who one is have alike."""

import logging
from typing import Any

from flask import Response, make_response, redirect, request

from wesentra.accounts.coming_in import own_path
from wesentra.accounts.sso import carried, setup
from wesentra.accounts.sso import flow as flows
from wesentra.accounts.sso.claims import Identity
from wesentra.accounts.sso.failing import NotSignedOn
from wesentra.accounts.sso.flow import Answer, Flow
from wesentra.models import db
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import interrupted
from wesentra.web.htmx import page
from wesentra.web.unit_of_work import reading_first

BACK = "login/sso/back"
"""Where the provider leads back to: the one address that it has to know, on each host."""
TOO_LONG = mark(
    "What you typed before is too long to go along to the sign-in service. Sign in with your "
    "password, or copy it first."
)
LONGEST_WORD = 4096
log = logging.getLogger(__name__)


def there(session_id: int = 0) -> Response:
    """Lead the browser to the provider; where one wanted to go is kept. Raises NotSignedOn."""
    flow = _begun(request.args.get("next", "/"), session_id)
    return flows.keep(make_response(redirect(_address(flow), 303)), flow)


def there_with_form(session_id: int = 0) -> Response:
    """A page that leads there, while a form that was interrupted waits in the browser.

    A link, since a policy for forms holds for wherever a form is led to. Raises NotSignedOn, and
    Refused for a form that is too long.
    """
    flow = _begun(request.form.get("next", "/"), session_id)
    form = interrupted.of_sign_in()
    value = carried.packed(form, flow) if form else ""
    if value is None:
        raise Refused(TOO_LONG)
    response = page("sso/go.html", address=_address(flow), again=bool(session_id))
    if value:
        carried.keep(response, value)
    return flows.keep(response, flow)


def came_with() -> dict[str, Any]:
    """For the page that one comes back to: what the provider says, to be sent by a form of ours.

    What is only looked at changes nothing, and the form shows that it stood in this browser.
    """
    flow = flows.under_way()
    to, typed = carried.of(flow)
    said = {name: request.args.get(name, "")[:LONGEST_WORD] for name in ("code", "state", "iss")}
    kept = {"next": flow.onto if flow else "", "to": to, "typed": typed}
    return {
        "fields": {**said, "error": request.args.get("error", "")[:60], **kept},
        "again": bool(flow and flow.session_id),
    }


def identity(session_id: int = 0) -> Identity:
    """Who has come back. Raises NotSignedOn; its reason is told to the server's log.

    The provider is asked, which takes long: nobody waits for the write lock meanwhile.
    """
    from_form = request.form.get
    flows.drop(carried.COOKIE)
    flow = flows.taken(from_form("state", ""), session_id)
    provider = setup.provider()
    answer = Answer(from_form("code", ""), from_form("error", ""), from_form("iss", ""))
    with reading_first():
        return provider.identity(flow, answer)


def told(no: NotSignedOn) -> None:
    """Tell the administrator, in the server's log, why somebody did not come in."""
    log.warning("single sign-on: %s", no.reason)


def _begun(onto: str, session_id: int) -> Flow:
    return flows.begun(f"https://{request.host}/{BACK}", own_path(onto), session_id)


def _address(flow: Flow) -> str:
    """Where the provider asks who one is; no transaction waits for it."""
    provider = setup.provider()
    db.session.close()
    return provider.address(flow)
