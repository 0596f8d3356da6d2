"""`wesentra log export`: the access log as a file."""

from datetime import date, datetime

import click

from wesentra.audit.ledger import Wanted
from wesentra.cli import Installation, pass_installation
from wesentra.cli import output as outputs
from wesentra.cli.acting import acting, acts
from wesentra.compliance.access_log import export as log_export
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.texts import mark

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
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
    settings = installation.settings
    wanted = Wanted(first=_day(first), last=_day(last))
    _demand_in_order(wanted)
    with (
        outputs.to(output) as file,
        acting(settings, as_user, purpose, "log.export", usual="log_review"),
    ):
        written = log_export.write(file, wanted, format_)
    if not written:
        told = mark("There are no entries in the period %(first)s – %(last)s.")
        period = {"first": wanted.first or "…", "last": wanted.last or "…"}
        click.echo(say(told, period, settings.language), err=True)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _demand_in_order(wanted: Wanted) -> None:
    if wanted.first and wanted.last and wanted.last < wanted.first:
        told = mark("The period ends before it begins: %(first)s – %(last)s.")
        raise Refused(told, first=wanted.first, last=wanted.last)
