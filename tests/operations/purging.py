"""A register in which everybody's day has come, and what is left of them."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import literal_column, select, table

from tests import factories
from tests.erasure import unmistakable
from tests.operations.backing import Keeper
from wesentra import clock
from wesentra.compliance.retention import dates
from wesentra.erasure import ledger
from wesentra.erasure.rows import ways
from wesentra.models import db

LONG_AGO = datetime(2020, 1, 15, 12, tzinfo=clock.HELSINKI)
EVERYBODY = range(1, 241)
DUE = EVERYBODY[::2]
"""Every other one, so that no page is theirs alone; three portions of a run."""
KEPT = ("log_", "job", "retention_run", "sqlite_", "tombstone", "alembic_")
"""Tables that a run which comes to nothing may write to as well."""


def crowd(app: Flask) -> None:
    """People with a few rows each: every other one is of long ago, the rest of today."""
    with factories.register(app):
        for number in EVERYBODY:
            _somebody(number, LONG_AGO if number in DUE else clock.now())
    with (
        clock.turned_to(LONG_AGO),
        factories.register(app),
    ):  # owners were asked in time
        dates.keep("contact", range(1, 2 * len(EVERYBODY)))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _somebody(number: int, at: datetime) -> None:
    own = unmistakable.mark_of(number)
    mail, made = f"{own}@mail.example.fi", {"created_at": at, "updated_at": at}
    one = factories.contact("Aino", own, email=mail, note=f"N {own}", **made)
    factories.interaction(one, f"Summary {own}", at=at)
    factories.change(one, "title", f"old {own}", f"new {own}", at=at)
    factories.task(one, f"Task {own}", created_at=at)


def place(keeper: Keeper) -> Path:
    return Path(keeper.database.url.removeprefix("sqlite:///"))


def fill(keeper: Keeper) -> None:
    """Leave no free page in the database; it stays as large as it is where it cannot grow."""
    with closing(sqlite3.connect(place(keeper), isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)


def rows(keeper: Keeper) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but for what tells of the run."""
    with closing(sqlite3.connect(place(keeper))) as connection:
        connection.execute("BEGIN")
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(
                connection.execute(str(select(literal_column("*")).select_from(table(name)))),
                key=repr,
            )
            for (name,) in names
            if not name.startswith(KEPT)
        }


def parts(keeper: Keeper) -> dict[int, int]:
    """Of everybody in the register how many rows are theirs, over all tables that name them."""
    found: Counter[int] = Counter()
    with closing(sqlite3.connect(place(keeper))) as connection:
        for way in ways():
            if way.kind != "contact":
                continue
            owner = literal_column(way.column.name)
            query = select(owner).select_from(table(way.table.name)).where(owner.is_not(None))
            found.update(number for (number,) in connection.execute(str(query)))
    return dict(found)


def demand_nothing_between(keeper: Keeper, before: dict[int, int]) -> set[int]:
    """Everybody is whole or gone, and who is gone stands in the ledger; the numbers of those."""
    after = parts(keeper)
    assert {number: before[number] for number in after} == after
    gone = before.keys() - after.keys()
    assert gone <= {one.number for one in ledger.erased(keeper.settings)}
    with closing(sqlite3.connect(place(keeper))) as connection:
        stones = {number for (number,) in connection.execute("SELECT number FROM tombstone")}
        assert stones == gone
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return gone


def certificate(keeper: Keeper) -> tuple[str, dict[str, object]]:
    """The state and the counts of the one run."""
    with closing(sqlite3.connect(place(keeper))) as connection:
        ((state, counts),) = connection.execute("SELECT state, counts FROM retention_run")
    return state, json.loads(counts)
