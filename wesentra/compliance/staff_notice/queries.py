"""Who has read which version of the notice, and when the staff was heard."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from wesentra.models import NoticeAcknowledgement, StaffHearing, User, db
from wesentra.models.notice_acknowledgement import LOG_NOTICE


@dataclass(frozen=True)
class Reader:
    """A user with an open account: when they read the notice of today, and what they read last:
    its version, and for how many months it said that the log is kept."""

    name: str
    read_at: datetime | None
    version: int | None
    months: int | None


@dataclass(frozen=True)
class Hearing:
    """One hearing of the staff; `how` is a key of `forms.WAYS`."""

    held_on: date
    how: str
    noted_by: str
    noted_at: datetime


def readers(months: int) -> list[Reader]:
    """Everybody with an open account; those who have not read yet that the log is kept for so many
    `months` come first."""
    said = NoticeAcknowledgement
    rows = db.session.execute(
        select(User.id, User.full_name, said.at, said.version, said.months)
        .outerjoin(said, said.user_id == User.id)
        .where(User.disabled_at.is_(None))
        .order_by(User.full_name, User.id, said.id)
    )
    last: dict[int, Reader] = {}
    for id_, name, at, *read in rows:
        last[id_] = Reader(name, at if read == [LOG_NOTICE, months] else None, *read)
    return sorted(last.values(), key=lambda one: one.read_at is not None)


def hearings() -> list[Hearing]:
    """All hearings, the latest first."""
    rows = db.session.execute(
        select(StaffHearing, User.full_name)
        .join(User, User.id == StaffHearing.noted_by)
        .order_by(StaffHearing.held_on.desc(), StaffHearing.id.desc())
    )
    return [Hearing(one.held_on, one.how, name, one.noted_at) for one, name in rows]
