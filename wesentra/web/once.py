"""Forms that make a record make one, however often they are sent (a double click, a reload)."""

import uuid
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField
from wtforms.validators import Length

from wesentra import clock
from wesentra.models import FormToken, db
from wesentra.web.forms import Form

REMEMBERED = timedelta(days=1)


def _new() -> str:
    return uuid.uuid4().hex


class OnceForm(Form):
    """A form with a hidden token of its own; one that comes without any is always the first."""

    token = HiddenField(validators=[Length(max=32)], default=_new)
    """Shorter than the tickets and challenges of the sign-in, which stand in the same table: no
    form puts one of those there."""

    def sent_before(self) -> str | None:
        """Where the first sending led; None when this is the first, which is remembered from now.

        It is remembered with the record or not at all: what is refused may be sent again. Who
        sends at the same moment waits here until the other is done.
        """
        token = self.token.data or _new()
        db.session.execute(delete(FormToken).where(FormToken.at < clock.now() - REMEMBERED))
        try:
            with db.session.begin_nested():
                db.session.add(FormToken(token=token, at=clock.now()))
        except IntegrityError:
            return db.session.get_one(FormToken, token).led_to
        self.token.data = token
        return None

    def leads_to(self, path: str) -> str:
        """Remember the page of what was made, for a second sending; returns it."""
        db.session.get_one(FormToken, self.token.data).led_to = path
        return path
