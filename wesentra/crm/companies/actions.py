"""What is done with companies: rules are checked here, attributes set, nothing is committed."""

from collections.abc import Mapping

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import fields, queries, words
from wesentra.crm.values import fold
from wesentra.erasure import held, restricted, waiting
from wesentra.models import Company, FieldChange, db
from wesentra.models.personal import masked
from wesentra.refusal import Conflict, Refused
from wesentra.texts import mark


def create(typed: Mapping[str, str], owner_id: int | None) -> Company:
    """Add a company from what was typed; every wrong field is refused by name."""
    country = fields.read("country", typed.get("country", fields.HOME), "")
    values = {name: fields.read(name, typed.get(name, ""), country) for name in fields.FIELDS}
    _is_new_id(values["business_id"])
    return _add(values, owner_id)


def named_or_new(
    name: str, group: str, source: str, country: str, chosen_id: int | None
) -> Company | None:
    """The company of this name; a new one in `country` when there is none; None for no name.

    `chosen_id` tells which of several companies of the name is meant; without it, several are
    refused.
    """
    if not name.strip():
        return None
    name = _name(name)
    ids = queries.meant(name, chosen_id)
    if len(ids) > 1:
        raise Refused(
            mark("There are several companies named %(name)s. Choose which of them."),
            field="company",
            name=name,
        )
    if ids:
        return queries.named(ids[0])
    return _add({"name": name, "group": group, "source": source, "country": country}, None)


def _name(text: str) -> str:
    """A company's name where it is written as a person's company."""
    try:
        return fields.read("name", text, "")
    except Refused as wrong:
        raise Refused(wrong.sentence, field="company", **wrong.values) from wrong


def change(company: Company, field: str, text: str, was: str | None) -> bool:
    """Correct one field; True when its value is another now.

    `was` is the value that the editor started from (None: it does not matter); when somebody
    else has put another one since, the change is a Conflict and nothing is stored.
    """
    country = company.country or queries.country_of(company.id) or fields.HOME
    value = fields.read(field, text, country)
    now = getattr(company, field)
    if was is not None and was != now and value != now:
        raise Conflict(field, now)
    return put(company, field, value)


def put(company: Company, field: str, value: str) -> bool:
    """Set a field to a value that is right already, and remember the old one."""
    old = getattr(company, field)
    if old == value:
        return False
    if field == "business_id":
        _is_new_id(value)
    if field == "country":
        _fits(company, value)
    setattr(company, field, value)
    company.sort_key = _sort_key(company.name)
    company.updated_at = clock.now()
    db.session.add(
        FieldChange(
            company_id=company.id,
            contact_id=company.person_id,
            user_id=current().user_id,
            field=field,
            old=old,
            new=value,
            at=company.updated_at,
        )
    )
    words.write(company)
    return True


def give_to(company: Company, owner_id: int | None) -> None:
    """Make somebody the owner; refuses whoever cannot be one."""
    may_own(owner_id, company.owner_id)
    company.owner_id = owner_id
    company.updated_at = clock.now()


def may_own(owner_id: int | None, now: int | None) -> None:
    """Refuse an owner without an open account, but for the one who is it `now`."""
    if owner_id in (None, now) or owner_id in (user.id for user in queries.owners()):
        return
    raise Refused(mark("Not a valid choice."), field="owner")


def is_person(company: Company, contact_id: int) -> None:
    """Say that the company is a sole trader (*toiminimi*), and who it is."""
    company.person_id = contact_id
    company.updated_at = clock.now()


def may_go(company: Company) -> None:
    """Refuse to delete a company that is a person who is only stored."""
    if company.person_id is not None:
        restricted.demand_none([company.person_id])
    held.demand_none((), [company.id])


def remove(company: Company) -> None:
    """Let a company go that nobody works in; a sole trader's person stays as a contact."""
    may_go(company)
    may_be_left(company)
    waiting.send((), [company.id])


def may_be_left(company: Company) -> None:
    """Refuse while somebody else works in it."""
    if left := queries.people_in(company):
        raise Refused(
            mark("The company still has contacts: %(count)s. Delete or move them first."),
            count=left,
        )


def _add(values: Mapping[str, str], owner_id: int | None) -> Company:
    now = clock.now()
    company = Company(
        **values,
        sort_key=_sort_key(values["name"]),
        owner_id=owner_id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(company)
    db.session.flush()
    words.write(company)
    return company


def _sort_key(name: str) -> str:
    return fold.sort_key(name)[:160]


def _is_new_id(business_id: str) -> None:
    if business_id and queries.with_business_id(business_id):
        raise Refused(
            mark("There is already a company with this business ID. Search for it."),
            field="business_id",
        )


def _fits(company: Company, country: str) -> None:
    """Refuse a country in which what stands in other fields would be wrong."""
    if not masked(company).isdisjoint(fields.DEPEND_ON_COUNTRY):
        raise Refused(
            mark("Your purpose does not show what depends on the country, so it stays."),
            field="country",
        )
    for name in fields.DEPEND_ON_COUNTRY:
        try:
            fields.read(name, getattr(company, name), country)
        except Refused as wrong:
            raise Refused(wrong.sentence, field="country", **wrong.values) from wrong
