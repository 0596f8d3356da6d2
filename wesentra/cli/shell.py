"""`wesentra shell`: a Python shell that looks as somebody, for a purpose, and changes nothing."""

import code
import os
from typing import Any

import click
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from wesentra import models
from wesentra.actor import current
from wesentra.audit.engine import only_read
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
        _only_looks(db.engine)
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


def _only_looks(engine: Engine) -> None:
    """Every connection only reads but the one that entries are being written by."""

    def look(connection: Any, *_: Any) -> None:
        only_read(connection, not writing.get())

    event.listen(engine, "checkout", look)
