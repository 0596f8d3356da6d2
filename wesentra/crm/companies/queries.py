"""Questions about companies. A page loads only what it shows: what is loaded is logged as shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import QueryableAttribute, joinedload, load_only

from wesentra.crm.companies import absence, leaving_soon
from wesentra.crm.values import fold
from wesentra.models import Company, Contact, Departure, FieldChange, User, db
from wesentra.models.attribution import seen_by_program

PAGE = 50
NAME = (Company.name, Company.person_id)
ROW = (
    *NAME,
    Company.business_id,
    Company.post_office,
    Company.switchboard,
    Company.group,
)


def rows(*columns: object) -> Select[Company]:
    """Companies as rows of a list; those of an unfinished import are not there yet."""
    shown = load_only(*(columns or ROW))  # type: ignore[arg-type]
    return select(Company).options(shown).where(Company.pending_import_id.is_(None))


def get(company_id: int) -> Company:
    """One company with everything its page shows."""
    return _there(
        rows(
            *ROW,
            Company.street,
            Company.postal_code,
            Company.country,
            Company.billing_address,
            Company.einvoice_address,
            Company.einvoice_operator,
            Company.source,
            Company.note,
            Company.owner_id,
            Company.version,
            Company.created_at,
        ).options(joinedload(Company.owner)),
        company_id,
    )


def named(company_id: int) -> Company:
    """One company as far as its name, for a form that shows it."""
    return _there(rows(*NAME), company_id)


def to_change(company_id: int) -> Company:
    """One company, locked against others on PostgreSQL (SQLite has locked already)."""
    here = select(Company).where(Company.pending_import_id.is_(None))
    return _there(here.with_for_update(), company_id)


def _there(query: Select[Company], company_id: int) -> Company:
    company = db.session.scalar(query.where(Company.id == company_id))
    if company is None:
        raise absence.of_company(company_id)
    return company


@dataclass(frozen=True)
class Page:
    """One page of a list and the id after which the next one starts (None: this is the last)."""

    companies: Sequence[Company]
    after: int | None


def page(
    group: str = "", after: int | None = None, size: int = PAGE, until: date | None = None
) -> Page:
    """Companies by name, as in Finnish, after the id `after`; those that go up to `until`."""
    wanted: list[ColumnElement[bool]] = [Company.pending_import_id.is_(None)]
    if until is not None:
        wanted.append(leaving_soon.goes_until(Company, until))
    if group:
        wanted.append(Company.group == group)
    key = None if after is None else _sort_key(after)
    if key is not None:
        wanted.append(tuple_(Company.sort_key, Company.id) > (key, after))
    order = (Company.sort_key, Company.id)
    listed = rows().options(leaving_soon.with_date(Company)).where(*wanted)
    found = db.session.scalars(listed.order_by(*order).limit(size)).all()
    if len(found) < size:
        return Page(found, None)
    beyond = select(Company.id).where(*wanted).order_by(*order).offset(size).limit(1)
    more = db.session.scalar(beyond, execution_options=seen_by_program("paging"))
    return Page(found, found[-1].id if more else None)


def _sort_key(company_id: int) -> str | None:
    return db.session.scalar(
        select(Company.sort_key).where(Company.id == company_id),
        execution_options=seen_by_program("paging"),
    )


def with_switchboard(e164: str, limit: int = 10) -> Sequence[Company]:
    """Companies that are reached by a telephone number."""
    query = rows().where(Company.switchboard == e164)
    return db.session.scalars(query.order_by(Company.sort_key).limit(limit)).all()


def with_name(name: str) -> list[int]:
    """The ids of companies of this name, whatever its capitals and signs; for the program."""
    if not (key := fold.sort_key(name)[:160]):
        return []
    return list(
        db.session.scalars(
            select(Company.id).where(Company.sort_key == key, Company.pending_import_id.is_(None)),
            execution_options=seen_by_program("duplicate"),
        )
    )


def meant(name: str, chosen_id: int | None) -> list[int]:
    """The ids of the companies that a name can mean: of several the one that was chosen."""
    found = with_name(name)
    return [chosen_id] if chosen_id in found else found


def namesakes(name: str) -> list[tuple[int, str]]:
    """Where several companies have this name, the id of each and what tells it from the others."""
    found = with_name(name)
    if len(found) < 2:
        return []
    query = rows(*NAME, Company.business_id, Company.post_office).where(Company.id.in_(found))
    return [(one.id, _apart(one)) for one in db.session.scalars(query.order_by(Company.id))]


def _apart(company: Company) -> str:
    known = [part for part in (company.business_id, company.post_office) if part]
    return " · ".join([company.name, *(known or [str(company.id)])])


def country_of(company_id: int) -> str | None:
    """The country in which the numbers of a company's people are read, for the program."""
    return db.session.scalar(
        select(Company.country).where(Company.id == company_id),
        execution_options=seen_by_program("country"),
    )


def with_business_id(business_id: str) -> int | None:
    """The id of a company with this business ID, seen by the program alone."""
    return db.session.scalar(
        select(Company.id).where(Company.business_id == business_id).limit(1),
        execution_options=seen_by_program("duplicate"),
    )


def people_in(company: Company) -> int:
    """How many contacts a company has, whether or not one may see them.

    A sole trader's own person does not count, nor does who was deleted and waits.
    """
    others = Contact.id.is_distinct_from(company.person_id)
    gone = select(Departure.number).where(Departure.kind == "contact")
    own = Contact.company_id == company.id, Contact.id.not_in(gone)
    count = select(func.count(Contact.id)).where(*own, others)
    return db.session.scalar(count, execution_options=seen_by_program("counting")) or 0


def of_person(contact_id: int, *columns: QueryableAttribute[Any]) -> Sequence[Company]:
    """The companies that are a person (*toiminimi*), whole or as far as `columns`."""
    query = select(Company).where(Company.person_id == contact_id)
    return db.session.scalars(query.options(load_only(*columns)) if columns else query).all()


def last_change(company_id: int, field: str) -> FieldChange | None:
    """The newest change of one field with the user who made it, to tell a second editor."""
    return newest_change(field, FieldChange.company_id == company_id)


def newest_change(field: str, *of: ColumnElement[bool]) -> FieldChange | None:
    """The newest change of one field, of what `of` says, with the user who made it."""
    return db.session.scalar(
        select(FieldChange)
        .options(joinedload(FieldChange.user).load_only(User.full_name))
        .where(FieldChange.field == field, *of)
        .order_by(FieldChange.at.desc(), FieldChange.id.desc())
        .limit(1)
    )


def owners() -> Sequence[User]:
    """Users who can own a company or a contact, by full name."""
    open_accounts = select(User).where(User.disabled_at.is_(None))
    return db.session.scalars(open_accounts.order_by(User.full_name)).all()
