"""What a statement could give out: which personal tables it names, where, and as what."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import TextClause
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import functions, visitors
from sqlalchemy.sql.elements import BindParameter, ColumnClause, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import SelectBase, TableClause

from wesentra.audit.entities import is_entity, strangers, tables_in
from wesentra.models.personal import personal_classes, personal_tables


def _hidden_text(element: Any) -> bool:
    """Whether a piece of plain SQL inside a statement names a personal table."""
    pieces = [str(hint) for _, hint in getattr(element, "_statement_hints", ())]
    for part in visitors.iterate(element):
        if isinstance(part, TextClause):
            pieces.append(part.text)
        elif isinstance(part, ColumnClause) and part.is_literal:
            pieces.append(part.name)
        elif isinstance(operator := getattr(part, "operator", None), custom_op):
            pieces.append(operator.opstring)
    return any(_names_in_text().search(piece) for piece in pieces)


def _counts(element: Any) -> bool:
    return type(element) is functions.count and element.name == "count" and not element.packagenames


def _says_nothing(element: Any) -> bool:
    """Whether it cannot be seen what is read: text, a function (`query_to_xml`), a bare column."""
    if isinstance(element, ColumnClause):
        return element.table is None or element.is_literal
    return isinstance(element, TextClause | FunctionElement)


def _gives_out(element: Any) -> bool:
    """Whether a result column could give out a value of a personal table; counts cannot."""
    if _counts(element) or isinstance(element, BindParameter):
        return False
    if _says_nothing(element):
        return True
    table = element.table if isinstance(element, ColumnClause) else element
    if isinstance(table, TableClause):
        return table.name.lower() in personal_tables()
    if isinstance(element, ColumnElement):
        bases = [base for base in element.base_columns if base is not element]
        if any(_gives_out(base) for base in bases):
            return True
    return any(_gives_out(child) for child in element.get_children())


@dataclass(frozen=True)
class Verdict:
    """What is known of a statement from its form alone.

    `names`: it names a personal table; `refused`: why it may not run without saying whom it
    concerns; `nobody`: it counts or filters by personal tables and gives out no row of theirs.
    """

    names: bool
    refused: str | None = None
    nobody: bool = False


_verdicts: WeakKeyDictionary[Any, Verdict] = WeakKeyDictionary()
"""By statement object. A statement never changes (a derived one is another object), so those
that are made once and run often are looked through once."""


def judged(state: ORMExecuteState) -> Verdict:
    """The verdict on the statement that is about to run."""
    verdict = _verdicts.get(state.statement)
    if verdict is None:
        verdict = _verdicts[state.statement] = _judge(state)
    return verdict


def _judge(state: ORMExecuteState) -> Verdict:
    tables = tables_in(state.statement)
    if not tables:
        return Verdict(names=False)
    refused = _unattributed(state, tables)
    return Verdict(True, refused, refused is None and _loads_nobody(state.statement))


def _unattributed(state: ORMExecuteState, tables: frozenset[str]) -> str | None:
    """Why a statement may not run, or None when it gives out whole entities only."""
    statement: Any = state.statement
    names = ", ".join(sorted(tables))
    columns = getattr(statement, "_raw_columns", None)
    if not state.is_select or columns is None:
        return f"a statement on {names}"
    if any(not is_entity(column) and _gives_out(column) for column in columns):
        return f"a column of {names}"
    if strangers(statement):
        return f"a class or an alias over {names} that is not the register's own"
    if _hidden_text(statement):
        return f"plain SQL in a statement on {names}"
    return None


def _loads_nobody(statement: Any) -> bool:
    """Whether a select counts or filters by personal tables and gives out no row of theirs."""
    loaded = (column._annotations.get("parententity") for column in statement._raw_columns)
    watched = personal_classes()
    return not any(entity is not None and entity.mapper.class_ in watched for entity in loaded)


def flushes(context: Any) -> bool:
    """Whether a statement is what a flush writes of an object: one row's values, nothing selected.

    An attribute may have been set to an expression; listeners of a flush may send anything.
    """
    compiled = getattr(context, "compiled", None)
    statement = getattr(compiled, "statement", None)
    if not getattr(statement, "is_dml", False):
        return False
    known = getattr(compiled, "wesentra_flushes", None)
    if known is None:
        known = compiled.wesentra_flushes = _writes_values(statement)  # type: ignore[union-attr]
    return bool(known)


def _writes_values(statement: Any) -> bool:
    parts = list(visitors.iterate(statement))
    return (
        tables_in(statement) == {statement.table.name.lower()}
        and not any(isinstance(part, SelectBase | FunctionElement) for part in parts)
        and not _hidden_text(statement)
    )


@cache
def _names_in_text() -> re.Pattern[str]:
    names = "|".join(sorted(personal_tables()))
    # U&"..." is PostgreSQL's way to write a name in other letters.
    return re.compile(rf"(?<!\w)({names})(?!\w)|U&\"", re.IGNORECASE)


@lru_cache(maxsize=2048)
def names_people(statement: str) -> bool:
    """Whether the text of a statement names a personal table."""
    return _names_in_text().search(statement) is not None


def touches_people(context: Any, statement: str) -> bool:
    """Whether a statement reaches a personal table; remembered with its compiled form."""
    compiled = getattr(context, "compiled", None)
    if compiled is None:
        return names_people(statement)
    known = getattr(compiled, "wesentra_touches", None)
    if known is None:
        known = bool(tables_in(compiled.statement)) or names_people(statement)
        compiled.wesentra_touches = known
    return bool(known)
