"""Answers when something cannot be had: one calm page, one sentence, never personal data."""

from flask import Flask, Response, g, make_response, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from wesentra.actor import current_or_none
from wesentra.models.base import db
from wesentra.refusal import Closed, Kept, NotAllowed, NotFound, OutsidePurpose, Refused
from wesentra.texts import mark
from wesentra.web.htmx import done, refusal, wants_partial
from wesentra.web.unit_of_work import SAFE, unavailable

TITLES = {
    400: mark("The form could not be read"),
    403: mark("You may not open this"),
    404: mark("There is nothing here"),
    409: mark("Somebody else was quicker"),
    413: mark("Too large"),
    422: mark("That did not work"),
    429: mark("Too many tries"),
    500: mark("Something broke"),
}
KINDS: dict[type, str] = {
    OutsidePurpose: mark("Not under this purpose"),
    Closed: mark("Processing is restricted"),
}
"""Titles of refusals that are none of the above."""
SENTENCES = {
    400: mark("The page may have been open for too long. Go back, reload it and send it again."),
    403: mark("Your roles do not include this. If you need it, ask the administrator."),
    404: mark("It may have been deleted, or the address has a mistake."),
    409: mark("Nothing was saved. Go back and look at what has changed meanwhile."),
    413: mark("What was sent is larger than Wesentra takes in."),
    500: mark("Nothing was saved. Try again; if it does not help, tell the administrator."),
}
HELD = {"contact": "contacts", "company": "companies"}
"""Where the holds of one of them are shown."""


def _page(code: int, sentence: str | None = None, no: Refused | None = None) -> Response:
    if (acting := current_or_none()) is not None:
        acting.notes.shown.clear()  # whatever was read before, this page shows nobody
    title = _(KINDS.get(type(no)) or TITLES.get(code, TITLES[422]))
    text = sentence or (_(SENTENCES[code]) if code in SENTENCES else "")
    values = {"title": title, "text": text, "outside": isinstance(no, OutsidePurpose)}
    values["closed"] = no.contact_id if isinstance(no, Closed) else None
    values["kept"] = f"/retention/{HELD[no.kind]}/{no.number}" if isinstance(no, Kept) else None
    return refusal("errors/error.html", "errors/_error.html", code, **values)


def install(app: Flask) -> None:
    """Hang the handlers on the application."""

    def http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        return _page(error.code)

    def refused(no: Refused) -> Response:
        if isinstance(no, Closed) and request.method in SAFE:
            return done(f"/restrictions/{no.contact_id}/open")
        code = 404 if isinstance(no, NotFound) else 422
        code = 403 if isinstance(no, NotAllowed) else code
        return _page(code, _(no.sentence, **no.values), no)

    def stale(_error: StaleDataError | IntegrityError) -> Response:
        db.session.rollback()
        return _page(409)

    def unreadable(_error: DataError) -> Response:
        db.session.rollback()
        return _page(400)

    def broken(_error: Exception) -> Response:
        db.session.rollback()
        g.signed_in = None
        return _page(500)

    app.jinja_env.globals["wants_partial"] = wants_partial  # for the page without a database
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(DataError, unreadable)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(IntegrityError, stale)
    app.register_error_handler(500, broken)
