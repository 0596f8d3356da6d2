"""A provider is asked over TLS, by a certificate that this machine trusts, or not at all."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts.sso.hostile import Provider, provider
from tests.databases import Database, sqlite_only
from wesentra.accounts.sso.failing import NotSignedOn
from wesentra.accounts.sso.provider import Provider as Asked
from wesentra.operations import tls
from wesentra.settings import Settings, load

pytestmark = sqlite_only


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """An authority that nobody knows, and a certificate by it."""
    return tls.ensure(tmp_path / "provider").authority


@pytest.fixture
def served(authority: Path) -> Iterator[Provider]:
    files = tls.ensure(authority.parents[1])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    with provider(context) as made:
        yield made


def named(database: Database, tmp_path: Path, issuer: str) -> Settings:
    own = {"WESENTRA_SSO_ISSUER": issuer, "WESENTRA_SSO_CLIENT_ID": "wesentra"}
    return load(tmp_path / "instance", database.environ() | own)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    database: Database, tmp_path: Path, served: Provider
) -> None:
    with pytest.raises(NotSignedOn) as no:
        Asked(named(database, tmp_path, served.url)).known()
    assert no.value.reason == "the provider is not reached"
    assert served.asked == []


def test_an_authority_of_one_s_own_is_named_by_the_environment(
    database: Database,
    tmp_path: Path,
    served: Provider,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    known = Asked(named(database, tmp_path, served.url)).known()
    assert known.about["issuer"] == served.url
    assert len(known.keys) == 1


def test_its_certificate_is_for_its_own_name(
    database: Database,
    tmp_path: Path,
    served: Provider,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    other = served.url.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(NotSignedOn):
        Asked(named(database, tmp_path, other)).known()
    assert served.asked == []


def test_a_file_of_passwords_is_not_looked_into(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.netrc` would send a name and a password of the machine's account along."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    (home / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(home))
    with provider() as plain:
        seen: list[str] = []
        honest = plain.answers["/keys"]

        def note(handler: object) -> None:
            seen.append(str(handler.headers.get("Authorization")))  # type: ignore[attr-defined]
            honest(handler)  # type: ignore[arg-type]

        plain.answers["/keys"] = note
        Asked(named(database, tmp_path, plain.url)).known()
    assert seen == ["None"]
