"""Rows of imported files that are linked to nobody and yet tell of somebody who goes.

A rejected row keeps the cells as they came, a repeated one its record, a staged one both. Which of
them are about a person is asked as people would: by mail address, by telephone number, by the whole
name. A namesake's row goes as well: it is still in the file that it came from.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, select, type_coerce

from wesentra.fold import fold, words
from wesentra.models import Company, Contact, FieldChange, ImportRow, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.base import Base

_ROWS = Base.metadata.tables[ImportRow.__tablename__]
_EMPTY = "{}"
_APART = re.compile(r"[\s,;<>()]+")
_DIGIT = re.compile(r"\D")
NUMBER = 8
"""The last digits by which a number is known, however its beginning is written."""
CHUNK = 2000


@dataclass
class Named:
    """By what those who go are known in the cells of a file."""

    single: set[str] = field(default_factory=set)
    """Mail addresses, business IDs and the ends of telephone numbers."""
    names: dict[str, list[frozenset[str]]] = field(default_factory=lambda: defaultdict(list))
    """The words of whole names, under one of them."""

    def __bool__(self) -> bool:
        return bool(self.single or self.names)

    def add_name(self, *parts: str) -> None:
        """A name by its words."""
        if own := frozenset(words(" ".join(parts))):
            self.names[min(own)].append(own)

    def add(self, *values: str) -> None:
        """Values that only these have."""
        for value in values:
            if "@" in value:
                self.single.add(fold(value))
            elif len(digits := _DIGIT.sub("", value)) >= NUMBER - 1:
                self.single.add(digits[-NUMBER:])

    def is_in(self, cells: Iterable[str]) -> bool:
        """Whether a row with these cells is about one of them."""
        found: set[str] = set()
        for cell in cells:
            own = words(cell)
            if len(own) < 2 and own and frozenset(own) in self.names.get(own[0], ()):
                return True
            found.update(own)
            if not self.single.isdisjoint(_singles(cell)):
                return True
        lists = (self.names[word] for word in found & self.names.keys())
        return any(len(name) > 1 and name <= found for names in lists for name in names)


def _singles(cell: str) -> Iterator[str]:
    if "@" in cell:
        yield from _APART.split(fold(cell))
    if len(digits := _DIGIT.sub("", cell)) >= NUMBER - 1:
        yield digits[-NUMBER:]


def named(contacts: Collection[int], companies: Collection[int]) -> Named:
    """By what these people and companies are known, now and before; what others have too is not
    theirs alone."""
    found = Named()
    columns = (Contact.id, Contact.given_name, Contact.family_name, Contact.email, Contact.phone)
    people = {row.id: _Values(row) for row in _seen(columns, Contact.id, contacts)}
    for row in _seen(_CHANGED, FieldChange.contact_id, contacts):
        people[row.contact_id].add(row)
    for one in people.values():
        for given, family in product(one.of["given_name"], one.of["family_name"]):
            found.add_name(given, family)
        for column in (Contact.email, Contact.phone):
            found.add(*_alone(column, one.of[column.key] - {""}, contacts))
    for row in _seen((Company.name, Company.business_id), Company.id, companies):
        found.add_name(row.name)
        found.add(row.business_id)
    for row in _seen(_CHANGED, FieldChange.company_id, companies):
        for value in (row.old, row.new) if row.field == "name" else ():
            found.add_name(value)
    return found


_CHANGED = (FieldChange.contact_id, FieldChange.field, FieldChange.old, FieldChange.new)


class _Values:
    """What a person has and had in the fields by which one is known."""

    def __init__(self, row: Any) -> None:
        names = ("given_name", "family_name", "email", "phone")
        self.of = {name: {getattr(row, name)} for name in names}

    def add(self, change: Any) -> None:
        """One change of the history."""
        if change.field in self.of:
            self.of[change.field] |= {change.old, change.new}


def _seen(columns: tuple[Any, ...], owner: Any, ids: Collection[int]) -> list[Any]:
    if not ids:
        return []
    query = select(*columns).where(owner.in_(ids))
    return list(db.session.execute(query, execution_options=seen_by_program("erasure")))


def _alone(column: Any, values: Collection[str], ids: Collection[int]) -> set[str]:
    """The values but for those that somebody who stays has as well (`info@…`, a switchboard)."""
    others = select(column).where(column.in_(sorted(values)), Contact.id.not_in(ids)).distinct()
    shared = db.session.scalars(others, execution_options=seen_by_program("erasure"))
    return set(values) - set(shared) if values else set()


def forget(names: Named) -> None:
    """Drop every row of a file that is about one of them."""
    gone: dict[int, list[int]] = defaultdict(list)
    for row in _filled() if names else ():
        if names.is_in(_texts(row.record)):
            gone[row.job_id].append(row.line)
    for job_id, lines in gone.items():
        about = bulk_write("delete", "import", [job_id], ["rows"])
        for at in range(0, len(lines), CHUNK):
            mine: ColumnElement[bool] = _ROWS.c.line.in_(lines[at : at + CHUNK])
            going = delete(_ROWS).where(_ROWS.c.job_id == job_id, mine)
            db.session.execute(going, execution_options=about)


def _filled() -> Iterator[Any]:
    """Every row that still says something, in portions."""
    record = cast(type_coerce(ImportRow.record, String), String)
    columns = (ImportRow.job_id, ImportRow.line, ImportRow.record)
    query = select(*columns).where(record != _EMPTY).order_by(ImportRow.job_id, ImportRow.line)
    at = (0, -1)
    while True:
        after = (ImportRow.job_id > at[0]) | (
            (ImportRow.job_id == at[0]) & (ImportRow.line > at[1])
        )
        found = db.session.execute(
            query.where(after).limit(CHUNK), execution_options=seen_by_program("erasure")
        ).all()
        yield from found
        if len(found) < CHUNK:
            return
        at = (found[-1].job_id, found[-1].line)


def _texts(kept: Any) -> Iterator[str]:
    """Every text in a record, whatever its form."""
    if isinstance(kept, str):
        yield kept
    elif isinstance(kept, dict):
        for each in kept.values():
            yield from _texts(each)
    elif isinstance(kept, list | tuple):
        for each in kept:
            yield from _texts(each)
