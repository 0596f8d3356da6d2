"""Who had the right to process people's data on a day (*käsittelyoikeus*), and the whole history.

The seed of the report: "The right to process was held by five members of staff on 12.2.2018."
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from wesentra import clock
from wesentra.models import RoleGrant, User, db
from wesentra.texts import mark
from wesentra.web.permissions import processing_roles

# Translators: these stand in the sentence below; in Finnish in the adessive: "yhdellä henkilökunnan
# jäsenellä". Ten and fewer are written as words.
STAFF = (
    mark("one member of staff"),
    mark("two members of staff"),
    mark("three members of staff"),
    mark("four members of staff"),
    mark("five members of staff"),
    mark("six members of staff"),
    mark("seven members of staff"),
    mark("eight members of staff"),
    mark("nine members of staff"),
    mark("ten members of staff"),
)
MORE_STAFF = mark("%(count)s members of staff")
NOBODY = mark("On %(day)s nobody had the right to process the customers’ personal data.")
SENTENCE = mark(
    "The right to process the customers’ personal data was held on %(day)s by %(holders)s."
)


@dataclass(frozen=True)
class Grant:
    """One role of one user from a moment to a moment; `until` is None while it lasts."""

    user: int
    name: str
    role: str
    since: datetime
    until: datetime | None
    granted_by: str


def history() -> list[Grant]:
    """Every grant of a role that includes the right, the newest first."""
    names = dict(db.session.execute(select(User.id, User.full_name)).all())
    grants: Sequence[RoleGrant] = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.role.in_(sorted(processing_roles())))
        .order_by(RoleGrant.valid_from.desc(), RoleGrant.id.desc())
    ).all()
    return [
        Grant(
            user=grant.user_id,
            name=names.get(grant.user_id, ""),
            role=grant.role,
            since=grant.valid_from,
            until=grant.valid_to,
            granted_by=names.get(grant.granted_by or 0, ""),
        )
        for grant in grants
    ]


def holders(grants: Sequence[Grant], day: date) -> list[Grant]:
    """Who held the right at the end of a day, or holds it now: one grant for each user."""
    at = min(datetime.combine(day + timedelta(days=1), time.min, clock.HELSINKI), clock.now())
    found: dict[int, Grant] = {}
    for grant in reversed(grants):
        if grant.since <= at and (grant.until is None or grant.until > at):
            found.setdefault(grant.user, grant)
    return sorted(found.values(), key=lambda grant: (grant.name, grant.user))
