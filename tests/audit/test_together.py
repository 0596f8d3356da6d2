"""Looks of several threads: one transaction for all, and no answer before it is committed."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from tests import factories
from wesentra.actor import Acting, acting_as
from wesentra.audit import writer
from wesentra.audit.chain import Chain
from wesentra.audit.together import Together
from wesentra.models.base import db

MANY = 6


@pytest.fixture
def together(app: Flask) -> Together:
    with app.app_context():
        return writer._together[db.engine]


@pytest.fixture
def commits(app: Flask) -> Iterator[list[int]]:
    """One item for each transaction that is committed."""
    seen: list[int] = []

    def count(_connection: object) -> None:
        seen.append(1)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", count)
    yield seen
    event.remove(engine, "commit", count)


def look(app: Flask, number: int, role: str | None = "staff") -> None:
    """Commit one look, as a request does when its page is made."""
    acting = Acting(1, role, "sales", f"look {number}")  # type: ignore[arg-type]
    with app.app_context(), acting_as(acting):
        acting.notes.shown["contact", number] = {"email"}
        db.session.commit()
        db.session.remove()


def at_once(together: Together, looks: list[Callable[[], None]]) -> list[bool]:
    """Let all looks wait for one turn, then give it; which of them came through."""
    through = [False] * len(looks)

    def run(number: int) -> None:
        try:
            looks[number]()
        except SQLAlchemyError:
            return
        through[number] = True

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(looks))]
    with together.turn:
        for thread in threads:
            thread.start()
        while len(together.waiting) < len(looks):
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    return through


def test_those_who_wait_are_written_in_one_transaction_and_numbered_without_gap(
    app: Flask, together: Together, commits: list[int]
) -> None:
    before = len(factories.entries(app))
    commits.clear()
    looks = [lambda number=number: look(app, number) for number in range(1, MANY + 1)]
    assert all(at_once(together, looks))
    assert len(commits) == 1
    found = factories.entries(app)[before:]
    assert {entry.row.request_id for entry in found} == {f"look {n}" for n in range(1, MANY + 1)}
    assert factories.subjects(found) == set(range(1, MANY + 1))
    assert [entry.row.id for entry in found] == list(range(before + 1, before + MANY + 1))


def test_an_entry_that_is_not_taken_is_nobody_elses_failure(app: Flask, together: Together) -> None:
    before = len(factories.entries(app))
    looks = [
        lambda: look(app, 1),
        lambda: look(app, 2, role=None),
        lambda: look(app, 3),
    ]
    assert at_once(together, looks) == [True, False, True]
    found = factories.entries(app)[before:]
    assert factories.subjects(found) == {1, 3}
    assert [entry.row.id for entry in found] == [before + 1, before + 2]


def test_an_entry_that_cannot_be_sealed_is_nobody_elses_failure(
    app: Flask, together: Together
) -> None:
    before = len(factories.entries(app))
    looks = [
        lambda: look(app, 1),
        lambda: look(app, 2, role="staff\nadmin"),
        lambda: look(app, 3),
    ]
    assert at_once(together, looks) == [True, False, True]
    assert factories.subjects(factories.entries(app)[before:]) == {1, 3}


@pytest.mark.parametrize("error", [SQLAlchemyError, ValueError])
def test_when_the_one_who_writes_fails_nobody_comes_through(
    app: Flask,
    together: Together,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    """Whatever the failure is: an error that nobody thought of, too."""
    before = len(factories.entries(app))
    failed = threading.excepthook
    threading.excepthook = lambda _args: None

    def broken(*_: object) -> None:
        raise error("no")

    monkeypatch.setattr(Chain, "append", broken)
    looks = [lambda number=number: look(app, number) for number in range(1, MANY + 1)]
    try:
        assert not any(at_once(together, looks))
    finally:
        threading.excepthook = failed
    assert len(factories.entries(app)) == before


def test_a_look_that_touched_the_database_again_is_told_in_that_transaction(
    app: Flask, commits: list[int]
) -> None:
    factories.person(app)
    commits.clear()
    with factories.register(app):
        db.session.get(factories.Contact, 1)
    assert len(commits) == 1
