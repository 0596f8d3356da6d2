"""Sessions on the server: opened by a password, found by a token, closed by time or by hand."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Select, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from wesentra import clock
from wesentra.accounts import authenticators, browsers, freshness, log_notice, queries
from wesentra.accounts.session_tokens import hashed, new
from wesentra.actor import current
from wesentra.models import (
    NoticeAcknowledgement,
    Opening,
    RequiredFactor,
    Restriction,
    RoleGrant,
    User,
    UserSession,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import UtcDateTime
from wesentra.models.purpose import Purpose
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.sight import sight_of
from wesentra.texts import mark
from wesentra.web.guard import SignedIn
from wesentra.web.unit_of_work import at_commit

OPEN_FOR = timedelta(minutes=30)
"""How long somebody whose processing is restricted stays open to who said why."""
FIRST_PURPOSE = "customer_service"
SEEN_EVERY = timedelta(minutes=5)
"""How often a session in use is noted, at most; but four times before it would count as idle."""


def begin(user: User, *, secured_elsewhere: bool = False) -> str:
    """Open a session and return its token, which is stored nowhere but in the cookie.

    Sessions of anybody that are over go with it. `secured_elsewhere`: the sign-in service asked for
    a second factor, and that counts here.
    """
    token = new()
    now = clock.now()
    over = UserSession.created_at < now - _longest()
    db.session.execute(delete(UserSession).where(over).execution_options(synchronize_session=False))
    db.session.add(
        UserSession(
            token_hash=hashed(token),
            user_id=user.id,
            purpose=FIRST_PURPOSE,
            created_at=now,
            seen_at=now,
            browser=browsers.here(),
            source=current().source[:60],
            fresh_at=now,
            secured_elsewhere=secured_elsewhere,
        )
    )
    return token


def who(token: str) -> SignedIn | None:
    """Whose session a token belongs to; None when it is unknown, closed or too old."""
    now = clock.now()
    found = db.session.execute(_with_roles(), {"token_hash": hashed(token), "moment": now}).all()
    if not found:
        return None
    user, session = found[0].User, found[0]
    unseen, idle = now - session.seen_at, timedelta(minutes=_settings().session_idle_minutes)
    if user.disabled_at is not None or unseen > idle or now - session.created_at > _longest():
        return None
    if unseen > min(SEEN_EVERY, idle / 4):
        at_commit(lambda: _seen(session.id))
    roles = dict.fromkeys(row.role for row in found if row.role)
    return SignedIn(
        user,
        tuple(roles),
        session.purpose,
        session.id,
        informed=(session.version, session.months) == log_notice.of_today(),
        lacks_factor=not session.secured and any(row.required for row in found),
        fresh=freshness.is_fresh(session.fresh_at),
        sight=sight_of(session.purpose, session.groups, session.categories),
        opened=_opened(user.id, session.opened_at, now),
    )


def _opened(user_id: int, last: datetime | None, now: datetime) -> dict[int, int]:
    """The restricted people whom a user has open, each with the number of the newest opening.

    It ends with its restriction; one that is placed later has to be opened anew.
    """
    if last is None or last <= now - OPEN_FOR:
        return {}
    standing = and_(
        Restriction.contact_id == Opening.contact_id,
        Restriction.lifted_at.is_(None),
        Restriction.since <= Opening.at,
    )
    query = select(Opening.contact_id, Opening.id).join(Restriction, standing)
    query = query.where(Opening.user_id == user_id, Opening.at > now - OPEN_FOR)
    query = query.order_by(Opening.id)
    return dict(db.session.execute(query, execution_options=seen_by_program("opening")).all())


class Limits(NamedTuple):
    """How long a session lasts unused, and at all."""

    idle_minutes: int
    hours: int


def limits() -> Limits:
    """The limits of this installation."""
    return Limits(_settings().session_idle_minutes, _settings().session_hours)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["wesentra_settings"]
    return settings


def _longest() -> timedelta:
    return timedelta(hours=_settings().session_hours)


@cache
def _with_roles() -> Select[*tuple[Any, ...]]:
    """A session and its user, a row for each role that is valid at the moment (and whether it needs
    a second factor), and the notice about logging that they have read last.

    One question, put together once: every request asks it.
    """
    session = (UserSession.id, UserSession.purpose, UserSession.created_at, UserSession.seen_at)
    sight = (UserSession.opened_at, Purpose.groups, Purpose.categories)
    has_one = or_(authenticators.counts_for(User.id), UserSession.secured_elsewhere.is_(True))
    factor = (UserSession.fresh_at, has_one.label("secured"), RequiredFactor.role.label("required"))
    held = and_(
        RoleGrant.user_id == User.id, *queries.valid(bindparam("moment", type_=UtcDateTime))
    )
    said, any_ = NoticeAcknowledgement, aliased(NoticeAcknowledgement)
    last = select(func.max(any_.id)).where(any_.user_id == User.id).scalar_subquery()
    return (
        select(User, *session, *sight, *factor, RoleGrant.role, said.version, said.months)
        .join(UserSession, UserSession.user_id == User.id)
        .join(Purpose, Purpose.key == UserSession.purpose)
        .outerjoin(RoleGrant, held)
        .outerjoin(RequiredFactor, RequiredFactor.role == RoleGrant.role)
        .outerjoin(said, said.id == last)
        .where(UserSession.token_hash == bindparam("token_hash"))
        .order_by(RoleGrant.id)
    )


def _seen(session_id: int) -> None:
    statement = update(UserSession).where(UserSession.id == session_id)
    db.session.execute(
        statement.values(seen_at=clock.now()).execution_options(synchronize_session=False)
    )


def end(session_id: int) -> None:
    """Close one session."""
    session = db.session.get(UserSession, session_id)
    if session is not None:
        db.session.delete(session)


def end_of(token: str) -> int | None:
    """Close the session that a cookie's token belongs to, also one that has grown too old.

    Whose it was; None when it is not known (any more).
    """
    own = UserSession.token_hash == hashed(token)
    user_id = db.session.scalar(select(UserSession.user_id).where(own))
    ending = delete(UserSession).where(own)
    db.session.execute(ending.execution_options(synchronize_session=False))
    return user_id


def work_for(session_id: int, key: str) -> None:
    """From now on this session's looks are for the purpose `key`; refuses unknown ones."""
    purpose = db.session.get(Purpose, key)
    session = db.session.get(UserSession, session_id)
    if purpose is None or not purpose.by_hand or session is None:
        raise Refused(mark("There is no such purpose."), field="purpose")
    session.purpose = key
