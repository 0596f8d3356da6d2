"""Which fields of whom were of use, and when: what the log says, read on in the order of its chain.

A page that opened somebody used the fields that it showed, a file those in it, and who changed a
field had a use for it. A list or a search shows fifty people at once and says nothing about any of
them; what is done about the register itself is no use of what stands in it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from wesentra.audit.day import finnish
from wesentra.audit.entry import LogEntry, LogHead, LogSubject, Operation
from wesentra.audit.life import GONE
from wesentra.models.base import Base, db

BATCH = 1000
"""So many are stored in one transaction: others wait for its write lock only so long."""
LOOKS = (Operation.VIEW, Operation.EXPORT)
CHANGES = (Operation.CREATE, Operation.UPDATE)
NO_USE = ("data_check", "subject_request", "log_review", "maintenance", "sign_in")
"""Purposes under which a look uses nothing: the data are checked, answered for or looked after.
Whoever asks to have a copy of their data must not keep them in the register by that."""
BESIDE_WORK = ("privacy",)
"""Roles that look after the data and do not work with the people."""
CHECKED = "field_check.outcome"
_entries = Base.metadata.tables[LogEntry.__tablename__].c
_COLUMNS = (
    _entries.id,
    _entries.at,
    _entries.actor_id,
    _entries.role,
    _entries.operation,
    _entries.purpose,
    _entries.subject_type,
    _entries.subject_ids,
    _entries.fields,
)


@dataclass
class Uses:
    """What a stretch of the log says, as the last day (in Finland) of each use.

    `of_contacts` by contact and field, `of_fields` by type of subject and field. `checked` are
    contacts about whom something was asked: what came of it stands in their checks. `until` is the
    last entry that was read; `known_since` the day of the first one where entries lack before it.
    """

    until: int
    known_since: date | None = None
    of_contacts: dict[tuple[int, str], date] = field(default_factory=dict)
    of_fields: dict[tuple[str, str], date] = field(default_factory=dict)
    checked: set[int] = field(default_factory=set)

    def add(self, row: Any) -> None:
        """Take one entry in."""
        if row.operation in LOOKS and (row.purpose in NO_USE or row.role in BESIDE_WORK):
            return
        day, names, ids = finnish(row.at), json.loads(row.fields), json.loads(row.subject_ids)
        for name in names:
            _later(self.of_fields, (row.subject_type, name), day)
        if row.subject_type != "contact":
            return
        if CHECKED in names and row.operation in CHANGES:
            self.checked.update(ids)
        for id_ in ids:
            for name in names:
                _later(self.of_contacts, (id_, name), day)


def _later(found: dict[Any, date], key: Any, day: date) -> None:
    """A clock may have been set back, so that a later entry has an earlier day."""
    known = found.get(key)
    if known is None or known < day:
        found[key] = day


def after(last: int, known: bool) -> Uses:
    """The next stretch of the log behind entry `last`; it ends at the newest one in the end.

    `known`: what came before is counted. Where entries lack between (they went by rule before
    anybody counted them), and at the beginning, `known_since` says from which day on it is known.
    """
    head = db.session.scalar(select(LogHead.last)) or 0
    oldest = _there(select(_entries.id, _entries.at), last).order_by(_entries.id).limit(1)
    first = db.session.execute(oldest).one_or_none()
    rows = db.session.execute(_of_use(last).order_by(_entries.id).limit(BATCH)).all()
    found = Uses(until=max(rows[-1].id if len(rows) == BATCH else head, last))
    if not known or (first is not None and first.id > last + 1):
        found.known_since = finnish(first.at) if first else None
    for row in rows:
        found.add(row)
    return found


def of_people(ids: Collection[int], last: int, but_looks_of: int | None = None) -> Uses:
    """What the log says of these contacts behind entry `last`, which is not counted yet; but for
    the looks of one user, who knows of them."""
    own = select(LogSubject.entry_id).where(
        LogSubject.contact_id.in_(ids), LogSubject.entry_id > last
    )
    found = Uses(until=last)
    for row in db.session.execute(_of_use(last).where(_entries.id.in_(own))):
        if but_looks_of is None or row.actor_id != but_looks_of or row.operation not in LOOKS:
            found.add(row)
    wanted = set(ids)
    found.of_contacts = {key: day for key, day in found.of_contacts.items() if key[0] in wanted}
    found.checked &= wanted
    return found


def _of_use(last: int) -> Select[Any]:
    """The entries that may tell of a use."""
    return _there(select(*_COLUMNS), last).where(
        _entries.operation.in_([str(each) for each in (*LOOKS, *CHANGES)]),
        _entries.subject_type.in_(["contact", "company"]),
        _entries.outcome == "done",
    )


def _there(query: Select[Any], last: int) -> Select[Any]:
    return query.where(_entries.id > last, _entries.id > GONE)
