"""Rows of imported files that are linked to nobody and yet tell of somebody who goes.

A rejected row keeps the cells as they came, a repeated one its record, a staged one both. Which of
them are about a person is asked as people would: by mail address, by telephone number, by the whole
name. A namesake's row goes as well: it is still in the file that it came from.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
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
    people = (Contact.given_name, Contact.family_name, Contact.email, Contact.phone)
    for row in _seen(people, Contact.id, contacts):
        found.add_name(row.given_name, row.family_name)
        found.add(*_alone(Contact.email, row.email, Contact.id, contacts))
        found.add(*_alone(Contact.phone, row.phone, Contact.id, contacts))
    for row in _seen((Company.name, Company.business_id), Company.id, companies):
        found.add_name(row.name)
        found.add(row.business_id)
    _before(found, FieldChange.contact_id, contacts)
    _before(found, FieldChange.company_id, companies)
    return found


def _before(found: Named, owner: Any, ids: Collection[int]) -> None:
    """Names and addresses that they had before."""
    for row in _seen((FieldChange.field, FieldChange.old, FieldChange.new), owner, ids):
        for value in (row.old, row.new):
            if row.field == "name":
                found.add_name(value)
            elif row.field in ("email", "phone", "business_id"):
                found.add(value)


def _seen(columns: tuple[Any, ...], owner: Any, ids: Collection[int]) -> list[Any]:
    if not ids:
        return []
    query = select(*columns).where(owner.in_(ids))
    return list(db.session.execute(query, execution_options=seen_by_program("erasure")))


def _alone(column: Any, value: str, own: Any, ids: Collection[int]) -> list[str]:
    """The value, unless somebody who stays has it as well (`info@…`, a switchboard)."""
    if not value:
        return []
    others = select(own).where(column == value, own.not_in(ids)).limit(1)
    shared = db.session.scalar(others, execution_options=seen_by_program("erasure"))
    return [] if shared else [value]


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
