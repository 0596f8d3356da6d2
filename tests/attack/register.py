"""The register that is attacked: furnished, served by `wesentra serve`, put back when hurt."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.attack.addresses import Found
from tests.browser.houses import ROLES
from tests.servers import LiveServer
from tests.web.hostile import Target
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.operations import schema
from wesentra.settings import load
from wesentra.web.csrf import SESSION_COOKIE

NOBODY = "nobody"
ENVIRON = {
    "WESENTRA_ASSETS": "local",
    "WESENTRA_LANGUAGE": "en",
    "WESENTRA_JOBS": "no",
    "WESENTRA_TRUSTED_PROXIES": "127.0.0.1",
}
"""127.0.0.1 counts as a proxy, so that a tool may come from a new address with each request."""


@dataclass
class Register:
    """One instance, its server, and every form that somebody of each role finds in it."""

    folder: Path
    app: Flask
    server: LiveServer
    targets: list[Target]
    names: dict[str, str]
    """Role to the name of somebody who holds it and no other."""
    pages: dict[str, list[str]]
    """Role to an address of each kind of page."""
    asked: list[tuple[str, str]]
    """Role and address of each page that is asked something."""
    restored: int = field(default=0, init=False)

    @property
    def url(self) -> str:
        """Where it is served."""
        return self.server.url

    def restore(self) -> None:
        """As it was when it was furnished: an attack may delete, or slow everybody down."""
        self.server.stop()
        _let_go(self.app)
        _copy(self.folder / "kept", self.folder / "instance")
        self.server.start(self.server.port)
        self.restored += 1

    def visitor(self) -> FlaskClient:
        """A browser of nobody's; what it is given, it is given by the same register."""
        return factories.browser(self.app)

    def signed_in(self, role: str) -> FlaskClient:
        """A browser in which somebody with this role has just come in, or nobody.

        A visitor's cookie comes with the first page; without it a tool would get another one with
        each page, and every form it sent would be refused as a foreign one.
        """
        client = self.visitor()
        if role == NOBODY:
            client.get("/login").close()
        else:
            factories.sign_in(client, self.names[role])
        return client

    def still_in(self, cookies: dict[str, str]) -> bool:
        """Whether somebody with these cookies has a session."""
        client = self.visitor()
        for name, value in cookies.items():
            client.set_cookie(name, value, domain="localhost")
        return client.get("/account/keys").status_code == 200


def cookies_of(client: FlaskClient) -> dict[str, str]:
    """What a browser carries; with it, a tool is whoever has come in there."""
    carried = (SESSION_COOKIE, "__Host-wesentra-visitor", "__Host-wesentra-known")
    found = ((name, client.get_cookie(name, domain="localhost")) for name in carried)
    return {name: cookie.value for name, cookie in found if cookie}


@contextmanager
def served(folder: Path, roles: tuple[str, ...] = ROLES) -> Iterator[Register]:
    """Furnish a register, keep a copy, serve it over HTTPS on a free port; end it afterwards.

    Only forms and addresses that these roles find are attacked.
    """
    instance = folder / "instance"
    settings = load(instance, ENVIRON)
    schema.upgrade(settings)
    app = create_app(settings)
    found = Found(app, str(instance / "wesentra.db"), roles)
    app.testing = False
    _let_go(app)
    server = LiveServer(instance, ENVIRON).start()
    port = server.port
    server.stop()
    _copy(instance, folder / "kept")
    names = {role: f"house.{role}" for role in found.roles}
    register = Register(
        folder, app, server.start(port), found.targets, names, found.pages, found.asked()
    )
    try:
        yield register
    finally:
        _let_go(app)
        if server.process.poll() is None:
            server.stop()


def _let_go(app: Flask) -> None:
    """Close every connection of this process, which also writes the file whole."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _copy(kept: Path, to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(kept, to)
