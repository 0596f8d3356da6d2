"""The one way out: whoever goes from the register goes through here, whatever the reason."""

from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select

from wesentra import clock
from wesentra.actor import current
from wesentra.erasure import (
    held,
    others,
    pledges,
    recipients,
    restricted,
    rows,
    staged,
    suppression,
)
from wesentra.erasure.reasons import (
    HAND,
    IMPORT_UNDONE,
    REASONS,
    REQUEST,
    RESTORE,
    SAID_BY_PEOPLE,
)
from wesentra.models import Company, Contact, Departure, Tombstone, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.refusal import NotFound
from wesentra.texts import mark

Went = Mapping[rows.Subject, Counter[str]]
"""Of each who went how many rows of which tables."""
_STONES = Base.metadata.tables[Tombstone.__tablename__]
_WAITING = Base.metadata.tables[Departure.__tablename__]


def erase(contacts: Collection[int], companies: Collection[int], why: str, rule: str = "") -> None:
    """Erase these people and companies with everything of theirs, in the running transaction.

    `why` is a code of `reasons.REASONS`, `rule` the key and version of a retention rule. A sole
    trader's company goes with them. What stays is a tombstone of each, and a line in the ledger
    outside of the database; the caller commits. Thousands go in several transactions, of some
    hundreds each.

    Raises Refused, and nothing goes, while the processing of one of them is restricted and it is
    not the person's own request (Art. 18(2) GDPR), while a hold keeps one of them, while somebody
    erases them at once and recipients are to be told (Art. 19), and where the ledger cannot be
    written.
    """
    if why in SAID_BY_PEOPLE:
        recipients.demand_told(contacts)
    _erase(contacts, companies, why, rule)


def erase_waited(contacts: Collection[int], companies: Collection[int]) -> None:
    """The same for those whose days in the waiting room are over, in which recipients were told."""
    _erase(contacts, companies, HAND, "")


def _erase(contacts: Collection[int], companies: Collection[int], why: str, rule: str) -> None:
    if why not in REASONS:
        raise ValueError(why)
    db.session.flush()
    firms = with_companies(contacts, companies)
    if not contacts and not firms:
        return
    _lock(contacts, firms)
    _demand_free(contacts, firms, why)
    if went := _removed(contacts, firms, why):
        _mark(went, why, rule)


def _demand_free(contacts: Collection[int], firms: Collection[int], why: str) -> None:
    """Nobody among them is only stored, and no hold keeps them."""
    if why not in (REQUEST, RESTORE):
        restricted.demand_none({*contacts, *owners_of(firms).values()})
    if why != RESTORE:  # they went already, past whatever kept them on the day of the backup
        held.demand_none(contacts, firms, why)


def _lock(contacts: Collection[int], firms: Collection[int]) -> None:
    """Nobody places a hold on them between the question for one and the deletion."""
    for column, numbers in ((Contact.id, contacts), (Company.id, firms)):
        query = select(column).where(column.in_(numbers)).order_by(column).with_for_update()
        db.session.scalars(query, execution_options=seen_by_program("erasure")).all()


def _removed(contacts: Collection[int], firms: Collection[int], why: str) -> Went:
    """Take every row away that is theirs, and theirs out of the rows of others."""
    suppression.keep(contacts)
    recipients.count(contacts)
    if why != IMPORT_UNDONE:  # its rows go by themselves, every one
        staged.forget(staged.named(contacts, firms))
    others.forget_names_of(firms)
    went = rows.remove(contacts, firms)
    _forget_instances(went)
    return went


def demand(kind: str, number: int) -> None:
    """Raises NotFound unless there is such a contact or company, seen by the program alone."""
    own = Company.id if kind == "company" else Contact.id
    there = select(own).where(own == number)
    if db.session.scalar(there, execution_options=seen_by_program("erasure")) is None:
        raise NotFound(
            mark("This company is not in the register.")
            if kind == "company"
            else mark("This contact is not in the register.")
        )


def with_companies(contacts: Collection[int], companies: Collection[int]) -> set[int]:
    """These companies, and those that are one of these people."""
    theirs = select(Company.id).where(Company.person_id.in_(contacts))
    found = db.session.scalars(theirs, execution_options=seen_by_program("erasure"))
    return {*companies, *(found if contacts else ())}


def held_among(contacts: Collection[int], why: str = "") -> set[int]:
    """Those of these people whom a hold keeps from an erasure for this reason, or keeps the company
    that they are."""
    firms = with_companies(contacts, ())
    owners = owners_of(firms)
    theirs = {owners[firm] for firm in held.among("company", firms, why)}
    return held.among("contact", contacts, why) | theirs


def owners_of(companies: Collection[int]) -> dict[int, int]:
    """The people that companies are, as sole traders, by company."""
    own = Company.id.in_(companies), Company.person_id.is_not(None)
    query = select(Company.id, Company.person_id).where(*own)
    found = db.session.execute(query, execution_options=seen_by_program("erasure"))
    return {row.id: row.person_id for row in found} if companies else {}


def _forget_instances(went: Went) -> None:
    """Nobody finds them in the session either."""
    for one in list(db.session):
        if isinstance(one, Contact | Company) and (one.__tablename__, one.id) in went:
            db.session.expunge(one)


def _mark(went: Went, why: str, rule: str) -> None:
    """A line in the ledger and a tombstone of each; nobody waits any more."""
    people = [number for kind, number in went if kind == "contact"]
    firms = [number for kind, number in went if kind == "company"]
    erasure = pledges.pledge(people, firms)
    common = {"reason": why, "rule": rule, "erased_by": current().user_id, "erasure": erasure}
    stones = [
        {"kind": kind, "number": number, "rows": tables.total(), "tables": len(tables), **common}
        for (kind, number), tables in went.items()
    ]
    now = clock.now()
    db.session.execute(insert(_STONES), [stone | {"erased_at": now} for stone in stones])
    for kind, numbers in (("contact", people), ("company", firms)):
        own = (_WAITING.c.kind == kind) & _WAITING.c.number.in_(numbers)
        db.session.execute(delete(_WAITING).where(own))
