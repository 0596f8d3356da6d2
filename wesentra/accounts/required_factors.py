"""The roles that nobody uses without a second factor: the administrator says which."""

from collections.abc import Iterable

from sqlalchemy import select

from wesentra import clock
from wesentra.actor import current
from wesentra.models import RequiredFactor, db
from wesentra.models.codes import Role


def roles() -> list[str]:
    """The roles that need a second factor, in the order of roles."""
    held = set(db.session.scalars(select(RequiredFactor.role)))
    return [role.value for role in Role if role.value in held]


def demand_of(wanted: Iterable[str]) -> None:
    """From now on exactly these roles need one. Who holds one of them and has no second factor is
    led to set it up at their next click."""
    before, now = set(roles()), set(wanted)
    for role in sorted(now - before):
        db.session.add(RequiredFactor(role=Role(role), since=clock.now()))
        current().deed("account", "user", [], [f"required:{role}"])
    for role in sorted(before - now):
        db.session.delete(db.session.get_one(RequiredFactor, role))
        current().deed("account", "user", [], [f"not_required:{role}"])
