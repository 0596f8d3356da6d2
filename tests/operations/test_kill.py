"""Pulling the plug: what was acknowledged is there, with its entry, and nothing is half there."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from ssl import create_default_context
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text

from tests.databases import Database, sqlite_only
from tests.operations.conftest import PEOPLE
from tests.servers import LiveServer
from wesentra.audit import evidence
from wesentra.models.base import prepare_engine
from wesentra.settings import Settings

pytestmark = pytest.mark.long
SAVES, CLIENTS = 200, 8
ROUNDS = 20


class Clients:
    """Several people who save titles as fast as they can, and remember what was acknowledged."""

    def __init__(self, server: LiveServer, session: dict[str, str], name: str) -> None:
        self.server, self.session, self.name = server, session, name
        self.acknowledged: list[tuple[int, str]] = []
        self.enough = threading.Event()

    def run(self, number: int) -> None:
        context = create_default_context(cafile=str(self.server.authority))
        connection = HTTPSConnection("127.0.0.1", self.server.port, context=context, timeout=10)
        try:
            for save in range(SAVES // CLIENTS):
                contact = 1 + (number + save * CLIENTS) % PEOPLE
                value = f"{self.name}-{number}-{save}"
                if self._save(connection, contact, value):
                    self.acknowledged.append((contact, value))
                if len(self.acknowledged) >= self.killed_after:
                    self.enough.set()
        except (OSError, HTTPException):
            pass  # the plug was pulled
        finally:
            connection.close()

    killed_after = SAVES

    def _save(self, connection: HTTPConnection, contact: int, value: str) -> bool:
        body = urlencode({"csrf_token": self.session["token"], "value": value})
        headers = {
            "Cookie": self.session["cookie"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", f"/contacts/{contact}/edit/title", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (303, 503), answer.status
        return answer.status == 303

    def until_killed(self, after: int) -> None:
        """Save, and kill the server when `after` saves were acknowledged and others are open."""
        self.killed_after = after
        threads = [threading.Thread(target=self.run, args=(n,)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        assert self.enough.wait(30), f"only {len(self.acknowledged)} saves"
        self.server.kill()
        for thread in threads:
            thread.join()


@contextmanager
def rows_of(database: Database) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    engine = create_engine(database.owner_url)
    prepare_engine(engine)
    with engine.connect() as connection:
        yield lambda sql: [tuple(row) for row in connection.execute(text(sql))]
    engine.dispose()


def log_is_whole(database: Database, settings: Settings) -> bool:
    engine = create_engine(database.owner_url)
    try:
        verdict = evidence.of_register(engine, settings.instance)
        return verdict.entries > ROUNDS and verdict.finding is None
    finally:
        engine.dispose()


def test_kill_in_the_middle_of_saves(
    database: Database,
    settings: Settings,
    serve_live: Callable[..., LiveServer],
    session: dict[str, str],
) -> None:
    """200 concurrent saves, killed in their midst, again and again."""
    acknowledged: list[tuple[int, str]] = []
    for number in range(ROUNDS):
        clients = Clients(serve_live(), session, f"r{number}")
        clients.until_killed(after=1 + 140 // ROUNDS * number)
        acknowledged += clients.acknowledged
    with rows_of(database) as rows:
        changes = rows("SELECT contact_id, new FROM field_change WHERE field = 'title'")
        updates = rows(
            "SELECT subject_ids FROM log_entry WHERE operation = 'update' AND "
            "fields LIKE '%title%' AND endpoint = 'contacts.correct'"
        )
        found = rows("SELECT contact_id, entry_id FROM log_subject")
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= set(changes)  # nothing that was acknowledged is lost
    assert len(set(changes)) == len(changes)
    logged = sorted(json.loads(str(ids))[0] for (ids,) in updates)
    assert logged == sorted(contact for contact, _ in changes)  # each change has its entry
    assert len(found) >= len(updates)
    assert log_is_whole(database, settings)


@sqlite_only
def test_the_file_is_whole_after_a_kill(
    database: Database, serve_live: Callable[..., LiveServer], session: dict[str, str]
) -> None:
    clients = Clients(serve_live(), session, "r")
    clients.until_killed(after=20)
    path = Path(database.url.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
