"""`wesentra log`: the access log outside of its pages."""

from datetime import date, datetime

import click

from wesentra.audit.ledger import Wanted
from wesentra.cli import Installation, pass_installation
from wesentra.cli import output as outputs
from wesentra.cli.acting import acting, acts
from wesentra.compliance.access_log import export as log_export

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def log() -> None:
    """The access log."""


@log.command()
@click.option("--from", "first", type=DAY, help="The first day, in Finnish time.")
@click.option("--to", "last", type=DAY, help="The last day, included.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(tuple(log_export.FORMATS)),
    default="jsonl",
    show_default=True,
)
@outputs.option
@acts
@pass_installation
def export(
    installation: Installation,
    first: datetime | None,
    last: datetime | None,
    format_: str,
    output: str,
    as_user: str | None,
    purpose: str | None,
) -> None:
    """Entries as one JSON object a line, or as a table; people are numbers in both."""
    wanted = Wanted(first=_day(first), last=_day(last))
    with (
        outputs.to(output) as file,
        acting(installation.settings, as_user, purpose, "log.export", usual="log_review"),
    ):
        log_export.write(file, wanted, format_)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
