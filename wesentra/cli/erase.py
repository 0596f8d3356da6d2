"""`wesentra erase`: one person's or company's erasure, at once."""

import os
from collections.abc import Sequence

import click

from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting, acts
from wesentra.erasure import door, mentions
from wesentra.erasure.reasons import REASONS, SAID_BY_PEOPLE
from wesentra.models.base import IDS_END, db, meant_to_write
from wesentra.models.personal import field_labels
from wesentra.refusal import Refused
from wesentra.sentences import language_of, say
from wesentra.texts import LANGUAGES, mark


@click.command()
@click.argument("number", metavar="ID", type=click.IntRange(1, IDS_END - 1))
@click.option("--reason", required=True, help="Why: a reason by key or by name.")
@click.option("--company", is_flag=True, help="ID is the number of a company.")
@acts
@pass_installation
def erase(
    installation: Installation,
    number: int,
    reason: str,
    company: bool,
    as_user: str | None,
    purpose: str | None,
) -> None:
    """Erase the contact with the number ID and everything about the person, for good.

    What was deleted by hand and waits is erased as well. It cannot be undone.
    """
    why = _code(reason, installation.settings.language)
    settings, usual = installation.settings, "subject_request"
    with acting(settings, as_user, purpose, "erasures.delete", usual=usual, changes=True):
        door.demand("company" if company else "contact", number)
        named = [] if company else _named(number)
        door.erase([] if company else [number], [number] if company else [], why)
    _tell(named, language_of(installation, os.environ))


def _tell(named: Sequence[mentions.Place], language: str) -> None:
    click.echo(say(mark("Erased. What stays is a tombstone with the number."), {}, language))
    if named:
        told = mark("The name stands in %(count)s texts about others, which nobody has changed:")
        click.echo(say(told, {"count": len(named)}, language))
    for place in named:
        field = say(field_labels().get(place.field, place.field), {}, language)
        click.echo(f"  {say(mentions.WHOSE[place.kind], vars(place), language)}: {field}")


def _named(contact_id: int) -> list[mentions.Place]:
    """Where texts about others name the person: a long look, for which nobody waits."""
    db.session.rollback()
    with meant_to_write(False):
        found = mentions.of(contact_id)
        db.session.rollback()
    return found


def _code(text: str, language: str) -> str:
    """The code of a reason that was given by key or by its name in any language.

    Raises Refused with the list: a typed reason would be personal data itself.
    """
    wanted = text.strip().casefold()
    for key in SAID_BY_PEOPLE:
        names = {say(REASONS[key], {}, each).casefold() for each in LANGUAGES}
        if wanted == key or wanted in names:
            return key
    listed = ", ".join(f"{key} ({say(REASONS[key], {}, language)})" for key in SAID_BY_PEOPLE)
    raise Refused(mark("Give one of these reasons with --reason: %(reasons)s."), reasons=listed)
