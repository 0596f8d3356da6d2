"""The daily figures against the entries that they count."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from wesentra.audit.anchor import Anchor
from wesentra.audit.day import FIGURES, KEY, TOTAL_KEY, LogDay, LogTotal, begin_of, finnish
from wesentra.audit.entry import EXPORTED, LogEntry
from wesentra.audit.hours import HOUR, moment_of
from wesentra.audit.verdict import Fault, Finding
from wesentra.models.base import Base, UtcDateTime

Key = tuple[Any, ...]

_days = Base.metadata.tables[LogDay.__tablename__].c
_entries = Base.metadata.tables[LogEntry.__tablename__].c
_totals = Base.metadata.tables[LogTotal.__tablename__].c
_ROWS = select(*(_days[name] for name in (*KEY, *FIGURES)))
_ADDED_UP = select(
    *(_days[name] for name in TOTAL_KEY), *(func.sum(_days[name]) for name in FIGURES)
).group_by(*(_days[name] for name in TOTAL_KEY))
_TOTALS = select(*(_totals[name] for name in (*TOTAL_KEY, *FIGURES)))
_COUNTED = """
    SELECT {hour} AS hour, coalesce(actor_id, 0), role, purpose,
        operation, CASE WHEN operation = 'program' THEN '' ELSE subject_type END AS about,
        CASE WHEN outcome = 'done' THEN 1 ELSE 0 END AS done, count(*), sum(shown)
    FROM log_entry WHERE id > :last AND at < :end GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def digest(connection: Connection, until: date, whole: date, last: int) -> bytes:
    """The hash of the figures of the entries up to `last`, which go: of every day up to `until`,
    and of those before `whole` the part that went, by what is left of them."""
    rows = connection.execute(_ROWS.where(_days.day <= until)).all()
    told = [[str(row[0]), *row[1:]] for row in rows]
    left = _counted(connection, last, whole)
    for key, (entries, shown, _) in _kept(connection, until, whole).items():
        stay = left.get(key, (0, 0))
        if (gone := (entries - stay[0], shown - stay[1])) != (0, 0):
            told.append([str(key[0]), *key[1:], *gone])
    lines = sorted(json.dumps(each, separators=(",", ":")) for each in told)
    return hashlib.sha256(b"\4" + "\n".join(lines).encode()).digest()


def is_signed(connection: Connection, anchor: Anchor) -> bool:
    """Whether the figures of what went with an anchor are those that it signed."""
    return digest(connection, anchor.until, anchor.whole, anchor.last) == anchor.days


def wrong(connection: Connection, newest: Anchor | None) -> Finding | None:
    """The first day whose figures are not those of its entries.

    Days that went, and what went of others, are compared with what the newest anchor signed.
    """
    if newest and not is_signed(connection, newest):
        return Finding(Fault.OLD_FIGURES, newest.last, day=newest.until)
    until, whole = (newest.until, newest.whole) if newest else (date.min, date.min)
    last = newest.last if newest else 0
    bad = {
        *_not_added_up(connection),
        *_unequal(_counted(connection, last), _kept(connection, until), whole),
        *_uncounted_exports(connection, last, whole),
    }
    return Finding(Fault.FIGURES, 0, day=min(bad)) if bad else None


def _not_added_up(connection: Connection) -> Iterator[date]:
    """Days whose totals are not the sums of their users', also of days that went."""
    for one, other in ((_ADDED_UP, _TOTALS), (_TOTALS, _ADDED_UP)):
        for row in connection.execute(one.except_(other)):
            yield row.day


def _kept(
    connection: Connection, until: date, before: date = date.max
) -> dict[Key, tuple[int, int, int]]:
    rows = connection.execute(_ROWS.where(_days.day > until, _days.day < before))
    return {tuple(row[:7]): (row[7], row[8], row[9]) for row in rows}


def _counted(
    connection: Connection, last: int, before: date = date.max
) -> dict[Key, tuple[int, int]]:
    found: dict[Key, tuple[int, int]] = {}
    counted = text(_COUNTED.format(hour=HOUR[connection.dialect.name].format("at"))).bindparams(
        bindparam("end", type_=UtcDateTime)
    )
    for hour, *rest in connection.execute(counted, {"last": last, "end": begin_of(before)}):
        *kind, done, entries, shown = rest
        day = finnish(moment_of(hour))
        own = found.get((day, *kind, bool(done)), (0, 0))
        found[day, *kind, bool(done)] = (own[0] + entries, own[1] + shown)
    return found


def _unequal(
    counted: dict[Key, tuple[int, int]], kept: dict[Key, tuple[int, int, int]], whole: date
) -> Iterator[date]:
    for key in counted.keys() | kept.keys():
        entries, shown, requests = kept.get(key, (0, 0, 0))
        told = counted.get(key, (0, 0))
        equal = (entries, shown) == told and 0 <= requests <= entries
        in_part = key[0] < whole and entries >= told[0] and shown >= told[1]
        if not (equal or in_part):
            yield key[0]


def _uncounted_exports(connection: Connection, last: int, whole: date) -> Iterator[date]:
    """Days that say fewer exports than there are requests with one."""
    asked: dict[tuple[date, str, bool], set[str]] = defaultdict(set)
    columns = (_entries.at, _entries.operation, _entries.outcome, _entries.request_id)
    for at, operation, outcome, request in connection.execute(
        select(*columns).where(EXPORTED, _entries.id > last)
    ):
        asked[finnish(at), operation, outcome == "done"].add(request)
    key = (_days.day, _days.operation, _days.done)
    summed = select(*key, func.sum(_days.requests)).group_by(*key).where(_days.day >= whole)
    said = {(day, what, done): number for day, what, done, number in connection.execute(summed)}
    for (day, what, done), found in asked.items():
        if day >= whole and said.get((day, what, done), 0) < len(found):
            yield day
