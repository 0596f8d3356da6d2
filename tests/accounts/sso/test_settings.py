"""The settings of single sign-on: read, checked, and quiet about what is secret."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.sso.hostile import provider
from tests.databases import Database, sqlite_only
from tests.servers import clean_environ
from wesentra.accounts.sso import setup
from wesentra.models.codes import Role
from wesentra.operations.doctor import sign_on as doctor
from wesentra.operations.doctor.checked import Level
from wesentra.refusal import Refused
from wesentra.settings import Settings, load
from wesentra.sign_on import ROLES, is_safe

ISSUER = {"sso_issuer": "https://sso.firma.example", "sso_client_id": "wesentra"}
ROUTES = ("/login/sso/", "/login/sso/back", "/account/confirm/sso/")


def loaded(tmp_path: Path, **given: str) -> Settings:
    return load(tmp_path, {f"WESENTRA_{key.upper()}": value for key, value in given.items()})


@pytest.mark.parametrize(
    "given",
    [
        {"sso_issuer": "https://sso.firma.example"},
        {"sso_client_id": "wesentra"},
        {"sso_client_secret": "x"},
        {**ISSUER, "sso_issuer": "http://sso.firma.example"},
        {**ISSUER, "sso_issuer": "https://"},
        {**ISSUER, "sso_issuer": "https://user@sso.firma.example"},
        {**ISSUER, "sso_issuer": "https://sso.firma.example?a=b"},
        {**ISSUER, "sso_issuer": "https://sso.firma.example#x"},
        {**ISSUER, "sso_issuer": "sso.firma.example"},
        {**ISSUER, "sso_roles_claim": "groups"},
        {**ISSUER, "sso_roles": "a=staff"},
        {**ISSUER, "sso_roles_claim": "groups", "sso_roles": "a=system"},
        {**ISSUER, "sso_roles_claim": "groups", "sso_roles": "a=boss"},
        {**ISSUER, "sso_roles_claim": "groups", "sso_roles": "=staff"},
        {**ISSUER, "sso_roles_claim": "groups", "sso_roles": "staff"},
        {**ISSUER, "sso_make_accounts": "yes"},
        {**ISSUER, "sso_scopes": "profile"},
        {**ISSUER, "sso_label": "x" * 41},
        {**ISSUER, "sso_name_domain": "a b"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(Refused, match="sso_"):
        loaded(tmp_path, **given)


def test_roles_are_those_of_the_register() -> None:
    assert tuple(role.value for role in Role) == ROLES


def test_a_value_may_have_signs_and_mean_several_roles(tmp_path: Path) -> None:
    said = {"sso_roles_claim": "groups", "sso_roles": "cn=crm=staff, cn=crm=auditor, x=privacy"}
    settings = loaded(tmp_path, **ISSUER, **said)
    assert settings.roles_of(["cn=crm"]) == {"staff", "auditor"}
    assert settings.roles_of(["cn", "crm", "", "staff"]) == frozenset()


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, **ISSUER, sso_client_secret="very secret")
    assert settings.sso_client_secret == "very secret"
    assert "very secret" not in repr(settings)
    with pytest.raises(Refused) as no:
        loaded(tmp_path, **ISSUER, sso_client_secret="very\nsecret")
    assert "very" not in str(no.value)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1", True),
        ("http://127.0.0.1:80/", True),
        ("http://localhost/", True),
        ("http://[::1]:1/", True),
        ("http://127.0.0.1.evil.example/", False),
        ("http://a.example/", False),
        ("https://a@b.example/", False),
        ("https://a.example:x/", False),
        ("https://a.example/\n", False),
        ("HTTPS://a.example/", True),
        ("ftp://127.0.0.1/", False),
        (None, False),
        (["https://a.example/"], False),
    ],
)
def test_what_is_asked_over_tls_or_here_is_safe(url: object, safe: bool) -> None:
    assert is_safe(url) == safe


class TestNotSetUp:
    """Where the settings name no provider, nothing is there."""

    @pytest.fixture
    def settings(self, database: Database, tmp_path: Path) -> Settings:
        return load(tmp_path / "instance", database.environ())

    @sqlite_only
    def test_nothing_changes(self, app: Flask, client: FlaskClient) -> None:
        assert "sso" not in client.get("/login").text
        signed_in = factories.signed_in(app, "admin")
        assert [signed_in.get(path).status_code for path in ROUTES] == [404] * 3
        assert "Single sign-on" not in signed_in.get("/settings/users/1").text
        assert setup.provider_for(app.extensions["wesentra_settings"]) is None


def test_without_the_extra_the_start_stops_with_one_sentence(tmp_path: Path) -> None:
    """And `wesentra doctor` says the same; nothing else needs it."""
    environ = clean_environ() | {f"WESENTRA_{key.upper()}": one for key, one in ISSUER.items()}
    environ |= {"WESENTRA_LANGUAGE": "en", "WESENTRA_INSTANCE": str(tmp_path)}
    code = "import sys; sys.modules['authlib'] = None; from wesentra.cli import main; main()"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    said = "pip install 'wesentra[sso]'"
    (tmp_path / "secret.key").write_text("x")
    served = run("serve", "--port", "0")
    assert served.returncode == 1
    assert said in served.stderr
    assert len(served.stderr.splitlines()) == 1
    assert said in run("doctor").stdout
    made = run("user", "add", "aino", "--full-name", "Aino", "--role", "staff")
    assert made.returncode == 0, made.stderr


@sqlite_only
def test_the_doctor_asks_the_provider(database: Database, tmp_path: Path) -> None:
    with provider() as one:
        own = {"WESENTRA_SSO_ISSUER": one.url, "WESENTRA_SSO_CLIENT_ID": "x"}
        settings = load(tmp_path / "instance", database.environ() | own)
        (in_the_clear,) = doctor.of_provider(settings)
        assert in_the_clear.level is Level.WEAK
        one.about = {"issuer": "https://other.example"}
        (other,) = doctor.of_provider(settings)
        assert (other.level, other.mend[:15]) == (Level.WRONG, "Set sso_issuer ")
    (gone,) = doctor.of_provider(settings)
    assert (gone.level, gone.said) == (Level.WRONG, "the sign-in service does not answer.")
