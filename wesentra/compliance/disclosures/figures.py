"""Disclosures of a year in numbers: by recipient and basis, and of those who are gone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from wesentra.erasure.recipients import TOLD
from wesentra.models import Disclosure, DisclosureYear, db
from wesentra.models.attribution import shown_as


@dataclass(frozen=True)
class Row:
    """How many disclosures to one recipient on one basis, and of how many people."""

    recipient: str
    basis: str
    number: int
    people: int


@dataclass(frozen=True)
class Gone:
    """How many disclosures on one basis lost their people, and whether their recipients were told:
    `excused` are those with a reason why not."""

    basis: str
    number: int
    told: int
    untold: int

    @property
    def excused(self) -> int:
        """Not told, because it was impossible or took disproportionate effort."""
        return self.number - self.told - self.untold


def of_year(year: int) -> list[Row]:
    """By recipient and basis, the most first. It is a look at everybody whose recipients they are:
    a recipient may be a person."""
    day = Disclosure.disclosed_on
    own = day >= date(year, 1, 1), day < date(year + 1, 1, 1)
    query = select(Disclosure.contact_id, Disclosure.recipient, Disclosure.basis).where(*own)
    option = shown_as("contact", "contact_id", "disclosure.recipient")
    number: Counter[tuple[str, str]] = Counter()
    people: dict[tuple[str, str], set[int]] = {}
    for contact_id, recipient, basis in db.session.execute(query, execution_options=option).all():
        number[recipient, basis] += 1
        people.setdefault((recipient, basis), set()).add(contact_id)
    return [Row(*key, many, len(people[key])) for key, many in number.most_common()]


def gone(year: int) -> list[Gone]:
    """Of people who were erased, by basis: without their recipients."""
    key = (DisclosureYear.basis, DisclosureYear.outcome)
    query = select(*key, func.sum(DisclosureYear.number)).where(DisclosureYear.year == year)
    found: dict[str, Counter[str]] = {}
    for basis, outcome, number in db.session.execute(query.group_by(*key)).all():
        found.setdefault(basis, Counter())[outcome] += int(number)
    return [Gone(basis, own.total(), own[TOLD], own[""]) for basis, own in sorted(found.items())]
