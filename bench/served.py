"""Applications behind one server: the register, without its log, without its throttle, bare."""

import argparse
from functools import partial
from pathlib import Path
from unittest.mock import patch

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bench import bare
from wesentra.accounts import passwords, throttle
from wesentra.app import create_app
from wesentra.audit import engine, hooks, writer
from wesentra.models.base import writing
from wesentra.operations import serve, tls
from wesentra.operations.orphans import end_with_parent
from wesentra.settings import Settings, load

KINDS = ("on", "off", "bare")
UNTHROTTLED = ("unthrottled", "unthrottled-quick")
"""The register in which nobody waits after wrong passwords, however many; and the same with the
smallest parameters for its passwords, so that what is beside them is seen."""


def application(settings: Settings, kind: str) -> Flask:
    """One worker's application.

    `off` is the register with none of the log's listeners hung: nothing is noted, nothing is
    refused, nothing is written. The product itself has no such switch. The triggers that count
    changed rows belong to the database, and are paid for by all three.
    """
    end_with_parent()
    if kind == "on":
        return create_app(settings)
    if kind in UNTHROTTLED:
        patch.object(throttle, "_demand_turn", _nothing).start()
        if kind == UNTHROTTLED[1]:
            hash_quickly()
        return create_app(settings)
    if kind == "bare":
        return bare.create(settings.instance / "wesentra.db")
    for module, name, instead in (
        (hooks, "listen", _nothing),
        (engine, "watch", _answer),
        (writer, "listen", _nothing),
    ):
        patch.object(module, name, instead).start()
    event.listen(Session, "before_commit", _forget_rows)
    return create_app(settings)


def hash_quickly() -> None:
    """From here on this process makes passwords that cost next to nothing."""
    small = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.object(passwords, "_hasher", small).start()


def _nothing(*_: object) -> None:
    """Hang no listener."""


def _answer(its: Engine) -> None:
    """Let the triggers run: they ask whether somebody acts."""
    event.listen(its, "connect", lambda made, _: made.create_function(engine.AUDITED, 0, lambda: 1))


def _forget_rows(session: Session) -> None:
    """What the triggers counted is nobody's to tell here."""
    if writing.get():
        session.connection().exec_driver_sql("DELETE FROM row_change")


def main() -> None:
    """Serve one of the three on a port of 127.0.0.1 until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=(*KINDS, *UNTHROTTLED))
    parser.add_argument("instance", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    given = parser.parse_args()
    settings = load(given.instance, {})
    options = serve.Options(host="127.0.0.1", port=given.port, workers=given.workers)
    server = serve.granian(options, tls.ensure(given.instance))
    server.serve(target_loader=partial(application, settings, given.kind), wrap_loader=False)


if __name__ == "__main__":
    main()
