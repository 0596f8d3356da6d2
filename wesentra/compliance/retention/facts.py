"""What the dates are counted from, read by the program for many at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from wesentra import clock
from wesentra.compliance.retention.policy import Facts
from wesentra.models import Company, Contact, FieldChange, Interaction, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import ContactChannel, Direction, Group


def two_way(one: Any) -> ColumnElement[bool]:
    """They contacted us, or one spoke with the other; a mail that nobody answered is no such thing.

    `one` is the class of interactions or an alias of it.
    """
    spoken = one.channel.in_([ContactChannel.CALL, ContactChannel.MEETING])
    return or_(one.direction == Direction.INBOUND, spoken)


TWO_WAY = two_way(Interaction)
COLUMNS = {
    "contact": (Contact.id, Contact.group, Contact.created_at, Contact.left_on, Contact.company_id),
    "company": (
        Company.id,
        Company.group,
        Company.created_at,
        Company.contract_ended_on,
        Company.invoiced_on,
        Company.person_id,
    ),
}


def of(kind: str, ids: Collection[int]) -> dict[int, Facts]:
    """The facts of these contacts or companies; who is not there is left out."""
    if not ids:
        return {}
    return of_contacts(ids) if kind == "contact" else of_companies(ids)


def of_companies(ids: Collection[int]) -> dict[int, Facts]:
    """The facts of companies."""
    rows = _seen(select(*COLUMNS["company"]).where(Company.id.in_(ids)))
    spoken = select(Contact.company_id, func.max(Interaction.at)).join(
        Contact, and_(Contact.id == Interaction.contact_id, Contact.company_id.in_(ids))
    )
    last = _days(spoken.where(TWO_WAY).group_by(Contact.company_id))
    since = _group_since(FieldChange.company_id, _former(rows))
    return {
        row.id: Facts(
            kind="company",
            group=row.group,
            created=clock.day_of(row.created_at),
            group_since=since.get(row.id, clock.day_of(row.created_at)),
            last_contact=last.get(row.id),
            contract_ended=row.contract_ended_on,
            invoiced=row.invoiced_on,
        )
        for row in rows
    }


def of_contacts(ids: Collection[int]) -> dict[int, Facts]:
    """The facts of contacts, those of a sole trader with their company's."""
    rows = _seen(select(*COLUMNS["contact"]).where(Contact.id.in_(ids)))
    spoken = select(Interaction.contact_id, func.max(Interaction.at))
    own = spoken.where(Interaction.contact_id.in_(ids), TWO_WAY)
    last = _days(own.group_by(Interaction.contact_id))
    companies = {row.company_id for row in rows} - {None}
    ended = _ended(companies)
    alone = FieldChange.company_id.is_(None)  # a sole trader's company changes for itself
    since = _group_since(FieldChange.contact_id, _former(rows), alone)
    traders = _traders(ids)
    return {
        row.id: Facts(
            kind="contact",
            group=row.group,
            created=clock.day_of(row.created_at),
            group_since=since.get(row.id, clock.day_of(row.created_at)),
            last_contact=last.get(row.id),
            left=row.left_on,
            contract_ended=ended.get(row.company_id),
            traders=tuple(traders.get(row.id, ())),
        )
        for row in rows
    }


def _former(rows: Sequence[Any]) -> list[int]:
    return [row.id for row in rows if row.group == Group.FORMER_CUSTOMER]


def _ended(companies: Collection[int]) -> dict[int, date]:
    """On which day the contracts of companies ended, of those that ended."""
    own = Company.id.in_(companies), Company.contract_ended_on.is_not(None)
    return _pairs(select(Company.id, Company.contract_ended_on).where(*own)) if companies else {}


def _group_since(column: Any, ids: Collection[int], *also: ColumnElement[bool]) -> dict[int, date]:
    """Since when they are in their present group, as far as that was ever changed."""
    if not ids:
        return {}
    own = select(column, func.max(FieldChange.at)).where(column.in_(ids), *also)
    return _days(own.where(FieldChange.field == "group").group_by(column))


def _traders(ids: Collection[int]) -> dict[int, list[Facts]]:
    """The facts of the companies that some of these contacts are, by the contact."""
    persons = _pairs(select(Company.id, Company.person_id).where(Company.person_id.in_(ids)))
    found: dict[int, list[Facts]] = defaultdict(list)
    for id_, known in of_companies(persons).items() if persons else ():
        found[persons[id_]].append(known)
    return found


def persons(companies: Collection[int]) -> dict[int, int]:
    """The people that some of these companies are, by the company."""
    own = Company.id.in_(companies), Company.person_id.is_not(None)
    return _pairs(select(Company.id, Company.person_id).where(*own))


def _seen(query: Any) -> Sequence[Any]:
    return db.session.execute(query, execution_options=seen_by_program("retention")).all()


def _pairs(query: Any) -> dict[int, Any]:
    return {row[0]: row[1] for row in _seen(query)}


def _days(query: Any) -> dict[int, date]:
    return {id_: clock.day_of(at) for id_, at in _pairs(query).items()}
