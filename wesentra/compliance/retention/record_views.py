"""The page of one contact or company: when they go, what moves the date, and what keeps them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.retention import actions, dates, facts, forms, holds, queries, rules
from wesentra.compliance.retention import words as named
from wesentra.compliance.retention.policy import moved_by
from wesentra.web.forms import Form
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

FOLDERS = {"contact": "contacts", "company": "companies"}
View = Callable[[str, int], Response]


def add_to(blueprint: Blueprint) -> None:
    """Give each kind of record its addresses, which are alike."""
    for kind, folder in FOLDERS.items():
        home = f"/{folder}/<int:{kind}_id>"
        for path, method, view in ADDRESSES:
            name = f"{view.__name__}_{kind}"
            blueprint.add_url_rule(home + path, name, _of(kind, view), methods=[method])
    blueprint.post("/holds/<int:hold_id>/lift")(lift)


def _of(kind: str, view: View) -> Callable[..., Response]:
    def own(**ids: int) -> Response:
        return view(kind, ids[f"{kind}_id"])

    return needs("retention.write")(own)


def home_of(kind: str, number: int) -> str:
    """The address of the page."""
    return f"/retention/{FOLDERS[kind]}/{number}"


def show(kind: str, number: int) -> Response:
    """When they go and why, what would move it, and what keeps them."""
    return _page(kind, number)


def count_from(kind: str, number: int) -> Response:
    """Say what the date counts from."""
    form = forms.FACTS[kind].sent()
    if not form.validate():
        return _page(kind, number, 422, facts_form=form)
    actions.count_from(queries.whom(kind, number, to_change=True), form.data)
    return done(home_of(kind, number), notice="saved")


def keep(kind: str, number: int) -> Response:
    """Keep them despite the rule."""
    form = forms.HoldForm.sent()
    if form.validate() and form.review_on.data is not None:
        with form.refusals():
            queries.whom(kind, number, to_change=True)
            user, why = g.signed_in.user.id, form.reason.data or ""
            holds.place(kind, number, form.kind.data, why, user, form.review_on.data)
            return done(home_of(kind, number), notice="hold_placed")
    return _page(kind, number, 422, hold_form=form)


def let_go(kind: str, number: int) -> Response:
    """The owner was asked, and lets them go on their day."""
    queries.whom(kind, number, to_change=True)
    holds.let_go(kind, number)
    return done("/", notice="let_go")


@needs("retention.write")
def lift(hold_id: int) -> Response:
    """End a hold: the rule decides again."""
    hold = queries.hold(hold_id)
    kind = "contact" if hold.contact_id else "company"
    number = hold.contact_id or hold.company_id or 0
    queries.whom(kind, number, to_change=True)
    holds.lift(hold)
    return done(home_of(kind, number), notice="hold_lifted")


ADDRESSES: tuple[tuple[str, str, View], ...] = (
    ("", "GET", show),
    ("/facts", "POST", count_from),
    ("/hold", "POST", keep),
    ("/let-go", "POST", let_go),
)


def _page(kind: str, number: int, status: int = 200, **sent: Form) -> Response:
    one = queries.whom(kind, number)
    shown: dict[str, Any] = {
        "facts_form": forms.FACTS[kind](obj=one),
        "hold_form": forms.HoldForm(),
        **_state(kind, number),
        **sent,
    }
    home = home_of(kind, number)
    return page(
        "retention/show.html",
        status=status,
        kind=kind,
        folder=FOLDERS[kind],
        home=home,
        one=one,
        named=named,
        **shown,
    )


def _state(kind: str, number: int) -> dict[str, Any]:
    """Counted anew from the facts, not read from the stored date."""
    known = facts.of(kind, [number])[number]
    return {
        "facts": known,
        "due": dates.dues(kind, [number])[number],
        "rules": {rule.id: rule for rule in rules.versions()},
        "moves": named.moves(moved_by(known, rules.in_force())),
        "holds": queries.holds_of(kind, number),
        "elsewhere": queries.held_elsewhere(kind, number),
        "names": ledger.user_names(),
        "today": clock.today(),
    }
