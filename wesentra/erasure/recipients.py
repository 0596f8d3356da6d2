"""Those who got somebody's data: they are told of the erasure before the register forgets who they
are (Art. 19 GDPR), and what was disclosed is counted without them."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from wesentra.models import Disclosure, DisclosureYear, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.models.disclosure import Cause
from wesentra.refusal import Refused
from wesentra.texts import mark

TOLD = "told"
"""The outcome of a disclosure whose recipient was told of the erasure."""
UNTOLD = Disclosure.told_of != Cause.ERASURE
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_YEARS = Base.metadata.tables[DisclosureYear.__tablename__]
_Key = tuple[int, str, str, str]


def untold(contact_id: int) -> Sequence[Disclosure]:
    """The disclosures whose recipients are still to be told that the person goes, the oldest first.

    They are a look at the person.
    """
    query = select(Disclosure).where(Disclosure.contact_id == contact_id, UNTOLD)
    return db.session.scalars(query.order_by(Disclosure.disclosed_on, Disclosure.id)).all()


def numbers(contact_ids: Collection[int]) -> dict[int, int]:
    """Of these people how many recipients each are still to be told of the erasure."""
    if not contact_ids:
        return {}
    own = Disclosure.contact_id
    query = select(own, func.count()).where(own.in_(contact_ids), UNTOLD).group_by(own)
    found = db.session.execute(query, execution_options=seen_by_program("erasure"))
    return dict(found.all())


def lacks(contact_id: int, listed: str) -> bool:
    """Whether somebody is to be told who does not stand in `listed`, the numbers of disclosures
    that a page has shown, parted by commas."""
    query = select(Disclosure.id).where(Disclosure.contact_id == contact_id, UNTOLD)
    found = db.session.scalars(query, execution_options=seen_by_program("erasure"))
    return not {str(number) for number in found} <= set(listed.split(","))


def demand_told(contacts: Collection[int]) -> None:
    """Refuse to erase any of these people while a recipient was neither told nor given up on."""
    if number := sum(numbers(contacts).values()):
        raise Refused(
            mark(
                "Recipients of the data who are still to be told: %(number)s. Note for each on the "
                "person’s page, under Disclosures, that it was told of the erasure, or why not."
            ),
            number=number,
        )


def count(contacts: Collection[int]) -> None:
    """Keep the numbers of what was disclosed of these people, by year, before the rows go."""
    columns = (
        *(Disclosure.disclosed_on, Disclosure.basis, Disclosure.categories),
        *(Disclosure.told_of, Disclosure.not_told),
    )
    query = select(*columns).where(Disclosure.contact_id.in_(contacts))
    rows = db.session.execute(query, execution_options=seen_by_program("erasure")).all()
    found: Counter[_Key] = Counter()
    for day, basis, categories, told_of, not_told in rows:
        outcome = (not_told or TOLD) if told_of == Cause.ERASURE else ""
        found[day.year, basis, ",".join(sorted(categories)), outcome] += 1
    for key, number in sorted(found.items()):  # in one order, or two erasures wait for each other
        _add(key, number)


def _add(key: _Key, number: int) -> None:
    names = ("year", "basis", "categories", "outcome")
    insert = _INSERTS[db.engine.dialect.name]
    row = insert(_YEARS).values(**dict(zip(names, key, strict=True)), number=number)
    more = {"number": _YEARS.c.number + row.excluded.number}
    db.session.execute(row.on_conflict_do_update(index_elements=names, set_=more))
