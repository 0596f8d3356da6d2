"""Who acts on the command line, and why: one context for every command that handles people.

    with acting(installation.settings, as_user, purpose, "contacts.export", usual="sales") as app:
        ...

Without `--as` the actor is the operating-system user in the role `system`, which may bring in,
erase, purge, back up and read the log, but not print or export people. What was noted is committed
when the block is left; only after it may a file appear or a person be printed.
"""

import getpass
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import click
from flask import Flask
from flask_babel import force_locale

from wesentra.accounts import actions, purposes, queries
from wesentra.actor import Acting, Showing, acting_as
from wesentra.app import create_app
from wesentra.models.base import db, meant_to_write
from wesentra.operations import schema
from wesentra.operations.committing import commit
from wesentra.refusal import NotAllowed, Refused
from wesentra.settings import Settings
from wesentra.texts import mark
from wesentra.web.permissions import role_for

if sys.platform != "win32":
    import pwd

F = TypeVar("F", bound=Callable[..., Any])

SYSTEM = "system"


def acts(command: F) -> F:
    """Give a command the options `--as USER` and `--purpose` (arguments `as_user`, `purpose`)."""
    why = click.option("--purpose", help="Why: a purpose by key or by name.")
    who = click.option("--as", "as_user", metavar="USER", help="Whose permissions apply.")
    return who(why(command))


@contextmanager
def acting(
    settings: Settings,
    as_user: str | None,
    purpose: str | None,
    permission: str,
    *,
    usual: str = "",
    showing: Showing = Showing.EXPORT,
    changes: bool = False,
) -> Iterator[Flask]:
    """Act as a user or as the system inside the application; commit when the block ends well.

    `usual` is the key of the purpose when none is given; `changes` says that the block writes to
    the register (it may commit batches of its own). Raises Refused, NotFound or NotAllowed, and
    then nothing is stored but what was denied.
    """
    schema.demand(settings)
    app = create_app(replace(settings, log_stdout=False))  # here it is the command's own
    acting = Acting(
        user_id=None,
        role=SYSTEM,
        purpose=usual or "maintenance",
        request_id=str(uuid.uuid4()),
        channel="cli",
        showing=showing,
        source=_who_runs_this(),
        endpoint=_command(),
    )
    with (
        app.app_context(),
        force_locale(settings.language),
        acting_as(acting),
        meant_to_write(changes),
    ):
        try:
            _admit(acting, as_user, purpose, permission, usual)
            yield app
            commit(changes=changes)
        finally:
            db.session.remove()
            db.engine.dispose()


def commit_looks() -> None:
    """Commit the entries of a batch of what was looked at, so that a long export stays small.

    The file may appear only after the whole block all the same.
    """
    commit(changes=False)
    db.session.expunge_all()


def _admit(
    acting: Acting, as_user: str | None, purpose: str | None, permission: str, usual: str
) -> None:
    """Put user, role and purpose into `acting`, or refuse."""
    roles: tuple[str, ...] = (SYSTEM,)
    if as_user is not None:
        user = actions.named(as_user)
        acting.user_id = user.id
        roles = queries.roles_on(user.id) if user.is_active else ()
    role = role_for(permission, roles)
    if role is None:
        _deny(acting, roles, as_user)
    acting.role = str(role)
    acting.purpose = _purpose(purpose, usual)
    if as_user is not None and acting.purpose != usual:
        acting.sight = purposes.sight(acting.purpose)
    db.session.rollback()  # the next transaction is the command's own


def _deny(acting: Acting, roles: tuple[str, ...], as_user: str | None) -> None:
    acting.role = roles[0] if roles else "none"
    acting.event("denied", outcome="denied")
    commit(changes=False)
    if as_user is None:
        raise NotAllowed(mark("Say with --as who you are: the system may not do this by itself."))
    raise NotAllowed(mark("The roles of %(name)s do not include this."), name=as_user)


def _purpose(text: str | None, usual: str) -> str:
    if text is None and usual:
        return usual
    key = purposes.key_of(text or "")
    if key is None or key not in (usual, *(choice.key for choice in purposes.choices())):
        named = ", ".join(choice.name for choice in purposes.choices())
        raise Refused(mark("Say with --purpose why, one of: %(purposes)s."), purposes=named)
    return key


def _who_runs_this() -> str:
    """The operating-system user, by name where there is one.

    The environment is not asked: whoever sets LOGNAME would act as somebody else.
    """
    if sys.platform == "win32":
        return getpass.getuser()[:80]
    try:
        return pwd.getpwuid(os.getuid()).pw_name[:80]
    except KeyError:
        return f"uid {os.getuid()}"


def _command() -> str:
    context = click.get_current_context(silent=True)
    return context.command_path[:60] if context else ""
