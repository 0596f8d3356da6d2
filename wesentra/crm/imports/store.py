"""Writing a batch: rows, search words, change history, each with whom it is about."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from wesentra.actor import current
from wesentra.crm.companies import words as company_words
from wesentra.crm.contacts import words as contact_words
from wesentra.crm.imports import ids
from wesentra.crm.imports.candidates import COMPANY_FIELDS, PERSON_FIELDS
from wesentra.crm.imports.known import Known, company_key, person_key
from wesentra.crm.imports.plan import Plan
from wesentra.crm.imports.tables import table_of
from wesentra.erasure import suppression
from wesentra.models import Company, CompanyWord, Contact, ContactWord, FieldChange, db
from wesentra.models.attribution import bulk_write

DEFAULTS = {"language": "fi", "country": "FI"}


def write(plan: Plan, job_id: int, now: datetime) -> int:
    """Insert and update what `plan` made and changed; new rows stay unseen until published.

    Of how many new people an objection was noted, since the owner of their address objected before.
    """
    _insert("company", [known for known in plan.companies.all if known.is_new], job_id, now)
    _insert("contact", [known for known in plan.people.all if known.is_new], job_id, now)
    changed = [known for known in plan.companies.all if known.before]
    rewrite("company", changed, now)
    remember("company", changed, job_id, now)
    changed = [known for known in plan.people.all if known.before]
    rewrite("contact", changed, now)
    remember("contact", changed, job_id, now)
    reached = {
        known.id: (known.values.get("email", ""), known.values.get("phone", ""))
        for known in plan.people.all
        if known.is_new
    }
    return len(suppression.note_again(reached))


_TABLES = {"company": table_of(Company), "contact": table_of(Contact)}
_WORDS = {"company": table_of(CompanyWord), "contact": table_of(ContactWord)}
_FIELDS = {"company": COMPANY_FIELDS, "contact": PERSON_FIELDS}
_CHANGES = table_of(FieldChange)


def _insert(kind: str, new: Sequence[Known], job_id: int, now: datetime) -> None:
    if not new:
        return
    for known, id_ in zip(new, ids.take(kind, len(new)), strict=True):
        known.id = id_
    own = {"pending_import_id": job_id, "version": 1, "created_at": now, "updated_at": now}
    rows = [_row(kind, known) | own | {"id": known.id} for known in new]
    filled = sorted({name for known in new for name, value in known.values.items() if value})
    _run(insert(_TABLES[kind]), rows, "create", kind, new, filled)
    _insert_words(kind, new)


def rewrite(kind: str, changed: Sequence[Known], now: datetime) -> None:
    """Store changed values and the words by which they are found."""
    if not changed:
        return
    table = _TABLES[kind]
    rows = [
        {f"new_{name}": value for name, value in _row(kind, known).items()}
        | {"row_id": known.id, "step": 0 if known.made_here else 1, "now": now}
        for known in changed
    ]
    names = list(_row(kind, changed[0]))
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values(
            {name: bindparam(f"new_{name}") for name in names}
            | {"version": table.c.version + bindparam("step"), "updated_at": bindparam("now")}
        )
    )
    fields = sorted({name for known in changed for name in known.before})
    _run(statement, rows, "update", kind, changed, fields)
    words = _WORDS[kind]
    mine = words.c[f"{kind}_id"].in_([known.id for known in changed])
    _run(delete(words).where(mine), None, "update", kind, changed, [])
    _insert_words(kind, changed)


def remember(kind: str, changed: Iterable[Known], job_id: int, now: datetime) -> None:
    """Keep the old values of what was in the register before, so that they can come back."""
    old_ones = [known for known in changed if not known.made_here]
    rows = [
        {
            "contact_id": known.id if kind == "contact" else None,
            "company_id": known.id if kind == "company" else None,
            "user_id": current().user_id,
            "import_id": job_id,
            "field": name,
            "old": old,
            "new": present(known, name),
            "at": now,
        }
        for known in old_ones
        for name, old in known.before.items()
    ]
    if rows:
        _run(insert(_CHANGES), rows, "update", kind, old_ones, [])


def present(known: Known, name: str) -> str:
    """The present value of a field, the company by its id."""
    if name == "company_id":
        return str(known.company.id) if known.company else ""
    return known.values.get(name, "")


def _row(kind: str, known: Known) -> dict[str, Any]:
    values = known.values
    row: dict[str, Any] = {
        name: values.get(name) or DEFAULTS.get(name, "") for name in _FIELDS[kind]
    }
    if kind == "company":
        row["sort_key"] = known.key or company_key(values["name"])
    else:
        row["sort_key"] = known.key or person_key(row["given_name"], row["family_name"])
        row["company_id"] = known.company.id if known.company else None
    return row


def _insert_words(kind: str, knowns: Sequence[Known]) -> None:
    rows = [row for known in knowns for row in _words(kind, known)]
    # In the order of the index, which spares half of the time on SQLite.
    rows.sort(key=lambda row: str(row["word"]))
    if rows:
        _run(insert(_WORDS[kind]), rows, "update", kind, knowns, [])


def _words(kind: str, known: Known) -> list[dict[str, object]]:
    get = known.values.get
    if kind == "company":
        found = company_words.of_values(
            known.values["name"], get("business_id", ""), get("switchboard", "")
        )
        return company_words.rows(known.id, found)
    found = contact_words.of_values(
        get("given_name", ""), get("family_name", ""), get("email", ""), get("phone", "")
    )
    return contact_words.rows(known.id, found)


def _run(
    statement: Any,
    rows: list[dict[str, Any]] | None,
    operation: str,
    kind: str,
    knowns: Iterable[Known],
    fields: Iterable[str],
) -> None:
    about = bulk_write(operation, kind, [known.id for known in knowns], fields)
    db.session.execute(statement, rows, execution_options=about)
