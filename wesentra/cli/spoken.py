"""The command line in the installation's language: our words of help, and click's own.

Click looks its words up by gettext in the domain `messages`, which is our catalogues' as well; so
both are found there, once the folder and the language are said.
"""

import copy
import gettext
import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from wesentra.assets import translations
from wesentra.texts import mark
from wesentra.web.form_texts import mark_several

DOMAIN = "messages"
ENVIRON = "LANGUAGE"
"""What gettext asks first for the language."""

CLICK = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("Show this message and exit."),
    mark("Show the version and exit."),
    mark("Try '{command} {option}' for help."),
    mark("Error: {message}"),
    mark("default: {default}"),
    mark("required"),
    mark("Missing command."),
    mark("Missing argument"),
    mark("Missing option"),
    mark("No such command {name!r}."),
    mark("No such option {name!r}."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("{name} {filename!r} does not exist."),
    mark("{name} {filename!r} is a directory."),
    mark("{name} {filename!r} is a file."),
    mark("{name} {filename!r} is not readable."),
    mark("Option {name!r} does not take a value."),
    mark("Aborted!"),
    mark_several("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    mark_several(
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
    mark_several(
        "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"
    ),
    mark_several(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    ),
    mark_several("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
)
"""Click's own sentences that somebody can meet here; it says them by gettext."""
PLACES = (
    mark("[OPTIONS]"),
    mark("COMMAND [ARGS]..."),
    mark("TEXT"),
    mark("FILE"),
    mark("DIRECTORY"),
    mark("INTEGER"),
    mark("INTEGER RANGE"),
    mark("NAME"),
    mark("ROLE"),
    mark("USER"),
    mark("ID"),
    mark("NUMBER"),
)
"""What stands in help for something that is to be typed."""

C = TypeVar("C", bound=click.Command)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let gettext find the catalogues, first in this language; as it was before at the end."""
    before = os.environ.get(ENVIRON)
    gettext.bindtextdomain(DOMAIN, str(translations()))
    speak(language)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(ENVIRON, None)
        else:
            os.environ[ENVIRON] = before


def speak(language: str) -> None:
    """From now on gettext finds this language."""
    os.environ[ENVIRON] = language


def spoken(command: C) -> C:
    """The command with its help in the language that is spoken; the given one stays as it is."""
    own = copy.copy(command)
    own._help_option = None  # click keeps it in the language in which it was first asked for
    own.help = "\n\n".join(told(part) for part in paragraphs(command.help or ""))
    own.options_metavar = told(command.options_metavar)
    own.params = [_parameter(each) for each in command.params]
    if isinstance(own, click.Group) and isinstance(command, click.Group):
        own.subcommand_metavar = told(command.subcommand_metavar)
        own.commands = {name: spoken(each) for name, each in command.commands.items()}
    return own


def paragraphs(text: str) -> list[str]:
    """A text of help as the catalogues know it: each paragraph, without the ends of its lines."""
    return [" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n")]


def _parameter(parameter: click.Parameter) -> click.Parameter:
    own = copy.copy(parameter)
    is_value = not isinstance(own, click.Option) or not (own.is_flag or own.count)
    if isinstance(own, click.Option):
        own.help = told(own.help)
    if isinstance(own, click.Argument):
        place = own.metavar or (own.name or "").upper()
    else:
        place = own.metavar or own.type.name.upper()
    if is_value and place in PLACES:
        own.metavar = told(place)
    return own


def told(text: str | None) -> str:
    """A text in the language that is spoken; nothing stays nothing."""
    return gettext.gettext(text) if text else ""
