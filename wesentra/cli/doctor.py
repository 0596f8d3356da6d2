"""`wesentra doctor`: a line for each thing that was checked."""

import os
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click
from babel.dates import format_date
from sqlalchemy.exc import SQLAlchemyError

from wesentra import clock
from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting
from wesentra.operations import unusable
from wesentra.operations.doctor import (
    backups,
    certificate,
    chosen,
    database,
    files,
    register,
    sign_on,
)
from wesentra.operations.doctor.checked import LEVELS, Checked, Level, Word, refused
from wesentra.refusal import Refused
from wesentra.sentences import language_of, say
from wesentra.settings import Settings
from wesentra.texts import mark
from wesentra.web.formats import DAYS


@click.command()
@click.option(
    "--cert",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The certificate (PEM) that the server is started with.",
)
@pass_installation
def doctor(installation: Installation, cert: Path | None) -> None:
    """Check this installation: what is good, weak and wrong, and what mends it.

    Exit code 1 when something is wrong. What is weak works, and could be safer.
    """
    settings = installation.settings
    found = [
        *files.check(files.found(settings)),
        *certificate.of_server(settings, cert),
        *chosen.check(settings),
        *sign_on.of_provider(settings),
        *backups.of_files(settings, clock.now()),
        *_of_database(settings),
    ]
    language = language_of(installation, os.environ)
    for line in lines(found, language):
        click.echo(line)
    count = sum(one.level is Level.WRONG for one in found)
    if count:
        raise Refused(mark("Wrong in this installation: %(count)s."), count=count)


def _of_database(settings: Settings) -> list[Checked]:
    """What the register tells, as far as it can be used."""
    try:
        found = database.of_register(settings)
        if database.is_usable(found):
            with acting(settings, None, None, "settings.read", usual="maintenance"):
                found += register.of_register(settings)
    except (SQLAlchemyError, sqlite3.Error) as error:
        return [refused(database.WHAT, unusable.refusal(error))]
    return found


def lines(found: Iterable[Checked], language: str) -> list[str]:
    """A line for each check, and below what is not good the sentence that mends it."""
    names = {level: say(name, {}, language) for level, name in LEVELS.items()}
    wide = max(map(len, names.values())) + 2
    told = []
    for one in found:
        values = {key: _shown(value, language) for key, value in one.values.items()}
        what, said = say(one.what, {}, language), say(one.said, values, language)
        told.append(f"{names[one.level]:{wide}}{what}: {said}")
        if one.mend:
            told.append(f"{'':{wide}}{say(one.mend, values, language)}")
    return told


def _shown(value: object, language: str) -> object:
    """A value as people write it: a day as in Finland, a word in their language."""
    if isinstance(value, Word):
        return say(value, {}, language)
    if isinstance(value, datetime):
        value = value.astimezone(clock.HELSINKI)
    if isinstance(value, date):
        return format_date(value, DAYS[language], locale=language)
    return value
