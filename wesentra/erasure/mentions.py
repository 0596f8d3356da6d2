"""Where texts of others name somebody: places that nobody but people can judge."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, func, select

from wesentra.actor import current
from wesentra.fold import words
from wesentra.models import Company, Contact, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.models.personal import Category, marks, personal_classes
from wesentra.sight import ALSO_WAITING, EVERYTHING
from wesentra.texts import mark

SHORTEST = 100
"""Characters that a column takes in which people write sentences."""
WRITTEN = frozenset({Category.NOTE, Category.COMMUNICATION, Category.HISTORY})
CHUNK = 5000
_PLAIN = re.compile("[a-z]{2,}")
WHOSE = {"contact": mark("Contact %(number)s"), "company": mark("Company %(number)s")}
"""What a place is called, as message ids."""


@dataclass(frozen=True)
class Place:
    """A text that names them: whose it is (`kind`, `number`) and in which field."""

    kind: str
    number: int
    field: str


def of(contact_id: int) -> list[Place]:
    """The texts about others in which the person's whole name stands, of all that whoever acts may
    see; seen by the program alone.

    To be asked before the person is erased. Given and family name stand in the text as whole words,
    in any letters and in any order.
    """
    written = _name(contact_id)
    if len(words(written)) < 2:  # one word alone names half of the country
        return []
    found = (place for class_ in personal_classes() for place in _in(class_, written, contact_id))
    return sorted(set(found), key=lambda place: (place.kind, place.number, place.field))


def _looking() -> dict[str, Any]:
    """The look sees what whoever acts may see, unless that is everything: any words can be asked
    for, as the name of a contact that somebody has made up."""
    whole = current().sight in (EVERYTHING, ALSO_WAITING)
    return seen_by_program("erasure" if whole else "paging")


def _name(contact_id: int) -> str:
    columns = (Contact.given_name, Contact.family_name)
    row = db.session.execute(
        select(*columns).where(Contact.id == contact_id),
        execution_options=seen_by_program("erasure"),
    ).first()
    return " ".join(row) if row else ""


def _near(text: Any, name: str) -> list[ColumnElement[bool]]:
    """What the database finds by itself: of each word the longest part without accents. Most texts
    are passed over by this, and what is left is read."""
    runs = (_PLAIN.findall(word.lower()) for word in name.split())
    return [func.lower(text).contains(max(found, key=len)) for found in runs if found]


def _in(class_: type[Base], written: str, contact_id: int) -> Iterator[Place]:
    name = frozenset(words(written))
    prefix = "" if class_ in (Contact, Company) else f"{class_.__tablename__}."
    for kind, owner in _owners(class_):
        whose = getattr(class_, owner)
        for column in _texts(class_):
            text = getattr(class_, column)
            query = select(whose, text).where(whose.is_not(None), *_near(text, written))
            if kind == "contact":
                query = query.where(whose != contact_id)
            rows = db.session.execute(
                query.execution_options(yield_per=CHUNK), execution_options=_looking()
            )
            for number, said in rows:
                if name <= frozenset(words(said)):
                    yield Place(kind, number, prefix + column)


def _owners(class_: type[Base]) -> Iterator[tuple[str, str]]:
    """Whose the rows of a class are, and by which column: of a contact, of a company, or either."""
    if class_ is Company:
        yield "company", "id"
        return
    subject: str | None = class_.__subject__  # type: ignore[attr-defined]
    if subject is not None:
        yield "contact", subject
    kind, column = getattr(class_, "__page__", ("", ""))
    if kind == "company":
        yield "company", column


def _texts(class_: type[Base]) -> Iterator[str]:
    hidden = current().sight.hidden
    for name, own in marks(class_):
        if own.category.value in hidden:
            continue
        kind = class_.__mapper__.columns[name].type
        long = isinstance(kind, String) and (kind.length or SHORTEST) >= SHORTEST
        if long and own.exported and own.category in WRITTEN:
            yield name
