"""What `wesentra import` says: progress, figures, sentences."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import click
from flask_babel import gettext as _

from wesentra.crm.imports import left_out
from wesentra.crm.imports.mapping import Columns
from wesentra.models import ImportJob
from wesentra.models.codes import GROUP_NAMES
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.language import in_languages, of_page


def say(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence (message id) in the installation's language."""
    return str(_(sentence, **values))


def lines(job: ImportJob, target: str, dry_run: bool, columns: Columns) -> list[str]:
    """What came of an import, line by line."""
    head = (
        _("Dry run, nothing was stored. It would be:")
        if dry_run
        else _("Import %(number)s is done.", number=job.id)
    )
    figures = (
        (_("created"), job.created),
        (_("updated"), job.updated),
        (_("skipped"), job.skipped),
        (_("rejected"), job.rejected),
    )
    said = [head, *(f"  {count:>8}  {text}" for text, count in figures)]
    if left_out.named(columns):
        said.append(left_out.named(columns))
    if objecting := job.mapping.get("objecting"):
        said.append(_("Objected to marketing before and noted again: %(count)s", count=objecting))
    if job.rejected:
        said.append(_("Rejected rows with line and reason: %(file)s", file=target))
    return said


@contextmanager
def groups_listed() -> Iterator[None]:
    """Let a refusal of the group say which ones there are: no list of them is in sight here."""
    try:
        yield
    except Refused as no:
        if no.field != "group":
            raise
        names = ", ".join(in_languages(own, of_page()) for own in GROUP_NAMES.values())
        raise Refused(mark("Choose the group, one of: %(names)s."), names=names) from no


def progress(label: str, length: int) -> Any:
    """A progress bar on standard error; silent but for its label where nobody looks."""
    return click.progressbar(length=max(length, 1), label=label, file=sys.stderr)


def size(stream: BinaryIO) -> int:
    """How many bytes a stream has."""
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end


def ahead(bar: Any, stream: BinaryIO) -> int:
    """How many bytes the reading is ahead of the bar."""
    return max(0, stream.tell() - int(bar.pos))
