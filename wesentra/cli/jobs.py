"""`wesentra jobs`: what the register does by itself."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace

import click
from flask_babel import force_locale

from wesentra.app import create_app
from wesentra.cli import Installation, pass_installation
from wesentra.models.base import db
from wesentra.operations import jobs as work
from wesentra.operations import schema
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.formats import moment
from wesentra.web.language import say as _


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
    with app.app_context(), force_locale(settings.language):
        try:
            results = work.run_due(settings)
        finally:
            db.engine.dispose()
        if not beside_server:
            for result in results:
                click.echo(_line(result))
        _demand_all_done(results)


def _line(result: work.Result) -> str:
    """What became of one job, and when it comes due next."""
    title = _(work.TITLES.get(result.job, result.job))
    if result.refused is not None:
        told = _("%(job)s: failed.", job=title)
    elif result.ran:
        told = _("%(job)s: done.", job=title)
    elif result.busy is not None:
        return _("%(job)s: another process is at it.", job=title)
    else:
        told = _("%(job)s: not due.", job=title)
    then = _("Next: %(moment)s.", moment=moment(result.due)) if result.due else ""
    return f"{told} {then}".strip()


def _demand_all_done(results: Sequence[work.Result]) -> None:
    """Raises Refused that names each job which was not done, and why."""
    failed = [(one.job, one.refused) for one in results if one.refused is not None]
    if failed:
        told = [f"{job}: {_(refused.sentence, **refused.values)}" for job, refused in failed]
        raise Refused(mark("Not everything was done. %(jobs)s"), jobs=" ".join(told))


def _end_with_the_server() -> None:
    """End when the server's end of standard input is closed, however the server ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends this process

    def follow() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
