"""Whatever moves a date writes it anew in its own transaction: a SQLAlchemy listener, so that no
feature has to think of it and none can forget."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, event, inspect, select
from sqlalchemy.orm import Session

from wesentra.actor import Notes, current_or_none
from wesentra.compliance.retention import dates
from wesentra.models import Company, Contact, db
from wesentra.models.attribution import seen_by_program

MOVES = {
    "contact": frozenset({"group", "left_on", "company_id"}),
    "company": frozenset({"group", "contract_ended_on", "invoiced_on", "person_id"}),
}
"""Fields by which a date moves; interactions move it as well."""
OF_INTERACTIONS = "interaction."
LOOK = "retention"
LEFT = "wesentra_companies_left"


def remember(session: Session, _context: Any) -> None:
    """After a flush: the companies in which somebody worked until now, whose last contact moves."""
    for one in session.dirty:
        if isinstance(one, Contact):
            left = inspect(one).attrs.company_id.history.deleted or ()
            session.info.setdefault(LEFT, set()).update(left)


def write(session: Session) -> None:
    """Before a commit: the dates of everybody whose facts this transaction changed."""
    acting = current_or_none()
    if acting is None or session.in_nested_transaction():
        return
    session.flush()
    people, firms = _moved(acting.notes, "contact"), _moved(acting.notes, "company")
    looked = acting.notes.counted.get(LOOK)
    companies = firms | _companies_of(people) | (session.info.pop(LEFT, set()) - {None})
    dates.keep("company", companies)
    dates.keep("contact", people | _who_work_in(firms) | _who_are(companies))
    # The entry of the change says whom it is about; that a date follows shows nobody more.
    acting.notes.counted.pop(LOOK, None)
    if looked is not None:
        acting.notes.counted[LOOK] = looked


def _moved(notes: Notes, kind: str) -> set[int]:
    return {
        id_
        for (operation, about, id_), fields in notes.written.items()
        if about == kind and operation != "delete" and _moves(operation, kind, fields)
    }


def _moves(operation: str, kind: str, fields: Collection[str]) -> bool:
    if operation == "create" or not MOVES[kind].isdisjoint(fields):
        return True
    return any(field.startswith(OF_INTERACTIONS) for field in fields)


def _companies_of(people: Collection[int]) -> set[int]:
    """Where these people work, and the companies that they are."""
    works = select(Contact.company_id).where(Contact.id.in_(people))
    is_one = select(Company.id).where(Company.person_id.in_(people))
    return _ids(works) | _ids(is_one) if people else set()


def _who_work_in(companies: Collection[int]) -> set[int]:
    own = select(Contact.id).where(Contact.company_id.in_(companies))
    return _ids(own) if companies else set()


def _who_are(companies: Collection[int]) -> set[int]:
    """The people that these companies are: their bookkeeping keeps them."""
    own = Company.id.in_(companies), Company.person_id.is_not(None)
    return _ids(select(Company.person_id).where(*own)) if companies else set()


def _ids(query: Select[Any]) -> set[int]:
    found = db.session.scalars(query, execution_options=seen_by_program(LOOK))
    return set(found) - {None}


def listen() -> None:
    """Once a process; before the listener of the log, which tells what was written."""
    if not event.contains(Session, "before_commit", write):
        event.listen(Session, "before_commit", write, insert=True)
        event.listen(Session, "after_flush", remember)
