"""The command line: read arguments, say who acts and why, call one action, print.

Exit codes: 0 done, 1 refused or failed with one line on standard error, 2 wrong usage.
Each command lies in a file of its own and is imported only when it is called, so that the
program starts quickly.
"""

import importlib
import os
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from wesentra import __version__
from wesentra import instance as instances
from wesentra.cli.spoken import speak, speaking, spoken
from wesentra.operations import unusable
from wesentra.refusal import Refused
from wesentra.sentences import language_of, say
from wesentra.settings import Settings, load
from wesentra.texts import mark

COMMANDS = {
    "serve": "wesentra.cli.serve:serve",
    "demo": "wesentra.cli.demo:demo",
    "user": "wesentra.cli.users:user",
    "import": "wesentra.cli.imports:imports",
    "export": "wesentra.cli.exports:export",
    "erase": "wesentra.cli.erase:erase",
    "log": "wesentra.cli.log:log",
    "shell": "wesentra.cli.shell:shell",
    "retention": "wesentra.cli.retention:retention",
    "jobs": "wesentra.cli.jobs:jobs",
    "secrets": "wesentra.cli.secrets:secrets",
    "backup": "wesentra.cli.backups:backup",
    "restore": "wesentra.cli.backups:restore",
    "doctor": "wesentra.cli.doctor:doctor",
}
"""The word on the command line, and the module and name of its click command."""


class Installation:
    """The installation that the command works on; its settings are read when first needed."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.begun: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """Raises Refused for a folder that holds none, and when a setting is unknown or wrong.

        A folder that was mistyped would otherwise become an empty register of its own.
        """
        folder = instances.choose(self.folder, os.environ)
        if not instances.is_one(folder):
            raise Refused(
                mark(
                    "There is no register in %(folder)s. wesentra serve or wesentra user add "
                    "begins one there."
                ),
                folder=folder,
            )
        return load(folder)

    def begin(self) -> Settings:
        """The settings; those of a new installation, made now, where the folder holds none yet."""
        folder = instances.choose(self.folder, os.environ)
        if not instances.is_one(folder):
            load(folder)
            self.begun = folder
        return self.settings

    def tell_begun(self) -> None:
        """Say once where a new register began, so that a mistyped folder is seen."""
        if self.begun is not None:
            told = mark("A new register begins in %(folder)s")
            click.echo(say(told, {"folder": self.begun}, self.settings.language), err=True)
            self.begun = None


pass_installation = click.make_pass_decorator(Installation, ensure=True)
"""Gives a command the Installation as its first argument."""


class OneLine(click.ClickException):
    """What was refused, in one line on standard error."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(f"wesentra: {self.message}", err=True)


class Commands(click.Group):
    """Finds commands in COMMANDS and says refusals in the installation's language."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is not a command")
        return spoken(command)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run what was typed; words of help and of wrong usage are the installation's."""
        with speaking(language_of(Installation(), os.environ)):
            return super().main(*args, **extra)

    def get_help(self, ctx: click.Context) -> str:
        return click.Group.get_help(spoken(self), ctx)

    def get_usage(self, ctx: click.Context) -> str:
        return click.Group.get_usage(spoken(self), ctx)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise _one_line(ctx, refused) from refused
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise _one_line(ctx, unusable.refusal(error)) from error


def _one_line(ctx: click.Context, refused: Refused) -> OneLine:
    language = language_of(ctx.find_object(Installation), os.environ)
    return OneLine(say(refused.sentence, refused.values, language))


def _named(_ctx: click.Context, _option: click.Parameter, folder: Path | None) -> Path | None:
    """Help that follows is in the language of the installation that was named."""
    speak(language_of(Installation(folder), os.environ))
    return folder


@click.command(cls=Commands)
@click.version_option(__version__, message="wesentra %(version)s")
@click.option(
    "--instance",
    type=click.Path(path_type=Path, file_okay=False),
    is_eager=True,
    callback=_named,
    help="The folder of this installation: settings, database, certificates.",
)
@click.pass_context
def main(ctx: click.Context, instance: Path | None) -> None:
    """Wesentra, the customer register that keeps its promises about people's data."""
    ctx.obj = Installation(instance)
    before = os.umask(0o077)  # whatever a command makes is its owner's only
    ctx.call_on_close(lambda: os.umask(before))
