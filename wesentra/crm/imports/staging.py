"""The rows of a file between the file and the register."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from wesentra.crm.imports.plan import Taken
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.imports.record import Checked, Reason, Record
from wesentra.crm.imports.states import FORESEEN, Outcome
from wesentra.crm.imports.tables import table_of
from wesentra.crm.values import identity_code
from wesentra.models import ImportRow, db
from wesentra.models.attribution import bulk_write, seen_by_program

_ROWS = table_of(ImportRow)

Staged = dict[str, Any]

ABOVE_ALL = 0
"""The line under which the headings are staged: before every row, whatever stood above them."""


def headings(names: Sequence[str]) -> Staged:
    """The headings: in a file without any, they are the first person's values."""
    return _staged(ABOVE_ALL, Outcome.HEADINGS, [], _cells(RawRow(ABOVE_ALL, tuple(names))))


def headings_of(job_id: int) -> tuple[str, ...]:
    """The headings of an import's file, to be shown; none when they are no longer kept."""
    row = db.session.get(ImportRow, (job_id, ABOVE_ALL))
    return tuple(row.record["cells"]) if row else ()


def raw(row: RawRow) -> Staged:
    """A row as it stood in the file, to be checked later."""
    return _staged(row.line, Outcome.RAW, [], _cells(row))


def checked(row: RawRow, found: Checked, outcome: Outcome, keep_cells: bool = False) -> Staged:
    """A row after its check: the record, or the cells and what is wrong with them.

    With `keep_cells` the columns can be chosen otherwise and all be checked again.
    """
    if isinstance(found, Record):
        cells = _cells(row) if keep_cells else {}
        return _staged(row.line, outcome, [], as_json(found) | cells)
    reasons = [[reason.column, reason.sentence, reason.values] for reason in found]
    return _staged(row.line, Outcome.REJECTED, reasons, _cells(row))


def _cells(row: RawRow) -> dict[str, Any]:
    """The cells as they came, but for identity codes: no table has a place for those."""
    return {"cells": [identity_code.masked(cell) for cell in row.cells]} | (
        {"fault": row.fault} if row.fault else {}
    )


def _staged(line: int, outcome: Outcome, reasons: list[Any], record: dict[str, Any]) -> Staged:
    return {"line": line, "outcome": outcome.value, "reasons": reasons, "record": record}


def as_json(record: Record) -> dict[str, Any]:
    """A record for keeping in staging."""
    return {
        "company": record.company,
        "contact": record.contact,
        "group": record.group,
        "source": record.source,
        "said": record.group_said,
    }


def from_json(kept: dict[str, Any]) -> Record:
    """The record that `as_json` kept."""
    return Record(
        kept["company"], kept["contact"], kept["group"], kept["source"], bool(kept["said"])
    )


def add(job_id: int, rows: Iterable[Staged]) -> None:
    """Stage rows for the first time."""
    values = [row | {"job_id": job_id} for row in rows]
    if values:
        db.session.execute(insert(_ROWS), values, execution_options=_about(job_id, "create"))


def replace(job_id: int, rows: Iterable[Staged]) -> None:
    """Put what the check found in the place of raw rows."""
    values = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    statement = (
        update(_ROWS)
        .where(_ROWS.c.job_id == job_id, _ROWS.c.line == bindparam("new_line"))
        .values({name: bindparam(f"new_{name}") for name in ("outcome", "reasons", "record")})
    )
    if values:
        db.session.execute(statement, values, execution_options=_about(job_id, "update"))


def applied(line: int, taken: Taken) -> Staged:
    """What became of a row when it was brought into the register."""
    return {
        "line": line,
        "outcome": taken.outcome.value,
        "record": {"company_made": True} if taken.new_company else {},
        "contact_id": taken.person.id if taken.person else None,
        "company_id": taken.company.id if taken.company else None,
    }


def finish(job_id: int, rows: Sequence[Staged]) -> None:
    """Note what became of applied rows and empty them: their values stand in the register now."""
    values = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    names = ("outcome", "record", "contact_id", "company_id")
    statement = (
        update(_ROWS)
        .where(_ROWS.c.job_id == job_id, _ROWS.c.line == bindparam("new_line"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    if values:
        db.session.execute(statement, values, execution_options=_about(job_id, "update"))


def forget(job_id: int, lines: Sequence[int]) -> None:
    """Drop staged rows."""
    mine = (_ROWS.c.job_id == job_id) & _ROWS.c.line.in_(lines)
    db.session.execute(delete(_ROWS).where(mine), execution_options=_about(job_id, "delete"))


def next_raw(job_id: int, after: int, limit: int) -> list[RawRow]:
    """The next rows to check, by line."""
    return [
        RawRow(line, tuple(record.get("cells", ())), record.get("fault", ""))
        for line, record in _next(job_id, after, limit)
    ]


def next_records(job_id: int, after: int, limit: int) -> list[tuple[int, Record]]:
    """The next rows to bring into the register, by line."""
    rows = _next(job_id, after, limit, wanted=FORESEEN)
    return [(line, from_json(record)) for line, record in rows]


def _next(job_id: int, after: int, limit: int, wanted: Sequence[Outcome] = ()) -> Sequence[Any]:
    statement = (
        select(ImportRow.line, ImportRow.record)
        .where(ImportRow.job_id == job_id, ImportRow.line > after)
        .order_by(ImportRow.line)
        .limit(limit)
    )
    if wanted:
        statement = statement.where(ImportRow.outcome.in_([outcome.value for outcome in wanted]))
    return db.session.execute(statement, execution_options=seen_by_program("import")).all()


def reasons_of(row: ImportRow) -> list[Reason]:
    """Why a row was rejected, the cell put back into the sentence's values."""
    cells = row.record.get("cells", [])
    return [
        Reason(column, sentence, _with_cell(values, column, cells))
        for column, sentence, values in row.reasons
    ]


def _with_cell(values: dict[str, Any], column: int | None, cells: list[str]) -> dict[str, Any]:
    if column is None or column >= len(cells):
        return values
    return values | {"value": cells[column].strip()}


def _about(job_id: int, operation: str) -> dict[str, Any]:
    return bulk_write(operation, "import", [job_id], ["rows"])
