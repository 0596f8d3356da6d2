"""What is done with contacts: rules are checked here, attributes set, nothing is committed."""

from collections.abc import Mapping

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import actions as company_actions
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import fields, hidden, queries, words
from wesentra.crm.values import fold
from wesentra.crm.values.person_name import PersonName
from wesentra.erasure import suppression
from wesentra.models import Company, Contact, FieldChange, db
from wesentra.refusal import Conflict, Refused
from wesentra.texts import mark


class Shared(Refused):
    """Somebody else has this mail address; people share `info@…`, so it is asked, not refused.

    It is not told who: that is a look, by the search, and perhaps at somebody one may not see.
    """

    def __init__(self, address: str) -> None:
        super().__init__(
            mark(
                "Somebody in the register has this address already. Search for it; if they share "
                "it, say so."
            ),
            field="email",
        )
        self.address = address


def create(
    typed: Mapping[str, str],
    company: Company | None,
    owner_id: int | None,
    region: str,
    shared: str = "",
) -> Contact:
    """Add a person from what was typed; every wrong field is refused by name.

    Numbers are read in the country of the company, without one in `region`. `shared` is the mail
    address that was said to be of several people.
    """
    country = _country(company.id if company else None, region)
    values = {name: fields.read(name, typed.get(name, ""), country) for name in fields.FIELDS}
    _has_name(values["given_name"], values["family_name"])
    _is_own(values["email"], None, shared)
    now = clock.now()
    contact = Contact(
        **values,
        company_id=company.id if company else None,
        owner_id=owner_id,
        created_at=now,
        updated_at=now,
    )
    _sort(contact)
    db.session.add(contact)
    db.session.flush()
    words.write(contact)
    suppression.note_again({contact.id: (contact.email, contact.phone)})
    return contact


def create_sole_trader(company: Company, name: PersonName, owner_id: int | None) -> Contact:
    """Add the person that a company is; group and source are those of the company.

    The telephone number stays with the company alone: a copy would have to be checked twice.
    """
    typed = {
        "given_name": name.given,
        "family_name": name.family,
        "group": company.group,
        "source": company.source,
        "language": "fi",
    }
    contact = create(typed, company, owner_id, company.country)
    company_actions.is_person(company, contact.id)
    return contact


def change(
    contact: Contact, field: str, text: str, was: str | None, region: str, shared: str = ""
) -> bool:
    """Correct one field, read as in `create`; True when its value is another now.

    `was` is the value that the editor started from (None: it does not matter); when somebody
    else has put another one since, the change is a Conflict and nothing is stored.
    """
    hidden.demand_shown(contact, field)
    value = fields.read(field, text, _country(hidden.company_id(contact), region))
    now = getattr(contact, field)
    if was is not None and was != now and value != now:
        raise Conflict(field, now)
    return put(contact, field, value, shared)


def put(contact: Contact, field: str, value: str, shared: str = "") -> bool:
    """Set a field to a value that is right already, and remember the old one."""
    old = getattr(contact, field)
    if old == value:
        return False
    if field == "email":
        _is_own(value, contact.id, shared)
    name = {"given_name": contact.given_name, "family_name": contact.family_name, field: value}
    _has_name(name["given_name"], name["family_name"])
    setattr(contact, field, value)
    _sort(contact)
    _remember(contact, field, old, value)
    words.write(contact)
    if field in ("email", "phone") and value:
        suppression.note_again({contact.id: (value,)})
    return True


def rename(contact: Contact, given_name: str, family_name: str) -> bool:
    """Correct both parts of the name together."""
    given = fields.read("given_name", given_name, "")
    family = fields.read("family_name", family_name, "")
    _has_name(given, family)
    was = contact.given_name, contact.family_name
    for field, value in (("family_name", family), ("given_name", given)):
        if value:
            put(contact, field, value)
    for field, value in (("family_name", family), ("given_name", given)):
        put(contact, field, value)
    return was != (given, family)


def empty(contact: Contact, field: str) -> bool:
    """Take a field's value away: it is not needed any more."""
    if fields.FIELDS[field].needed:
        raise Refused(mark("This field cannot be empty."), field=field)
    return put(contact, field, "")


def give_to(contact: Contact, owner_id: int | None) -> None:
    """Make somebody the owner; refuses whoever cannot be one."""
    company_actions.may_own(owner_id, contact.owner_id)
    contact.owner_id = owner_id
    contact.updated_at = clock.now()


def move_to(contact: Contact, company: Company | None) -> None:
    """Say in which company the person works now."""
    hidden.demand_shown(contact, "company")
    old, new = contact.company, company
    if (old.id if old else None) == (new.id if new else None):
        return
    contact.company_id = new.id if new else None
    _remember(contact, "company", old.name if old else "", new.name if new else "")


def _remember(contact: Contact, field: str, old: str, new: str) -> None:
    contact.updated_at = clock.now()
    db.session.add(
        FieldChange(
            contact_id=contact.id,
            user_id=current().user_id,
            field=field,
            old=old,
            new=new,
            at=contact.updated_at,
        )
    )


def _sort(contact: Contact) -> None:
    contact.sort_key = fold.sort_key(f"{contact.family_name} {contact.given_name}")[:160]


def _country(company_id: int | None, region: str) -> str:
    found = company_queries.country_of(company_id) if company_id else None
    return found or region


def _is_own(email: str, own_id: int | None, shared: str) -> None:
    """Ask whether a mail address is shared, unless that was said of this very one."""
    if email in ("", shared):
        return
    if queries.with_email(email, but=own_id):
        raise Shared(email)


def _has_name(given: str, family: str) -> None:
    if not given and not family:
        raise Refused(mark("Write the person's name."), field="family_name")
