"""The notice about logging, and who has read it (759/2004, sections 4 and 21)."""

from typing import NamedTuple

from flask import current_app
from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import actions
from wesentra.actor import current
from wesentra.models import NoticeAcknowledgement, db
from wesentra.models.notice_acknowledgement import LOG_NOTICE
from wesentra.refusal import Refused
from wesentra.texts import mark


class Notice(NamedTuple):
    """What the notice says: the version of its text, and how many months the log is kept."""

    version: int
    months: int


def of_today() -> Notice:
    """The notice that holds; how long the log is kept is a setting."""
    return Notice(LOG_NOTICE, current_app.extensions["wesentra_settings"].log_months)


def acknowledge(user_id: int, notice: Notice) -> None:
    """Note that somebody has read this notice; a second time changes nothing.

    Raises Refused for one that does not hold any more, or not yet.
    """
    if notice != of_today():
        raise Refused(mark("The notice has changed meanwhile. Please read it once more."))
    actions.one_at_a_time(user_id)
    if _last(user_id) != notice:
        version, months = notice
        said = {"user_id": user_id, "version": version, "months": months, "at": clock.now()}
        db.session.add(NoticeAcknowledgement(**said))
        current().deed("notice", "user", [user_id], [f"notice:{version}", f"months:{months}"])


def _last(user_id: int) -> Notice | None:
    said = NoticeAcknowledgement
    query = select(said.version, said.months).where(said.user_id == user_id)
    found = db.session.execute(query.order_by(said.id.desc()).limit(1)).one_or_none()
    return Notice(*found) if found else None
