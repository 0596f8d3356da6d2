"""Whom and what the present purpose lets somebody see (Arts. 5(1)(b), 18 and 21(3) GDPR).

Every select of people is narrowed before it runs, wherever it comes from: who is outside of the
purpose, objects to marketing or is restricted is not there, and neither is anything of theirs.
Fields of a category that the purpose does not need are emptied as they are loaded, so that no
page, file or fragment can show them, and cannot be set; nobody is found by a word of theirs, and
where work is hidden a company neither stands beside its people nor leads to them. What the
program alone looks at (`models.attribution`) stays whole, or it would make duplicates of those
whom one may not see.
"""

from functools import cache, lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Table, and_, event, false, inspect, literal, or_, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.attributes import AttributeEventToken, set_committed_value

from wesentra.actor import current, current_or_none
from wesentra.audit.entities import tables_in
from wesentra.models import Company, CompanyWord, Contact, ContactWord, Objection, Restriction
from wesentra.models.base import Base
from wesentra.models.personal import (
    MASKED,
    Category,
    Keep,
    Personal,
    marks,
    masked,
    personal_classes,
    telling_keys,
)
from wesentra.refusal import Refused
from wesentra.sight import EVERYTHING, MARKETING, Sight
from wesentra.texts import mark

OF_A_PAGE = ("paging",)
"""Looks of the program that decide where a page goes on: they see what the page sees."""
NOT_SHOWN = mark("Your purpose does not show this field, so it cannot be changed.")


# --- who is there -----------------------------------------------------------------------------


def narrow(state: ORMExecuteState) -> None:
    """Let a select that is about to run find only those whom the purpose shows.

    What is loaded along relationships inherits it from the statement that they begin at.
    """
    acting = current_or_none()
    if acting is None or acting.sight == EVERYTHING:
        return
    audit = state.execution_options.get("audit")
    by_program = audit is not None and audit[0] == "program" and audit[1] not in OF_A_PAGE
    if by_program or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    state.statement = _narrowed(state, acting.sight)


_known: WeakKeyDictionary[Any, dict[Sight, Any]] = WeakKeyDictionary()
"""Statements that are made once and run often are narrowed once for each purpose."""


def _narrowed(state: ORMExecuteState, sight: Sight) -> Any:
    statement: Any = state.statement
    # Those of one user and for half an hour are not worth remembering.
    own = {} if sight.opened else _known.setdefault(statement, {})
    if sight not in own:
        own[sight] = _with_criteria(state, sight)
    return statement if own[sight] is None else own[sight]


def _with_criteria(state: ORMExecuteState, sight: Sight) -> Any:
    """The statement as this sight lets it run; None where it asks for nobody."""
    statement: Any = state.statement
    if not tables_in(statement):
        return None
    of_companies = any(mapper.class_ is Company for mapper in state.all_mappers)
    alone = Category.WORK.value in sight.hidden and not of_companies
    return statement.options(*_criteria(sight, alone))


@lru_cache(maxsize=256)
def _criteria(sight: Sight, alone: bool) -> tuple[Any, ...]:
    """What has to hold of each class; `alone` of people whose companies are not to be there."""
    away = (Company, CompanyWord) if alone else ()
    found = (
        (class_, false() if class_ in away else _condition(class_, sight))
        for class_ in personal_classes()
    )
    return tuple(
        with_loader_criteria(class_, condition, include_aliases=True)
        for class_, condition in found
        if condition is not None
    )


def _condition(class_: type[Base], sight: Sight) -> ColumnElement[bool] | None:
    """What has to hold of a row of this class; None: nothing."""
    if class_ is ContactWord or class_ is CompanyWord:
        return class_.category.not_in(sorted(sight.hidden)) if sight.hidden else None
    told = [own for _, own in marks(class_) if own.exported]
    if not told:
        return None
    if _is_child(class_) and not _may_be_seen(class_, told[0], sight.hidden):
        return false()
    subject: str | None = class_.__subject__  # type: ignore[attr-defined]
    if subject is None:
        return None
    column = getattr(class_, subject)
    there = _there(class_, column, sight)
    if not there:
        return None
    return or_(column.is_(None), and_(*there)) if column.nullable else and_(*there)


def _is_child(class_: type[Base]) -> bool:
    return class_.__tablename__ not in ("contact", "company")


def _there(class_: type[Base], column: Any, sight: Sight) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not sight.restricted:
        closed = _exists(Restriction, column, lifted_at=None)
        found.append(or_(~closed, column.in_(sorted(sight.opened))) if sight.opened else ~closed)
    if not sight.objecting:
        found.append(~_exists(Objection, column, withdrawn_at=None, kind=MARKETING))
    if sight.groups is not None:
        own = sorted(sight.groups)
        if class_ is Contact:
            found.append(Contact.group.in_(own))
        else:
            found.append(_exists(Contact, column, group=own))
    return found


def _exists(class_: type[Base], contact_id: Any, **wanted: Any) -> ColumnElement[bool]:
    """Whether the contact has such a row. By the table, which no criteria narrow again."""
    rows = cast(Table, class_.__table__).alias()
    own = rows.c.id if class_ is Contact else rows.c.contact_id
    conditions: list[ColumnElement[bool]] = [own == contact_id]
    for name, value in wanted.items():
        column = rows.c[name]
        conditions.append(column.in_(value) if isinstance(value, list) else column == value)
    return select(literal(1)).where(*conditions).correlate_except(rows).exists()


# --- what is shown of them --------------------------------------------------------------------


def _may_be_seen(class_: type[Base], own: Personal, hidden: frozenset[str]) -> bool:
    """Rows of a file are not somebody's history yet; what protects a person is never hidden."""
    protects = getattr(class_, "__protects__", False)
    return protects or own.keep == Keep.IMPORT or own.category.value not in hidden


@cache
def _hidden_fields(class_: type[Base], hidden: frozenset[str]) -> frozenset[str]:
    named = {name for name, own in marks(class_) if not _may_be_seen(class_, own, hidden)}
    return frozenset(named | {name for name, told in telling_keys(class_) if told in hidden})


def mask(instance: Any, class_: type[Base]) -> frozenset[str]:
    """Empty what the purpose does not show of a row that was loaded; which fields these are."""
    hidden = current().sight.hidden
    if not hidden:
        return frozenset()
    names = _hidden_fields(class_, hidden) & frozenset(instance.__dict__)
    for name in names:
        kind = class_.__mapper__.columns[name].type.python_type
        set_committed_value(instance, name, "" if kind is str else None)
    if names:
        inspect(instance).info[MASKED] = masked(instance) | names
    return names


def _keep(instance: Any, value: Any, _old: Any, token: AttributeEventToken) -> None:
    if token.key in masked(instance):
        raise Refused(NOT_SHOWN, field=token.key)


def listen() -> None:
    """Refuse to set what is not shown; once a process."""
    for class_ in personal_classes():
        for name, _ in marks(class_):
            attribute = getattr(class_, name)
            if not event.contains(attribute, "set", _keep):
                event.listen(attribute, "set", _keep)
