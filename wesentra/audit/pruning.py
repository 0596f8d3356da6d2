"""Old entries go: first an anchor is signed, then they are removed in small portions.

What is cut short between the two is made up for at the next time; until then nobody reads what
has an anchor after it. Nothing goes of a log with which something is wrong: it would be gone as
evidence, and what was forged would be signed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import anchor, evidence, forgetting, holds, keys, recount, results, stored
from wesentra.audit.anchor import Anchor, Days
from wesentra.audit.day import finnish
from wesentra.audit.due import Due, Segment, due
from wesentra.audit.entry import LogCheckpoint, LogEntry, LogHead, Operation
from wesentra.audit.life import LogAnchor
from wesentra.audit.redactions import ABOUT
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding
from wesentra.deadlines import months_after
from wesentra.models.base import Base, db, meant_to_write

_tables = Base.metadata.tables
_anchors = _tables[LogAnchor.__tablename__]
_entries = _tables[LogEntry.__tablename__]
_checkpoints = _tables[LogCheckpoint.__tablename__]

GROUP = 50
"""Segments that get one anchor together at the most."""


@dataclass(frozen=True)
class Pruned:
    """What went, or would: the entries `first` to `last` (`last` 0: none).

    `hold` is the one that keeps entries that are old enough, if one does.
    """

    first: int = 0
    last: int = 0
    hold: int | None = None


@dataclass(frozen=True)
class Plan:
    """What is due, and on which anchors and holds that rests."""

    anchors: list[Anchor]
    holds: Sequence[Any]
    due: Due

    @property
    def before(self) -> int:
        """The last entry that is gone already."""
        return self.anchors[-1].last if self.anchors else 0


def prune(folder: Path, months: int, *, only_look: bool = False) -> Pruned:
    """Let the entries go that are older than `months` and that no hold keeps; whole segments only.

    For whoever acts, inside the application, with nothing in the session that is not committed;
    commits. `folder` is the instance's, where the log's key lies. With `only_look` nothing goes.
    Raises Refused that names what is wrong with the log.
    """
    if not only_look:
        _sure(folder)
    found = plan = _planned(months, None if only_look else GROUP)
    while not only_look and plan.due.last and _anchor(folder, plan):
        plan = _planned(months, GROUP)
    if not only_look:
        forgetting.forget(db.engine)
    last = plan.due.last if only_look else plan.before
    if last == found.before:
        return Pruned(hold=plan.due.hold)
    return Pruned(found.before + 1, last, plan.due.hold)


def _sure(folder: Path) -> None:
    """Also what was found before, perhaps against copies, counts as long as it stands."""
    standing = results.standing(with_since=False)
    db.session.rollback()
    finding = standing.finding if standing else None
    finding = finding or evidence.of_register(db.engine, folder).finding
    if finding is not None:
        raise evidence.refusal(finding)


# --- decide -------------------------------------------------------------------------------


def _planned(months: int, most: int | None) -> Plan:
    """What is due of the first `most` segments."""
    limit = months_after(clock.now(), -months)
    with db.engine.connect() as connection:
        anchors, held = stored.anchors(connection), holds.active(connection)
        last = anchors[-1].last if anchors else 0
        decided = due(islice(_segments(connection, last), most), limit, held)
        return Plan(anchors, held, decided)


def _segments(connection: Connection, last: int) -> Iterator[Segment]:
    """The segments after entry `last`, oldest first, each read when it is asked for."""
    spans = select(func.min(_entries.c.at), func.max(_entries.c.at))
    ends = select(_checkpoints.c.last, _checkpoints.c.at).where(_checkpoints.c.last > last)
    for end, signed in connection.execute(ends.order_by(_checkpoints.c.last)).all():
        within = spans.where(_entries.c.id > last, _entries.c.id <= end)
        earliest, latest = connection.execute(within).one()
        if earliest is None:
            return  # entries lack: that is for the verification to say
        yield Segment(end, earliest, max(latest, signed))
        last = end


# --- anchor -------------------------------------------------------------------------------


def _anchor(folder: Path, plan: Plan) -> bool:
    """Sign and commit the anchor with the entry that tells of it.

    False when the plan holds no more: somebody else was at it, or a hold came between. Whoever
    places a hold waits for the head of the chain as well, since an entry tells of it.
    """
    key, before = keys.signing_key(folder), plan.anchors[-1] if plan.anchors else None
    with stored.snapshot(db.engine) as connection:
        days = _days(connection, plan)
        here = select(_checkpoints).where(_checkpoints.c.last == plan.due.last)
        checkpoint = Checkpoint(**connection.execute(here).one()._mapping)
    with meant_to_write():
        connection = db.session.connection()
        connection.execute(select(LogHead.last).with_for_update())
        if stored.anchors(connection) != plan.anchors or holds.active(connection) != plan.holds:
            db.session.rollback()
            return False
        made = anchor.sign(key, before, checkpoint, days, clock.now())
        connection.execute(insert(_anchors), vars(made))
        current().deed(Operation.LOG_PRUNE, ABOUT, [plan.before + 1, made.last], [])
        db.session.commit()
    return True


def _days(connection: Connection, plan: Plan) -> Days:
    """Which days go wholly with what is due, and which one is the first to stay."""
    before = plan.anchors[-1] if plan.anchors else None
    if before and not recount.is_signed(connection, before):
        raise evidence.refusal(Finding(Fault.OLD_FIGURES, before.last, day=before.until))
    at, last = _entries.c.at, plan.due.last
    left = connection.scalar(select(at).where(_entries.c.id > last).order_by(at).limit(1))
    going = select(func.max(at)).where(_entries.c.id > plan.before, _entries.c.id <= last)
    gone = connection.scalar(going)
    first_left = min(finnish(left), clock.today()) if left else clock.today()
    until = first_left - timedelta(days=1)
    whole = max(first_left, (finnish(gone) if gone else date.min) + timedelta(days=1))
    whole = max(whole, before.whole) if before else whole  # the clock may have been set back
    return Days(until, whole, recount.digest(connection, until, whole, last))
