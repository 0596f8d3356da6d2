"""Undoing: what an import changed goes back unless it was changed since, what it made goes.

Nothing is lost that people did afterwards: a value that was corrected or confirmed since stays,
and so does a contact with whom somebody has spoken, whom a hold keeps, or a company where such a
contact works.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from wesentra import clock
from wesentra.crm.imports import candidates, jobs, staging, store
from wesentra.crm.imports.known import Known
from wesentra.crm.imports.states import Outcome, State
from wesentra.crm.imports.tables import table_of
from wesentra.erasure import door, held, restricted
from wesentra.erasure.reasons import IMPORT_UNDONE
from wesentra.models import (
    Company,
    Contact,
    Disclosure,
    FieldChange,
    FieldCheck,
    ImportJob,
    ImportRow,
    Interaction,
    Objection,
    Restriction,
    Task,
    db,
)
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.codes import NOTED_AGAIN

_CHANGES = table_of(FieldChange)
_USED_BY: tuple[Any, ...] = (
    *(Interaction.contact_id, Task.contact_id, FieldCheck.contact_id),
    *(Restriction.contact_id, Disclosure.contact_id),
)


def undo(job_id: int, size: int) -> None:
    """Take back one batch; with nothing left the import is undone."""
    job = jobs.locked(job_id)
    if job.state != State.UNDOING:
        return
    jobs.touch(job)
    if _restore(job, size) or _remove(job, size):
        return
    jobs.enter(job, State.UNDONE)
    job.finished_at = clock.now()


def _seen(statement: Any) -> Sequence[Any]:
    return db.session.execute(statement, execution_options=seen_by_program("import")).all()


# --- changed values go back ----------------------------------------------------------------


def _restore(job: ImportJob, size: int) -> bool:
    """Give the newest changes of this import their old values; False when there are none."""
    changes = _seen(
        select(_CHANGES).where(_CHANGES.c.import_id == job.id, *_not_only_stored())
        .order_by(_CHANGES.c.id.desc()).limit(size)
    )  # fmt: skip
    if not changes:
        return False
    companies = candidates.companies_with(_ids(changes, "company_id") | _worked_in(changes))
    people = {
        person.id: person
        for person in candidates.people_with(_ids(changes, "contact_id"), companies)
    }
    newest = _newest_by_hand(job, people, companies)
    for change in changes:
        known = people.get(change.contact_id) or companies.get(change.company_id)
        settled = newest.get((change.contact_id, change.company_id, change.field), change.at)
        if known is not None and settled <= change.at:
            _put_back(known, change, companies)
    now = clock.now()
    store.rewrite("company", [known for known in companies.values() if known.before], now)
    store.rewrite("contact", [known for known in people.values() if known.before], now)
    _forget_changes(job, changes)
    return True


def _not_only_stored() -> list[ColumnElement[bool]]:
    """Nothing of somebody restricted goes back, and what it was before is not forgotten."""
    closed = select(Restriction.contact_id).where(Restriction.lifted_at.is_(None))
    theirs = select(Company.id).where(Company.person_id.in_(closed))
    whose = ((_CHANGES.c.contact_id, closed), (_CHANGES.c.company_id, theirs))
    return [or_(column.is_(None), column.not_in(ids)) for column, ids in whose]


def _ids(changes: Sequence[Any], column: str) -> set[int]:
    return {getattr(change, column) for change in changes} - {None}


def _worked_in(changes: Sequence[Any]) -> set[int]:
    """The companies that people worked in before the import."""
    return {int(change.old) for change in changes if change.field == "company_id" and change.old}


def _put_back(known: Known, change: Any, companies: dict[int, Known]) -> None:
    if known.restricted or store.present(known, change.field) != change.new:
        return
    if change.field != "company_id":
        known.put(change.field, change.old)
    elif not change.old or int(change.old) in companies:
        known.before.setdefault("company_id", change.new)
        known.company = companies[int(change.old)] if change.old else None


def _newest_by_hand(
    job: ImportJob, people: Collection[int], companies: Collection[int]
) -> dict[tuple[int | None, int | None, str], Any]:
    """When each field was last changed otherwise, or settled in talk with the person."""
    others = or_(FieldChange.import_id.is_(None), FieldChange.import_id != job.id)
    whose = or_(FieldChange.contact_id.in_(people), FieldChange.company_id.in_(companies))
    columns = (FieldChange.contact_id, FieldChange.company_id, FieldChange.field)
    changed = _seen(
        select(*columns, func.max(FieldChange.at)).where(others, whose).group_by(*columns)
    )
    checked = _seen(
        select(FieldCheck.contact_id, FieldCheck.field, func.max(FieldCheck.at))
        .where(FieldCheck.contact_id.in_(people), FieldCheck.outcome != "skipped")
        .group_by(FieldCheck.contact_id, FieldCheck.field)
    )
    found = {(contact, company, field): at for contact, company, field, at in changed}
    for contact, field, at in checked:
        names = ("given_name", "family_name") if field == "name" else (field,)
        for name in names:
            key = (contact, None, name)
            found[key] = max(at, found.get(key, at))
    return found


def _forget_changes(job: ImportJob, changes: Sequence[Any]) -> None:
    about = bulk_write("update", "import", [job.id], ["rows"])
    ids = [change.id for change in changes]
    db.session.execute(delete(_CHANGES).where(_CHANGES.c.id.in_(ids)), execution_options=about)


# --- what was made goes --------------------------------------------------------------------


def _remove(job: ImportJob, size: int) -> bool:
    """Delete what the last rows made, and the rows; False when there are none.

    From the last line up: a company was made by the first row that named it, so that its people
    are gone before it.
    """
    rows = _seen(
        select(ImportRow.line, ImportRow.outcome, ImportRow.record, ImportRow.contact_id,
               ImportRow.company_id)
        .where(ImportRow.job_id == job.id).order_by(ImportRow.line.desc()).limit(size)
    )  # fmt: skip
    if not rows:
        return False
    made = {row.contact_id for row in rows if row.outcome == Outcome.CREATED} - {None}
    kept = restricted.among(made) | _used_since(made) | door.held_among(made)
    door.erase(made - kept, (), IMPORT_UNDONE)
    firms = {row.company_id for row in rows if row.record.get("company_made")} - {None}
    kept_firms = _peopled(firms) | held.among("company", firms)
    door.erase((), firms - kept_firms, IMPORT_UNDONE)
    kept_before = job.mapping.get("kept", 0)
    job.mapping = job.mapping | {"kept": kept_before + len(kept) + len(kept_firms)}
    staging.forget(job.id, [row.line for row in rows])
    return True


def _used_since(ids: Collection[int]) -> set[int]:
    """Of new contacts those that somebody has changed, spoken with or planned something for, those
    who objected or had the processing restricted, and those whose data somebody got."""
    used = set(_ids_of(Contact.id, Contact.id.in_(ids), Contact.version != 1))
    for column in _USED_BY:
        used |= set(_ids_of(column, column.in_(ids)))
    by_hand = Objection.channel != NOTED_AGAIN
    used |= set(_ids_of(Objection.contact_id, Objection.contact_id.in_(ids), by_hand))
    return used


def _peopled(ids: Collection[int]) -> set[int]:
    """Of new companies those that somebody has changed or works in."""
    changed = _ids_of(Company.id, Company.id.in_(ids), Company.version != 1)
    return set(changed) | set(_ids_of(Contact.company_id, Contact.company_id.in_(ids)))


def _ids_of(column: Any, *where: ColumnElement[bool]) -> list[int]:
    return [row[0] for row in _seen(select(column).where(*where).distinct())]
