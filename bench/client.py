"""The register's own test client, signed in: pages without a network."""

import re

from flask import Flask
from flask.testing import FlaskClient

from bench import population

TOKEN = re.compile(r'name="csrf_token" value="(\w+)"')


def signed_in(app: Flask) -> FlaskClient:
    """A client in which the first user of `bench.population` has come in."""
    client = app.test_client()
    client.environ_base.update({"wsgi.url_scheme": "https", "HTTP_HOST": "localhost"})
    form = {"username": population.user_name(1), "password": population.PASSWORD}
    answer = client.post("/login", data=form | {"csrf_token": token(client, "/login")})
    if answer.status_code != 303:
        raise SystemExit(f"could not sign in: {answer.status}")
    return client


def token(client: FlaskClient, address: str) -> str:
    """The token that the forms of a page carry."""
    found = TOKEN.search(client.get(address).text)
    if found is None:
        raise SystemExit(f"{address} has no form")
    return found[1]
