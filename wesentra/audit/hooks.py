"""SQLAlchemy listeners: what was shown, what was changed, what is refused.

The first two of three nets. Loads and refreshes of entities are noted one by one. Every ORM
statement that is not a plain select of entities has to say what it is (`models.attribution`). The
third is the engine's own (`audit.engine`).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from wesentra.actor import current, current_or_none
from wesentra.audit import visibility
from wesentra.audit.entities import is_own
from wesentra.audit.passing import WATCHED, Unwatched
from wesentra.audit.statements import judged
from wesentra.audit.writer import tell_looks
from wesentra.models.base import Base
from wesentra.models.personal import marks, personal_classes, telling_columns

# --- what was shown -----------------------------------------------------------------------


def subjects(instance: Any, class_: type[Base], loaded: bool = False) -> Iterator[tuple[str, int]]:
    """The (type, id) pairs that a row belongs to: its contact, and the page it stands on.

    A row that was loaded has to say whose it is.
    """
    values = instance.__dict__
    column: str | None = class_.__subject__  # type: ignore[attr-defined]
    if column is not None:
        if loaded and column not in values:
            raise Unwatched(f"{class_.__name__} was loaded without {column}: load it as well")
        if values.get(column) is not None:
            yield "contact", values[column]
    page: tuple[str, str] | None = getattr(class_, "__page__", None)
    if page is not None and values.get(page[1]) is not None:
        yield page[0], values[page[1]]


@cache
def _prefix(class_: type[Base]) -> str:
    name = str(class_.__tablename__)
    return "" if name in ("contact", "company") else f"{name}."


@cache
def _told_fields(class_: type[Base]) -> frozenset[str]:
    """The personal columns that say something to people: not search words and sort keys."""
    return frozenset(name for name, mark in marks(class_) if mark.exported)


@cache
def _field_names(class_: type[Base], loaded: frozenset[str]) -> frozenset[str]:
    prefix = _prefix(class_)
    return frozenset(prefix + name for name in loaded & _told_fields(class_))


def _note_shown(instance: Any, *_: Any) -> None:
    class_: type[Base] = type(instance)
    masked = visibility.mask(instance, class_)
    names = _field_names(class_, frozenset(instance.__dict__) - masked)
    if masked and not names:
        return  # all of it stayed away
    shown = current().notes.shown
    for subject in subjects(instance, class_, loaded=True):
        shown.setdefault(subject, set()).update(names)


# --- what was changed ---------------------------------------------------------------------


def _changed(instance: Any, class_: type[Base]) -> set[str]:
    prefix = _prefix(class_)
    attributes = inspect(instance).attrs
    whose = {class_.__subject__} if inspect(instance).pending else set()  # type: ignore[attr-defined]
    return {
        prefix + name
        for name in telling_columns(class_) - whose
        if attributes[name].history.has_changes()
    }


def _former(instance: Any, class_: type[Base]) -> Iterator[tuple[str, int]]:
    """The contact that a row belonged to before, when it was moved to another one."""
    column: str | None = class_.__subject__  # type: ignore[attr-defined]
    if column is not None and inspect(instance).persistent:
        for id_ in inspect(instance).attrs[column].history.deleted or ():
            if id_ is not None:
                yield "contact", id_


def _note_written(session: Session, _context: Any) -> None:
    watched = personal_classes()
    groups = (("create", session.new), ("update", session.dirty), ("delete", session.deleted))
    for operation, instances in groups:
        for instance in instances:
            class_ = type(instance)
            if class_ not in watched or getattr(class_, "__of_change__", False):
                continue
            fields = set() if operation == "delete" else _changed(instance, class_)
            if operation == "update" and not session.is_modified(instance):
                continue
            # A new child row is a change of its contact, not a new contact.
            own = operation if _prefix(class_) == "" else "update"
            if own != operation and operation == "delete":
                fields = {_prefix(class_) + "deleted"}
            for kind, id_ in (*subjects(instance, class_), *_former(instance, class_)):
                op = own if kind == class_.__tablename__ else "update"
                current().notes.written.setdefault((op, kind, id_), set()).update(fields)


def _open_savepoint(_session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested and (acting := current_or_none()) is not None:
        written = {key: set(fields) for key, fields in acting.notes.written.items()}
        before = (written, list(acting.notes.deeds))
        transaction.wesentra_before = before  # type: ignore[attr-defined]


def _take_back(_session: Session, transaction: SessionTransaction | None) -> None:
    """What was rolled back was not changed: no entry without its change."""
    while transaction is not None and not transaction.nested:
        transaction = transaction.parent
    if (acting := current_or_none()) is not None:
        written, deeds = getattr(transaction, "wesentra_before", ({}, []))
        acting.notes.forget_writes()
        acting.notes.written.update(written)
        acting.notes.deeds.extend(deeds)


# --- what is refused ----------------------------------------------------------------------


def _note_program(state: ORMExecuteState, reason: str) -> None:
    counted = current().notes.counted
    counted[reason] = counted.get(reason, 0) + 1


def _note_bulk(audit: tuple[Any, ...]) -> None:
    _, operation, subject_type, ids, fields = audit
    written = current().notes.written
    for id_ in ids:
        written.setdefault((operation, subject_type, id_), set()).update(fields)


def _watched(state: ORMExecuteState) -> bool:
    """Whether a statement that says nothing of itself shows by its entities whom it concerns.

    False leaves it to the engine's net, which reads its text, where more may be named.
    """
    if (state.is_relationship_load or state.is_column_load) and is_own(state.bind_mapper):
        return True
    verdict = judged(state)
    if verdict.refused is not None:
        raise Unwatched(f"{verdict.refused} does not say whom it concerns")
    if verdict.nobody:
        _note_program(state, "filter")
    return verdict.names


def _watch_statement(state: ORMExecuteState) -> Any:
    """Let entity selects and attributed statements through; refuse the rest by name.

    Where looks are entries at once, somebody types the statements: their word for whom a statement
    shows is nothing to rely on.
    """
    audit = state.execution_options.get("audit")
    if audit is not None and current().at_once:
        raise Unwatched("here only whole rows are shown, which say themselves whom they concern")
    if audit is None and not _watched(state):
        return None
    state.update_execution_options(**{WATCHED: True})
    if audit is None:
        return _told_first(state) if current().at_once else None
    if audit[0] == "program":
        _note_program(state, audit[1])
    elif audit[0] == "write":
        _note_bulk(audit)
    return _shown_rows(state, audit) if audit[0] == "shown" else None


def _told_first(state: ORMExecuteState) -> Any:
    """The result of a statement, after the entries of everybody in it are written."""
    frozen = state.invoke_statement().freeze()
    tell_looks(state.session)
    return frozen()


def _shown_rows(state: ORMExecuteState, audit: tuple[Any, ...]) -> Any:
    _, subject_type, id_column, fields = audit
    frozen = state.invoke_statement().freeze()
    shown = current().notes.shown
    for row in frozen().mappings():
        if row[id_column] is None:
            raise Unwatched(f"a row without {id_column} does not say whom it shows")
        shown.setdefault((subject_type, row[id_column]), set()).update(fields)
    return frozen()


# --- listening ----------------------------------------------------------------------------


def listen() -> None:
    """Hang the listeners on every personal class and every session; once a process."""
    for class_ in personal_classes():
        for name in ("load", "refresh"):
            if not event.contains(class_, name, _note_shown):
                event.listen(class_, name, _note_shown)
    visibility.listen()
    listeners: tuple[tuple[str, Any], ...] = (
        ("do_orm_execute", _watch_statement),
        ("do_orm_execute", visibility.narrow),
        ("after_flush", _note_written),
        ("after_transaction_create", _open_savepoint),
        ("after_soft_rollback", _take_back),
    )
    for name, function in listeners:
        if not event.contains(Session, name, function):
            event.listen(Session, name, function)
