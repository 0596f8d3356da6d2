"""The tables behind the models, for statements on many rows at once."""

from sqlalchemy import Table

from wesentra.models.base import Base


def table_of(class_: type[Base]) -> Table:
    """Return the table of a model class."""
    table = class_.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{class_.__name__} has no table of its own")
    return table
