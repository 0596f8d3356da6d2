"""Three applications behind the same server: the register, the register without its log, bare."""

import argparse
from functools import partial
from pathlib import Path
from unittest.mock import patch

from flask import Flask

from bench import bare
from wesentra.app import create_app
from wesentra.audit import hooks, writer
from wesentra.operations import serve, tls
from wesentra.operations.orphans import end_with_parent
from wesentra.settings import Settings, load

KINDS = ("on", "off", "bare")


def application(settings: Settings, kind: str) -> Flask:
    """One worker's application.

    `off` is the register with none of the log's listeners hung: nothing is noted, nothing is
    refused, nothing is written. The product itself has no such switch.
    """
    end_with_parent()
    if kind == "on":
        return create_app(settings)
    if kind == "bare":
        return bare.create(settings.instance / "wesentra.db")
    listeners = ((hooks, "listen"), (hooks, "watch"), (writer, "listen"))
    for module, name in listeners:
        patch.object(module, name, _nothing).start()
    return create_app(settings)


def _nothing(*_: object) -> None:
    """Hang no listener."""


def main() -> None:
    """Serve one of the three on a port of 127.0.0.1 until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
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
