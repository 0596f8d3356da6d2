"""Which rows are whose, by the marks of the classes: no list of tables that one could forget."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table, delete

from wesentra.models import Company, Contact, db
from wesentra.models.attribution import bulk_write
from wesentra.models.base import Base
from wesentra.models.personal import personal_classes

Subject = tuple[str, int]
"""Kind ("contact", "company") and number."""


@dataclass(frozen=True)
class Way:
    """A column that leads from the rows of a table to the contact or company whose they are."""

    table: Table
    column: Column[int]
    kind: str


def ways(classes: Collection[type[Base]] | None = None) -> list[Way]:
    """Every way from a personal row to its subject, in the order in which the rows can go.

    What refers to a row goes before it; a company before its people, so that a sole trader's is
    seen to go.
    """
    found = [way for class_ in classes or personal_classes() for way in _of(class_)]
    order = {table: -at for at, table in enumerate(Base.metadata.sorted_tables)}
    last = {Company.__tablename__: 1, Contact.__tablename__: 2}
    return sorted(found, key=lambda way: (last.get(way.table.name, 0), order.get(way.table, 0)))


def _of(class_: type[Base]) -> Iterator[Way]:
    table = class_.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{class_.__name__} has no table of its own")
    subject: str | None = class_.__subject__  # type: ignore[attr-defined]
    if subject is not None and class_ is not Company:  # whose it is: `door.with_companies`
        yield Way(table, table.c[subject], "contact")
    kind, column = getattr(class_, "__page__", ("", ""))
    if kind == "company":
        yield Way(table, table.c[column], "company")


def remove(contacts: Collection[int], companies: Collection[int]) -> dict[Subject, Counter[str]]:
    """Delete every row of these; of each how many rows of which tables went."""
    went: dict[Subject, Counter[str]] = defaultdict(Counter)
    numbers = {"contact": sorted(contacts), "company": sorted(companies)}
    for way in ways():
        if not (own := numbers[way.kind]):
            continue
        statement = delete(way.table).where(way.column.in_(own)).returning(way.column)
        about = bulk_write("delete", way.kind, own, [])
        for number in db.session.scalars(statement, execution_options=about).all():
            went[way.kind, number][way.table.name] += 1
    return went
