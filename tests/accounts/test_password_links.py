"""A link chooses a password once, for a day, for one account; the register does not know it."""

import threading
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.audit.receiving import MailServer
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import actions, links
from wesentra.app import create_app
from wesentra.models import PasswordLink, db
from wesentra.refusal import NotFound
from wesentra.settings import Settings

CHOSEN = "kahvi ja pulla tiistaina"
DEAD = "This link does not work any more"


def made(app: Flask, name: str) -> str:
    """The path of a new link for a user."""
    secret = links.token()
    with factories.register(app):
        links.store(actions.named(name), secret)
    return f"/password/{secret}"


def choose(app: Flask, path: str, password: str = CHOSEN) -> pages.Page:
    """What a browser of its own is answered that chooses a password."""
    client = factories.browser(app)
    form = pages.visit(client, path).form(field="password")
    return pages.read(client, client.post(path, data={**form.fields, "password": password}))


def test_a_link_works_once(app: Flask) -> None:
    name = factories.user(app, "staff")
    path = made(app, name)
    client = factories.browser(app)
    form = pages.visit(client, path).form(field="password")
    answer = client.post(path, data={**form.fields, "password": CHOSEN})
    assert (answer.status_code, answer.location) == (303, "/login")
    again = client.post(path, data={**form.fields, "password": "another long password"})
    assert again.status_code == client.get(path).status_code == 410
    factories.sign_in(client, name, CHOSEN)
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.fields) == ("account", ("password",))
    assert entry.row.actor_id == factories.user_id(app, name)


def test_looking_at_it_does_not_use_it_up(app: Flask) -> None:
    path = made(app, factories.user(app, "staff"))
    for _ in range(3):
        assert factories.browser(app).get(path).status_code == 200
    assert choose(app, path).response.status_code == 303


def test_a_link_ends_the_password_and_every_session_when_it_is_made_and_when_used(
    app: Flask,
) -> None:
    name = factories.user(app, "staff")
    before = factories.browser(app)
    factories.sign_in(before, name)
    path = made(app, name)
    assert before.get("/account/").status_code == 303
    form = pages.visit(factories.browser(app), "/login").form("/login")
    for password in (factories.PASSWORD, ""):
        assert form.send(username=name, password=password).status_code == 422
    choose(app, path)
    factories.sign_in(before, name, CHOSEN)
    second = made(app, name)
    with factories.register(app):  # somebody who was quick: a session that is there at use
        actions.named(name).password_hash = factories.password_hash()
    factories.sign_in(before, name)
    choose(app, second)
    assert before.get("/account/").status_code == 303


def dead(app: Flask, name: str, how: str) -> str:
    """A link that does not work, for one of the reasons that there are."""
    path = made(app, name)
    if how == "used":
        choose(app, path)
    elif how == "replaced":
        made(app, name)
    elif how == "closed":
        with factories.register(app):
            actions.disable(actions.named(name))
    elif how == "overtaken":  # `wesentra user reset`, for example because the mail went astray
        with factories.register(app):
            actions.set_password(actions.named(name), factories.password_hash())
    elif how == "old":
        with factories.register(app):
            db.session.query(PasswordLink).one().made_at = clock.now() - timedelta(hours=24)
    return path if how != "unknown" else path[:-1] + ("A" if path[-1] != "A" else "B")


@pytest.mark.parametrize("how", ["used", "replaced", "closed", "old", "overtaken", "unknown"])
def test_every_link_that_does_not_work_is_answered_alike(app: Flask, how: str) -> None:
    name = factories.user(app, "staff")
    answer = factories.browser(app).get(dead(app, name, how))
    assert answer.status_code == 410
    assert DEAD in answer.text
    assert name not in answer.text


def test_of_two_links_that_were_made_at_once_the_one_that_is_used_ends_the_other(
    app: Flask,
) -> None:
    name = factories.user(app, "staff")
    first, second = links.token(), made(app, name)
    with factories.register(app):  # of a colleague who asked at the same moment
        hashed = {"token_hash": links._hash(first), "made_at": clock.now()}
        db.session.add(PasswordLink(user_id=actions.named(name).id, **hashed))
    assert choose(app, f"/password/{first}").response.status_code == 303
    assert factories.browser(app).get(second).status_code == 410


def test_a_link_nearly_a_day_old_still_works(app: Flask) -> None:
    path = made(app, factories.user(app, "staff"))
    with app.app_context(), clock.turned_to(clock.now() + timedelta(hours=23, minutes=59)):
        assert links.holder(path.rpartition("/")[2])
        db.session.remove()


@pytest.mark.parametrize(
    "password", ["short", "Password2026!", "aino.virtanen.2026", "", "x" * 201]
)
def test_a_password_that_is_refused_leaves_the_link_working(app: Flask, password: str) -> None:
    path = made(app, factories.user(app, "staff", name="aino.virtanen"))
    answer = choose(app, path, password)
    assert answer.response.status_code == 422
    assert answer.errors
    assert choose(app, path).response.status_code == 303


@sqlite_only
def test_the_register_and_the_log_do_not_hold_the_link(app: Flask, settings: Settings) -> None:
    path = made(app, factories.user(app, "staff"))
    answer = choose(app, path)
    with app.app_context():
        db.engine.dispose()
    secret = path.rpartition("/")[2].encode()
    files = [file for file in settings.instance.rglob("*") if file.is_file()]
    assert not [file for file in files if secret in file.read_bytes()]
    assert answer.response.headers["Referrer-Policy"] == "no-referrer"
    assert answer.response.headers["Cache-Control"] == "no-store"


def test_of_two_who_use_it_at_once_one_chooses(app: Flask) -> None:
    name, said = factories.user(app, "staff"), []
    secret = made(app, name).rpartition("/")[2]

    def use(number: int) -> None:
        try:
            with factories.register(app, f"use-{number}"):
                links.use(secret, f"hash-{number}")
                said.append(number)
        except NotFound:
            pass

    threads = [threading.Thread(target=use, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1


@sqlite_only
def test_a_form_without_the_token_of_our_page_is_refused(app: Flask) -> None:
    path = made(app, factories.user(app, "staff"))
    assert factories.browser(app).post(path, data={"password": CHOSEN}).status_code == 400


# --- by mail ----------------------------------------------------------------------------------


def with_mail(settings: Settings, server: MailServer) -> Flask:
    """The application with a mail server on this machine."""
    mail = {"smtp_host": "127.0.0.1", "smtp_security": "none", "mail_from": "wesentra@example.fi"}
    return create_app(replace(settings, smtp_port=server.port, **mail))


def new_user(client: FlaskClient, reason: str = "new") -> str:
    """What an administrator is shown who adds somebody with an address."""
    form = pages.visit(client, "/settings/users/new").form("/settings/users/new")
    given = {"name": "aino", "full_name": "Aino", "roles": "staff", "reason": reason}
    return form.send(**given, mail="aino@example.fi", language="fi").text


@sqlite_only
def test_with_a_mail_server_the_link_goes_to_the_user_and_the_administrator_does_not_see_it(
    settings: Settings,
) -> None:
    server = MailServer()
    app = with_mail(settings, server)
    shown = new_user(factories.signed_in(app, "admin"))
    server.close()
    (message,) = (message_from_string(one, policy=policy.default) for one in server.messages)
    text = message.get_content()
    assert message["To"] == "aino@example.fi"
    assert "Valitse salasanasi" in message["Subject"]
    path = "/password/" + text.partition("/password/")[2].split()[0]
    assert "/password/" not in shown
    assert choose(app, path).response.status_code == 303
    factories.sign_in(factories.browser(app), "aino", CHOSEN)


@sqlite_only
def test_a_link_that_no_mail_server_takes_is_shown_to_be_handed_over(settings: Settings) -> None:
    server = MailServer()
    server.close()
    shown = new_user(factories.signed_in(with_mail(settings, server), "admin"))
    assert "could not be sent to aino@example.fi" in shown
    assert "/password/" in shown


@sqlite_only
def test_nothing_is_mailed_for_an_account_that_is_refused(settings: Settings) -> None:
    server = MailServer()
    app = with_mail(settings, server)
    admin = factories.signed_in(app, "admin")
    assert "at most 200 characters on one line" in new_user(admin, reason="new\u200b in sales")
    factories.user(app, "staff", name="aino")
    assert "There is already a user aino." in new_user(admin)
    server.close()
    assert server.messages == []
