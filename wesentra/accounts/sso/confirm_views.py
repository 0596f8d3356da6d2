"""Who one is, once more, by the company's sign-in service: it has to ask anew."""

from collections.abc import Callable

from flask import Blueprint, Response, g

from wesentra.accounts import confirm_views, freshness
from wesentra.accounts.sso import going, people, setup
from wesentra.accounts.sso.failing import ANOTHER_PERSON, NotSignedOn
from wesentra.actor import current
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.web.guard import needs

blueprint = Blueprint("sso_confirm", __name__, url_prefix="/account/confirm/sso")


@blueprint.get("/")
@needs("account.own")
def begin() -> Response:
    """Lead to the provider."""
    setup.provider()
    return _going(going.there)


@blueprint.post("/")
@needs("account.own")
def begin_with_form() -> Response:
    """The way there for who has typed something that goes along."""
    setup.provider()
    return _going(going.there_with_form)


@blueprint.post("/back")
@needs("account.own")
def came_back() -> Response:
    """Look at what the provider says, and go on with what was wanted."""
    setup.provider()
    own = g.signed_in
    try:
        found = going.identity(own.session_id)
        db.session.rollback()
        writing.set(True)
        if not people.is_of(own.user.id, found):
            raise NotSignedOn("another user", ANOTHER_PERSON)
    except NotSignedOn as no:
        return _failed(no)
    freshness.renew(own.session_id, own.user.id)
    return confirm_views.go_on()


def _failed(no: NotSignedOn) -> Response:
    going.told(no)
    db.session.rollback()
    writing.set(True)
    current().event("sign_in_failed", "user", [g.signed_in.user.id], ["sso"], outcome="denied")
    return confirm_views.refused_page(no)


def _going(lead: Callable[[int], Response]) -> Response:
    try:
        return lead(g.signed_in.session_id)
    except Refused as no:
        if isinstance(no, NotSignedOn):
            going.told(no)
        return confirm_views.refused_page(no)
