"""`wesentra secrets rotate`: nothing of before is good any more, and nothing is lost by it."""

import errno
import stat
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event

from tests import factories, pages
from tests.accounts import authenticating
from tests.databases import Database, sqlite_only
from wesentra import clock
from wesentra.app import create_app
from wesentra.instance import write_private
from wesentra.models import RecoveryCode
from wesentra.models.base import db
from wesentra.settings import Settings, load

Run = Callable[..., Result]


def again(settings: Settings, database: Database) -> Flask:
    """The server as it starts anew."""
    app = create_app(load(settings.instance, database.environ()))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_the_secret_is_another_and_still_nobody_elses(run: Run, settings: Settings) -> None:
    file = settings.instance / "secret.key"
    before = file.read_text()
    result = run("secrets", "rotate")
    assert result.exit_code == 0, result.output
    assert "Start every server of this register anew now" in result.stdout
    after = file.read_text()
    assert (len(after), after == before) == (64, False)
    assert after not in result.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(settings.instance.glob(".new-*"))


def test_everybody_is_signed_out_and_the_log_says_so(
    run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    clients = [factories.signed_in(app, "staff", name=name) for name in ("aino", "bertta")]
    assert "all 2 sessions have ended" in run("secrets", "rotate").stdout
    last = factories.entries(app)[-1]
    assert (last.operation, last.fields) == ("account", ("new_secret",))
    assert set(last.ids) == {factories.user_id(app, name) for name in ("aino", "bertta")}
    assert [client.get("/").status_code for client in clients] == [303, 303]


def test_what_was_typed_meanwhile_goes_along_through_the_sign_in(
    run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    """A form that stood open when the secret changed has a token of before; its text is there."""
    client = factories.signed_in(app, "staff", name="aino")
    form = pages.visit(client, "/contacts/new").form("/contacts/new")
    cookie = client.get_cookie("__Host-wesentra", domain="localhost")
    assert cookie
    assert run("secrets", "rotate").exit_code == 0
    new = again(settings, database)
    browser = factories.browser(new)
    browser.set_cookie("__Host-wesentra", cookie.value, secure=True)
    data = {**form.fields, "family_name": "Virtanen"}
    answer = browser.post("/contacts/new", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    sign_in = pages.read(browser, answer).form("/login")
    assert "family_name=Virtanen" in sign_in.fields["typed"]
    with new.app_context():
        db.engine.dispose()


@sqlite_only
def test_an_old_token_of_a_form_is_no_good_with_the_new_secret(
    run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    visitor = factories.browser(app)
    old = pages.visit(visitor, "/login").form("/login").fields["csrf_token"]
    cookie = visitor.get_cookie("__Host-wesentra-visitor", domain="localhost")
    assert cookie
    assert run("secrets", "rotate").exit_code == 0
    new = again(settings, database)
    browser = factories.browser(new)
    browser.set_cookie("__Host-wesentra-visitor", cookie.value, secure=True)
    name = factories.user(new, "staff")
    data = {"csrf_token": old, "username": name, "password": factories.PASSWORD}
    assert browser.post("/login", data=data).status_code == 400
    form = pages.visit(browser, "/login").form("/login")
    assert form.send(username=name, password=factories.PASSWORD).status_code == 303
    with new.app_context():
        db.engine.dispose()


def test_the_log_stays_whole_and_its_key_the_same(run: Run, app: Flask, settings: Settings) -> None:
    factories.person(app)
    key = (settings.instance / "log.key").read_bytes()
    assert "The key of the log stays" in run("secrets", "rotate").stdout
    assert (settings.instance / "log.key").read_bytes() == key
    assert run("log", "verify").exit_code == 0


@sqlite_only
def test_a_secret_that_cannot_be_written_leaves_everything_as_it_was(
    run: Run, app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in the place of the file: the new one cannot take its name, by whomever."""
    client = factories.signed_in(app, "staff")
    file = settings.instance / "secret.key"
    kept = file.read_text()
    monkeypatch.setattr("wesentra.operations.rotation.SECRET", "tls-that-is-a-folder")
    (settings.instance / "tls-that-is-a-folder").mkdir()
    result = run("secrets", "rotate")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert file.read_text() == kept
    assert client.get("/").status_code == 200


@sqlite_only
def test_whoever_is_no_administrator_is_refused(run: Run, app: Flask, settings: Settings) -> None:
    name = factories.user(app, "staff", "privacy")
    before = (settings.instance / "secret.key").read_text()
    assert run("secrets", "rotate", "--as", name).exit_code == 1
    assert (settings.instance / "secret.key").read_text() == before


def test_apps_stay_good_and_recovery_codes_go(
    run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    secret, codes = authenticating.somebody(app, "staff")
    assert "everybody makes new ones" in run("secrets", "rotate").stdout
    assert not (settings.instance / "secret.key.before").exists()
    new = again(settings, database)
    with new.app_context():
        assert db.session.query(RecoveryCode).count() == 0
    form = authenticating.first_step(factories.browser(new))
    assert form.send(code=codes[0]).status_code == 422
    with clock.turned_to(clock.now() + timedelta(minutes=5)):
        form = authenticating.first_step(factories.browser(new))
        assert form.send(code=authenticating.code(secret)).status_code == 303
    with new.app_context():
        db.engine.dispose()


def test_a_rotation_that_fails_at_its_end_leaves_apps_and_secret_as_they_were(
    run: Run, app: Flask, settings: Settings
) -> None:
    """The new secret is on the disk, and then the database does not take what belongs to it."""
    _secret, codes = authenticating.somebody(app, "staff")
    file = settings.instance / "secret.key"
    before = file.read_text()

    def refused(_session: object) -> None:
        if file.read_text() != before:
            raise OSError(errno.ENOSPC, "No space left on device")

    event.listen(db.session, "before_commit", refused)
    try:
        result = run("secrets", "rotate")
    finally:
        event.remove(db.session, "before_commit", refused)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert file.read_text() == before
    assert not (settings.instance / "secret.key.before").exists()
    form = authenticating.first_step(factories.browser(app))
    assert form.send(code=codes[0]).status_code == 303


@sqlite_only
def test_a_rotation_that_was_cut_off_is_found_by_the_doctor(
    run: Run, app: Flask, settings: Settings
) -> None:
    write_private(settings.instance / "secret.key.before", b"of before")
    result = run("doctor")
    assert result.exit_code == 1
    assert "a change of the secret was cut off" in result.stdout


def test_a_rotation_that_was_cut_off_is_not_covered_by_the_next_one(
    run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    """The new secret came to the disk and nothing of it to the database; somebody tries again."""
    _secret, codes = authenticating.somebody(app, "staff")
    file, before = settings.instance / "secret.key", settings.instance / "secret.key.before"
    write_private(before, file.read_bytes())
    write_private(file, b"f" * 64)
    result = run("secrets", "rotate")
    assert result.exit_code == 1
    assert "First do what wesentra doctor says." in result.stderr
    before.replace(file)
    new = again(settings, database)
    form = authenticating.first_step(factories.browser(new))
    assert form.send(code=codes[0]).status_code == 303
    with new.app_context():
        db.engine.dispose()
