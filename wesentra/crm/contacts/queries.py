"""Questions about contacts. A page loads only what it shows: what is loaded is logged as shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import joinedload, load_only, selectinload

from wesentra.crm.companies import queries as company_queries
from wesentra.models import Company, Contact, FieldChange, FieldCheck, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import NotFound
from wesentra.texts import mark

PAGE = 50
ROW = (
    Contact.given_name,
    Contact.family_name,
    Contact.title,
    Contact.phone,
    Contact.email,
    Contact.group,
    Contact.company_id,
    Contact.checked_at,
)
BRIEF = (Contact.given_name, Contact.family_name, Contact.company_id, Contact.checked_at)


def with_company() -> Any:
    """Load of a contact's company as far as lists show it."""
    return joinedload(Contact.company).load_only(Company.name, Company.person_id)


def rows(*columns: Any) -> Select[Contact]:
    """Contacts as rows of a list; those of an unfinished import are not there yet."""
    shown = load_only(*(columns or ROW))
    return select(Contact).options(shown, with_company()).where(Contact.pending_import_id.is_(None))


def get(contact_id: int) -> Contact:
    """One contact with everything its page shows."""
    return _there(
        select(Contact)
        .options(
            load_only(
                *ROW,
                Contact.source,
                Contact.language,
                Contact.note,
                Contact.owner_id,
                Contact.version,
                Contact.created_at,
                Contact.updated_at,
            ),
            with_company(),
            joinedload(Contact.owner),
        )
        .where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    )


def brief(contact_id: int) -> Contact:
    """One contact as far as the name, for a form about the person."""
    return _there(
        select(Contact)
        .options(load_only(Contact.given_name, Contact.family_name))
        .where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    )


def of_field(contact_id: int, name: str, named: bool) -> Contact:
    """One contact as far as one field of it is shown; `named`: on a page that names the person."""
    column = {"owner": "owner_id", "company": "company_id"}.get(name, name)
    columns = [getattr(Contact, column)]
    if named:
        columns += [Contact.given_name, Contact.family_name]
    options: list[Any] = [load_only(*columns)]
    if name == "company":
        options.append(with_company())
    elif name == "owner":
        options.append(joinedload(Contact.owner))
    return _there(
        select(Contact)
        .options(*options)
        .where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    )


def to_change(contact_id: int, with_company: bool = True) -> Contact:
    """One contact, locked against others on PostgreSQL (SQLite has locked already)."""
    company = selectinload(Contact.company).load_only(Company.name, Company.person_id)
    return _there(
        select(Contact)
        .options(*([company] if with_company else []))
        .where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
        .with_for_update()
    )


def _there(query: Select[Contact]) -> Contact:
    contact = db.session.scalar(query)
    if contact is None:
        raise NotFound(mark("This contact is not in the register."))
    return contact


@dataclass(frozen=True)
class Page:
    """One page of a list and the id after which the next one starts (None: this is the last)."""

    contacts: Sequence[Contact]
    after: int | None


def page(
    group: str = "", owner_id: int | None = None, after: int | None = None, size: int = PAGE
) -> Page:
    """Contacts in Finnish order of their names; `after` is the last id of the page before."""
    wanted: list[ColumnElement[bool]] = [Contact.pending_import_id.is_(None)]
    if group:
        wanted.append(Contact.group == group)
    if owner_id is not None:
        wanted.append(Contact.owner_id == owner_id)
    last = _position(after)
    if last is not None:
        wanted.append(tuple_(Contact.sort_key, Contact.id) > last)
    order = (Contact.sort_key, Contact.id)
    found = db.session.scalars(rows().where(*wanted).order_by(*order).limit(size)).all()
    if len(found) < size:
        return Page(found, None)
    beyond = select(Contact.id).where(*wanted).order_by(*order).offset(size).limit(1)
    more = db.session.scalar(beyond, execution_options=seen_by_program("paging"))
    return Page(found, found[-1].id if more else None)


def _position(contact_id: int | None) -> tuple[str, int] | None:
    if contact_id is None:
        return None
    key = db.session.scalar(
        select(Contact.sort_key).where(Contact.id == contact_id),
        execution_options=seen_by_program("paging"),
    )
    return None if key is None else (key, contact_id)


def of_company(company_id: int, limit: int = 100) -> Sequence[Contact]:
    """A company's contacts, as its page lists them."""
    query = rows().where(Contact.company_id == company_id).order_by(Contact.sort_key)
    return db.session.scalars(query.limit(limit)).all()


def by_number(e164: str, limit: int = 20) -> Sequence[Contact]:
    """Whom a telephone number belongs to: their own, or the switchboard of their company."""
    companies = select(Company.id).where(Company.switchboard == e164)
    query = rows().where(or_(Contact.phone == e164, Contact.company_id.in_(companies)))
    return db.session.scalars(
        query.order_by(Contact.phone != e164, Contact.sort_key).limit(limit)
    ).all()


def longest_unchecked(owner_id: int, limit: int = 8) -> Sequence[Contact]:
    """An owner's contacts whose data were checked longest ago or never."""
    query = rows(*BRIEF).where(Contact.owner_id == owner_id)
    order = (Contact.checked_at.asc().nulls_first(), Contact.id)
    return db.session.scalars(query.order_by(*order).limit(limit)).all()


def last_checks(contact_id: int) -> dict[str, FieldCheck]:
    """For each field the newest check that settled it (skipped ones do not)."""
    checks = db.session.scalars(
        select(FieldCheck)
        .where(FieldCheck.contact_id == contact_id, FieldCheck.outcome != "skipped")
        .order_by(FieldCheck.at)
    )
    return {check.field: check for check in checks}


def last_change(contact_id: int, field: str) -> FieldChange | None:
    """The newest change of one field with the user who made it, to tell a second editor."""
    own = FieldChange.contact_id == contact_id
    return company_queries.newest_change(field, own, FieldChange.company_id.is_(None))


def with_email(email: str) -> int | None:
    """The id of a contact with this mail address, seen by the program alone."""
    return db.session.scalar(
        select(Contact.id).where(Contact.email == email).limit(1),
        execution_options=seen_by_program("duplicate"),
    )
