"""`wesentra import contacts` and `wesentra import undo`."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
from flask_babel import gettext as _

from wesentra.cli import Installation, pass_installation
from wesentra.cli import imports_said as said
from wesentra.cli import output as outputs
from wesentra.cli.acting import acting, acts
from wesentra.crm.imports import actions, jobs, mapping, queries, reading, rejected, running
from wesentra.crm.imports.memory import Memory
from wesentra.crm.imports.raw import Table
from wesentra.crm.imports.states import State
from wesentra.models import ImportJob
from wesentra.models.base import IDS_END
from wesentra.settings import Settings

PURPOSE = "customer_service"
STANDARD_INPUT = "-"


@click.group("import")
def imports() -> None:
    """Bring in contacts and companies from a file, or take an import back."""


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    file: str
    map_file: Path | None
    group: str
    source: str
    region: str | None
    keep_sensitive: bool
    dry_run: bool


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML or JSON file that says which column is which field.",
)
@click.option("--group", default="", help="Group of rows that do not say it, by key or name.")
@click.option("--source", default="", help="Where the data of rows that do not say it come from.")
@click.option("--region", help="Country (two letters) of numbers and addresses without one.")
@click.option("--keep-sensitive", is_flag=True, help="Notes on health and the like are needed.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@acts
@pass_installation
def contacts(
    installation: Installation, /, as_user: str | None, purpose: str | None, **wish: Any
) -> None:
    """Bring in the contacts and companies of FILE (CSV, TSV, XLSX; - is standard input).

    A wrong value rejects its row, into FILE.rejected.csv with its line and the reason.
    """
    wanted = Wish(**wish)
    settings = installation.settings
    permission = "imports.write"
    target = _rejected_file(wanted.file)
    with outputs.to(target, even_empty=False) as file:
        with acting(settings, as_user, purpose, permission, usual=PURPOSE, changes=True):
            with _seekable(wanted.file) as stream:
                job, headings = _bring(stream, wanted, settings)
            if job.rejected:
                rejected.write(job, queries.every_rejected(job.id), file, said.say)
            columns = mapping.from_json(job.mapping["columns"], headings)
            lines = said.lines(job, target, wanted.dry_run, columns)
            if wanted.dry_run:
                _take_back(job)
        for line in lines:
            click.echo(line)


@imports.command()
@click.argument("number", metavar="ID", type=click.IntRange(1, IDS_END - 1))
@acts
@pass_installation
def undo(installation: Installation, number: int, as_user: str | None, purpose: str | None) -> None:
    """Take back the import with this ID: what it made goes, what it changed returns."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "imports.write", usual=PURPOSE, changes=True):
        job = jobs.get(number)
        if job.state != State.UNDOING:
            _decide(job.id, actions.start_undo)
        job = running.run(job.id)
        kept = job.mapping.get("kept", 0)
        undone = _("Import %(number)s was undone.", number=number)
        left = _("%(count)s were used since and stay.", count=kept) if kept else ""
    click.echo(f"{undone} {left}".strip())


def _bring(stream: BinaryIO, wish: Wish, settings: Settings) -> tuple[ImportJob, tuple[str, ...]]:
    """Do the whole import, or go on with one of the same file that broke off.

    The headings are those of the file: nothing that is held was looked at.
    """
    sha256 = reading.fingerprint(stream)
    table = reading.open_table(stream)
    begun = queries.unfinished(sha256)
    if begun is not None and begun.state in (State.APPLYING, State.PUBLISHING):
        if not wish.dry_run:
            click.echo(_("Going on with import %(number)s.", number=begun.id), err=True)
            return _apply(begun), table.headings
    elif begun is not None:
        _take_back(begun)
    return _anew(stream, table, sha256, wish, settings), table.headings


def _anew(stream: BinaryIO, table: Table, sha256: str, wish: Wish, settings: Settings) -> ImportJob:
    """Do the whole import from its beginning."""
    job = _begin(table, sha256, wish, settings)
    with said.progress(_("Checking"), said.size(stream)) as bar:
        running.read(
            job.id,
            table.rows,
            Memory(foresees=wish.dry_run),
            lambda _job: bar.update(said.ahead(bar, stream)),
        )
    _decide(job.id, actions.has_been_checked)
    return jobs.get(job.id) if wish.dry_run else _apply(jobs.get(job.id))


def _begin(table: Table, sha256: str, wish: Wish, settings: Settings) -> ImportJob:
    if wish.map_file:
        columns, defaults = mapping.from_file(wish.map_file.read_bytes(), table.headings)
    else:
        columns, defaults = mapping.propose(table.headings), {}
    with running.committed(), said.groups_listed():
        job = actions.begin(table, sha256, dry_run=wish.dry_run)
        actions.choose(
            job,
            columns,
            group=wish.group or defaults.get("group", ""),
            source=wish.source or defaults.get("source", ""),
            region=wish.region or defaults.get("region", settings.region),
            keep_sensitive=wish.keep_sensitive,
        )
    return job


def _apply(job: ImportJob) -> ImportJob:
    if job.state == State.CHECKED:
        _decide(job.id, actions.start_apply)
    with said.progress(_("Bringing in"), job.rows - job.rejected - job.skipped) as bar:
        return running.run(job.id, lambda now: bar.update(max(0, now.applied - bar.pos)))


def _take_back(job: ImportJob) -> None:
    if job.state != State.UNDOING:
        _decide(job.id, actions.start_undo)
    running.run(job.id)


def _decide(job_id: int, decision: Callable[[ImportJob], None]) -> None:
    with running.committed():
        decision(jobs.locked(job_id))


# --- files ---------------------------------------------------------------------------------


@contextmanager
def _seekable(file: str) -> Iterator[BinaryIO]:
    """The file, open; what can be read only once is kept in a file without a name until then."""
    with click.open_file(file, "rb") as stream:
        if stream.seekable() and file != STANDARD_INPUT:
            yield cast(BinaryIO, stream)
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield copy


def _rejected_file(file: str) -> str:
    """Where rejected rows go: beside `file`; into the working folder for what is no file."""
    is_file = file != STANDARD_INPUT and Path(file).is_file()
    return f"{file if is_file else 'import'}.rejected.csv"
