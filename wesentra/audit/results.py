"""What came of each verification of the log, kept in the register; it is not changed later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Date, Engine, Float, Integer, String, func, insert, or_, select
from sqlalchemy.orm import Mapped, aliased

from wesentra import clock
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models.base import Base, UtcDateTime, db, meant_to_write, only_where_set
from wesentra.models.personal import not_personal

By = Literal["job", "hand"]


class LogVerification(Base):
    """One verification: what was walked, up to which entry, and the first fault, if any.

    `fault` is a code of `Fault`, None for a whole log; `entry`, `other` and `day` belong to it.
    `seconds` is how long it took, `made_by` whether somebody asked for it. `compared` is the number
    of the latest checkpoint kept elsewhere that it was compared with (0: none).
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
    compared: Mapped[int] = not_personal(Integer)
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
        "compared": verdict.compared,
        "fault": found.fault.value if found else None,
        "entry": found.entry if found else 0,
        "other": found.other if found else 0,
        "day": found.day if found else None,
        "made_by": made_by,
        "seconds": seconds,
    }
    with meant_to_write(), engine.begin() as connection:
        connection.execute(insert(_rows), row)


def standing(*, with_since: bool = True) -> Standing | None:
    """How the log stands; None before the first verification.

    Without `with_since` it is one reading less, and `since` stays None.

    What was found counts until the log is found whole by a verification that was able to see the
    same: against copies at least as late, and where a person found it, by a person again.
    """
    latest = db.session.scalar(select(LogVerification).order_by(LogVerification.id.desc()).limit(1))
    if latest is None:
        return None
    if (bad := _unsettled()) is not None:
        finding = Finding(Fault(bad.fault or ""), bad.entry, bad.other, bad.day)
        return _standing(latest, finding, None)
    return _standing(latest, None, _since() if with_since else None)


def _unsettled() -> LogVerification | None:
    """The latest fault that nothing later has settled; copies that lack hide no other one."""
    later = aliased(LogVerification)
    settled = (
        select(later.id)
        .where(later.id > LogVerification.id, later.fault.is_(None))
        .where(later.compared >= LogVerification.compared)
        .where(or_(LogVerification.made_by == "job", later.made_by == "hand"))
    )
    query = select(LogVerification).where(LogVerification.fault.is_not(None), ~settled.exists())
    only_copies = LogVerification.fault == Fault.COPIES.value
    return db.session.scalar(query.order_by(only_copies, LogVerification.id.desc()).limit(1))


def _since() -> datetime | None:
    """When the first of the unbroken row of good verifications was made."""
    bad = select(func.max(LogVerification.id)).where(LogVerification.fault.is_not(None))
    good = LogVerification.id > func.coalesce(bad.scalar_subquery(), 0)
    query = select(LogVerification.at).where(good)
    return db.session.scalar(query.order_by(LogVerification.id).limit(1))


def _standing(row: LogVerification, finding: Finding | None, since: datetime | None) -> Standing:
    return Standing(row.at, row.entries, row.made_by, finding, since)
