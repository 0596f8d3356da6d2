"""Questions about contacts. A page loads only what it shows: what is loaded is logged as shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, or_, select, tuple_
from sqlalchemy.orm import joinedload, load_only, selectinload

from wesentra.crm.companies import absence, leaving_soon
from wesentra.crm.companies import queries as company_queries
from wesentra.models import Company, Contact, FieldChange, FieldCheck, db
from wesentra.models.attribution import seen_by_program

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
    return _there(_whole(), contact_id)


def _there(query: Select[Contact], contact_id: int) -> Contact:
    contact = db.session.scalar(query, {"contact_id": contact_id})
    if contact is None:
        raise absence.of_contact(contact_id)
    return contact


# The statements are put together once: to make one takes longer than to run it.


def _one() -> Select[Contact]:
    own = Contact.id == bindparam("contact_id")
    return select(Contact).where(own, Contact.pending_import_id.is_(None))


@cache
def _whole() -> Select[Contact]:
    return _one().options(
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


def brief(contact_id: int) -> Contact:
    """One contact as far as the name, for a form about the person."""
    names = load_only(Contact.given_name, Contact.family_name)
    return _there(_one().options(names), contact_id)


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
    return _there(_one().options(*options), contact_id)


def to_change(contact_id: int, with_company: bool = True) -> Contact:
    """One contact, locked against others on PostgreSQL (SQLite has locked already)."""
    return _there(_locked(with_company), contact_id)


@cache
def _locked(with_company: bool) -> Select[Contact]:
    company = selectinload(Contact.company).load_only(Company.name, Company.person_id)
    return _one().options(*([company] if with_company else [])).with_for_update()


@dataclass(frozen=True)
class Page:
    """One page of a list and the id after which the next one starts (None: this is the last)."""

    contacts: Sequence[Contact]
    after: int | None


def page(
    group: str = "",
    owner_id: int | None = None,
    after: int | None = None,
    size: int = PAGE,
    until: date | None = None,
) -> Page:
    """Contacts in Finnish order of their names; `after` is the last id of the page before, `until`
    the last day on which they go."""
    key = _sort_key(after)
    values = {"group": group, "owner_id": owner_id, "key": key, "after": after, "until": until}
    wanted = (bool(group), owner_id is not None, until is not None, key is not None)
    listed, beyond = _listed(*wanted, size)
    found = db.session.scalars(listed, values).all()
    if len(found) < size:
        return Page(found, None)
    more = db.session.scalar(beyond, values, execution_options=seen_by_program("paging"))
    return Page(found, found[-1].id if more else None)


@cache
def _listed(
    grouped: bool, owned: bool, leaving: bool, further: bool, size: int
) -> tuple[Select[Contact], Select[int]]:
    """The statements for a page of a list, and for what would come after it."""
    wanted: list[ColumnElement[bool]] = [Contact.pending_import_id.is_(None)]
    if grouped:
        wanted.append(Contact.group == bindparam("group"))
    if owned:
        wanted.append(Contact.owner_id == bindparam("owner_id"))
    if leaving:
        wanted.append(leaving_soon.goes_until(Contact))
    if further:
        last = tuple_(bindparam("key", type_=String), bindparam("after", type_=Integer))
        wanted.append(tuple_(Contact.sort_key, Contact.id) > last)
    order = (Contact.sort_key, Contact.id)
    listed = (
        rows().options(leaving_soon.with_date(Contact)).where(*wanted).order_by(*order).limit(size)
    )
    return listed, select(Contact.id).where(*wanted).order_by(*order).offset(size).limit(1)


def _sort_key(contact_id: int | None) -> str | None:
    if contact_id is None:
        return None
    query = _one().with_only_columns(Contact.sort_key)
    return db.session.scalar(
        query, {"contact_id": contact_id}, execution_options=seen_by_program("paging")
    )


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


def company_id_of(contact_id: int) -> int | None:
    """The id of the company in whose country a person's numbers are read, for the program."""
    return db.session.scalar(
        select(Contact.company_id).where(Contact.id == contact_id),
        execution_options=seen_by_program("country"),
    )


def longest_unchecked(owner_id: int, limit: int = 8) -> Sequence[Contact]:
    """An owner's contacts whose data were checked longest ago or never."""
    query = rows(*BRIEF).where(Contact.owner_id == owner_id)
    order = (Contact.checked_at.asc().nulls_first(), Contact.id)
    return db.session.scalars(query.order_by(*order).limit(limit)).all()


def last_checks(contact_id: int) -> dict[str, FieldCheck]:
    """For each field the newest check that settled it (skipped ones do not)."""
    checks = db.session.scalars(_settled(), {"contact_id": contact_id})
    return {check.field: check for check in checks}


@cache
def _settled() -> Select[FieldCheck]:
    own = FieldCheck.contact_id == bindparam("contact_id")
    return select(FieldCheck).where(own, FieldCheck.outcome != "skipped").order_by(FieldCheck.at)


def last_change(contact_id: int, field: str) -> FieldChange | None:
    """The newest change of one field with the user who made it, to tell a second editor."""
    own = FieldChange.contact_id == contact_id
    return company_queries.newest_change(field, own, FieldChange.company_id.is_(None))


def with_email(email: str, but: int | None = None) -> int | None:
    """The id of a contact (another than `but`) that is there and has this mail address.

    Seen by the program alone.
    """
    there = Contact.pending_import_id.is_(None), Contact.id.is_distinct_from(but)
    return db.session.scalar(
        select(Contact.id).where(Contact.email == email, *there).order_by(Contact.id).limit(1),
        execution_options=seen_by_program("duplicate"),
    )
