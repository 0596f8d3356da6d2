"""Whatever a provider answers, nobody comes in but whom it truly let in, and nobody waits long."""

import gzip
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.accounts.sso.hostile import (
    CLIENT,
    Handler,
    Provider,
    answer_with,
    b64,
    hmac_signed,
    jwk,
    key,
    provider,
    signed,
)
from tests.accounts.sso.services import begun, came_back, is_in
from tests.databases import Database, sqlite_only
from wesentra import clock
from wesentra.accounts.sso import fetching
from wesentra.models import User, db
from wesentra.settings import Settings, load

pytestmark = sqlite_only
ABOUT = "/.well-known/openid-configuration"
SILENT = "The sign-in service does not answer now."
SECRET = "the secret between the two"


@pytest.fixture
def liar() -> Iterator[Provider]:
    """The provider of the settings."""
    with provider() as made:
        yield made


@pytest.fixture
def settings(database: Database, tmp_path: Path, liar: Provider, more: dict[str, str]) -> Settings:
    """Settings that name it."""
    own = {
        "WESENTRA_SSO_ISSUER": liar.url,
        "WESENTRA_SSO_CLIENT_ID": CLIENT,
        "WESENTRA_SSO_CLIENT_SECRET": SECRET,
    }
    return load(tmp_path / "instance", database.environ() | own | more)


@pytest.fixture
def aino(app: Flask) -> str:
    """Whom everybody claims to be."""
    return factories.user(app, "staff", name="aino")


def asked(client: FlaskClient, liar: Provider) -> dict[str, str]:
    """What the register asks the provider for, as the browser brings it there."""
    address = begun(client)
    assert address.startswith(f"{liar.url}/authorization?")
    said = dict(one.split("=", 1) for one in address.partition("?")[2].split("&"))
    liar.nonce = said["nonce"]
    return said


def come_back(client: FlaskClient, liar: Provider, **said: str) -> TestResponse:
    """There and back, with what the provider gives the browser."""
    state = asked(client, liar)["state"]
    given = "&".join(f"{name}={value}" for name, value in {"code": "c", **said}.items())
    address = f"https://localhost/login/sso/back?state={state}&{given}"
    return came_back(client, address).send()


def refused(client: FlaskClient, answer: TestResponse) -> bool:
    return answer.status_code == 422 and not is_in(client)


def test_an_honest_answer_lets_in(client: FlaskClient, liar: Provider, aino: str) -> None:
    """Without this the refusals below would prove nothing."""
    assert come_back(client, liar).status_code == 303
    assert is_in(client)
    assert set(liar.posted) == {"grant_type", "code", "code_verifier", "redirect_uri"}


def of_public_key(claims: Any) -> str:
    pem = (
        key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return hmac_signed(claims, pem, kid="own")


def unsigned(alg: str) -> Callable[[Any], str]:
    return lambda claims: f"{b64({'alg': alg, 'kid': 'own'})}.{b64(claims)}."


def of_another_payload(claims: Any) -> str:
    header, _payload, signature = signed(claims).split(".")
    return f"{header}.{b64(claims | {'sub': 'somebody else'})}.{signature}"


FORGED: dict[str, Callable[[Any], object]] = {
    "another key": lambda claims: signed(claims, "other", header={"kid": "own"}),
    "another key that it names": lambda claims: signed(claims, "other"),
    "another key that it brings": lambda claims: signed(
        claims, "other", header={"jwk": jwk("other")}
    ),
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg NONE": unsigned("NONE"),
    "alg none with a signature": lambda claims: signed(claims, header={"alg": "none"}),
    "HS256 by the public key": of_public_key,
    "HS256 by the client's secret": lambda claims: hmac_signed(claims, SECRET.encode()),
    "HS256 by nothing": lambda claims: hmac_signed(claims, b""),
    "no algorithm": lambda claims: signed(claims, header={"alg": None}),
    "a list of algorithms": lambda claims: signed(claims, header={"alg": ["RS256"]}),
    "RS512 by name only": lambda claims: signed(claims, header={"alg": "RS512"}),
    "critical header": lambda claims: signed(claims, header={"crit": ["b64"], "b64": False}),
    "of another payload": of_another_payload,
    "no signature": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "two parts": lambda claims: signed(claims).rpartition(".")[0],
    "five parts": lambda claims: "a.b.c.d.e",
    "nothing": lambda claims: "",
    "a number": lambda claims: 7,
    "no text": lambda claims: None,
    "no object": lambda claims: signed([claims]),
    "deep header": lambda claims: b64(b"[" * 50_000) + ".a.b",
    "not base64": lambda claims: "é.é.é",
}


@pytest.mark.parametrize("way", FORGED)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    app: Flask, client: FlaskClient, liar: Provider, aino: str, way: str
) -> None:
    liar.keys.append(jwk("another of its own"))
    liar.token = FORGED[way]
    answer = come_back(client, liar)
    assert refused(client, answer)
    entries = factories.entries_of(app, answer)
    assert [(e.operation, e.fields, e.row.outcome) for e in entries] == [
        ("sign_in_failed", ("sso",), "denied")
    ]


def test_a_short_key_is_none(client: FlaskClient, liar: Provider, aino: str) -> None:
    liar.keys = [jwk("short", 1024)]
    liar.token = lambda claims: signed(claims, "short", 1024)
    assert refused(client, come_back(client, liar))


@pytest.mark.parametrize(
    "keys",
    [[], ["x"], [None], [{}], [{"kty": "RSA"}], [jwk(n="é")], [jwk(use="enc")], [{"kty": 7}]],
)
def test_keys_that_are_none_verify_nothing(
    client: FlaskClient, liar: Provider, aino: str, keys: list[Any]
) -> None:
    liar.keys = keys
    assert refused(client, come_back(client, liar))


LONG_AGO, FAR_AHEAD = 1_000_000_000, 4_000_000_000
WRONG: list[tuple[str, dict[str, Any]]] = [
    *(("iss", {"iss": one}) for one in (None, "", "https://evil.example", 7)),
    *(("aud", {"aud": one}) for one in (None, "", "other", ["other"], [], {CLIENT: 1})),
    ("azp", {"aud": [CLIENT, "other"]}),
    ("azp", {"aud": [CLIENT, "other"], "azp": "other"}),
    ("azp", {"azp": "other"}),
    *(("sub", {"sub": one}) for one in (None, "", 7, ["subject-of-aino"], "x" * 256)),
    *(("sub", {"sub": one}) for one in ("a\x00", "a\nb", "\ud800", "ä")),
    *(("exp", {"exp": one}) for one in (None, 0, LONG_AGO, "soon", True, [FAR_AHEAD], 1e400)),
    *(("iat", {"iat": one}) for one in (None, 0, LONG_AGO, FAR_AHEAD, "now")),
    *(("nbf", {"nbf": one}) for one in (FAR_AHEAD, "later", [0])),
    *(("nonce", {"nonce": one}) for one in (None, "", "of another sign-on", 7, [])),
]
"""What is looked at, and what it does not hold with."""


@pytest.mark.parametrize(("name", "claims"), WRONG, ids=str)
def test_a_token_for_another_time_place_or_sign_on_opens_nothing(
    client: FlaskClient,
    liar: Provider,
    aino: str,
    name: str,
    claims: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    liar.claims = claims
    assert refused(client, come_back(client, liar))
    assert caplog.messages == [f"single sign-on: ID token: {name}"]


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}])
def test_a_token_for_several_says_that_it_was_made_for_us(
    client: FlaskClient, liar: Provider, aino: str, claims: dict[str, Any]
) -> None:
    liar.claims = claims
    assert come_back(client, liar).status_code == 303


@pytest.mark.parametrize("issuer", ["https%3A%2F%2Fevil.example", "x"])
def test_an_answer_of_another_issuer_is_not_sent_to_this_one(
    client: FlaskClient, liar: Provider, aino: str, issuer: str
) -> None:
    """Mix-up (RFC 9207): the code would go to whoever led the browser astray."""
    assert refused(client, come_back(client, liar, iss=issuer))
    assert "/token" not in liar.asked


def test_who_says_that_it_names_itself_has_to(
    client: FlaskClient, liar: Provider, aino: str
) -> None:
    liar.about = {"authorization_response_iss_parameter_supported": True}
    assert refused(client, come_back(client, liar))
    assert come_back(client, liar, iss=liar.url).status_code == 303


NAMES: list[dict[str, Any]] = [
    *({"preferred_username": one} for one in (None, "", 7, ["aino"], "aino\x00", "aino@evil")),
    *({"preferred_username": one} for one in ("%", "ａｉｎｏ", "aino\ud800", " ", "-", "a" * 61)),
]


@pytest.mark.parametrize("claims", NAMES, ids=str)
def test_a_name_that_is_not_quite_the_name_is_nobody(
    client: FlaskClient, liar: Provider, aino: str, claims: dict[str, Any]
) -> None:
    liar.claims = claims
    assert refused(client, come_back(client, liar))


@pytest.mark.parametrize(
    "more",
    [
        {
            "WESENTRA_SSO_MAKE_ACCOUNTS": "yes",
            "WESENTRA_SSO_ROLES_CLAIM": "realm_access.roles",
            "WESENTRA_SSO_ROLES": "crm=staff",
        }
    ],
)
@pytest.mark.parametrize("name", ["", " ", "\x00\ud800", "Mai\nja", "x" * 500, 7, None])
def test_a_new_account_has_a_name_that_can_be_shown(
    app: Flask, client: FlaskClient, liar: Provider, name: object
) -> None:
    roles = {"realm_access": {"roles": ["crm", 7, None]}}
    liar.claims = {**roles, "name": name, "preferred_username": "maija", "locale": "sv-FI"}
    assert come_back(client, liar).status_code == 303
    with app.app_context():
        made = db.session.query(User).one()
        assert made.full_name.isprintable()
        assert 0 < len(made.full_name) <= 120
        assert made.language == "sv"
    liar.claims |= {"realm_access": ["crm"], "preferred_username": "other", "sub": "other"}
    other = factories.browser(app)
    assert refused(other, come_back(other, liar))


@pytest.mark.parametrize(
    "more", [{"WESENTRA_SSO_NAME_CLAIM": "email", "WESENTRA_SSO_NAME_DOMAIN": "firma.example"}]
)
@pytest.mark.parametrize(
    ("claims", "lets_in"),
    [
        ({"email": "aino@firma.example", "email_verified": True}, True),
        ({"email": "AINO@FIRMA.example", "email_verified": True}, True),
        ({"email": "aino@firma.example"}, False),
        ({"email": "aino@firma.example", "email_verified": "true"}, False),
        ({"email": "aino@evil.example", "email_verified": True}, False),
        ({"email": "aino@evil.example@firma.example", "email_verified": True}, False),
        ({"email": "aino@sub.firma.example", "email_verified": True}, False),
        ({"email": "aino", "email_verified": True}, False),
    ],
)
def test_an_address_is_a_name_where_it_is_verified_and_the_company_s(
    client: FlaskClient, liar: Provider, aino: str, claims: dict[str, Any], lets_in: bool
) -> None:
    liar.claims = claims
    come_back(client, liar)
    assert is_in(client) == lets_in


@pytest.mark.parametrize("other", [False, True])
def test_what_the_token_does_not_say_is_asked_for_of_the_same_person(
    client: FlaskClient, liar: Provider, aino: str, other: bool
) -> None:
    liar.claims = {"preferred_username": None}
    liar.about = {"userinfo_endpoint": f"{liar.url}/userinfo"}
    subject = "somebody else" if other else "subject-of-aino"
    said = f'{{"sub": "{subject}", "preferred_username": "aino", "iss": "x"}}'
    liar.answers["/userinfo"] = answer_with(said.encode())
    come_back(client, liar)
    assert is_in(client) != other


def test_new_keys_are_fetched_when_an_unknown_one_signs(
    client: FlaskClient, liar: Provider, aino: str
) -> None:
    asked(client, liar)
    liar.keys, liar.token = [jwk("new")], lambda claims: signed(claims, "new")
    assert refused(client, come_back(client, liar))  # not more than once a minute
    with clock.turned_to(clock.now() + timedelta(minutes=2)):
        assert come_back(client, liar).status_code == 303
    assert liar.asked.count("/keys") == 2


# --- what is no answer -----------------------------------------------------------------------


def hanging(handler: Handler) -> None:
    handler.provider.asked.append("hung")
    threading.Event().wait(3)


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    for _ in range(40):
        handler.send_header("X-Drip", "x")
        handler.flush_headers()
        threading.Event().wait(0.1)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1600):
        handler.wfile.write(b" " * 65_536)
        handler.provider.sent += 65_536


def led_astray(handler: Handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", f"{handler.provider.url}/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def packed(handler: Handler) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    answer_with(bomb, Content_Encoding="gzip")(handler)


NO_ANSWERS: dict[str, Callable[[Handler], None]] = {
    "garbage": answer_with(b"\x00\xff<html>"),
    "nothing": answer_with(b""),
    "a list": answer_with(b"[]"),
    "deep": answer_with(b"[" * 200_000),
    "an error": answer_with(b"{}", 500),
    "an error of ours": answer_with(b'{"error": "invalid_client"}', 401),
    "numbers": answer_with(b'{"id_token": 1, "access_token": [], "expires_in": "x"}'),
    "an error with 200": answer_with(b'{"error": {"a": 1}, "error_description": 7}'),
    "hangs": hanging,
    "drips": dripping,
    "endless": endless,
    "led astray": led_astray,
    "packed": packed,
}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, in less time."""
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.5)
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.5)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("path", [ABOUT, "/keys", "/token"])
@pytest.mark.parametrize("way", NO_ANSWERS)
def test_what_is_no_answer_is_a_sentence_and_the_password_still_opens(
    client: FlaskClient, liar: Provider, aino: str, path: str, way: str
) -> None:
    liar.answers[path] = NO_ANSWERS[way]
    there = "/login/sso/?next=/tasks/"
    answer = come_back(client, liar) if path == "/token" else client.get(there)
    assert refused(client, answer)
    page = pages.read(client, answer)
    assert SILENT in page.text or "was not accepted" in page.text
    assert "/elsewhere" not in liar.asked
    assert liar.sent < 20_000_000
    form = page.form("/login")
    done = form.send(username="aino", password=factories.PASSWORD)
    assert done.status_code == 303
    assert path == "/token" or done.location == "/tasks/"


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://evil.example/a"},
        {"token_endpoint": "http://evil.example/t"},
        {"token_endpoint": "https://user@evil.example/t"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": ["x"]},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://evil.example/\r\nX: 1"},
    ],
    ids=str,
)
def test_a_provider_that_is_another_or_leads_into_the_clear_is_not_used(
    client: FlaskClient, liar: Provider, about: dict[str, Any]
) -> None:
    liar.about = about
    assert client.get("/login/sso/").status_code == 422
    assert liar.asked[:1] == [ABOUT]


def test_a_provider_that_is_gone_is_a_sentence(
    client: FlaskClient, liar: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    liar.answers[ABOUT] = lambda handler: handler.connection.close()
    assert SILENT in client.get("/login/sso/").text
    assert caplog.record_tuples[0][1] == logging.WARNING


def test_what_was_typed_stays_when_the_provider_is_gone(
    client: FlaskClient, liar: Provider
) -> None:
    liar.answers[ABOUT] = answer_with(b"", 503)
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    data = {"csrf_token": token, "to": "/companies/new", "typed": "name=Typed", "next": "/x"}
    answer = client.post("/login/sso/", data=data)
    assert refused(client, answer)
    form = pages.read(client, answer).form("/login")
    assert (form.fields["to"], form.fields["typed"]) == ("/companies/new", "name=Typed")


def test_a_silent_provider_is_not_asked_by_everybody(client: FlaskClient, liar: Provider) -> None:
    """Who comes next is told at once; after a while it is asked again."""
    honest, liar.answers[ABOUT] = liar.answers[ABOUT], answer_with(b"", 503)
    assert SILENT in client.get("/login/sso/").text
    assert SILENT in client.get("/login/sso/").text
    assert liar.asked == [ABOUT]
    liar.answers[ABOUT] = honest
    with clock.turned_to(clock.now() + timedelta(seconds=20)):
        assert client.get("/login/sso/").status_code == 303
