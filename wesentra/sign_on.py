"""Single sign-on by OpenID Connect: what the settings say of the provider, read and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wesentra.receivers import is_here
from wesentra.refusal import Refused
from wesentra.texts import mark

LONGEST_LABEL, LONGEST_ISSUER = 40, 200
ROLES = ("staff", "privacy", "admin", "auditor")
"""Those of `models.codes.Role`: to import it is to load every table, also for `--help`."""


@dataclass(frozen=True, kw_only=True)
class SignOn:
    """The provider of the company's sign-in service, and what its word counts for here."""

    sso_issuer: str | None = None
    """The provider, exactly as it calls itself (OpenID Connect Discovery 1.0, section 3)."""
    sso_client_id: str | None = None
    sso_client_secret: str | None = field(default=None, repr=False)
    """None: the provider knows this register without one (a public client); PKCE is used anyway."""
    sso_label: str | None = None
    """What the button says; None: a word in the language of the page."""
    sso_scopes: tuple[str, ...] = ("openid", "profile")
    sso_name_claim: str = "preferred_username"
    """The claim that has the user name, by which somebody is known at their first sign-in."""
    sso_name_domain: str | None = None
    """What has to stand behind the @ of a name that is an address; it is left away."""
    sso_make_accounts: bool = False
    """Whether somebody who has no account gets one, if a role comes along."""
    sso_roles_claim: str | None = None
    sso_roles: tuple[str, ...] = ()
    """Which value of that claim is which role: `value=role`."""
    sso_second_factor: tuple[str, ...] = ()
    """Values of `amr` or `acr` by which the provider says that it asked for a second factor."""

    def roles_of(self, values: Iterable[str]) -> frozenset[str]:
        """The roles that these values of the claim are mapped to; any other value is none."""
        said = set(values)
        pairs = map(_parted, self.sso_roles)
        return frozenset(role for value, _is, role in pairs if value in said)


def is_safe(url: object) -> bool:
    """Whether an address is asked over TLS, or on this machine; without a user name in it."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return False
    plain = str(url).isascii() and str(url).isprintable() and " " not in str(url)
    clear = parts.scheme == "http" and is_here(host)
    whole = isinstance(url, str) and plain and bool(host) and "@" not in parts.netloc
    return whole and not parts.fragment and (parts.scheme == "https" or clear)


def check_sign_on(values: Mapping[str, Any]) -> None:
    """Raises Refused for a provider that cannot be asked, and for roles that nobody can hold."""
    for key in sorted(key for key in values if key.startswith("sso_")):
        _demand(values, key, "sso_client_id" if key == "sso_issuer" else "sso_issuer")
        if not _can_be(key, values[key]):
            raise Refused(
                mark("The setting %(key)s cannot be %(value)s."), key=key, value=repr(values[key])
            )
    needed = {"sso_roles": "sso_roles_claim", "sso_roles_claim": "sso_roles"}
    for key, other in {**needed, "sso_make_accounts": "sso_roles"}.items():
        if values.get(key):
            _demand(values, key, other)


def _can_be(key: str, value: Any) -> bool:
    if key == "sso_issuer":
        return is_safe(value) and "?" not in value and len(value) <= LONGEST_ISSUER
    if key == "sso_label":
        return len(value) <= LONGEST_LABEL
    if key == "sso_roles":
        return all(named.strip() and role in ROLES for named, _is, role in map(_parted, value))
    return key != "sso_scopes" or "openid" in value


def _parted(pair: str) -> tuple[str, str, str]:
    return pair.rpartition("=")


def _demand(values: Mapping[str, Any], key: str, other: str) -> None:
    if other not in values:
        raise Refused(
            mark("The setting %(key)s needs the setting %(other)s."), key=key, other=other
        )
