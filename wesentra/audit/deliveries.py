"""How far each place for copies of checkpoints has been served, so that what lacks can follow."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    String,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from wesentra import clock
from wesentra.models.base import Base, UtcDateTime, db, meant_to_write
from wesentra.models.personal import not_personal
from wesentra.texts import mark

PLACES = {
    "folder": mark("folder"),
    "mail": mark("mail"),
    "output": mark("standard output"),
    "syslog": mark("syslog"),
}
"""What the places are called; of several receivers of mail each is one, `mail-` and a digest."""


class LogDelivery(Base):
    """One place: the last checkpoint that it took and when; since when it takes none."""

    __tablename__ = "log_delivery"

    target: Mapped[str] = not_personal(String(10), primary_key=True)
    number: Mapped[int] = not_personal(Integer)
    at: Mapped[datetime | None] = not_personal(UtcDateTime)
    failed_since: Mapped[datetime | None] = not_personal(UtcDateTime)


@dataclass(frozen=True)
class Delivery:
    """How one place has been served; `failed_since` is None where nothing lacks."""

    target: str
    number: int
    at: datetime | None
    failed_since: datetime | None


_table = Base.metadata.tables[LogDelivery.__tablename__]


def of_target(connection: Connection, target: str) -> Delivery:
    """How a place has been served; number 0 before the first time."""
    row = connection.execute(select(*_table.c).where(_table.c.target == target)).one_or_none()
    return Delivery(**row._mapping) if row else Delivery(target, 0, None, None)


def served(engine: Engine, target: str, number: int) -> None:
    """A place took everything up to checkpoint `number`; it never goes back."""
    furthest = func.coalesce(
        select(func.max(_table.c.number))
        .where(_table.c.target == target, _table.c.number > number)
        .scalar_subquery(),
        number,
    )
    values = {"at": clock.now(), "failed_since": None}
    _put(engine, target, {"number": number, **values}, {"number": furthest, **values})


def failed(engine: Engine, target: str) -> None:
    """A place did not take what it was sent; the first failure since it last did is kept."""
    now = clock.now()
    since = func.coalesce(_table.c.failed_since, now)
    _put(engine, target, {"number": 0, "failed_since": now}, {"failed_since": since})


def has_others(connection: Connection, targets: Iterable[str]) -> bool:
    """Whether places are known that nobody asks for any more."""
    others = select(func.count()).select_from(_table).where(_not_of(targets))
    return bool(connection.execute(others).scalar())


def forget_others(engine: Engine, targets: Iterable[str]) -> None:
    """Forget the places that nobody asks for any more."""
    with engine.connect() as connection:
        if not has_others(connection, targets):
            return
    _write(engine, delete(_table).where(_not_of(targets)))


def _not_of(targets: Iterable[str]) -> ColumnElement[bool]:
    return _table.c.target.not_in(tuple(targets))


def all_of() -> list[Delivery]:
    """Every place, in the order of their names; mail is as far as its last receiver."""
    rows = db.session.execute(select(*_table.c).order_by(_table.c.target))
    places: dict[str, list[Delivery]] = {}
    for row in rows:
        places.setdefault(row.target.partition("-")[0], []).append(Delivery(**row._mapping))
    return [_last(name, several) for name, several in places.items()]


def _last(name: str, several: Sequence[Delivery]) -> Delivery:
    least = min(several, key=lambda one: one.number)
    failed = [one.failed_since for one in several if one.failed_since is not None]
    return Delivery(name, least.number, least.at, min(failed, default=None))


def _put(engine: Engine, target: str, new: dict[str, Any], changed: dict[str, Any]) -> None:
    """Change the row of a place, or make it."""
    change = update(_table).where(_table.c.target == target).values(changed)
    if _write(engine, change):
        return
    with suppress(IntegrityError):  # another process was first; its word is as good
        _write(engine, insert(_table).values(target=target, **new))


def _write(engine: Engine, statement: Any) -> int:
    with meant_to_write(), engine.begin() as connection:
        return int(connection.execute(statement).rowcount)
