"""A sign-in service of others' making (django-oauth-toolkit), in a process of its own.

    python -m tests.accounts.sso.sign_in_service PORT FOLDER

It speaks plain HTTP on loopback. Everybody's password is PASSWORD. Under /control/ a test says who
is in which groups, and which addresses of the register may be led back to.
"""

import importlib
import logging
import socketserver
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.wsgi import get_wsgi_application

ADDRESSES = "tests.accounts.sso.service_addresses"
"""The module of its addresses: it can be imported when Django is set up."""
PASSWORD = "their password at the service"
CLIENT, SECRET = "wesentra", "the secret between the two"
BACK = "https://localhost/login/sso/back"
PEOPLE = {
    "aino": ["crm-staff"],
    "minna": ["crm-staff", "crm-privacy"],
    "nobody": [],
    "outsider": ["crm-staff"],
    "carrying": ["crm-staff", "token"],
}
"""Who is in which groups. Who is in `token` shows a second factor there."""
LOGIN = """<!doctype html><html lang="en"><title>Sign-in service</title><h1>Sign-in service</h1>
<form method="post">{% csrf_token %}<input name="username" aria-label="name">
<input name="password" type="password" aria-label="password">
<input type="hidden" name="next" value="{{ next }}"><button>Come in</button></form></html>"""


def configured(port: int, folder: Path) -> None:
    """Django with what such a service needs, and nothing else."""
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    apps = ("auth", "contenttypes", "sessions")
    of_django = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.configure(
        SECRET_KEY="of the test's service",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=ADDRESSES,
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in apps), "oauth2_provider"],
        MIDDLEWARE=[
            of_django,
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "service.db")}
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"registration/login.html": LOGIN},
                        )
                    ]
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        LOGIN_URL="/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.decode(),
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "SCOPES": {"openid": "who", "profile": "name"},
            "PKCE_REQUIRED": True,
            "OAUTH2_VALIDATOR_CLASS": f"{ADDRESSES}.Validator",
        },
    )
    django.setup()


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """One thread a request."""

    daemon_threads = True


def main(port: int, folder: Path) -> None:
    """Serve until somebody ends it; one line says that it is ready."""
    logging.basicConfig(level=logging.ERROR)
    configured(port, folder)
    importlib.import_module(ADDRESSES).fill()
    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    print("ready", flush=True)  # noqa: T201 - the test waits for this line
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
