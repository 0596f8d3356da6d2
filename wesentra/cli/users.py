"""`wesentra user`: accounts, their roles and passwords. Every change is an entry of the log."""

import sys

import click

from wesentra.accounts import actions, passwords, queries, second_factor
from wesentra.accounts import roles as roles_of
from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting
from wesentra.models.codes import ROLE_NAMES, Role, by_name
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.texts import LANGUAGES, mark
from wesentra.web.language import in_languages

WHY = "maintenance"
USUAL = "command line"
as_user = click.option("--as", "as_user", metavar="USER", help="Whose permissions apply.")
from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)
because = click.option(
    "--reason", default=USUAL, show_default=True, help="Why, for the history of roles."
)
WAITS = mark("The role %(role)s waits for an administrator or privacy contact to confirm it.")


@click.group()
def user() -> None:
    """Accounts: who may come in, and in which roles."""


@user.command()
@click.argument("name")
@click.option("--full-name", required=True, help="As colleagues know them.")
@click.option("--role", "roles", multiple=True, required=True, help="Key or name; may be repeated.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the pages.")
@because
@from_stdin
@as_user
@pass_installation
def add(
    installation: Installation,
    name: str,
    full_name: str,
    roles: tuple[str, ...],
    language: str | None,
    reason: str,
    password_stdin: bool,
    as_user: str | None,
) -> None:
    """Open an account. Without --password-stdin the new password is printed, once."""
    settings = installation.begin()
    wanted = [role_of(text, settings.language) for text in roles]
    password, password_hash = _password(password_stdin, name, full_name, settings.controller_name)
    with acting(settings, as_user, None, "settings.write", usual=WHY, changes=True):
        added = actions.add(name, full_name, password_hash, language or settings.language)
        waiting = roles_of.give(added, wanted, reason)
        name = added.name
    installation.tell_begun()
    _tell(installation, mark("The user %(name)s was added."), name=name)
    for role in waiting:
        _tell(installation, WAITS, role=role)
    _tell_password(installation, password, password_stdin)


@user.command("list")
@as_user
@pass_installation
def list_users(installation: Installation, as_user: str | None) -> None:
    """Print every account: name, full name, roles today, whether it is closed."""
    with acting(installation.settings, as_user, None, "settings.read", usual=WHY):
        held = queries.roles_today()
        rows = [(one.name, one.full_name, held.get(one.id, []), one.disabled_at is not None)
                for one in queries.everybody()]  # fmt: skip
    for name, full_name, roles, closed in rows:
        words = [in_languages(ROLE_NAMES[Role(role)], _language(installation)) for role in roles]
        state = say(mark("closed"), {}, _language(installation)) if closed else ", ".join(words)
        click.echo(f"{name}\t{full_name}\t{state or '–'}")


@user.command()
@click.argument("name")
@as_user
@pass_installation
def disable(installation: Installation, name: str, as_user: str | None) -> None:
    """Close an account at once."""
    with acting(installation.settings, as_user, None, "settings.write", usual=WHY, changes=True):
        actions.disable(actions.named(name))
    _tell(installation, mark("The account %(name)s was closed."), name=name)


@user.command()
@click.argument("name")
@from_stdin
@as_user
@pass_installation
def reset(installation: Installation, name: str, password_stdin: bool, as_user: str | None) -> None:
    """Put a new password and sign the user out everywhere."""
    settings = installation.settings
    password, password_hash = _password(password_stdin, name)
    with acting(settings, as_user, None, "settings.write", usual=WHY, changes=True):
        user = actions.named(name)
        passwords.demand(password, user.name, user.full_name, settings.controller_name)
        actions.set_password(user, password_hash)
    _tell(installation, mark("The password of %(name)s was changed."), name=name)
    _tell_password(installation, password, password_stdin)


@user.command()
@click.argument("name")
@click.argument("role")
@because
@as_user
@pass_installation
def grant(
    installation: Installation, name: str, role: str, reason: str, as_user: str | None
) -> None:
    """Give a role from now on."""
    wanted = role_of(role, _language(installation))
    with acting(installation.settings, as_user, None, "settings.write", usual=WHY, changes=True):
        waits = roles_of.give(actions.named(name), [wanted], reason)
    given = mark("%(name)s now has the role %(role)s.")
    _tell(installation, WAITS if waits else given, name=name, role=wanted)


@user.command()
@click.argument("name")
@click.argument("role")
@because
@as_user
@pass_installation
def revoke(
    installation: Installation, name: str, role: str, reason: str, as_user: str | None
) -> None:
    """End a role now."""
    wanted = role_of(role, _language(installation))
    with acting(installation.settings, as_user, None, "settings.write", usual=WHY, changes=True):
        roles_of.end(actions.named(name), wanted, reason)
    _tell(installation, mark("%(name)s no longer has the role %(role)s."), name=name, role=wanted)


@user.command("reset-factor")
@click.argument("name")
@as_user
@pass_installation
def reset_factor(installation: Installation, name: str, as_user: str | None) -> None:
    """Take a lost second factor away and sign the user out everywhere."""
    with acting(installation.settings, as_user, None, "settings.write", usual=WHY, changes=True):
        second_factor.take_from(actions.named(name))
    _tell(installation, mark("The second factor of %(name)s was removed."), name=name)


def role_of(text: str, language: str) -> Role:
    """The role with this key, or with this name in any of the three languages.

    Raises Refused with the names in `language`.
    """
    role = by_name(ROLE_NAMES, text)
    if role is None:
        raise Refused(
            mark("There is no role %(role)s. The roles are: %(roles)s."),
            role=text,
            roles=", ".join(in_languages(own, language) for own in ROLE_NAMES.values()),
        )
    return role


def _password(from_standard_input: bool, *names: str) -> tuple[str, str]:
    """A password and its hash, made before any transaction because hashing takes long."""
    password = passwords.made()
    if from_standard_input:
        password = sys.stdin.readline().rstrip("\r\n")
    return password, passwords.hashed(password, *names)


def _language(installation: Installation) -> str:
    return installation.settings.language


def _tell(installation: Installation, sentence: str, **values: object) -> None:
    if "role" in values:
        own = ROLE_NAMES[Role(str(values["role"]))]
        values["role"] = in_languages(own, _language(installation))
    click.echo(say(sentence, values, _language(installation)))


def _tell_password(installation: Installation, password: str, was_given: bool) -> None:
    if not was_given:
        _tell(installation, mark("Password (shown only now): %(password)s"), password=password)
