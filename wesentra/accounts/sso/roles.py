"""Roles by the provider's word: given at sign-in when it comes, ended when it does not come any
more.

The provider ends only what came by its word; what people here gave stays. A privacy contact and an
administrator are made by two, also here: the provider's word is the first, somebody here says yes.
Whoever administers the provider would otherwise become, by one click of their own, somebody who
sees every customer.
"""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import actions, queries, roles
from wesentra.actor import current
from wesentra.models import RoleGrant, RoleRequest, User, db
from wesentra.models.codes import Role
from wesentra.refusal import Refused


@dataclass(frozen=True)
class Change:
    """What becomes of a user's roles: which are given, asked for, taken back and ended."""

    give: frozenset[str]
    ask: frozenset[str]
    take_back: frozenset[str]
    end: frozenset[str]


@dataclass(frozen=True)
class Held:
    """What there is: all roles, those by the provider's word, those it asked for and that wait,
    those that somebody refused it."""

    roles: frozenset[str]
    by_word: frozenset[str]
    waiting: frozenset[str]
    refused: frozenset[str]


def change(wanted: frozenset[str], held: Held) -> Change:
    """What the provider's word of today changes. Pure."""
    by_two = frozenset(role.value for role in roles.BY_TWO)
    new = wanted - held.roles
    return Change(
        give=new - by_two,
        ask=(new & by_two) - held.waiting - held.refused,
        take_back=held.waiting - wanted,
        end=held.by_word - wanted,
    )


def follow(user: User, issuer: str, wanted: frozenset[str]) -> None:
    """Let a user's roles be what the provider says, as far as its word counts."""
    why = f"OpenID Connect: {issuer}"[: roles.LONGEST]
    now = change(wanted, _held(user, issuer))
    for role in sorted(now.give):
        actions.grant(user, Role(role), why, issuer=issuer)
    for role in sorted(now.ask):
        roles.ask(user, Role(role), why, issuer)
    for request in _requests(user, issuer):
        if request.decided_at is None and request.role in now.take_back:
            request.decided_at, request.given = clock.now(), False
            current().deed("account", "user", [user.id], [f"not_granted:{request.role}"])
    for role in sorted(now.end):
        with suppress(Refused):  # the last administrator stays one
            actions.revoke(user, Role(role), why)


def _held(user: User, issuer: str) -> Held:
    grants = select(RoleGrant.role).where(RoleGrant.user_id == user.id, RoleGrant.issuer == issuer)
    requests = _requests(user, issuer)
    return Held(
        roles=frozenset(queries.roles_on(user.id)),
        by_word=frozenset(db.session.scalars(grants.where(RoleGrant.valid_to.is_(None)))),
        waiting=frozenset(one.role for one in requests if one.decided_at is None),
        refused=frozenset(one.role for one in requests if one.decided_by is not None)
        - frozenset(one.role for one in requests if one.given),
    )


def _requests(user: User, issuer: str) -> list[RoleRequest]:
    own = (RoleRequest.user_id == user.id, RoleRequest.issuer == issuer)
    return list(db.session.scalars(select(RoleRequest).where(*own).order_by(RoleRequest.id)))
