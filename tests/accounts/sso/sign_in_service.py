"""A sign-in service of others' making (django-oauth-toolkit), in a process of its own.

    python -m tests.accounts.sso.sign_in_service PORT FOLDER

It speaks plain HTTP on loopback. Everybody's password is PASSWORD. Under /control/ a test says who
is in which groups, and which addresses of the register may be led back to.
"""

import socketserver
import sys
import types
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

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
    import django
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

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
        ROOT_URLCONF="service_urls",
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
            "OAUTH2_VALIDATOR_CLASS": "service_urls.Validator",
        },
    )
    django.setup()


def filled() -> None:
    """Its tables, its people, and the register as a client."""
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name, groups in PEOPLE.items():
        user = User.objects.create_user(name, password=PASSWORD, first_name=name.title())
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    Application.objects.create(
        name="Wesentra",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
        skip_authorization=True,
        algorithm="RS256",
    )


def addresses() -> types.ModuleType:
    """The module of its addresses, with what it says of people."""
    from django.contrib.auth.models import Group, User
    from django.contrib.auth.views import LoginView
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        """What it says of people."""

        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            groups = [group.name for group in request.user.groups.all()]
            said = {"preferred_username": request.user.username, "name": request.user.first_name}
            return {**said, "groups": groups, "amr": ["pwd", *["otp"] * ("token" in groups)]}

    @csrf_exempt
    def control(request: HttpRequest) -> HttpResponse:
        said = request.POST
        if "back" in said:
            Application.objects.update(redirect_uris=f"{BACK} {said['back']}")
        if "name" in said:
            user = User.objects.get(username=said["name"])
            named = [Group.objects.get_or_create(name=one)[0] for one in said.getlist("group")]
            user.groups.set(named)
        return HttpResponse("done")

    module: Any = types.ModuleType("service_urls")
    module.Validator = Validator
    module.urlpatterns = [
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
        path("login/", LoginView.as_view()),
        path("control/", control),
    ]
    return module


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """One thread a request."""

    daemon_threads = True


def main(port: int, folder: Path) -> None:
    """Serve until somebody ends it; one line says that it is ready."""
    from django.core.wsgi import get_wsgi_application

    configured(port, folder)
    filled()
    sys.modules["service_urls"] = addresses()
    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    print("ready", flush=True)  # noqa: T201 - the test waits for this line
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
