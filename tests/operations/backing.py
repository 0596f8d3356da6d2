"""Backs registers up and restores them as somebody at a terminal does."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.databases import Database
from wesentra.app import create_app
from wesentra.cli import main
from wesentra.erasure import ledger
from wesentra.models import Contact, db
from wesentra.settings import Settings, load

KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")


@dataclass
class Keeper:
    """Who holds the key of one register's backups; `folder` is where the backups lie."""

    database: Database
    settings: Settings
    folder: Path
    key: str = ""
    told: list[str] = field(default_factory=list)

    def run(self, *words: object, typed: str = "", instance: Path | None = None) -> Result:
        """`wesentra …` on this register, or on another instance."""
        where = ["--instance", str(instance or self.settings.instance)]
        environ: dict[str, str | None] = dict(self.database.environ())
        if instance is not None and self.database.kind == "sqlite":
            environ |= {"WESENTRA_DATABASE_URL": None, "WESENTRA_DATABASE_OWNER_URL": None}
        done = CliRunner().invoke(main, [*where, *map(str, words)], input=typed, env=environ)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def backup(self, name: str = "one.age") -> Path:
        """A good backup; the key is kept when it is shown."""
        file = self.folder / name
        done = self.run("backup", file)
        assert done.exit_code == 0, done.output
        if shown := KEY.search(done.output):
            self.key = shown[0]
        return file

    def restore(self, file: object, *more: object, instance: Path | None = None) -> Result:
        """Restore a file with the key that was shown."""
        return self.run("restore", file, *more, typed=f"{self.key}\n", instance=instance)

    def erased(self, kind: str, number: int) -> None:
        """The erasure ledger learns of an erasure."""
        people, firms = ([number], []) if kind == "contact" else ([], [number])
        ledger.write(self.settings, uuid.uuid4().hex, ledger.INTENT, people, firms)


def people(app: Flask) -> dict[int, str]:
    """Everybody in the register, as the program sees them."""
    with factories.register(app):
        found = {one.id: one.family_name for one in db.session.scalars(select(Contact))}
        db.session.expunge_all()
    with app.app_context():
        db.engine.dispose()
    return found


def people_of(keeper: Keeper, instance: Path | None = None) -> dict[int, str]:
    """The same of a register that was put back."""
    environ = keeper.database.environ()
    if instance is not None and keeper.database.kind == "sqlite":
        environ = {"WESENTRA_LANGUAGE": "en"}
    return people(create_app(load(instance or keeper.settings.instance, environ)))


Refuses = Callable[[Result, str], None]


def refused(done: Result, sentence: str) -> None:
    """One line on standard error, exit code 1."""
    assert done.exit_code == 1, done.output
    assert done.stderr.splitlines()[-1].startswith("wesentra: "), done.output
    assert sentence in done.stderr, done.output
