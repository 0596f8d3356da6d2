"""The marks on columns: which of them hold a person's data, why, and how long.

Audit, export, retention, erasure, dashboard and the report's annex read these marks; a column
without one fails a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Table, inspect
from sqlalchemy.orm import MappedColumn, mapped_column

from wesentra.models.base import Base
from wesentra.texts import mark


class Category(StrEnum):
    """Categories of personal data, as the record of processing names them (Art. 30(1)(c) GDPR)."""

    IDENTITY = "identity"
    CONTACT_DETAILS = "contact_details"
    WORK = "work"
    BILLING = "billing"
    COMMUNICATION = "communication"
    NOTE = "note"
    HISTORY = "history"


class Keep(StrEnum):
    """Retention classes: which rule decides how long the values stay."""

    CONTACT = "contact"
    BILLING = "billing"
    INTERACTION = "interaction"
    IMPORT = "import"


@dataclass(frozen=True)
class Personal:
    """What a personal column is for; `label` is a message id, shown in forms and exports."""

    category: Category
    keep: Keep
    label: str
    purpose: str = "customer_service"
    exported: bool = True


def personal(
    type_: Any,
    *args: Any,
    category: Category,
    keep: Keep,
    label: str,
    purpose: str = "customer_service",
    exported: bool = True,
    **options: Any,
) -> MappedColumn[Any]:
    """A column that holds a person's data.

    `exported=False` is for copies that only the program uses (search words, sort keys): they are
    erased like the rest but would tell the person nothing new.
    """
    own = Personal(category, keep, label, purpose, exported)
    return mapped_column(type_, *args, info={"personal": own}, **options)


def not_personal(
    type_: Any, *args: Any, tells: Category | None = None, **options: Any
) -> MappedColumn[Any]:
    """A column declared to hold nothing about a person's life: keys, times, codes, counters.

    `tells` is the category that it tells of all the same, and with which it is hidden.
    """
    return mapped_column(type_, *args, info={"personal": None, "tells": tells}, **options)


@cache
def personal_fields(class_: type[Base]) -> frozenset[str]:
    """The names of the personal columns of a model class."""
    return frozenset(name for name, _ in marks(class_))


def marks(class_: type[Base]) -> Iterator[tuple[str, Personal]]:
    """Each personal column of a model class with its mark."""
    for name, column in class_.__mapper__.columns.items():
        if (own := column.info.get("personal")) is not None:
            yield name, own


def telling_keys(class_: type[Base]) -> Iterator[tuple[str, Category]]:
    """Each column that is not personal itself but tells of a category, with this category."""
    for name, column in class_.__mapper__.columns.items():
        if (category := column.info.get("tells")) is not None:
            yield name, category


@cache
def telling_columns(class_: type[Base]) -> frozenset[str]:
    """The columns whose change is told: all that say something, and none that only counts it."""
    copies = {name for name, mark in marks(class_) if not mark.exported}
    own = {attribute.key for attribute in class_.__mapper__.column_attrs}
    return frozenset(own - copies - {"id", "version", "created_at", "updated_at"})


@cache
def personal_classes() -> tuple[type[Base], ...]:
    """Every model class with a personal column; all models have to be imported by then."""
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    return tuple(sorted((c for c in classes if any(True for _ in marks(c))), key=_name))


@cache
def field_labels() -> dict[str, str]:
    """Labels (message ids) of personal columns and of what is asked about, by their names in
    entries, checks and changes."""
    found = {
        "name": mark("Name"),
        "company": mark("Company"),
        "notice": mark("Tell where the data came from"),
        "consequence": mark("As a consequence of another change"),
    }
    for class_ in personal_classes():
        table = class_.__tablename__
        prefix = "" if table in ("contact", "company") else f"{table}."
        found[f"{table}.deleted"] = mark("Something was deleted")
        found[f"{table}.consequence"] = mark("As a consequence of another change")
        for name, own in marks(class_):
            found.setdefault(prefix + name, own.label)
    return found


MASKED = "wesentra_masked"


def masked(instance: Any) -> frozenset[str]:
    """The fields of a row that the present purpose does not show; they look empty and are not."""
    found: frozenset[str] = inspect(instance).info.get(MASKED, frozenset())
    return found


def _name(class_: type[Base]) -> str:
    return class_.__name__


@cache
def personal_tables() -> frozenset[str]:
    """The names of the tables behind the personal classes."""
    tables = (class_.__table__ for class_ in personal_classes())
    return frozenset(table.name for table in tables if isinstance(table, Table))
