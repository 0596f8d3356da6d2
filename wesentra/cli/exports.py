"""`wesentra export`: people leave the register as a file, by somebody and for a purpose."""

from typing import IO

import click

from wesentra import spreadsheet
from wesentra.accounts import queries
from wesentra.actor import current
from wesentra.cli import Installation, pass_installation
from wesentra.cli import output as outputs
from wesentra.cli.acting import acting, acts, commit_looks
from wesentra.compliance.subject_requests import answer
from wesentra.compliance.subject_requests.gather import gather
from wesentra.compliance.subject_requests.queries import demand
from wesentra.crm.contacts import export as contact_export
from wesentra.sentences import say


@click.group()
def export() -> None:
    """Write people into a file. Needs --as: the system by itself may not."""


@export.command()
@click.argument("contact_id", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--format",
    "format_",
    type=click.Choice(("csv", "json", "pdf", "zip")),
    default="csv",
    show_default=True,
)
@outputs.option
@acts
@pass_installation
def subject(
    installation: Installation,
    contact_id: int,
    format_: str,
    output: str,
    as_user: str | None,
    purpose: str | None,
) -> None:
    """Everything held about the contact with the number ID."""
    settings = installation.settings
    answer.check(format_)
    with (
        outputs.to(output) as file,
        acting(settings, as_user, purpose, "subject_requests.export", usual="subject_request"),
    ):
        demand(contact_id, queries.roles_on(current().user_id or 0))
        answer.write(file, gather(contact_id), format_, settings.controller_name)


@export.command()
@click.option("--format", "format_", type=click.Choice(("csv",)), default="csv", show_default=True)
@outputs.option
@acts
@pass_installation
def contacts(
    installation: Installation,
    format_: str,
    output: str,
    as_user: str | None,
    purpose: str | None,
) -> None:
    """All contacts as a table."""
    settings = installation.settings
    with outputs.to(output) as file, acting(settings, as_user, purpose, "contacts.export"):
        _write_contacts(file, settings.language)


def _write_contacts(file: IO[bytes], language: str) -> None:
    heading = [say(label, {}, language) for label in contact_export.columns().values()]
    spreadsheet.write(file, heading, ())
    for batch in contact_export.batches(language):
        lines = [spreadsheet.line(row) for row in batch]
        commit_looks()
        file.writelines(lines)
