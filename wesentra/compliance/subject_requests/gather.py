"""Everything the register holds about one person, gathered by the marks on its columns.

Nothing is listed by name here: a table that declares whose row it is (`__subject__`) and marks its
columns comes along by itself (Art. 15(3) GDPR). Users of the register are left out: the person
gets dates, purposes and roles of the look-ups, not names of staff (CJEU C-579/21).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import load_only

from wesentra.audit import ledger
from wesentra.models import Company, Contact, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import IDS_END, Base, UtcDateTime
from wesentra.models.personal import marks, personal_classes
from wesentra.refusal import NotFound, OutsidePurpose
from wesentra.texts import mark

TOLD_ABOUT_ROWS: dict[str, str] = {
    "at": mark("Time"),
    "created_at": mark("Added"),
    "updated_at": mark("Changed"),
    "checked_at": mark("Last checked"),
    "done_at": mark("Done"),
    "field": mark("Field"),
}
"""Columns that are not personal by themselves, but without which a row says nothing."""

SECTIONS: dict[str, str] = {
    "contact": mark("Contact details"),
    "company": mark("The person’s own company"),
    "interaction": mark("Interactions"),
    "field_check": mark("Checks of the data"),
    "field_change": mark("Changes"),
    "notice": mark("What the person was told"),
    "task": mark("Next steps"),
    "objection": mark("Objections"),
    "restriction": mark("Restrictions of processing"),
    "disclosure": mark("Disclosures of the data"),
    "opening": mark("Openings during a restriction"),
    "import_row": mark("Imported rows"),
    "log_entry": mark("Who handled the data: time, purpose and role"),
}

Value = str | int | bool | float | date | datetime | dict[str, Any] | list[Any] | None


@dataclass(frozen=True)
class Section:
    """The rows of one table. `fields` leads from a stable English key to a label (message id)."""

    key: str
    label: str
    fields: dict[str, str]
    rows: list[dict[str, Value]]


@dataclass(frozen=True)
class Gathered:
    """Everything held about a contact; `language` is the one they are answered in."""

    contact_id: int
    language: str
    sections: list[Section]


def gather(contact_id: int) -> Gathered:
    """All sections; what is loaded for them is noted as shown. Raises NotFound."""
    if contact_id >= IDS_END or not _is_there(contact_id):
        raise NotFound(mark("This contact is not in the register."))
    own = _own_companies(contact_id)
    tables = [_section(class_, contact_id, own) for class_ in _classes()]
    person = next(section for section in tables if section.key == Contact.__tablename__)
    if not person.rows:
        raise OutsidePurpose
    language = str(person.rows[0]["language"])
    return Gathered(contact_id, language, [*tables, _handled(contact_id)])


def _is_there(contact_id: int) -> bool:
    """Whether there is such a person; those of an unfinished import are not there yet."""
    own = Contact.id == contact_id
    there = select(Contact.id).where(own, Contact.pending_import_id.is_(None))
    return db.session.scalar(there, execution_options=seen_by_program("subject")) is not None


def _classes() -> Iterator[type[Base]]:
    """Personal classes with something to tell, the person's own row first."""
    told = [class_ for class_ in personal_classes() if any(True for _ in _exported(class_))]
    order = list(SECTIONS)
    names = {class_: class_.__tablename__ for class_ in told}
    yield from sorted(told, key=lambda c: (_place(names[c], order), names[c]))


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _own_companies(contact_id: int) -> list[int]:
    """Companies that are the person (*toiminimi*)."""
    own = select(Company.id).where(Company.person_id == contact_id)
    return list(db.session.scalars(own, execution_options=seen_by_program("subject")))


def _exported(class_: type[Base]) -> Iterator[tuple[str, str]]:
    for name, own in marks(class_):
        if own.exported:
            yield name, own.label


def _fields(class_: type[Base]) -> dict[str, str]:
    """What of a table is told: its personal columns, and when and about what a row is."""
    personal = dict(_exported(class_))
    columns = class_.__mapper__.columns
    dated = {
        name: TOLD_ABOUT_ROWS.get(name, name.replace("_", " "))
        for name, column in columns.items()
        if name not in personal
        and column.info.get("personal") is None
        and (isinstance(column.type, UtcDateTime) or name in TOLD_ABOUT_ROWS)
    }
    return personal | dated


def _section(class_: type[Base], contact_id: int, own: list[int]) -> Section:
    fields = _fields(class_)
    held = [{name: getattr(row, name) for name in fields} for row in _rows(class_, contact_id, own)]
    rows = [row for row in held if any(row.values())]  # of an import that ended nothing is left
    name = str(class_.__tablename__)
    if class_ is Contact:
        fields, rows = _with_employer(contact_id, fields, rows)
    return Section(name, SECTIONS.get(name, name.replace("_", " ")), fields, rows)


def _rows(class_: type[Base], contact_id: int, own: list[int]) -> Sequence[Any]:
    """The person's rows of a table, and those of the companies that are the person."""
    subject: str | None = getattr(class_, "__subject__", None)
    page: tuple[str, str] | None = getattr(class_, "__page__", None)
    whose = []
    if subject is not None:
        whose.append(getattr(class_, subject) == contact_id)
    if page is not None and page[0] == "company" and own:
        whose.append(getattr(class_, page[1]).in_(own))
    if not whose:
        return []
    needed = {*_fields(class_), *([subject] if subject else []), *([page[1]] if page else [])}
    columns = [getattr(class_, name) for name in sorted(needed)]
    order = class_.__mapper__.primary_key
    query = select(class_).options(load_only(*columns)).where(or_(*whose)).order_by(*order)
    return db.session.scalars(query).all()


def _with_employer(
    contact_id: int, fields: dict[str, str], rows: list[dict[str, Value]]
) -> tuple[dict[str, str], list[dict[str, Value]]]:
    """Where the person works is held as a link; in the answer it is the company's name."""
    company = db.session.scalar(
        select(Company)
        .options(load_only(Company.name, Company.person_id))
        .join(Contact, Contact.company_id == Company.id)
        .where(Contact.id == contact_id)
    )
    name = company.name if company else ""
    return fields | {"company": mark("Company")}, [row | {"company": name} for row in rows]


def _handled(contact_id: int) -> Section:
    """Look-ups and changes of the person's data: when, what, why, in which role (C-579/21)."""
    fields = {
        "at": mark("Time"),
        "operation": mark("What was done"),
        "purpose": mark("Purpose"),
        "role": mark("Role"),
    }
    rows: list[dict[str, Value]] = [
        {name: getattr(entry, name) for name in fields} for entry in ledger.handlings(contact_id)
    ]
    return Section("log_entry", SECTIONS["log_entry"], fields, rows)
