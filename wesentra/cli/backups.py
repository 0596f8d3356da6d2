"""`wesentra backup` and `wesentra restore`."""

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from babel.dates import format_datetime
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from wesentra import clock
from wesentra.cli import Installation, pass_installation
from wesentra.cli import output as outputs
from wesentra.cli.acting import acting
from wesentra.cli.spoken import told
from wesentra.operations.backups import identity, making, opening, restoring, trying
from wesentra.operations.backups.finishing import Finished
from wesentra.sentences import language_of, say
from wesentra.texts import mark
from wesentra.web.formats import MOMENTS

STANDARD = "-"
LONGEST = 1000
"""Bytes of the line with the key; after it may follow the backup itself."""
WHY = "maintenance"
KEY = (
    mark("This key opens the backups of this register. It is shown now and never again:"),
    mark(
        "Write it down twice, and keep it in two places that burn down apart, neither of them this "
        "machine. Without it every backup is lost, and nobody can help."
    ),
)


@click.command()
@click.argument("file", required=False)
@click.option("--new-key", is_flag=True, help="Make a new key first; it is shown once.")
@click.option("--as", "as_user", metavar="USER", help="Whose permissions apply.")
@pass_installation
def backup(
    installation: Installation, file: str | None, new_key: bool, as_user: str | None
) -> None:
    """Back the register up into FILE, encrypted, while others go on working.

    The first time a key is made and shown once: it alone opens the backups. FILE is read back
    before it gets its name; - is standard output, where that is not possible.
    """
    if file is None and not new_key:
        raise click.UsageError(told(mark("Name the FILE to write.")))
    settings = installation.settings
    if file not in (None, STANDARD):
        making.demand_free(Path(str(file)), settings)
    size = 0
    with acting(settings, as_user, None, "backups.write", usual=WHY):
        making.key_for(settings, partial(_show, settings.language), anew=new_key)
        if file == STANDARD:
            with outputs.whole_or_nothing():
                making.to_stream(settings, sys.stdout.buffer)
        elif file is not None:
            size = making.to_file(settings, Path(file))
    if file is not None:
        _tell_made(installation, file, size)


def _show(language: str, key: str) -> None:
    """The opening half, on the terminal and nowhere else."""
    for line in (say(KEY[0], {}, language), "", f"    {key}", "", say(KEY[1], {}, language)):
        click.echo(line, err=True)


def _tell_made(installation: Installation, file: str, size: int) -> None:
    if file != STANDARD:
        done = mark("%(file)s holds the register; read back and compared, %(size)s bytes.")
        _tell(installation, done, {"file": file, "size": size})
        return
    blind = mark("The backup went to standard output: nobody has read it back.")
    click.echo(say(blind, {}, language_of(installation, os.environ)), err=True)


@click.command()
@click.argument("file", required=False)
@click.option("--test", is_flag=True, help="Only try it, in a folder that is removed again.")
@click.option("--finish", is_flag=True, help="Complete a restore that was cut off.")
@click.option(
    "--identity",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the key; without it the key is asked for.",
)
@click.option("--without-ledger", is_flag=True, help="Although it is not known who was erased.")
@click.option("--as", "as_user", metavar="USER", help="Whose permissions apply, with --test.")
@pass_installation
def restore(
    installation: Installation,
    file: str | None,
    test: bool,
    finish: bool,
    key_file: Path | None,
    without_ledger: bool,
    as_user: str | None,
) -> None:
    """Put the register back as it is in FILE; the one that is there is moved aside.

    Everybody who was erased since is erased again before anybody sees anything.
    """
    if (file is None) != finish or (test and finish):
        raise click.UsageError(told(mark("Name the FILE to restore, or say --finish.")))
    if finish:
        _tell_finished(installation, restoring.go_on(installation.settings))
        return
    settings = installation.settings if test else installation.begin()
    with opening.opened(str(file), sys.stdin.buffer) as source:
        key = _key(key_file)
        if test:
            with acting(settings, as_user, None, "backups.write", usual=WHY):
                tried = trying.out(settings, str(file), source, key)
            _tell_tried(installation, tried)
            return
        done = restoring.into_place(settings, str(file), source, key, without_ledger=without_ledger)
    installation.tell_begun()
    _tell_finished(installation, done)


def _key(file: Path | None) -> X25519PrivateKey:
    """The key from a file, from whoever types it unseen, or from the first line of a pipe."""
    if file is not None:
        return identity.read(file.read_text(encoding="utf-8", errors="replace"))
    if sys.stdin.isatty():
        asked = told(mark("Key of the backup"))
        return identity.read(click.prompt(asked, hide_input=True, err=True))
    return identity.read(sys.stdin.buffer.readline(LONGEST).decode(errors="replace"))


def _tell_finished(installation: Installation, done: Finished) -> None:
    values = vars(done)
    _tell(
        installation,
        mark(
            "The register is as it was on %(at)s: %(contacts)s people, %(companies)s companies. "
            "Erased again: %(erased)s."
        ),
        values,
    )
    _tell_lost(installation, done)
    if done.aside:
        aside = mark(
            "The register that was there lies in %(aside)s, with everybody in it who was erased "
            "since. Remove it as soon as you do not need it."
        )
        _tell(installation, aside, values)


def _tell_lost(installation: Installation, done: Finished) -> None:
    if done.lost is None:
        lost = mark("Of the log what came after that is lost; how much of it nobody knows.")
    else:
        lost = mark("Entries of the log that are lost with what came after: %(lost)s.")
    again = mark(
        "Until the privacy contact has said why, the log counts as cut: "
        "wesentra log acknowledge %(number)s --reason TEXT --as USER"
    )
    for sentence in (lost, again):
        _tell(installation, sentence, vars(done))


def _tell_tried(installation: Installation, tried: trying.Tried) -> None:
    _tell(
        installation,
        mark(
            "The backup of %(at)s can be restored: %(contacts)s people, %(companies)s companies, "
            "%(entries)s entries of a log that is whole, in %(seconds)s seconds. "
            "To be erased again: %(erased)s."
        ),
        {**vars(tried), "seconds": round(tried.seconds, 1)},
    )


def _tell(installation: Installation, sentence: str, values: Mapping[str, object]) -> None:
    language = language_of(installation, os.environ)
    said = {key: _written(value, language) for key, value in values.items()}
    click.echo(say(sentence, said, language))


def _written(value: object, language: str) -> object:
    """A moment as people in Finland write it; anything else as it is."""
    if not isinstance(value, datetime):
        return value
    return format_datetime(value, MOMENTS[language], tzinfo=clock.HELSINKI, locale=language)
