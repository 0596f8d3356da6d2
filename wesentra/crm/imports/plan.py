"""What a clean record does to the register. Pure: it changes `Known` objects, nothing else."""

from dataclasses import dataclass
from typing import NamedTuple

from wesentra.crm.imports.known import Companies, Known, People
from wesentra.crm.imports.record import Record
from wesentra.crm.imports.states import Outcome

REPLACED_IN_COMPANY = (
    *("name", "street", "postal_code", "post_office", "billing_address"),
    *("einvoice_address", "einvoice_operator", "switchboard"),
)
REPLACED_IN_PERSON = ("given_name", "family_name", "title", "phone", "email", "language")
FILLED = ("business_id", "country", "note")
"""Fields that an import fills when they are empty but never replaces: what somebody wrote by
hand, or what tells one company from another."""


class Taken(NamedTuple):
    """What became of a record: its outcome, company and person, whether the company is new."""

    outcome: Outcome
    company: Known | None
    person: Known | None
    new_company: bool


@dataclass
class Plan:
    """A batch: who is known, and who was made or changed by its records."""

    companies: Companies
    people: People

    def take(self, record: Record) -> Taken:
        """Work one record in."""
        company, new_company, company_changed = self._company(record)
        person, outcome = self._person(record, company)
        if outcome is Outcome.UNCHANGED and (new_company or company_changed):
            outcome = Outcome.CREATED if person is None and new_company else Outcome.UPDATED
        return Taken(outcome, company, person, new_company)

    def _company(self, record: Record) -> tuple[Known | None, bool, bool]:
        values = _company_values(record)
        if not values:
            return None, False, False
        company = self.companies.find(values, record.company_key)
        if company is not None:
            return company, False, _renew(company, values, REPLACED_IN_COMPANY)
        company = Known(0, values, key=record.company_key, made_here=True, is_new=True)
        company.values |= {"group": record.group, "source": record.source}
        self.companies.add(company)
        return company, True, False

    def _person(self, record: Record, company: Known | None) -> tuple[Known | None, Outcome]:
        values = record.contact
        if not values:
            return None, Outcome.UNCHANGED
        person = self.people.find(values, record.person_key, company)
        if person is None:
            person = Known(0, dict(values), company, record.person_key, made_here=True, is_new=True)
            person.values |= {"group": record.group, "source": record.source}
            self.people.add(person)
            return person, Outcome.CREATED
        changed = _renew(person, values, REPLACED_IN_PERSON)
        if record.group_said:
            changed |= person.put("group", record.group)
        if company is not None and person.company is not company and not person.restricted:
            _move(person, company)
            changed = True
        return person, Outcome.UPDATED if changed else Outcome.UNCHANGED


def _company_values(record: Record) -> dict[str, str]:
    values = dict(record.company)
    if values:
        values["name"] = values.pop("company")
    return values


def _renew(known: Known, values: dict[str, str], replaced: tuple[str, ...]) -> bool:
    """Put new values where they may go; True when anything is another now."""
    changed = False
    for name, value in values.items():
        if name in replaced or (name in FILLED and not known.values.get(name)):
            changed |= known.put(name, value)
    return changed


def _move(person: Known, company: Known) -> None:
    """Let a person work in another company; the old one's id is remembered as text."""
    if not person.is_new:
        person.before.setdefault("company_id", str(person.company.id) if person.company else "")
    person.company = company
