"""Invented companies and people: decided purely, by chance that a seed makes repeatable."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count, islice
from random import Random

from wesentra.crm.values import business_id, fold
from wesentra.operations.demo import words

FIRST_ID = 10_000
"""Business IDs below 0100000 were never issued."""
Typed = dict[str, str]


@dataclass
class Firm:
    """A company, as somebody would type it in; `mail` is the domain of its people."""

    typed: Typed
    mail: str
    language: str
    owner: str = ""
    """The family name of a sole trader; empty for an organisation."""


@dataclass
class Person:
    """A contact, as somebody would type it in, and the number of their firm (None: no firm)."""

    typed: Typed
    firm: int | None


@dataclass
class Inventor:
    """Makes the same companies and people from the same seed."""

    seed: int
    rng: Random = field(init=False)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)  # noqa: S311 - invention, not secrecy
        self._ids = _business_ids()
        self._numbers = count(1_000)
        self._kinds = chain(_told(), ((name, self._group(), "fi") for name in _names()))

    def firms(self, wanted: int) -> list[Firm]:
        """The next so many companies: the told ones first, sole traders among them."""
        return [self._firm(*kind) for kind in islice(self._kinds, wanted)]

    def people(self, firms: list[Firm], wanted: int) -> list[Person]:
        """One person for each company, then more at random; each thirtieth belongs to none."""
        numbers: list[int | None] = list(range(min(len(firms), wanted)))
        open_to_all = [i for i, firm in enumerate(firms) if not firm.owner] or [0]
        while len(numbers) < wanted:
            alone = len(numbers) % 30 == 29
            numbers.append(None if alone else self.rng.choice(open_to_all))
        return [self._person(firms[n] if n is not None else None, n) for n in numbers]

    def phone(self) -> str:
        """A mobile number from a series that was given to nobody."""
        return f"+35849{next(self._numbers):07}"

    def _firm(self, name: str, group: str, language: str) -> Firm:
        rng, swedish = self.rng, language == "sv"
        family = rng.choice(words.FAMILY_SV if swedish else words.FAMILY_FI)
        owner = family if "{family}" in name else ""
        name = name.format(family=family)
        postal_code, post_office = rng.choice(words.PLACES_SV if swedish else words.PLACES)
        street = rng.choice(words.STREETS_SV if swedish else words.STREETS)
        own_id = next(self._ids) if group != "stakeholder" else ""
        typed = {
            "name": name,
            "business_id": own_id,
            "street": f"{street} {rng.randint(1, 88)}",
            "postal_code": postal_code,
            "post_office": post_office,
            "country": "FI",
            "switchboard": "" if owner else f"+35849{rng.randint(0, 999):03}0000",
            "group": group,
            "source": rng.choice(words.SOURCES[1:]),
        }
        if group == "contract-customer":
            typed |= {"einvoice_address": "0037" + own_id.replace("-", "")}
            typed |= {"einvoice_operator": "DEMOFIHH"} if rng.random() < 0.5 else {}
        return Firm(typed, "-".join(fold.words(name)[:2]), language, owner)

    def _person(self, firm: Firm | None, number: int | None) -> Person:
        rng = self.rng
        swedish = firm is not None and firm.language == "sv"
        given = rng.choice(words.GIVEN_SV if swedish else words.GIVEN_FI)
        family = rng.choice(words.FAMILY_SV if swedish else words.FAMILY_FI)
        if firm is not None and firm.owner:
            family = firm.owner
        titles = words.TITLES_SV if swedish else words.TITLES_FI
        typed = {
            "given_name": given,
            "family_name": family,
            "title": rng.choice(titles) if firm and not firm.owner else "",
            "phone": self.phone(),
            "email": self._email(given, family, firm),
            "group": firm.typed["group"] if firm else "prospect",
            "source": rng.choice(words.SOURCES),
            "language": "sv" if swedish else "fi",
            "note": rng.choice(words.NOTES) if rng.random() < 0.15 else "",
        }
        return Person(typed, number)

    def _email(self, given: str, family: str, firm: Firm | None) -> str:
        """An address in a domain that stands for no company, unlike any given before."""
        host = f"{firm.mail}.example.fi" if firm else "example.fi"
        local = ".".join(fold.words(f"{given} {family}"))
        for number in count(1):
            address = f"{local}{number if number > 1 else ''}@{host}"
            if address not in self.taken:
                self.taken.add(address)
                return address
        raise AssertionError("numbers do not end")

    def _group(self) -> str:
        groups = ("contract-customer", "prospect", "supplier", "stakeholder", "former-customer")
        return self.rng.choices(groups, (50, 25, 10, 5, 10))[0]


def _told() -> list[tuple[str, str, str]]:
    told = list(words.FIRMS)
    for place, sole in zip((2, 12, 21), words.SOLE_TRADERS, strict=True):
        told.insert(place, sole)
    return told


def _names() -> Iterator[str]:
    """Names without end, each once; neighbours differ in both of their words."""
    stems, trades, forms = words.STEMS, words.TRADES, ("Oy", "Ky", "Osk", "Oyj")
    for number in count():
        block, stem = divmod(number, len(stems))
        turn, trade = divmod(block, len(trades))
        again = "" if turn < len(forms) else f" {turn}"
        name = f"{stems[stem]} {trades[(trade + 7 * stem) % len(trades)]}{again}"
        yield f"{name} {forms[turn % len(forms)]}"


def _business_ids() -> Iterator[str]:
    for number in count(FIRST_ID):
        base = f"{number:07}"
        if (check := business_id.check_digit(base)) is not None:
            yield f"{base}-{check}"
