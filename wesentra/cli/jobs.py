"""`wesentra jobs`: what the register does by itself."""

import os
import signal
import sys
import threading
from dataclasses import replace

import click

from wesentra.app import create_app
from wesentra.cli import Installation, pass_installation
from wesentra.models.base import db
from wesentra.operations import jobs as work
from wesentra.operations import schema
from wesentra.refusal import Refused
from wesentra.sentences import language_of, say
from wesentra.texts import mark


@click.group()
def jobs() -> None:
    """Work that is done by itself."""


@jobs.command()
@click.option("--beside-server", is_flag=True, hidden=True, help="Called by the server itself.")
@pass_installation
def run(installation: Installation, beside_server: bool) -> None:
    """Do whatever is due now; the server calls this every few minutes."""
    settings = installation.settings
    if beside_server:
        _end_with_the_server()
    else:
        settings = replace(settings, log_stdout=False)  # here it is the command's own
    schema.demand(settings)
    app = create_app(settings)
    with app.app_context():
        try:
            failed = work.run_due(settings)
        finally:
            db.engine.dispose()
    if failed:
        language = language_of(installation, os.environ)
        told = [
            f"{one.job}: {say(one.refused.sentence, one.refused.values, language)}"
            for one in failed
        ]
        raise Refused(mark("Not everything was done. %(jobs)s"), jobs=" ".join(told))


def _end_with_the_server() -> None:
    """End when the server's end of standard input is closed, however the server ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends this process

    def follow() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
