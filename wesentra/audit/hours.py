"""Moments by the hour, counted by the database: an hour of UTC lies within one Finnish day."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

HOUR = {"sqlite": "substr({0}, 1, 13)", "postgresql": "to_char({0}, 'YYYY-MM-DD HH24')"}
"""The hour of a moment, as `2026-11-22 14`; how a session writes dates does not matter."""


class hour_of(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """HOUR of a column."""

    type = String()
    inherit_cache = True


@compiles(hour_of)
def _hour(element: Any, compiler: Any, **more: Any) -> str:
    return HOUR[compiler.dialect.name].format(compiler.process(element.clauses, **more))


def moment_of(hour: str) -> datetime:
    """When such an hour begins."""
    return datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=UTC)
