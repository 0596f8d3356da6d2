"""The marker test of the command line: who comes out of a command stands in its entries."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from tests import factories
from tests.audit import marked
from tests.databases import Database
from wesentra.audit.entry import CHANGES, SHOWS
from wesentra.cli import Commands, main
from wesentra.models import db
from wesentra.settings import Settings

pytestmark = pytest.mark.long
ROLES = ("staff", "privacy", "admin", "auditor")
ARGUMENTS: dict[str, list[list[str]]] = {
    "export subject": [
        ["123", "--output", "-"],
        ["21", "--format", "json", "--output", "-"],
        [str(marked.STRANGER), "--output", "-"],
    ],
    "export contacts": [["--output", "-", "--purpose", "sales"]],
    "erase": [
        ["123", "--reason", "request"],
        ["45", "--company", "--reason", "mistake"],
        [str(marked.STRANGER), "--reason", "request"],
        ["124", "--reason", "Etu000124 asked"],
    ],
    "log export": [["--output", "-"]],
    "log checkpoint": [[]],
    "log verify": [[]],
    "log prune": [["--dry-run"], []],
    "log acknowledge": [["1", "--reason", "a disk"]],
    "log redact": [["1", "--reason", "mistake"]],
    "retention preview": [[]],
    "retention run": [[]],
    "jobs run": [[]],
    "import contacts": [["FILE", "--group", "prospect", "--source", "fair", "--dry-run"]],
    "import undo": [["999999"]],
    "user list": [[]],
    "user add": [["newcomer", "--full-name", "New Comer", "--role", "staff", "--password-stdin"]],
    "user disable": [["nobody-there"]],
    "user reset": [["nobody-there", "--password-stdin"]],
    "user reset-factor": [["nobody-there"]],
    "user grant": [["nobody-there", "staff"]],
    "user revoke": [["nobody-there", "staff"]],
    "secrets rotate": [[]],
    "backup": [["-"], ["--new-key"]],
    "restore": [["--finish"], ["--test", "-"]],
    "doctor": [[]],
}
SHOWS_NOBODY = {
    "shell": "shows what is typed into it; tests/cli/test_shell.py",
    "serve": "its pages are walked",
    "demo": "makes an instance of its own",
}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its words."""
    context = click.Context(main)
    assert isinstance(main, Commands)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", each) for word, each in command.commands.items())
        elif command is not None:
            yield name, command


def test_every_command_is_walked() -> None:
    assert {name for name, _ in commands()} == {*ARGUMENTS, *SHOWS_NOBODY}


class Run:
    """Runs commands and compares what each wrote with the entries that it left."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.differences: list[str] = []
        self.people: set[int] = set()

    def __call__(self, *words: str) -> None:
        before = len(factories.entries(self.app))
        arguments = ["--instance", str(self.settings.instance), *words]
        result = CliRunner().invoke(main, arguments, input="correct horse battery staple\n" * 2)
        found = marked.found_in(result.output)
        self.people |= found.contacts
        entries = factories.entries(self.app)[before:]
        for kind, seen in (("contact", found.contacts), ("company", found.companies)):
            shown = factories.subjects(entries, kind, *SHOWS)
            changed = factories.subjects(entries, kind, *CHANGES)
            if seen - shown - changed or shown - seen:
                self.differences.append(f"{words}: {kind} {sorted(seen ^ shown)[:5]}")
        if result.exception and not isinstance(result.exception, SystemExit):
            self.differences.append(f"{words}: {result.exception!r}")


def test_who_comes_out_of_a_command_is_who_the_log_says(
    app: Flask,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name, value in database.environ().items():
        monkeypatch.setenv(name, value)
    marked.fill(app, factories.user_id(app, factories.user(app, "staff")))
    for role in ROLES:
        factories.user(app, role, name=role)
    with app.app_context():
        db.engine.dispose()
    file = tmp_path / "people.csv"
    file.write_text("Etunimi;Sukunimi;Yritys\nTyped;Stranger;Unknown Oy\n", encoding="utf-8")
    run = Run(app, settings)
    for name, command in commands():
        options = {option for parameter in command.params for option in parameter.opts}
        by = (
            [["--as", role] for role in ROLES]
            if name.startswith(("export", "erase", "log"))
            else []
        )
        other = "staff" if name.startswith("import") else "admin"
        for given in ARGUMENTS.get(name, []):
            words = [str(file) if word == "FILE" else word for word in given]
            for who in [*by, []] if by or "--as" not in options else [["--as", other]]:
                run(*name.split(), *words, *who)
    assert not run.differences, "\n".join(run.differences)
    everybody = set(range(1, marked.CONTACTS + 1)) - {marked.RESTRICTED, marked.WAITING}
    seen = everybody - {*marked.SUPPLIERS}
    assert run.people == seen, "sales sees no suppliers, no list whoever is restricted or waits"
