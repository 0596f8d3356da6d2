"""The pages of the dashboard: figures, and the evidence that is not the log itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import ledger
from wesentra.compliance.dashboard import checks, figures, over_time, rights, unusual
from wesentra.models import codes
from wesentra.texts import mark
from wesentra.web.formats import day as written
from wesentra.web.guard import needs
from wesentra.web.htmx import page

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")

EXPORTS = 5
PEOPLE = 200
LONGEST = 30
"""Days of which people are counted: their openings stand in the entries only."""
OUTCOMES = {checks.CHECKED: mark("checked"), **codes.OUTCOMES}


@blueprint.get("/")
@needs("dashboard.read", purpose="log_review")
def index() -> Response:
    """Everything at one glance, for a period; no entry is counted for it."""
    current().event("log_read", "log", fields=["dashboard"])
    over = figures.period(request.args.get("days", 30, type=int))
    days = over.daily()
    purposes = over_time.purposes()
    held = rights.holders(rights.history(), clock.today())
    return page(
        "dashboard/index.html",
        over=over,
        figures=figures.of(days, over, purposes),
        looks=over_time.of(days, over, purposes),
        readers=unusual.readers(over),
        exports=ledger.latest_exports(over.wanted(operation="export", about="contact"), EXPORTS),
        user_names=ledger.user_names(),
        checked=checks.checked(),
        holders=len(held),
        rights_sentence=_sentence(held, clock.today()),
        **_words(),
    )


@blueprint.get("/looks")
@needs("dashboard.read", purpose="log_review")
def looks() -> Response:
    """Looks by purpose as a table: of a month it is too long for the page of figures."""
    current().event("log_read", "log", fields=["dashboard"])
    over = figures.period(request.args.get("days", 30, type=int))
    found = over_time.of(over.daily(), over, over_time.purposes())
    return page("dashboard/looks.html", over=over, looks=found)


@blueprint.get("/people")
@needs("dashboard.read", purpose="log_review")
def people() -> Response:
    """Who was opened in the last 7 or 30 days, by number, most often first."""
    current().event("log_read", "log", fields=["people"])
    over = figures.period(min(request.args.get("days", 30, type=int), LONGEST))
    opened = figures.people_opened(over)
    rows = list(opened.items())[:PEOPLE]
    return page("dashboard/people.html", over=over, rows=rows, whole=len(opened))


@blueprint.get("/checks")
@needs("dashboard.read", shows="list", purpose="log_review")
def checked() -> Response:
    """The checks behind the figures, with people as numbers."""
    outcome = _known(OUTCOMES, request.args.get("outcome", ""))
    reason = _known(codes.SKIP_REASONS, request.args.get("reason", ""))
    found = checks.evidence(outcome, reason, request.args.get("before", type=int))
    return page("dashboard/checks.html", found=found, outcome=outcome, reason=reason, **_words())


@blueprint.get("/rights")
@needs("dashboard.read", purpose="log_review")
def right_to_process() -> Response:
    """Who had the right to process on a day, and the whole history."""
    on = _day(request.args.get("on", ""))
    history = rights.history()
    held = rights.holders(history, on)
    return page(
        "dashboard/rights.html", on=on, held=held, history=history, sentence=_sentence(held, on)
    )


def _known(words: Mapping[str, str], key: str) -> str:
    return key if key in words else ""


def _day(text: str) -> date:
    try:
        return max(min(date.fromisoformat(text), clock.today()), date(2000, 1, 1))
    except ValueError:
        return clock.today()


def _sentence(held: list[rights.Grant], on: date) -> str:
    """The sentence of the report: `… oli 12.2.2018 viidellä henkilökunnan jäsenellä.`"""
    if not held:
        return str(_(rights.NOBODY, day=written(on)))
    few = len(held) <= len(rights.STAFF)
    whom = _(rights.STAFF[len(held) - 1]) if few else _(rights.MORE_STAFF, count=len(held))
    return str(_(rights.SENTENCE, day=written(on), holders=whom))


def _words() -> dict[str, Any]:
    """What the codes of checks are called."""
    return {
        "outcome_names": {key: _(text) for key, text in OUTCOMES.items()},
        "reason_names": {key: _(text) for key, text in codes.SKIP_REASONS.items()},
    }
