"""The removal itself: of one field from few people at a time, each time looked at anew.

Somebody may have used the field since the figures were counted; so the log is asked once more
about the people whose turn it is, and whoever is needed after all is left out.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import not_, select, update

from wesentra import clock
from wesentra.audit import field_looks
from wesentra.compliance.minimisation import counting, unused
from wesentra.models import Contact, FieldChange, FieldRemoval, db
from wesentra.models.attribution import bulk_write
from wesentra.models.base import Base

TOGETHER = 50
"""So many in one transaction: others wait for its write lock only so long."""
Empty = Callable[[Contact, str], bool]
"""Takes a field's value away, as a hand would: the feature of contacts knows how."""
_CHANGES = Base.metadata.tables[FieldChange.__tablename__]


def open_ones() -> Sequence[int]:
    """The numbers of removals that are not done."""
    own = select(FieldRemoval.id).where(FieldRemoval.done_at.is_(None))
    return db.session.scalars(own.order_by(FieldRemoval.id)).all()


def carry_on(number: int, empty: Empty) -> bool:
    """Take the field from the next few; False when nobody is left. Nothing is committed."""
    removal = db.session.get_one(FieldRemoval, number, populate_existing=True, with_for_update=True)
    if removal.done_at is not None:
        return False
    group = Contact.group == removal.group
    ids = _whose(removal.field, removal.unused_until, group, size=TOGETHER)
    if not ids:
        removal.done_at = clock.now()
        return False
    removal.removed += take(ids, removal.field, removal.unused_until, empty, group)
    return True


def more(removal: FieldRemoval) -> bool:
    """Whether it has not come to everybody."""
    group = Contact.group == removal.group
    return bool(_whose(removal.field, removal.unused_until, group, size=1))


def take(
    ids: Collection[int],
    field: str,
    until: date,
    empty: Empty,
    *also: Any,
    decided_by: int | None = None,
) -> int:
    """Take a field from those of these of whom it was not used after `until`; from how many.

    Whoever decides about one person has perhaps opened them for that: this is no use.
    """
    _locked(ids)
    state = counting.state()
    if state is None or state.known_since > until:
        return 0
    counting.keep(field_looks.of_people(ids, state.counted, decided_by))
    going = _whose(field, until, Contact.id.in_(ids), *also)
    for person in db.session.scalars(select(Contact).where(Contact.id.in_(going))):
        empty(person, field)
    db.session.flush()
    _forget(going, field)
    return len(going)


def _locked(ids: Collection[int]) -> None:
    query = select(Contact.id).where(Contact.id.in_(ids)).order_by(Contact.id).with_for_update()
    db.session.scalars(query, execution_options=unused.BESIDE).all()


def _whose(field: str, until: date, *also: Any, size: int | None = None) -> list[int]:
    """Those whose field is proposed to be removed, now."""
    query = unused.with_use(select(Contact.id), field).where(*also, unused.filled(field))
    query = query.where(unused.unused(until), not_(unused.kept())).order_by(Contact.id)
    return list(db.session.scalars(query.limit(size), execution_options=unused.BESIDE))


def _forget(ids: Collection[int], field: str) -> None:
    """The values of the field go from the history of changes as well; that and when it was changed
    stays. What is not needed is not needed there either."""
    if not ids:
        return
    own = _CHANGES.c.contact_id.in_(ids) & (_CHANGES.c.field == field)
    about = bulk_write("update", "contact", ids, ["field_change.old", "field_change.new"])
    emptied = update(_CHANGES).where(own).values(old="", new="")
    db.session.execute(emptied, execution_options=about)
