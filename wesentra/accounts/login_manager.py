"""Flask-Login, told by our own sessions who is there."""

from flask import Flask, g
from flask_login import LoginManager

from wesentra.models.user import User


def install(app: Flask) -> None:
    """`current_user` is whom the guard let in; Flask's own session cookie is not used."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    def load(_request: object) -> User | None:
        signed_in = g.get("signed_in")
        return signed_in.user if signed_in is not None else None

    manager.request_loader(load)
