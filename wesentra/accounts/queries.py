"""Questions about accounts, roles and rights."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from wesentra import clock
from wesentra.models import RoleGrant, User, db
from wesentra.models.codes import Role
from wesentra.refusal import NotFound
from wesentra.texts import mark


def by_name(name: str) -> User | None:
    """The account with this sign-in name, in any case of letters."""
    return db.session.scalar(select(User).where(User.name == name.strip().lower()))


def by_id(user_id: int) -> User | None:
    """The account with this id."""
    return db.session.get(User, user_id)


def get(user_id: int) -> User:
    """The account with this number. Raises NotFound."""
    user = by_id(user_id)
    if user is None:
        raise NotFound(mark("There is no such account."))
    return user


def everybody() -> Sequence[User]:
    """All accounts by name, closed ones too."""
    return db.session.scalars(select(User).order_by(User.name)).all()


def roles_on(user_id: int, moment: datetime | None = None) -> tuple[str, ...]:
    """The roles that a user holds at a moment (now by default), those that see people first."""
    at = moment or clock.now()
    held = set(
        db.session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user_id, *valid(at)))
    )
    return tuple(role.value for role in Role if role.value in held)


def holders_on(roles: Sequence[str] | frozenset[str], moment: datetime) -> int:
    """How many users held one of `roles` at a moment."""
    count: int | None = db.session.scalar(
        select(func.count(RoleGrant.user_id.distinct())).where(
            RoleGrant.role.in_(sorted(roles)), *valid(moment)
        )
    )
    return int(count or 0)


def grants() -> dict[int, list[RoleGrant]]:
    """Every role that was ever given, by user, the oldest first."""
    found: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in db.session.scalars(select(RoleGrant).order_by(RoleGrant.id)):
        found[grant.user_id].append(grant)
    return found


def roles_today() -> dict[int, list[str]]:
    """The roles that each user holds now."""
    held: dict[int, list[str]] = defaultdict(list)
    held_now = select(RoleGrant).where(*valid(clock.now())).order_by(RoleGrant.id)
    for grant in db.session.scalars(held_now):
        held[grant.user_id].append(grant.role)
    return held


def valid(at: datetime | ColumnElement[datetime]) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a role that is held at a moment."""
    return (
        RoleGrant.valid_from <= at,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > at),
    )
