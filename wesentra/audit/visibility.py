"""Whom and what the present purpose lets somebody see (Arts. 5(1)(b), 18 and 21(3) GDPR).

Every select of people is narrowed before it runs, wherever it comes from: who is outside of the
purpose, objects to marketing or is restricted is not there, and neither is anything of theirs. Who
was deleted and waits (`models.departure`) is there for no purpose at all.
Fields of a category that the purpose does not need are emptied as they are loaded, so that no
page, file or fragment can show them, and cannot be set; nobody is found by a word of theirs, and
where work is hidden a company neither stands beside its people nor leads to them. What the
program alone looks at (`models.attribution`) stays whole, or it would make duplicates of those
whom one may not see.
"""

from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, false, inspect
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.attributes import AttributeEventToken, set_committed_value

from wesentra.actor import current, current_or_none
from wesentra.audit import conditions
from wesentra.audit.entities import tables_in
from wesentra.models import (
    Company,
    CompanyWord,
)
from wesentra.models.base import Base
from wesentra.models.personal import (
    MASKED,
    Category,
    marks,
    masked,
    personal_classes,
    telling_keys,
)
from wesentra.refusal import Refused
from wesentra.sight import ALSO_WAITING, Sight
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
    if acting is None or acting.sight == ALSO_WAITING:
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
        (class_, false() if class_ in away else conditions.condition(class_, sight))
        for class_ in personal_classes()
    )
    return tuple(
        with_loader_criteria(class_, condition, include_aliases=True)
        for class_, condition in found
        if condition is not None
    )


# --- what is shown of them --------------------------------------------------------------------


@cache
def _hidden_fields(class_: type[Base], hidden: frozenset[str]) -> frozenset[str]:
    named = {name for name, own in marks(class_) if not conditions.may_be_seen(class_, own, hidden)}
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
