"""Closed unless opened: who is asking and whether they may, before anything personal is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from wesentra.actor import Showing, current
from wesentra.models.user import User
from wesentra.sight import EVERYTHING, Sight
from wesentra.web import csrf, interrupted, sizes
from wesentra.web.here import leading_on
from wesentra.web.htmx import done, refusal, wants_partial
from wesentra.web.permissions import role_for
from wesentra.web.unit_of_work import SAFE, begin_change
from wesentra.web.ways_in import OPEN, UNINFORMED, WITHOUT_FACTOR

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a session: the user, their roles today, the session's purpose and id.

    `informed` says whether they have read the notice about logging, in its version of today.
    `lacks_factor`: a role needs a second factor, they have none. `fresh`: they have shown lately
    who they are. `sight` is what the purpose shows; `opened` has the restricted people they opened.
    """

    user: User
    roles: tuple[str, ...]
    purpose: str
    session_id: int
    informed: bool
    lacks_factor: bool
    fresh: bool
    sight: Sight
    opened: Mapping[int, int]


@dataclass(frozen=True)
class Need:
    """What an address asks of its caller, and how it shows people."""

    permission: str
    shows: Showing
    purpose: str | None
    fresh: bool


def needs(
    permission: str, shows: str = "view", purpose: str | None = None, fresh: bool = False
) -> Callable[[F], F]:
    """Say which permission a view needs; a `purpose` that the work says overrides the session's;
    `fresh` asks first who they are: of who has not shown it for a while, or comes by a link of
    another site."""

    def declare(view: F) -> F:
        need = Need(permission, Showing(shows), purpose, fresh)
        view.need = need  # type: ignore[attr-defined]
        return view

    return declare


def install(app: Flask, who: Callable[[str], SignedIn | None]) -> None:
    """Ask of every request; `who` turns the session cookie's token into somebody, or None."""

    def ask() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint == "static":
            return None
        g.signed_in = who(token) if (token := request.cookies.get(csrf.SESSION_COOKIE)) else None
        if g.signed_in is None:
            request.max_content_length = sizes.STRANGER_BYTES
        if endpoint is None or endpoint in (name for name, _ in OPEN):
            csrf.check()
            return None
        if g.signed_in is None:
            return _to_sign_in()
        sizes.allow_files(g.signed_in.roles)
        csrf.check()
        if csrf.is_embedded():
            abort(403)
        return _admitted(endpoint)

    app.before_request(ask)
    app.after_request(csrf.give_visitor_cookie)


def _admitted(endpoint: str) -> ResponseReturnValue | None:
    """Nothing for who may go on to a view; else the page that comes before it."""
    if not g.signed_in.informed and endpoint not in UNINFORMED:
        return _first("log_notice.show", "errors/_log_notice.html")
    free = endpoint in WITHOUT_FACTOR or request.blueprint in WITHOUT_FACTOR
    if g.signed_in.lacks_factor and not free:
        return _first("second_factor.index", "errors/_second_factor.html")
    shown = g.signed_in.fresh and not csrf.is_foreign()  # another site's page asks for no file
    if _admit(current_app.view_functions[endpoint]).fresh and not shown:
        return _first("confirm.show", "errors/_confirm.html")
    return None


def _admit(view: Callable[..., Any]) -> Need:
    signed_in: SignedIn = g.signed_in
    need: Need | None = getattr(view, "need", None)
    role = role_for(need.permission, signed_in.roles) if need else None
    acting = current()
    acting.user_id = signed_in.user.id
    acting.purpose = signed_in.purpose
    acting.role = role or (signed_in.roles[0] if signed_in.roles else "none")
    if need is None or role is None:
        acting.event("denied", outcome="denied")
        abort(403)
    acting.showing = need.shows
    if need.purpose:
        acting.purpose = g.purpose_of_work = need.purpose
    acting.sight, acting.opened = _sight(need, signed_in), signed_in.opened
    begin_change()
    return need


def _sight(need: Need, signed_in: SignedIn) -> Sight:
    """What is seen: all where the work says its own purpose, else what the session's shows.

    Somebody restricted who was opened is on pages, but in no list and no file (Art. 18(2)).
    """
    if need.purpose:
        return EVERYTHING
    if signed_in.opened and need.shows is Showing.VIEW:
        return replace(signed_in.sight, opened=frozenset(signed_in.opened))
    return signed_in.sight


def _to_sign_in() -> ResponseReturnValue:
    """What was typed is not lost: to htmx it is said on the page, else the form goes along."""
    if wants_partial():
        return refusal("errors/error.html", "errors/_signed_out.html", 401)
    ours = interrupted.may_go_along() and (csrf.is_ours() or csrf.is_same_origin())
    return (ours and _carrying("accounts.sign_in")) or redirect(leading_on("/login"), 303)


def _first(endpoint: str, partial: str) -> ResponseReturnValue:
    """Another page comes first; a form that was sent goes along, or stays where htmx sent it."""
    if wants_partial() and request.method not in SAFE:
        return refusal("errors/error.html", partial, 403)
    return _carrying(endpoint) or done(leading_on(url_for(endpoint)))


def _carrying(endpoint: str) -> Response | None:
    """The page of a view, with the form of this request in it; None when no form can go along."""
    g.interrupted = interrupted.of_request()
    view: Any = current_app.view_functions[endpoint]
    return view() if g.interrupted is not None else None


def may(permission: str) -> bool:
    """Whether the one who asks holds a permission (for templates: what to offer)."""
    return bool(g.get("signed_in")) and role_for(permission, g.signed_in.roles) is not None
