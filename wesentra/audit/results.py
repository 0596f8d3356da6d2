"""What came of each verification of the log, kept in the register; it is not changed later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Date, Engine, Float, Integer, String, func, insert, or_, select
from sqlalchemy.orm import Mapped

from wesentra import clock
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models.base import Base, UtcDateTime, db, only_where_set, writing
from wesentra.models.personal import not_personal

By = Literal["job", "hand"]


class LogVerification(Base):
    """One verification: what was walked, up to which entry, and the first fault, if any.

    `fault` is a code of `Fault`, None for a whole log; `entry`, `other` and `day` belong to it.
    `seconds` is how long it took, `made_by` whether somebody asked for it.
    """

    __tablename__ = "log_verification"
    __table_args__ = (
        only_where_set("ix_log_verification_fault", "fault"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    at: Mapped[datetime] = not_personal(UtcDateTime)
    entries: Mapped[int] = not_personal(Integer)
    checkpoints: Mapped[int] = not_personal(Integer)
    last: Mapped[int] = not_personal(Integer)
    fault: Mapped[str | None] = not_personal(String(20))
    entry: Mapped[int] = not_personal(Integer)
    other: Mapped[int] = not_personal(Integer)
    day: Mapped[date | None] = not_personal(Date)
    made_by: Mapped[str] = not_personal(String(4))
    seconds: Mapped[float] = not_personal(Float)


@dataclass(frozen=True)
class Standing:
    """How the log stands by its verifications.

    `at` is the latest one, `finding` what is wrong as far as anybody knows (None: nothing);
    `since` is the first of the unbroken row of good ones, None while something is wrong.
    """

    at: datetime
    entries: int
    made_by: str
    finding: Finding | None
    since: datetime | None


_rows = Base.metadata.tables[LogVerification.__tablename__]


def keep(engine: Engine, verdict: Verdict, made_by: By, seconds: float) -> None:
    """Store a verdict, in a transaction of its own: also one that ends in a refusal stays."""
    found = verdict.finding
    row = {
        "at": clock.now(),
        "entries": verdict.entries,
        "checkpoints": verdict.checkpoints,
        "last": verdict.last,
        "fault": found.fault.value if found else None,
        "entry": found.entry if found else 0,
        "other": found.other if found else 0,
        "day": found.day if found else None,
        "made_by": made_by,
        "seconds": seconds,
    }
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            connection.execute(insert(_rows), row)
    finally:
        writing.reset(token)


def standing(*, with_since: bool = True) -> Standing | None:
    """How the log stands; None before the first verification.

    Without `with_since` it is one indexed reading, and `since` stays None.

    What a person has found, perhaps against copies that only they have, counts until a person
    finds the log whole; what the daily job has found, until anybody does.
    """
    latest, bad = _latest_two()
    if latest is None:
        return None
    if bad is not None and not _settled(bad, latest):
        finding = Finding(Fault(bad.fault or ""), bad.entry, bad.other, bad.day)
        return _standing(latest, finding, None)
    if not with_since:
        return _standing(latest, None, None)
    query = select(LogVerification.at).where(LogVerification.id > (bad.id if bad else 0))
    since = db.session.scalar(query.order_by(LogVerification.id).limit(1))
    return _standing(latest, None, since)


def _latest_two() -> tuple[LogVerification | None, LogVerification | None]:
    """The latest verification and the latest that found a fault, in one indexed reading."""
    latest = select(func.max(LogVerification.id)).scalar_subquery()
    faulty = select(func.max(LogVerification.id)).where(LogVerification.fault.is_not(None))
    rows = db.session.scalars(
        select(LogVerification)
        .where(or_(LogVerification.id == latest, LogVerification.id == faulty.scalar_subquery()))
        .order_by(LogVerification.id.desc())
    ).all()
    return next(iter(rows), None), next((row for row in rows if row.fault is not None), None)


def _settled(bad: LogVerification, latest: LogVerification) -> bool:
    """Whether a later verification found the log whole that was able to see the same."""
    if bad.id == latest.id:
        return False
    if bad.made_by == "job":
        return True
    by_hand = select(func.count(LogVerification.id)).where(
        LogVerification.id > bad.id, LogVerification.made_by == "hand"
    )
    return bool(db.session.scalar(by_hand))


def _standing(row: LogVerification, finding: Finding | None, since: datetime | None) -> Standing:
    return Standing(row.at, row.entries, row.made_by, finding, since)
