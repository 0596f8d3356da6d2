"""Questions of the pages of minimisation: numbers only, nobody is loaded."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from wesentra.compliance.minimisation import unused
from wesentra.compliance.minimisation.policy import COUNTED, FIELDS, REMOVABLE, Entry, Share
from wesentra.compliance.minimisation.unused import Measured
from wesentra.models import FieldRemoval, FieldSeen, db
from wesentra.models.personal import marks, personal_classes

SHOWN = 10
BESIDE_PEOPLE = ("company", "interaction", "task")
"""What people work with beside contacts. What proves something, or protects a person, is needed
also while nobody looks at it."""


def shares(known: Measured) -> dict[str, list[Share]]:
    """The figures of every field that is counted, by field and group."""
    return {field: unused.shares(field, known) for field in COUNTED}


def share(group: str, field: str, known: Measured) -> Share:
    """Those of one field of one group."""
    own = (one for one in unused.shares(field, known) if one.group == group)
    return next(own, Share(group, field, 0, 0, 0))


def removable(found: dict[str, list[Share]]) -> list[Share]:
    """Those of which something can be removed."""
    return [one for field in REMOVABLE for one in found[field]]


def dictionary(found: dict[str, list[Share]], known: Measured) -> list[Entry]:
    """The fields of a contact as the register's data dictionary has them."""
    last = _last_days()
    return [_entry(name, last.get(f"contact.{name}"), found.get(name), known) for name in FIELDS]


def _entry(name: str, last_on: date | None, own: Sequence[Share] | None, known: Measured) -> Entry:
    key, mark = f"contact.{name}", FIELDS[name]
    if own is None:
        return Entry(key, mark, last_on)
    filled = sum(one.filled for one in own)
    left = sum(one.unused + one.held for one in own)
    return Entry(key, mark, last_on, filled, filled - left if known.enough else None)


def others() -> dict[str, list[Entry]]:
    """The fields of companies and of what is done, by table: only the day of a use is counted."""
    last = _last_days()
    found: dict[str, list[Entry]] = {}
    for class_ in personal_classes():
        table = str(class_.__tablename__)
        told = [(name, own) for name, own in marks(class_) if own.exported]
        if table in BESIDE_PEOPLE:
            keys = ((f"{table}.{name}", own) for name, own in told)
            found[table] = [Entry(key, own, last.get(key)) for key, own in keys]
    return found


def _last_days() -> dict[str, date]:
    return dict(db.session.execute(select(FieldSeen.field, FieldSeen.last_on)).all())


def removals() -> Sequence[FieldRemoval]:
    """What was decided of late, the newest first."""
    newest = select(FieldRemoval).order_by(FieldRemoval.id.desc())
    return db.session.scalars(newest.limit(SHOWN)).all()


def removal_of(group: str, field: str) -> FieldRemoval | None:
    """The last removal of a field of a group."""
    own = FieldRemoval.group == group, FieldRemoval.field == field
    query = select(FieldRemoval).where(*own).order_by(FieldRemoval.id.desc())
    return db.session.scalar(query.limit(1))
