"""`wesentra user`: accounts by command, on an instance that was never served."""

from collections.abc import Callable
from functools import partial

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests import factories
from tests.accounts.authenticating import set_up
from wesentra.accounts import actions, links
from wesentra.cli import main

LONG = "a password that is long"
Run = Callable[..., Result]


@pytest.fixture
def run(run: Run) -> Run:
    """Runs `wesentra user …`."""
    return partial(run, "user")


@pytest.fixture
def later(app: Flask) -> Flask:
    """The application, as it is served afterwards."""
    return app


def test_an_account_can_be_opened_before_the_first_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    new = str(tmp_path_factory.mktemp("fresh") / "instance")
    words = ["user", "add", "aino", "--full-name", "Aino Virtanen", "--role", "staff"]
    environ = {"WESENTRA_LANGUAGE": "en"}
    assert CliRunner().invoke(main, ["--instance", new, *words], env=environ).exit_code == 0


def test_the_printed_password_opens_the_door(run: Run, later: Flask) -> None:
    result = run("add", "Aino", "--full-name", "Aino Virtanen", "--role", "staff")
    assert result.exit_code == 0
    assert result.stdout.startswith("The user aino was added.\n")
    password = result.stdout.partition(": ")[2].strip()
    factories.sign_in(factories.browser(later), "aino", password)


def test_a_given_password_is_not_printed(run: Run, later: Flask) -> None:
    words = ("add", "aino", "--full-name", "Aino", "--role", "staff", "--password-stdin")
    result = run(*words, typed=f"{LONG}\n")
    assert LONG not in result.output
    factories.sign_in(factories.browser(later), "aino", LONG)


@pytest.mark.parametrize("role", ["tietosuojan yhteyshenkilö", "privacy", "Privacy contact"])
def test_roles_are_taken_by_key_and_by_name(run: Run, role: str) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "henkilöstö", "--role", role)
    assert "aino\tAino\tstaff, privacy contact\n" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "bo", "--full-name", "Bo", "--role", "king"), "There is no role king."),
        (("add", "b", "--full-name", "Bo", "--role", "staff"), "A user name has 2 to 60"),
        (("add", "aino", "--full-name", "Bo", "--role", "staff"), "There is already a user aino."),
        (("grant", "nobody", "staff"), "There is no user nobody."),
        (("grant", "aino", "king"), "There is no role king."),
        (("disable", "nobody"), "There is no user nobody."),
        (("reset", "nobody"), "There is no user nobody."),
        (("list", "--as", "aino"), "The roles of aino do not include this."),
        (("list", "--as", "nobody"), "There is no user nobody."),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, words: tuple[str, ...], sentence: str) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "staff")
    result = run(*words)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"wesentra: {sentence}")
    assert result.stderr.count("\n") == 1


def test_the_roles_there_are_stand_in_the_installations_language(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_LANGUAGE", "fi")
    said = run("add", "bo", "--full-name", "Bo", "--role", "king").stderr
    assert said.endswith("henkilöstö, tietosuojan yhteyshenkilö, pääkäyttäjä, tarkastaja.\n")


def test_a_short_password_is_refused_and_nobody_added(run: Run) -> None:
    words = ("add", "aino", "--full-name", "Aino", "--role", "staff", "--password-stdin")
    result = run(*words, typed="short\n")
    assert (result.exit_code, run("list").stdout) == (1, "")
    assert result.stderr == "wesentra: A password has at least 12 characters.\n"


def test_roles_come_and_go(run: Run) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "staff")
    assert run("grant", "aino", "auditor").stdout == "aino now has the role auditor.\n"
    assert run("revoke", "aino", "staff").stdout == "aino no longer has the role staff.\n"
    assert run("list").stdout == "aino\tAino\tauditor\n"


def test_only_the_first_administrator_is_given_everything_at_once(run: Run) -> None:
    first = run("add", "minna", "--full-name", "Minna", "--role", "admin", "--role", "privacy")
    assert "waits" not in first.stdout
    second = run("add", "bo", "--full-name", "Bo", "--role", "staff", "--role", "privacy")
    waits = "waits for an administrator or privacy contact to confirm it."
    assert f"The role privacy contact {waits}\n" in second.stdout
    assert run("grant", "bo", "admin").stdout == f"The role administrator {waits}\n"
    assert run("list").stdout == "bo\tBo\tstaff\nminna\tMinna\tadministrator, privacy contact\n"


def test_a_password_of_one_s_own_name_is_refused(run: Run) -> None:
    words = ("add", "aino", "--full-name", "Aino Virtanen", "--role", "staff", "--password-stdin")
    result = run(*words, typed="AinoVirtanen2026\n")
    assert (result.exit_code, run("list").stdout) == (1, "")
    assert result.stderr.startswith("wesentra: This password is guessed early")


def test_a_closed_account_is_listed_as_closed(run: Run) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "staff")
    assert run("disable", "aino").exit_code == 0
    assert run("list").stdout == "aino\tAino\tclosed\n"


def test_a_reset_prints_the_new_password_once(run: Run, later: Flask) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "staff")
    password = run("reset", "aino").stdout.rpartition(": ")[2].strip()
    factories.sign_in(factories.browser(later), "aino", password)


def test_every_command_stands_in_the_log(run: Run, later: Flask) -> None:
    run("add", "aino", "--full-name", "Aino", "--role", "admin")
    run("grant", "aino", "staff", "--as", "aino")
    run("add", "bo", "--full-name", "Bo", "--role", "staff", "--as", "aino")
    found = [(e.row.role, e.row.channel, e.fields) for e in factories.entries(later)]
    assert found == [
        ("system", "cli", ("created",)),
        ("system", "cli", ("granted:admin",)),
        ("admin", "cli", ("created",)),
        ("admin", "cli", ("granted:staff",)),
    ]


def test_a_lost_second_factor_is_taken_away_at_the_machine(run: Run, later: Flask) -> None:
    """The only administrator has nobody else to ask."""
    client = factories.signed_in(later, "admin", name="boss")
    set_up(client)
    result = run("reset-factor", "boss")
    assert result.stdout == "The second factor of boss was removed.\n"
    assert client.get("/account/").status_code == 303
    factories.sign_in(factories.browser(later), "boss")
    assert run("reset-factor", "boss").exit_code == 1


def test_as_oneself_it_is_not_taken_away(run: Run, later: Flask) -> None:
    set_up(factories.signed_in(later, "admin", name="boss"))
    assert run("reset-factor", "boss", "--as", "boss").exit_code == 1


def test_a_password_that_is_reset_at_the_machine_ends_the_link_there_was(
    run: Run, later: Flask
) -> None:
    """Somebody may have read it: that is a reason to reset."""
    name = factories.user(later, "staff")
    secret = links.token()
    with factories.register(later):
        links.store(actions.named(name), secret)
    assert factories.browser(later).get(f"/password/{secret}").status_code == 200
    assert run("reset", name).exit_code == 0
    assert factories.browser(later).get(f"/password/{secret}").status_code == 410
