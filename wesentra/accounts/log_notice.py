"""The notice about logging, and who has read it (759/2004, sections 4 and 21)."""

from sqlalchemy import select

from wesentra import clock
from wesentra.actor import current
from wesentra.models import NoticeAcknowledgement, User, db
from wesentra.models.notice_acknowledgement import LOG_NOTICE
from wesentra.refusal import Refused
from wesentra.texts import mark


def acknowledge(user_id: int, version: int) -> None:
    """Note that somebody has read this version; a second time changes nothing.

    Raises Refused for a version that does not hold any more, or not yet.
    """
    if version != LOG_NOTICE:
        raise Refused(mark("The notice has changed meanwhile. Please read it once more."))
    # Of two clicks at once the second waits here and finds what the first has noted.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    if db.session.get(NoticeAcknowledgement, (user_id, version)) is None:
        db.session.add(NoticeAcknowledgement(user_id=user_id, version=version, at=clock.now()))
        current().deed("notice", "user", [user_id], [f"notice:{version}"])
