"""The nightly count: on which day each field of each contact was of use last.

The log is read on from where it was counted, in portions; the portion and how far it goes are one
transaction. So a count that was cut off goes on where it was, and nothing is lost when entries of
the log grow old and go.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from wesentra import clock
from wesentra.audit import field_looks
from wesentra.audit.field_looks import Uses
from wesentra.compliance.minimisation.policy import COUNTED
from wesentra.models import Contact, FieldCheck, FieldSeen, FieldUse, FieldUseState, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base, meant_to_write
from wesentra.models.codes import Outcome

TOGETHER = 500
USED = (Outcome.CONFIRMED, Outcome.CORRECTED)
"""What comes of asking about a field that is needed."""
BESIDE = seen_by_program("minimisation")
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Days = dict[tuple[int, str], date]


def count() -> None:
    """Count all that the log has, in transactions of its own."""
    while count_on():
        pass


def count_on() -> bool:
    """Count the next portion and commit it; whether there may be more."""
    state = _state()
    last = state.counted if state else 0
    found = field_looks.after(last, known=state is not None)
    db.session.rollback()  # what comes now takes the write lock, and does not wait for it in vain
    with meant_to_write():
        state = _state()
        if (state.counted if state else 0) != last:
            return True  # somebody else has counted meanwhile
        keep(found)
        _seen(found)
        _go_on(state, found)
        db.session.commit()
    return found.until > last


def state() -> FieldUseState | None:
    """How far it is counted; None before the first time."""
    return db.session.get(FieldUseState, 1)


def _state() -> FieldUseState | None:
    return db.session.get(FieldUseState, 1, populate_existing=True, with_for_update=True)


def _go_on(state: FieldUseState | None, found: Uses) -> None:
    if state is None:
        state = FieldUseState(id=1, known_since=found.known_since or clock.today())
        db.session.add(state)
    state.counted, state.counted_at = found.until, clock.now()
    if found.known_since is not None:
        state.known_since = found.known_since


# --- what is kept ---------------------------------------------------------------------------------


def keep(found: Uses) -> Days:
    """Store what a stretch of the log says of contacts that are still there; what it was."""
    days = {key: day for key, day in found.of_contacts.items() if key[1] in COUNTED}
    for key, day in _confirmed(found.checked).items():
        days[key] = max(day, days.get(key, day))
    there = _there({id_ for id_, _ in days})
    rows: list[dict[str, Any]] = [
        {"contact_id": id_, "field": name, "last_on": day}
        for (id_, name), day in sorted(days.items())
        if id_ in there
    ]
    _put(FieldUse, ("contact_id", "field"), rows)
    return days


def _seen(found: Uses) -> None:
    named: dict[str, date] = {}
    for (kind, name), day in found.of_fields.items():
        key = name if "." in name else f"{kind}.{name}"
        named[key] = max(day, named.get(key, day))
    _put(FieldSeen, ("field",), [{"field": key, "last_on": named[key]} for key in sorted(named)])


def _confirmed(ids: Collection[int]) -> Days:
    """When fields of these contacts were said to be right, or put right, when asked about."""
    days: Days = {}
    for some in _portions(ids):
        own = FieldCheck.contact_id.in_(some), FieldCheck.outcome.in_(USED)
        query = select(FieldCheck.contact_id, FieldCheck.field, func.max(FieldCheck.at)).where(*own)
        for id_, name, at in db.session.execute(
            query.group_by(FieldCheck.contact_id, FieldCheck.field), execution_options=BESIDE
        ):
            if name in COUNTED:
                days[id_, name] = clock.day_of(at)
    return days


def _there(ids: Collection[int]) -> set[int]:
    """Those of them who are there; they stay until the transaction ends."""
    found: set[int] = set()
    for some in _portions(ids):
        query = select(Contact.id).where(Contact.id.in_(some)).order_by(Contact.id)
        locked = query.with_for_update(read=True, key_share=True)
        found.update(db.session.scalars(locked, execution_options=BESIDE))
    return found


def _put(class_: type[Base], key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Write rows; one that is there keeps the later day."""
    table = class_.__table__
    if not rows or not isinstance(table, Table):
        return
    new = _INSERT[db.engine.dialect.name](table)
    later = new.on_conflict_do_update(
        index_elements=key,
        set_={"last_on": new.excluded.last_on},
        where=table.c.last_on < new.excluded.last_on,
    )
    db.session.execute(later, rows, execution_options=BESIDE)


def _portions(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + TOGETHER] for start in range(0, len(ordered), TOGETHER)]
