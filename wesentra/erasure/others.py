"""Where rows of other people hold a name of who goes."""

from collections.abc import Collection

from sqlalchemy import select, update

from wesentra.models import Company, FieldChange, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.base import Base

_CHANGES = Base.metadata.tables[FieldChange.__tablename__]
MOVED = "company"
"""The field of a contact whose history holds the names of companies, before and after."""


def forget_names_of(companies: Collection[int]) -> None:
    """Empty the names of these companies in the history of the people who worked there.

    Also those that they had before; that somebody moved, and when, stays.
    """
    if not companies:
        return
    names = _names(companies)
    about = bulk_write("update", "company", sorted(companies), [])
    for side in (_CHANGES.c.old, _CHANGES.c.new):
        named = (_CHANGES.c.field == MOVED) & side.in_(names)
        emptied = update(_CHANGES).where(named).values({side.name: ""})
        db.session.execute(emptied, execution_options=about)


def _names(companies: Collection[int]) -> list[str]:
    seen = seen_by_program("erasure")
    own = select(Company.name).where(Company.id.in_(companies))
    names = set(db.session.scalars(own, execution_options=seen))
    of_name = FieldChange.company_id.in_(companies), FieldChange.field == "name"
    for side in (FieldChange.old, FieldChange.new):
        names |= set(db.session.scalars(select(side).where(*of_name), execution_options=seen))
    return sorted(names - {""})
