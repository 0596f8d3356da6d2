"""An authenticator app in the hand of a test."""

import re
from datetime import timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories, pages
from wesentra import clock

PAGE = "/account/second-factor/"
STEP = timedelta(seconds=30)


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(clock.now() + steps * STEP)


def shown_secret(client: FlaskClient) -> str:
    """The key on the page while the app is set up; nothing when there is none."""
    found = re.search(r'<code class="secret">(.*?)</code>', client.get(PAGE).text)
    return re.sub(r"<[^>]*>|\s", "", found[1]) if found else ""


def recovery_codes(answer: TestResponse) -> list[str]:
    """The codes that an answer shows."""
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", answer.text)


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Set the app up as a person does; its secret and the recovery codes. The code of now is used
    with it."""
    if not (secret := shown_secret(client)):
        pages.visit(client, PAGE).form(PAGE + "begin").send()
        secret = shown_secret(client)
    answer = pages.visit(client, PAGE).form(PAGE + "confirm").send(code=code(secret))
    assert answer.status_code == 200, answer.text
    return secret, recovery_codes(answer)


def somebody(app: Flask, *roles: str, name: str = "aino") -> tuple[str, list[str]]:
    """A user who has an app: its secret and the recovery codes."""
    return set_up(factories.signed_in(app, *roles, name=name))


def first_step(client: FlaskClient, name: str = "aino", next_path: str = "") -> pages.Form:
    """The form that asks for the code, after the right password."""
    address = f"/login?next={next_path}" if next_path else "/login"
    form = pages.visit(client, address).form("/login")
    answer = form.send(username=name, password=factories.PASSWORD)
    assert answer.status_code == 200, answer.text
    return pages.read(client, answer).form("/login/code")
