"""What a page says after something was done: keys travel in a cookie, texts stay here."""

from datetime import timedelta
from typing import NamedTuple

from flask import Response, current_app, g, request
from flask_babel import gettext as _

from wesentra import clock
from wesentra.texts import mark
from wesentra.web.formats import day
from wesentra.web.htmx import NOTICE_COOKIE, wants_partial

DEPARTED = "departed"
"""Who was deleted waits, and can be brought back."""
NOTICES = {
    "saved": mark("Saved."),
    "created": mark("Created."),
    "created_objecting": mark(
        "Created. Somebody with this address objected to marketing and was erased: the objection "
        "was noted again."
    ),
    "deleted": mark("Deleted."),
    "erased": mark("Erased. What stays is a number without a name."),
    "session_ended": mark("You are signed out there."),
    "sessions_ended": mark("You are signed out everywhere else."),
    "password_chosen": mark("The password was saved. Sign in with it."),
    "role_asked": mark("The role was asked for. A second person has to confirm it."),
    "signed_out": mark("You have signed out."),
    "purpose_changed": mark("The purpose was changed."),
    "interaction_saved": mark("The contact was saved with its checks."),
    "task_done": mark("Marked as done."),
    "objection_noted": mark("The objection was noted. Nobody sees this person under marketing."),
    "restricted": mark("The processing is restricted."),
    "lifted": mark("The restriction has ended."),
    "import_undone": mark("The import was undone."),
    "disclosed": mark("The disclosure was noted."),
    "recipient_told": mark("It was noted for this recipient."),
    "hold_placed": mark("The hold was placed."),
    "hold_lifted": mark("The hold was lifted."),
    "breach_closed": mark("The breach was closed."),
    "review_drawn": mark("The review was drawn."),
    "answered": mark("Thank you. Your answer was saved."),
    "second_factor_removed": mark("The second factor was removed."),
    "let_go": mark("They go on their date. Until then nothing else happens."),
    "acknowledged": mark("Thank you. The red line goes; that it happened stays in the log."),
    "fields_removed": mark("Removed from everybody in the group who did not need it."),
    "field_removed": mark("The field was removed."),
    "fields_going": mark("The removal has begun and goes on by itself."),
    DEPARTED: mark("Deleted. It can be brought back until %(day)s."),
    "returned": mark("Brought back, with everything as it was."),
    "import_started": mark("The import has started."),
}


class Notice(NamedTuple):
    """What was done, and where it can be taken back if it can."""

    text: str
    url: str


def notices() -> list[Notice]:
    """What to say on this page, once."""
    key = request.cookies.get(NOTICE_COOKIE, "")
    if key not in NOTICES or wants_partial():
        return []
    g.notice_shown = True
    if key != DEPARTED:
        return [Notice(_(NOTICES[key]), "")]
    days = timedelta(days=current_app.extensions["wesentra_settings"].waiting_days)
    return [Notice(_(NOTICES[key], day=day(clock.today() + days)), "/erasures/waiting")]


def forget(response: Response) -> Response:
    """Drop the cookie after its notice was shown."""
    if g.get("notice_shown") and response.status_code == 200:
        response.delete_cookie(NOTICE_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response
