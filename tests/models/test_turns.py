"""Writers of one SQLite database: one after the other, and none is left behind."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from wesentra.models import turns
from wesentra.models.base import prepare_engine, writing

ADD = text("UPDATE counted SET number = number + 1")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'turns.db'}")
    prepare_engine(made)
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))
    yield made
    made.dispose()


def write(engine: Engine) -> None:
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            connection.execute(ADD)
    finally:
        writing.reset(token)


def counted(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT number FROM counted")).scalar_one())


def test_many_threads_write_one_after_the_other(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(write, engine) for _ in range(200)]:
            done.result()
    assert counted(engine) == 200


def test_a_writer_elsewhere_is_waited_for_and_then_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    start = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        write(engine)
    assert 0.2 <= time.monotonic() - start < 5
    other.execute("ROLLBACK")
    other.close()
    write(engine)
    assert counted(engine) == 1


def test_a_failed_change_ends_its_turn(engine: Engine) -> None:
    token = writing.set(True)
    try:
        with pytest.raises(OperationalError), engine.begin() as connection:
            connection.execute(text("UPDATE nothing SET number = 1"))
    finally:
        writing.reset(token)
    write(engine)
    assert counted(engine) == 1
