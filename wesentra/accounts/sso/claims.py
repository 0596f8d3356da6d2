"""What the provider says of somebody, read as this register needs it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wesentra.sign_on import SignOn

Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Identity:
    """Who signed in at the provider's: known for good by issuer and subject; the rest may change.

    `roles` is None where the settings map none: then the provider's word changes no role.
    `name` is empty for somebody whose name can be no user name here.
    """

    issuer: str
    subject: str
    name: str
    full_name: str
    language: str
    roles: frozenset[str] | None
    second_factor: bool


def identity(claims: Claims, settings: SignOn) -> Identity:
    """Whom the claims of a verified token speak of."""
    factors = {*texts(claims.get("amr")), *texts(claims.get("acr"))}
    given = " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    mapped = settings.sso_roles_claim
    return Identity(
        issuer=str(settings.sso_issuer),
        subject=claims["sub"],
        name=_name(claims, settings),
        full_name=_text(claims, "name") or given,
        language=_text(claims, "locale")[:2].lower(),
        roles=settings.roles_of(texts(found(claims, mapped))) if mapped else None,
        second_factor=bool(factors & set(settings.sso_second_factor)),
    )


def lacking(claims: Claims, settings: SignOn) -> bool:
    """Whether the provider has to be asked for more than the token says."""
    names = (settings.sso_name_claim, settings.sso_roles_claim)
    return any(found(claims, name) is None for name in names if name)


def found(claims: Claims, name: str) -> Any:
    """A claim by its name, or by a path of names with dots (`realm_access.roles`); None if none."""
    if name in claims:
        return claims[name]
    first, dot, rest = name.partition(".")
    inner = claims.get(first)
    return found(inner, rest) if dot and isinstance(inner, Mapping) else None


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a claim that has one or several."""
    several = value if isinstance(value, list) else [value]
    return tuple(one for one in several if isinstance(one, str))


def _name(claims: Claims, settings: SignOn) -> str:
    """The user name; of an address what stands before the one domain that is the company's.

    An address that the provider has not verified is anybody's.
    """
    name = _text(claims, settings.sso_name_claim).strip().lower()
    if settings.sso_name_claim == "email" and claims.get("email_verified") is not True:
        return ""
    if settings.sso_name_domain is not None:
        end = f"@{settings.sso_name_domain.lower()}"
        return name.removesuffix(end) if name.endswith(end) else ""
    return name


def _text(claims: Claims, name: str) -> str:
    value = found(claims, name)
    return value if isinstance(value, str) else ""
