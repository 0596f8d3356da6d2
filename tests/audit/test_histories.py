"""Whatever happens to a log in its life, it verifies; whatever byte of it is changed, it does not.

Histories are drawn by Hypothesis: looks, changes, batches of an export, checkpoints, redactions,
holds placed and lifted, old entries that go, restarts of the program.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError

from tests import factories
from tests.audit.test_forgery import found, take_tripwires_away
from tests.audit.test_pruning import keeping
from tests.databases import Database, Databases
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import chain, evidence, holds, pruning, redacting, stored
from wesentra.audit.ledger import Wanted
from wesentra.compliance.access_log import export
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.settings import load

pytestmark = pytest.mark.long
Steps = list[tuple[str, int]]
LONG_AGO = clock.now() - timedelta(days=1000)
MANY = {"sqlite": 20, "postgresql": 5}
"""Histories by kind of database: each begins with a fresh one."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "look",
                "look",
                "change",
                "export",
                "sign",
                "redact",
                "hold",
                "lift",
                "prune",
                "restart",
            ]
        ),
        st.integers(1, 60),
    ),
    min_size=4,
    max_size=14,
)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint every five entries."""
    monkeypatch.setattr(chain, "CHECKPOINT_ENTRIES", 5)
    monkeypatch.setattr(stored, "CHECKPOINT_ENTRIES", 5)


class Life:
    """One register and what happens to its log; its clock goes from long ago towards today."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.settings = load(folder, database.environ())
        self.app = create_app(self.settings)
        self.now = LONG_AGO
        self.number = 0

    @contextmanager
    def acting(self, changes: bool = False) -> Iterator[Acting]:
        """Somebody does something, at a moment later than all before."""
        self.number += 1
        self.now += timedelta(days=11)
        acting = Acting(1, "staff", "sales", f"step {self.number}", source="127.0.0.1")
        moment = min(self.now, clock.now())
        token = writing.set(changes)
        try:
            with clock.turned_to(moment), self.app.app_context(), acting_as(acting):
                yield acting
                db.session.commit()
                db.session.remove()
        finally:
            writing.reset(token)

    def look(self, number: int) -> None:
        with self.acting() as acting:
            for person in range(number, number + number % 4 + 1):
                acting.notes.shown["contact", person] = {"email", "phone"}

    def change(self, number: int) -> None:
        with self.acting(changes=True) as acting:
            acting.notes.written["update", "contact", number] = {"title"}
            acting.deed("account", "user", [1], ["role"])

    def export(self, number: int) -> None:
        with self.acting() as acting:
            for batch in range(number % 3 + 1):
                acting.event("export", "contact", [number + batch, number + batch + 10], ["email"])
                db.session.commit()

    def sign(self, _number: int) -> None:
        with self.app.app_context():
            evidence.checkpoint(db.engine, self.settings)

    def redact(self, number: int) -> None:
        self._keep(lambda: redacting.redact(number, "erasure"))

    def hold(self, number: int) -> None:
        first = (LONG_AGO + timedelta(days=number * 5)).date()
        self._keep(lambda: holds.place("other", f"M-{number}", first, first) and None)

    def lift(self, number: int) -> None:
        self._keep(lambda: holds.lift(holds.get(number % 4 + 1), "It is over."))

    def prune(self, _number: int) -> None:
        """Today: the database's own clock says what is old enough to go. Time does not go back."""
        self.now = clock.now()
        with keeping(self.app):
            pruning.prune(self.settings.instance, 24)

    def restart(self, _number: int) -> None:
        self.close()
        self.app = create_app(self.settings)

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def _keep(self, work: Callable[[], None]) -> None:
        """Look after the log; what is refused (an entry that is gone) happens in life as well."""
        try:
            with clock.turned_to(min(self.now, clock.now())), keeping(self.app):
                work()
        except Refused:
            with self.app.app_context():
                db.session.remove()


@contextmanager
def lived(steps: Steps, databases: Databases, folder: Path) -> Iterator[Life]:
    """A history from its beginning; after each step the log is whole."""
    shutil.rmtree(folder, ignore_errors=True)
    with databases.fresh() as database:
        life = Life(database, folder)
        try:
            for name, number in steps:
                getattr(life, name)(number)
                assert found(life.app) is None, (name, number)
            yield life
        finally:
            life.close()


def drawn(databases: Databases) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Draws as many histories as this kind of database has time for."""
    many = settings(
        max_examples=MANY[databases.kind],
        derandomize=bool(os.environ.get("CI")),  # elsewhere every run draws others
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    return lambda test: many(given(steps=STEPS, data=st.data())(test))


def test_a_log_verifies_after_whatever_happened_to_it(databases: Databases, tmp_path: Path) -> None:
    @drawn(databases)
    def check(steps: Steps, data: st.DataObject) -> None:
        with lived(steps, databases, tmp_path / "life") as life:
            numbers = [entry.row.id for entry in factories.entries(life.app)]
            assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else True

    check()


PLACES = {
    "log_entry": None,
    "log_checkpoint": None,
    "log_anchor": None,
    "log_subject": None,
    "log_day": None,
    "log_total": None,
    "log_head": ("last", "hash"),
}
"""What is evidence, by its columns (None: all of them)."""


def test_any_changed_byte_is_found(databases: Databases, tmp_path: Path) -> None:
    @drawn(databases)
    def check(steps: Steps, data: st.DataObject) -> None:
        steps = [("look", 3), *steps, ("look", 5), ("sign", 1)]
        with lived(steps, databases, tmp_path / "life") as life:
            engine = create_engine(life.database.owner_url)
            with engine.begin() as connection:
                take_tripwires_away(connection)
                told = _change(connection, data)
            engine.dispose()
            if told is not None:
                assert _is_found(life), told

    check()


def _is_found(life: Life) -> bool:
    """A fault; a log that cannot even be read is one."""
    with life.app.app_context():
        return evidence.of_register(db.engine, life.settings.instance).finding is not None


def _change(connection: Connection, data: st.DataObject) -> tuple[Any, ...] | None:
    """Change one byte of one value, and say which; None where the database keeps it as it was."""
    table = data.draw(st.sampled_from(sorted(PLACES)))
    rows = connection.execute(text(f"select * from {table}")).mappings().all()  # noqa: S608
    if table == "log_entry":  # what a redacted entry said is not sealed any more
        rows = [row for row in rows if row["salt"] is not None]
    if not rows:
        return None
    row = data.draw(st.sampled_from(rows))
    columns = [c for c in (PLACES[table] or row.keys()) if row[c] is not None and c != "requests"]
    column = data.draw(st.sampled_from(sorted(columns)))
    new = _other(row[column], data)
    same = " and ".join(f'"{name}" = :old_{name}' for name in row if row[name] is not None)
    values = {f"old_{name}": value for name, value in row.items() if value is not None}
    statement = f'update {table} set "{column}" = :new where {same}'  # noqa: S608 - our names
    try:
        with connection.begin_nested():
            connection.execute(text(statement), {**values, "new": new})
    except (IntegrityError, DataError):
        return None  # a number that another row has, a word too long
    return (table, column, row[column], new)


def _other(value: Any, data: st.DataObject) -> Any:
    """The value with one byte changed, as its column can hold it."""
    if isinstance(value, bytes | memoryview):
        raw = bytearray(bytes(value))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
        return bytes(raw)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + data.draw(st.sampled_from([-1, 1]))
    if isinstance(value, str):
        place = data.draw(st.integers(0, len(value)))
        return (
            value[:place]
            + data.draw(st.sampled_from("x1 \n"))
            + value[place + 1 :]
            + ("" if place < len(value) else "y")
        )
    return value + timedelta(days=1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_any_changed_byte_of_an_export_is_found(databases: Databases, tmp_path: Path) -> None:
    """Each byte of the sealed values of an export, one after the other."""
    steps = [("look", 3), ("change", 4), ("export", 5), ("sign", 1), ("look", 7), ("sign", 1)]
    with lived(steps, databases, tmp_path / "life") as life:
        file = tmp_path / "log.jsonl"
        _export(life, file)
        key = life.settings.instance / "log.pub"
        assert evidence.of_export(file, key).finding is None
        whole = file.read_bytes()
        for place in range(3, len(whole), 17):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            try:
                verdict = evidence.of_export(file, key)
            except Refused:
                continue
            assert verdict.finding is not None or _unsealed(whole, place), whole[
                max(0, place - 40) : place + 20
            ]


def _unsealed(whole: bytes, place: int) -> bool:
    """Whether a byte belongs to the one thing that an export says is not sealed: a name."""
    start = max(whole.rfind(b',"', 0, place), whole.rfind(b'{"', 0, place))
    return whole.startswith(b'"actor":', start + 1)


def _export(life: Life, file: Path) -> None:
    with keeping(life.app), file.open("wb") as target:
        export.write(target, Wanted(), "jsonl")
