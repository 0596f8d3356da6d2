"""Whom the register has that a batch of records may mean; seen by the program alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from wesentra.crm.imports.known import Companies, Known, People
from wesentra.crm.imports.plan import Plan
from wesentra.crm.imports.record import Record
from wesentra.models import Company, Contact, Departure, Restriction, db
from wesentra.models.attribution import seen_by_program

COMPANY_FIELDS = (
    *("name", "business_id", "street", "postal_code", "post_office", "country"),
    *("billing_address", "einvoice_address", "einvoice_operator", "switchboard"),
    *("group", "source", "note"),
)
PERSON_FIELDS = (
    *("given_name", "family_name", "title", "phone", "email", "group", "source", "language"),
    "note",
)


def plan_for(records: Sequence[Record], job_id: int) -> Plan:
    """A plan that knows everybody whom `records` may mean, those that import `job_id` has
    already made included."""
    companies = _companies(records, job_id)
    return Plan(Companies(companies.values()), People(_people(records, companies, job_id)))


def companies_with(ids: Iterable[int]) -> dict[int, Known]:
    """The companies with these ids."""
    return _load_companies(Company.id.in_(sorted(ids)), job_id=None)


def people_with(ids: Iterable[int], companies: dict[int, Known]) -> list[Known]:
    """The people with these ids; `companies` are the known ones they may work in."""
    return _load_people(Contact.id.in_(sorted(ids)), companies, job_id=None)


def _companies(records: Sequence[Record], job_id: int) -> dict[int, Known]:
    named = [record.company for record in records if record.company]
    numbers = {values["business_id"] for values in named if values.get("business_id")}
    keys = {record.company_key for record in records if record.company}
    either = or_(Company.business_id.in_(sorted(numbers)), Company.sort_key.in_(sorted(keys)))
    return _load_companies(and_(either, _visible_to(Company, job_id)), job_id) if named else {}


def _people(records: Sequence[Record], companies: dict[int, Known], job_id: int) -> list[Known]:
    wanted = [record.contact for record in records if record.contact]
    if not wanted:
        return []
    emails = {values["email"] for values in wanted if values.get("email")}
    phones = {values["phone"] for values in wanted if values.get("phone")}
    keys = {record.person_key for record in records if record.contact}
    here = or_(Contact.company_id.in_(sorted(companies)), Contact.company_id.is_(None))
    any_of = or_(
        Contact.email.in_(sorted(emails)),
        Contact.phone.in_(sorted(phones)),
        and_(Contact.sort_key.in_(sorted(keys)), here),
    )
    return _load_people(and_(any_of, _visible_to(Contact, job_id)), companies, job_id)


def _visible_to(table: type[Company] | type[Contact], job_id: int) -> ColumnElement[bool]:
    """What is in the register, and what this import is bringing in."""
    return or_(table.pending_import_id.is_(None), table.pending_import_id == job_id)


def _load_companies(where: ColumnElement[bool], job_id: int | None) -> dict[int, Known]:
    columns = [getattr(Company, name) for name in COMPANY_FIELDS]
    head = _head(Company, Company.person_id)
    rows = _seen(select(*head, *columns).where(where).order_by(Company.id))
    return {row[0]: _known(row, COMPANY_FIELDS, job_id) for row in rows}


def _load_people(
    where: ColumnElement[bool], companies: dict[int, Known], job_id: int | None
) -> list[Known]:
    columns = [getattr(Contact, name) for name in PERSON_FIELDS]
    rows = _seen(
        select(*_head(Contact, Contact.id), *columns, Contact.company_id)
        .where(where)
        .order_by(Contact.id)
    )
    people = []
    for row in rows:
        person = _known(row, PERSON_FIELDS, job_id)
        if row[-1] is not None:
            elsewhere = Known(row[-1], {"name": ""})
            person.company = companies.setdefault(row[-1], elsewhere)
        people.append(person)
    return people


def _head(table: type[Company] | type[Contact], person: Any) -> tuple[Any, ...]:
    """What is known of every row, last whether it is only stored: its person's processing is
    restricted, or it was deleted and waits, and no file brings it back."""
    standing = Restriction.contact_id == person, Restriction.lifted_at.is_(None)
    restricted = select(Restriction.id).where(*standing).exists()
    kind = Departure.kind == table.__tablename__
    waits = select(Departure.id).where(kind, Departure.number == table.id).exists()
    return (table.id, table.sort_key, table.pending_import_id, or_(restricted, waits))


def _seen(statement: Any) -> Sequence[Any]:
    return db.session.execute(
        statement.with_for_update(), execution_options=seen_by_program("import")
    ).all()


def _known(row: Any, fields: Sequence[str], job_id: int | None) -> Known:
    id_, key, pending, restricted, *values = row[: 4 + len(fields)]
    made_here = job_id is not None and pending == job_id
    values_by = dict(zip(fields, values, strict=True))
    return Known(id_, values_by, key=key, made_here=made_here, restricted=bool(restricted))
