"""`wesentra secrets`: what the installation keeps to itself."""

import os

import click

from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting
from wesentra.instance import SECRET
from wesentra.operations import rotation
from wesentra.refusal import Refused
from wesentra.sentences import language_of, say
from wesentra.texts import mark

TOLD = (
    mark("There is a new secret; all %(count)s sessions have ended, and everybody signs in anew."),
    mark(
        "Start every server of this register anew now: until then it works with the old secret. "
        "Where several serve one register, first give each the same %(file)s."
    ),
    mark("Authenticator apps go on working. Recovery codes do not: everybody makes new ones."),
    mark(
        "The key of the log stays: the signatures that it has made could not be checked by "
        "another one."
    ),
)


@click.group()
def secrets() -> None:
    """The secret of this installation."""


@secrets.command()
@click.option("--as", "as_user", metavar="USER", help="Whose permissions apply.")
@pass_installation
def rotate(installation: Installation, as_user: str | None) -> None:
    """Make a new secret and end every session, for example after somebody read the old one."""
    settings = installation.settings
    try:
        with (
            rotation.kept(settings.instance),
            acting(settings, as_user, None, "settings.write", usual="maintenance", changes=True),
        ):
            count = rotation.rotate(settings.instance)
    except OSError as error:
        raise Refused(
            mark("The file %(file)s cannot be written: %(reason)s."),
            file=settings.instance / SECRET,
            reason=error.strerror,
        ) from error
    language = language_of(installation, os.environ)
    for sentence in TOLD:
        click.echo(say(sentence, {"count": count, "file": SECRET}, language))
