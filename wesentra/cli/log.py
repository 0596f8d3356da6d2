"""`wesentra log`: the access log outside of its pages."""

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from wesentra.actor import current
from wesentra.audit import evidence, pruning, redacting, restorations
from wesentra.audit.verdict import Verdict
from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting, acts, commit_looks
from wesentra.cli.log_export import export
from wesentra.cli.spoken import told
from wesentra.models.base import IDS_END, db
from wesentra.operations import log_walk
from wesentra.sentences import language_of, say
from wesentra.texts import mark

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """The access log."""


log.add_command(export)


@log.command()
@acts
@pass_installation
def checkpoint(installation: Installation, as_user: str | None, purpose: str | None) -> None:
    """Sign the log as it is now, with the entry about it."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "log.read", usual="log_review") as app:
        current().event("log_read", "log", fields=["checkpoint"])
        commit_looks()
        made = evidence.checkpoint(db.engine, app.extensions["wesentra_settings"])
    if made is None:
        _tell(installation, mark("The last checkpoint covers every entry."), {})
    else:
        told = mark("Checkpoint %(number)s covers the entries up to %(last)s.")
        _tell(installation, told, {"number": made.number, "last": made.last})


@log.command()
@click.option("--offline", type=FILE, help="An export (jsonl) instead of the register.")
@click.option("--key", type=FILE, help="The public key (log.pub), for --offline.")
@click.option("--copies", type=FILE, help="Checkpoints that were kept elsewhere, to compare with.")
@acts
@pass_installation
def verify(
    installation: Installation,
    offline: Path | None,
    key: Path | None,
    copies: Path | None,
    as_user: str | None,
    purpose: str | None,
) -> None:
    """Whether the log is what was written; names the first bad entry (exit code 1).

    The result is stored and shown in the register, but for --offline.
    """
    if offline is not None and key is not None:
        verdict = evidence.of_export(offline, key, copies)
    elif offline is not None or key is not None:
        raise click.UsageError(told(mark("--offline and --key belong together.")))
    else:
        with acting(installation.settings, as_user, purpose, "log.read", usual="log_review"):
            verdict = _examined(installation, copies)
    if verdict.finding is not None:
        raise evidence.refusal(verdict.finding)
    _tell_verdict(installation, verdict)


def _tell_verdict(installation: Installation, verdict: Verdict) -> None:
    told = mark("The log is whole: %(entries)s entries, %(checkpoints)s checkpoints.")
    values = {"entries": verdict.entries, "checkpoints": verdict.checkpoints}
    _tell(installation, told, values)
    if verdict.gone:
        gone = mark("The entries up to %(last)s went by rule and left a signed anchor.")
        _tell(installation, gone, {"last": verdict.gone})
    if verdict.redacted:  # in the register itself that is a fault
        lacking = mark("Of %(count)s redactions no entry in this export tells.")
        _tell(installation, lacking, {"count": verdict.redacted})
    if verdict.unsigned:
        after = mark(
            "The entries %(first)s to %(last)s come after its last checkpoint: not signed."
        )
        first = verdict.last - verdict.unsigned + 1
        _tell(installation, after, {"first": first, "last": verdict.last})


@log.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@acts
@pass_installation
def prune(
    installation: Installation, dry_run: bool, as_user: str | None, purpose: str | None
) -> None:
    """Remove entries older than the setting log_months, unless a hold keeps them."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "log.prune", usual="log_review", changes=True):
        pruned = pruning.prune(settings.instance, settings.log_months, only_look=dry_run)
    values = {**vars(pruned), "months": settings.log_months}
    if not pruned.last:
        told = mark("No segment of the log is older than %(months)s months and free to go.")
    elif dry_run:
        told = mark("The entries %(first)s to %(last)s would go: older than %(months)s months.")
    else:
        told = mark("The entries %(first)s to %(last)s are gone: older than %(months)s months.")
    _tell(installation, told, values)
    if pruned.hold is not None:
        _tell(installation, mark("Hold %(hold)s keeps what follows, old as it is."), values)


@log.command()
@click.argument("number", type=click.IntRange(1, IDS_END - 1))
@click.option("--reason", type=click.Choice(tuple(redacting.REASONS)), required=True)
@acts
@pass_installation
def redact(
    installation: Installation, number: int, reason: str, as_user: str | None, purpose: str | None
) -> None:
    """Take out of entry NUMBER whom it concerned; its place and its seal stay."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "log.redact", usual="log_review", changes=True):
        redacting.redact(number, reason)
    _tell(installation, mark("Entry %(entry)s of the log is redacted."), {"entry": number})


@log.command()
@click.argument("number", type=click.IntRange(1, IDS_END - 1))
@click.option("--reason", required=True, help="Why; it names nobody and stands in no entry.")
@acts
@pass_installation
def acknowledge(
    installation: Installation, number: int, reason: str, as_user: str | None, purpose: str | None
) -> None:
    """Say that somebody has seen what restore NUMBER has lost of the log, and why it was made."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "log.write", usual="log_review", changes=True):
        restorations.acknowledge(number, reason)
    _tell(installation, mark("Restore %(number)s is acknowledged."), {"number": number})


def _examined(installation: Installation, copies: Path | None) -> Verdict:
    """The verdict on the register's own log, stored and itself logged. Raises Refused for a fault.

    Where no entry can be written, since the end of the log is gone, the fault is said all the same.
    """
    verdict = evidence.examined(
        db.engine,
        installation.settings,
        "hand",
        copies,
        partial(log_walk.whole, installation.settings),
    )
    outcome = "fault" if verdict.finding else "done"
    current().event("log_read", "log", fields=["verified"], outcome=outcome)
    if verdict.finding is not None:
        with suppress(SQLAlchemyError):
            commit_looks()
        raise evidence.refusal(verdict.finding)
    return verdict


def _tell(installation: Installation, sentence: str, values: Mapping[str, object]) -> None:
    click.echo(say(sentence, values, language_of(installation, os.environ)))
