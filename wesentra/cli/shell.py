"""`wesentra shell`: a Python shell that looks as somebody, for a purpose, and changes nothing."""

import code
import os
from typing import Any

import click
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wesentra import models
from wesentra.actor import current
from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting, acts, commit_looks
from wesentra.models.base import Base, db, writing
from wesentra.sentences import language_of, say
from wesentra.texts import mark

BANNER = mark(
    "Whoever you look at stands in the access log before you see them. Nothing can be changed here."
)


@click.command()
@acts
@pass_installation
def shell(installation: Installation, as_user: str | None, purpose: str | None) -> None:
    """A Python shell that looks at the register; every look is logged."""
    with acting(installation.settings, as_user, purpose, "shell.open"):
        current().event("shell")
        commit_looks()
        current().at_once = True
        _only_looks(db.session(), db.engine)
        banner = say(BANNER, {}, language_of(installation, os.environ))
        Looking(_names()).interact(banner=banner, exitmsg="")


class Looking(code.InteractiveConsole):
    """A console that ends its read after each command, so that no old state is looked at."""

    def runcode(self, code: Any) -> None:
        """Run one command. Whom it showed stands in the log already; any other note follows here,
        beside the read, which stores nothing."""
        super().runcode(code)
        try:
            if current().notes:
                commit_looks()
            else:
                db.session.commit()
        except SQLAlchemyError:  # something was changed, which the database refused
            self.showtraceback()
            db.session.rollback()


def _names() -> dict[str, Any]:
    """What the shell knows: the models, the session, and how to ask."""
    tables = {name: each for name, each in vars(models).items() if _is_model(each)}
    return {**tables, "select": select, "func": func, "session": db.session}


def _is_model(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, Base)


def _only_looks(session: Session, engine: Engine) -> None:
    """Every transaction only reads, the session's or any other; but those that write entries."""
    on_sqlite = engine.dialect.name == "sqlite"
    only_reads = "PRAGMA query_only=1" if on_sqlite else "SET TRANSACTION READ ONLY"

    def begin(connection: Connection) -> None:
        if not writing.get():
            connection.exec_driver_sql(only_reads)

    def begin_session(_session: Session, _transaction: Any, connection: Connection) -> None:
        connection.exec_driver_sql(only_reads)

    def give_back(connection: Any, _record: Any) -> None:
        if connection is not None:
            connection.execute("PRAGMA query_only=0")

    event.listen(engine, "begin", begin)
    event.listen(session, "after_begin", begin_session)
    if on_sqlite:
        event.listen(engine, "checkin", give_back)
