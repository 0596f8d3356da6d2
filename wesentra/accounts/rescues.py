"""A colleague who cannot come in: one person opens one way for them, and never both.

Who gives somebody a link for a password and takes their second factor away comes in as them. Of a
privacy contact or an administrator that would go past the two people who give these roles.
"""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from wesentra import clock
from wesentra.accounts import actions, queries
from wesentra.accounts.roles import BY_TWO
from wesentra.actor import current
from wesentra.models import Rescue, User, db
from wesentra.refusal import Refused
from wesentra.texts import mark

APART = timedelta(days=30)
"""For so long whoever opened one way does not open the other: its user is back by then."""


class Way(StrEnum):
    """What an account is opened by."""

    LINK = "link"
    FACTOR = "factor"


def demand(user: User, way: Way) -> None:
    """Refuse to whoever has opened the other way into an account in charge.

    The command line, without `--as`, is whoever runs the machine, and has the register anyway.
    """
    actions.one_at_a_time(user.id)
    opener = current().user_id
    if opener is None or not {role.value for role in BY_TWO} & set(queries.roles_on(user.id)):
        return
    lately = (Rescue.user_id == user.id, Rescue.opened_at > clock.now() - APART)
    other = (Rescue.opened_by == opener, Rescue.way != way)
    if db.session.scalar(select(Rescue.id).where(*lately, *other).limit(1)) is not None:
        raise Refused(
            mark(
                "You opened the other way into this account within %(days)s days: nobody gives a "
                "password and takes the second factor away. Another administrator does this, or "
                "whoever runs the server (wesentra user)."
            ),
            days=APART.days,
        )


def note(user: User, way: Way) -> None:
    """Remember who opened which way, and forget what is longer ago."""
    db.session.execute(delete(Rescue).where(Rescue.opened_at < clock.now() - APART))
    opener = current().user_id
    if opener is not None:
        row = Rescue(user_id=user.id, way=way, opened_by=opener, opened_at=clock.now())
        db.session.add(row)
