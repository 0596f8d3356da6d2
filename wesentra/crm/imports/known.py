"""Who of a batch is in the register already. Pure: what was found is put in, then asked.

A company is the same by its business ID, else by its folded name when the postal code does not
speak against it. A person is the same by mail address and given name (people share `info@…`),
else by telephone number and whole name (people share telephones), else by name and company,
unless both mail address and number are others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wesentra.crm.values.fold import sort_key, words

KEY_LENGTH = 160
NAMES = ("name", "given_name", "family_name")
Values = Mapping[str, str]


@dataclass(slots=True, eq=False)
class Known:
    """One company or person, in the register or about to be.

    `values` are the present ones, `key` the one of the name (empty: to be made anew); `before`
    holds the old value of each field that changed; `made_here` says that this import made it,
    so that nobody has seen it yet. `restricted`: the person's data are only stored (Art. 18(2)
    GDPR) or wait to be erased; nothing of them is changed.
    """

    id: int
    values: dict[str, str]
    company: "Known | None" = None
    key: str = ""
    made_here: bool = False
    is_new: bool = False
    restricted: bool = False
    before: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: str) -> bool:
        """Set a field; True when it is another value now."""
        old = self.values.get(name, "")
        if old == value or self.restricted:
            return False
        if not self.is_new:
            self.before.setdefault(name, old)
        self.values[name] = value
        if name in NAMES:
            self.key = ""
        return True


def company_key(name: str) -> str:
    """The key by which companies are ordered and found by name."""
    return sort_key(name)[:KEY_LENGTH]


def person_key(given: str, family: str) -> str:
    """The key by which people are ordered and found by name."""
    return sort_key(f"{family} {given}")[:KEY_LENGTH]


class Companies:
    """The companies that a batch may mean."""

    def __init__(self, found: Iterable[Known] = ()) -> None:
        self.all: list[Known] = []
        self._by_id: dict[str, Known] = {}
        self._by_key: defaultdict[str, list[Known]] = defaultdict(list)
        for company in found:
            self.add(company)

    def add(self, company: Known) -> None:
        """Put a company in; of several with one business ID the first stays."""
        self.all.append(company)
        if number := company.values.get("business_id"):
            self._by_id.setdefault(number, company)
        company.key = company.key or company_key(company.values["name"])
        self._by_key[company.key].append(company)

    def find(self, values: Values, key: str) -> Known | None:
        """The company that `values` (business_id, postal_code) and its key mean, or None."""
        number = values.get("business_id", "")
        if number in self._by_id:
            return self._by_id[number]
        for company in self._by_key[key]:
            same_number = _no_contradiction(number, company.values.get("business_id", ""))
            postal = values.get("postal_code", "")
            if same_number and _no_contradiction(postal, company.values.get("postal_code", "")):
                return company
        return None


class People:
    """The people that a batch may mean."""

    def __init__(self, found: Iterable[Known] = ()) -> None:
        self.all: list[Known] = []
        self._by: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
        for person in found:
            self.add(person)

    def add(self, person: Known) -> None:
        """Put a person in."""
        self.all.append(person)
        for name in ("email", "phone"):
            if value := person.values.get(name):
                self._by[name, value].append(person)
        person.key = person.key or _key(person.values)
        self._by["name", person.key].append(person)

    def find(self, values: Values, key: str, company: Known | None) -> Known | None:
        """The person that `values` and the key of the name mean, working in `company`."""
        for person in self._by["email", values.get("email", "")]:
            if _given_meet(values, person.values):
                return person
        for person in self._by["phone", values.get("phone", "")]:
            if key == (person.key or _key(person.values)):
                return person
        for person in self._by["name", key]:
            if person.company is company and _may_be(values, person.values, company):
                return person
        return None


def _key(values: Values) -> str:
    return person_key(values.get("given_name", ""), values.get("family_name", ""))


def _no_contradiction(one: str, other: str) -> bool:
    return one == other or not one or not other


def _given_meet(one: Values, other: Values) -> bool:
    """Whether two names can be one person's: a given name in common, else a family name."""
    given = [set(words(values.get("given_name", ""))) for values in (one, other)]
    if all(given):
        return bool(given[0] & given[1])
    family = [set(words(values.get("family_name", ""))) for values in (one, other)]
    return not all(family) or bool(family[0] & family[1])


def _may_be(one: Values, other: Values, company: Known | None) -> bool:
    """Whether nothing speaks against one person of this name: in a company both mail address
    and number would have to be others, without one either of them."""
    email, phone = (
        not _no_contradiction(one.get(name, ""), other.get(name, "")) for name in ("email", "phone")
    )
    return not (email and phone) if company else not (email or phone)
