"""Entities of a statement: which of them are the register's own, and whole.

A row of a personal class says whose it is when it is loaded, but only if it comes from the table
of its class. A class of somebody else's over the same table, or an own class whose columns are fed
from another select, would say nothing or something else.
"""

from functools import cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import FromStatement, Mapper
from sqlalchemy.orm.util import AliasedInsp
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import AliasedReturnsRows, CompoundSelect, Select, TableClause

from wesentra.models.base import Base
from wesentra.models.personal import personal_classes, personal_tables


def tables_in(element: Any) -> frozenset[str]:
    """The personal tables named anywhere in a statement, in whatever case (SQLite has none)."""
    named = {t.name.lower() for t in visitors.iterate(element) if isinstance(t, TableClause)}
    if getattr(element, "is_dml", False):
        named.add(element.table.name.lower())
    return frozenset(named & personal_tables())


def is_entity(column: Any) -> bool:
    """Whether a result column is a whole entity."""
    return "parententity" in column._annotations and not isinstance(column, ColumnElement)


def strangers(statement: Any) -> bool:
    """Whether a select gives out an entity that is not the register's own, or not a whole one."""
    found = [column for column in statement._raw_columns if is_entity(column)]
    if not all(_own(column) for column in found):
        return True
    if isinstance(statement, FromStatement):
        (column,) = statement._raw_columns if len(statement._raw_columns) == 1 else (None,)
        return column not in found or not _gives(statement.element, _mapper(column))
    return not all(_whole(alias, alias.mapper) for alias in _in_options(statement))


def is_own(mapper: Mapper[Any] | None) -> bool:
    """Whether a class is a personal one that is watched, and made of its table's columns."""
    return mapper is not None and mapper.class_ in personal_classes() and _plain(mapper)


def _mapper(column: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = column._annotations["parententity"].mapper
    return mapper


def _own(column: Any) -> bool:
    entity = column._annotations["parententity"]
    return _plain(entity.mapper) and (entity.is_mapper or _whole(entity, entity.mapper))


def _plain(mapper: Mapper[Any]) -> bool:
    return _is_plain(mapper, tuple(mapper.attrs))


@cache
def _is_plain(mapper: Mapper[Any], _attributes: tuple[Any, ...]) -> bool:
    """Whether the class shows its own table and nothing else; asked again for new attributes."""
    columns = (column for each in mapper.column_attrs for column in each.columns)
    return (
        _known(mapper)
        and all(isinstance(each, Column) and each.table is mapper.local_table for each in columns)
        and all(_known(each.mapper) for each in mapper.relationships)
    )


def _known(mapper: Mapper[Any]) -> bool:
    if mapper.class_ in personal_classes():
        return True
    return mapper.registry is Base.registry and not tables_in(mapper.selectable)


def _whole(source: Any, mapper: Mapper[Any]) -> bool:
    """Whether rows of a source are rows of the class's table: it, or a select of whole entities."""
    if isinstance(source, AliasedInsp):
        return _whole(source.selectable, mapper)
    if isinstance(source, AliasedReturnsRows):
        return _whole(source.element, mapper)
    return bool(source == mapper.local_table) or _gives(source, mapper)


def _gives(select: Any, mapper: Mapper[Any]) -> bool:
    """Whether a select gives rows of one class and nothing else."""
    if isinstance(select, CompoundSelect):
        return all(_gives(each, mapper) for each in select.selects)
    if not isinstance(select, Select) or len(select._raw_columns) != 1:
        return False
    (column,) = select._raw_columns
    return is_entity(column) and _mapper(column) is mapper and _own(column)


def _in_options(statement: Any) -> list[AliasedInsp[Any]]:
    """Aliases that options load from, for example `contains_eager`."""
    loads = (load for each in statement._with_options for load in getattr(each, "context", ()))
    return [part for load in loads for part in load.path.path if isinstance(part, AliasedInsp)]
