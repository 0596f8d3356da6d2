"""Erased is erased: no byte of a person is left in any file, and none of anybody else is lost."""

import os
import random
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, build_opener

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, literal_column, select

from tests import factories, pages
from tests.databases import Database, sqlite_only
from tests.erasure import unmistakable
from tests.erasure.test_waiting import delete
from tests.operations.backing import KEY
from tests.servers import LiveServer, clean_environ
from wesentra import clock
from wesentra.erasure import ledger, residue, rows
from wesentra.models import db
from wesentra.operations import erasing
from wesentra.settings import Settings

pytestmark = sqlite_only
Run = Callable[..., Result]
PEOPLE = int(os.environ.get("FORENSIC_PEOPLE", "200"))
"""How many; `FORENSIC_PEOPLE=1000` takes minutes (no name of ours: the program would refuse it)."""
ERASED = range(1, PEOPLE + 1, 10)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything lies: database, instance, and the temporary files of these processes."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return tmp_path


@pytest.fixture
def privacy(app: Flask) -> FlaskClient:
    return factories.signed_in(app, "staff", "privacy", name="privacy")


@pytest.fixture
def people(
    app: Flask,
    run: Run,
    folder: Path,
    privacy: FlaskClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[int, int]:
    """Everybody, brought in from a file that somebody else keeps: contacts by number."""
    mine = tmp_path_factory.mktemp("mine")
    file = unmistakable.file_of(mine, in_no_order())
    brought = run("import", "contacts", file, "--group", "prospect", "--source", "fair")
    assert brought.exit_code == 0, brought.output
    return unmistakable.furnish(app, factories.user_id(app, "privacy"))


def in_no_order() -> list[int]:
    """People come as they come, and not by the alphabet: so pages of the file are split, and what
    has moved from one to another stands in the room between the cells of the first as well."""
    order = [*range(1, PEOPLE + 1)]
    random.Random(9).shuffle(order)  # noqa: S311 - the same disorder each time
    return order


def use(app: Flask, run: Run, privacy: FlaskClient, contact_id: int) -> None:
    """Search, open, edit and export somebody."""
    page = pages.visit(privacy, f"/contacts/{contact_id}")
    assert page.text
    name = unmistakable.mark_of(1)
    privacy.get(f"/search/?q={name[:5]}")
    url = f"/contacts/{contact_id}/edit/title"
    form = pages.visit(privacy, url).form(url)
    assert form.send(value=f"Edited {form.fields['value']}").status_code == 303
    told = run("export", "subject", contact_id, "--as", "privacy", "--output", "-")
    assert told.exit_code == 0, told.output


def by_hand(app: Flask, settings: Settings, privacy: FlaskClient, contact_id: int) -> None:
    """Delete somebody on the page, and let the week go by."""
    delete(privacy, f"/contacts/{contact_id}")
    with clock.turned_to(clock.now() + timedelta(days=8)), factories.register(app):
        erasing.leave(settings)


def stopped(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def firm_of(contact_id: int) -> int:
    """The file made one company for each person, in the same order."""
    return contact_id


def erase(
    app: Flask, run: Run, settings: Settings, privacy: FlaskClient, chosen: list[int]
) -> None:
    """Half of them by hand, half by the command; and their companies, which carry the name."""
    for at, contact_id in enumerate(chosen):
        use(app, run, privacy, contact_id)
        if at % 2:
            by_hand(app, settings, privacy, contact_id)
        else:
            gone = run("erase", contact_id, "--reason", "request")
            assert gone.exit_code == 0, gone.output
        run("erase", firm_of(contact_id), "--company", "--reason", "mistake")


def test_every_value_that_can_be_typed_carries_a_mark(
    app: Flask, people: dict[int, int], settings: Settings
) -> None:
    """What is searched for stands in every personal column that has room for a text."""
    number = 35  # with a rejected row, and a sole trader
    mark, bare = unmistakable.mark_of(number), set()
    stopped(app)
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        for way in rows.ways():
            for column in way.table.c:
                long = isinstance(column.type, String) and (column.type.length or 99) > 40
                if column.info["personal"] and long:
                    query = str(select(literal_column(f'"{column.name}"')).select_from(way.table))
                    values = connection.execute(query)
                    if not any(mark in str(value).lower() for (value,) in values):
                        bare.add(f"{way.table.name}.{column.name}")
    assert bare == set()


def test_no_byte_of_the_erased_is_left_and_none_of_the_others_is_lost(
    app: Flask, run: Run, folder: Path, settings: Settings, privacy: FlaskClient,
    people: dict[int, int],
) -> None:  # fmt: skip
    everybody = set(range(1, PEOPLE + 1))
    assert unmistakable.found_in(folder, everybody).keys() == everybody
    erase(app, run, settings, privacy, [people[number] for number in ERASED])
    stopped(app)
    assert unmistakable.found_in(folder, ERASED) == {}
    stay = everybody - {*ERASED}
    assert unmistakable.found_in(folder, stay).keys() == stay
    assert len([one for one in ledger.erased(settings) if one.kind == "contact"]) == len(ERASED)


def come_in(server: LiveServer) -> Callable[[str], str]:
    """Sign in anew, as everybody has to after a restore; what the server answers from then on."""
    context = ssl.create_default_context(cafile=str(server.authority))
    opener = build_opener(HTTPSHandler(context=context), HTTPCookieProcessor())

    def ask(path: str, **typed: str) -> str:
        body = urlencode(typed).encode() if typed else None
        with opener.open(f"https://127.0.0.1:{server.port}{path}", body, timeout=30) as answer:
            text: str = answer.read().decode()
        return text.lower()

    token = re.search(r'name="csrf_token" value="(\w+)"', ask("/login"))
    assert token
    ask("/login", username="privacy", password=factories.PASSWORD, csrf_token=token[1])
    return ask


def test_a_backup_from_before_brings_nobody_back(
    app: Flask, run: Run, folder: Path, settings: Settings, privacy: FlaskClient,
    people: dict[int, int], serve_live: Callable[..., LiveServer],
) -> None:  # fmt: skip
    """Restored, the erased are in no byte, and the rest are there; the first page has none."""
    file = folder / "backups" / "before.age"
    file.parent.mkdir()
    key = KEY.search(run("backup", file).output)
    assert key
    erase(app, run, settings, privacy, [people[number] for number in ERASED])
    stopped(app)
    done = run("restore", file, typed=f"{key[0]}\n")
    assert done.exit_code == 0, done.output
    assert f"Erased again: {2 * len(ERASED)}." in done.output
    server = serve_live()
    ask = come_in(server)
    page = ask("/contacts/")
    assert not [number for number in ERASED if unmistakable.mark_of(number) in page]
    assert "qzxaaa" in page, "others are there"
    for number, there in ((ERASED[1], False), (ERASED[1] + 1, True)):
        name = f"s{unmistakable.mark_of(number)}"
        page = ask(f"/search/?q={name[:-1]}")
        assert (name in page) == there
    assert server.stop() == 0
    assert unmistakable.found_in(folder, ERASED) == {}
    stay = {*range(1, PEOPLE + 1)} - {*ERASED}
    assert unmistakable.found_in(folder, stay).keys() == stay


def test_a_reader_keeps_the_bytes_for_as_long_as_it_reads(
    app: Flask, run: Run, folder: Path, settings: Settings, people: dict[int, int]
) -> None:
    """It is said since when, and cleared by the jobs as soon as it can be."""
    path = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM contact").fetchone()
        assert run("erase", people[11], "--reason", "request").exit_code == 0
        run("erase", firm_of(people[11]), "--company", "--reason", "request")
        assert unmistakable.found_in(folder, [11])
        with app.app_context(), db.engine.connect() as connection:
            assert residue.since(connection) is not None
        said = run("jobs", "run")
        assert "still in the files of the database: somebody reads" in said.output
        assert "still in the files of the database" in run("doctor").output
    assert run("jobs", "run").exit_code == 0
    with app.app_context(), db.engine.connect() as connection:
        assert residue.since(connection) is None
    stopped(app)
    assert unmistakable.found_in(folder, [11]) == {}
    assert unmistakable.found_in(folder, [12]) != {}


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.orm import Session
from wesentra.cli import main

def die(session):
    if "wesentra_pledged" in session.info or "wesentra_erased" in session.info:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Session, sys.argv.pop(1), die)
main()
"""
"""A process that is killed right before it commits an erasure, or right after."""


def killed(settings: Settings, database: Database, when: str, contact_id: int) -> None:
    words = ["erase", str(contact_id), "--reason", "request"]
    command = [sys.executable, "-c", KILLED, when, "--instance", str(settings.instance), *words]
    ended = subprocess.run(command, env=clean_environ() | database.environ(), check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
def test_after_a_kill_in_the_middle_somebody_is_whole_or_gone(
    app: Flask, run: Run, folder: Path, settings: Settings, database: Database,
    people: dict[int, int], when: str,
) -> None:  # fmt: skip
    stopped(app)
    killed(settings, database, when, people[11])
    assert [kept.state for kept in ledger.states(settings).values()] == ["intent"]
    assert [one.number for one in ledger.erased(settings)] == [people[11]]
    with clock.turned_to(clock.now() + timedelta(hours=2)):
        assert run("jobs", "run").exit_code == 0
    stopped(app)
    gone = when == "after_commit"
    state = "done" if gone else "void"
    assert [kept.state for kept in ledger.states(settings).values()] == [state]
    run("erase", firm_of(people[11]), "--company", "--reason", "request")
    left = unmistakable.found_in(folder, [11])
    assert left == {} if gone else left
    assert (run("erase", people[11], "--reason", "request").exit_code == 1) is gone
    assert unmistakable.found_in(folder, [11]) == {}
