"""What has to hold of a row so that the present purpose lets somebody see it, class by class."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, false, literal, or_, select

from wesentra.models import (
    CompanyWord,
    Contact,
    ContactWord,
    Departure,
    Objection,
    Restriction,
)
from wesentra.models.base import Base
from wesentra.models.personal import Keep, Personal, marks
from wesentra.sight import MARKETING, Sight


def condition(class_: type[Base], sight: Sight) -> ColumnElement[bool] | None:
    """What has to hold of a row of this class; None: nothing."""
    if class_ is ContactWord or class_ is CompanyWord:
        return class_.category.not_in(sorted(sight.hidden)) if sight.hidden else None
    told = [own for _, own in marks(class_) if own.exported]
    if not told:
        return None
    if _is_child(class_) and not may_be_seen(class_, told[0], sight.hidden):
        return false()
    found = [*_as_person(class_, sight), *_as_company(class_, sight)]
    return and_(*found) if found else None


def _as_person(class_: type[Base], sight: Sight) -> list[ColumnElement[bool]]:
    subject: str | None = class_.__subject__  # type: ignore[attr-defined]
    if subject is None:
        return []
    column = getattr(class_, subject)
    there = _there(class_, column, sight)
    return [or_(column.is_(None), and_(*there))] if there and column.nullable else there


def _as_company(class_: type[Base], sight: Sight) -> list[ColumnElement[bool]]:
    kind, name = getattr(class_, "__page__", ("", ""))
    if kind != "company" or sight.waiting:
        return []
    column = getattr(class_, name)
    stays = ~_exists(Departure, column, kind="company")
    return [or_(column.is_(None), stays) if column.nullable else stays]


def _is_child(class_: type[Base]) -> bool:
    return class_.__tablename__ not in ("contact", "company")


def _there(class_: type[Base], column: Any, sight: Sight) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not sight.waiting:
        found.append(~_exists(Departure, column, kind="contact"))
    if not sight.restricted:
        closed = _exists(Restriction, column, lifted_at=None)
        found.append(or_(~closed, column.in_(sorted(sight.opened))) if sight.opened else ~closed)
    if not sight.objecting:
        found.append(~_exists(Objection, column, withdrawn_at=None, kind=MARKETING))
    if sight.groups is not None:
        own = sorted(sight.groups)
        if class_ is Contact:
            found.append(Contact.group.in_(own))
        else:
            found.append(_exists(Contact, column, group=own))
    return found


_WHOSE = {Contact: "id", Departure: "number"}


def _exists(class_: type[Base], subject_id: Any, **wanted: Any) -> ColumnElement[bool]:
    """Whether the subject has such a row. By the table, which no criteria narrow again."""
    rows = cast(Table, class_.__table__).alias()
    own = rows.c[_WHOSE.get(class_, "contact_id")]
    conditions: list[ColumnElement[bool]] = [own == subject_id]
    for name, value in wanted.items():
        column = rows.c[name]
        conditions.append(column.in_(value) if isinstance(value, list) else column == value)
    return select(literal(1)).where(*conditions).correlate_except(rows).exists()


def may_be_seen(class_: type[Base], own: Personal, hidden: frozenset[str]) -> bool:
    """Rows of a file are not somebody's history yet; what protects a person is never hidden."""
    protects = getattr(class_, "__protects__", False)
    return protects or own.keep == Keep.IMPORT or own.category.value not in hidden
