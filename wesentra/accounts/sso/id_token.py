"""The provider's statement about who signed in: an ID token (OpenID Connect Core 1.0, 3.1.3.7).

Nothing of it is believed before its signature and each claim hold. Pure: it is given keys and time.
"""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from wesentra.accounts.sso.failing import NOT_ANEW, NotSignedOn

KEYS_OF = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
}
"""The algorithms that are taken, and the type of key of each. Neither `none`, nor any in which both
sides have one secret (HS256): a public key could be used for one."""
RSA_BITS = 2048
SKEW = 60
"""Seconds by which the provider's clock may be wrong."""
OLDEST = 600
"""Seconds since the token was made: it is made for this sign-on, and that takes no longer."""
SUBJECT = re.compile(r"[ -~]{1,255}")
"""ASCII, as the standard has it."""


@dataclass(frozen=True)
class Wanted:
    """What a token has to say to count here. `anew_since`: that somebody signed in after that."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    anew_since: int | None = None


class UnknownKey(NotSignedOn):
    """None of the keys made it: the provider may have a new one."""


def verified(token: str, keys: Iterable[Mapping[str, Any]], wanted: Wanted) -> dict[str, Any]:
    """The claims of a token. Raises NotSignedOn, and UnknownKey for another's signature."""
    header = _header(token)
    claims = _signed(token, header, keys)
    for name, holds in _checks(claims, wanted):
        if not holds:
            raise NotSignedOn(f"ID token: {name}")
    anew = wanted.anew_since
    if anew is not None and not _number(claims.get("auth_time")) >= anew - SKEW:
        raise NotSignedOn("ID token: auth_time", NOT_ANEW)
    return claims


def _checks(claims: Mapping[str, Any], wanted: Wanted) -> Iterable[tuple[str, bool]]:
    now = wanted.now.timestamp()
    audience, party = claims.get("aud"), claims.get("azp")
    several = audience if isinstance(audience, list) else [audience]
    subject, nonce = claims.get("sub"), claims.get("nonce")
    yield "iss", claims.get("iss") == wanted.issuer
    yield "aud", wanted.client_id in several
    yield "azp", party == wanted.client_id if len(several) > 1 else party in (None, several[0])
    yield "sub", isinstance(subject, str) and bool(SUBJECT.fullmatch(subject))
    yield "exp", _number(claims.get("exp")) > now - SKEW
    yield "iat", now - OLDEST - SKEW <= _number(claims.get("iat")) <= now + SKEW
    yield "nbf", "nbf" not in claims or _number(claims["nbf"]) <= now + SKEW
    yield "nonce", isinstance(nonce, str) and hmac.compare_digest(_raw(nonce), _raw(wanted.nonce))


def _number(value: Any) -> float:
    """A time in a token; what is no time compares as false with every other."""
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if whole and abs(value) < 2**53 else float("nan")


def _raw(text: str) -> bytes:
    return text.encode(errors="replace")


def _header(token: str) -> dict[str, Any]:
    """The header, to know which key; it is believed in nothing else."""
    first = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise NotSignedOn("ID token: no token") from error
    if not isinstance(header, dict) or header.get("alg") not in tuple(KEYS_OF):
        raise NotSignedOn("ID token: algorithm")
    if "crit" in header or "b64" in header:
        raise NotSignedOn("ID token: header")
    return header


def _signed(
    token: str, header: Mapping[str, Any], keys: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    algorithm = str(header["alg"])
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    registry.max_header_length = registry.max_signature_length = 16 * 1024
    for key in keys:
        if not _fits(key, header):
            continue
        try:
            own = JWKRegistry.import_key(dict(key))
            payload = jws.deserialize_compact(token, own, registry=registry).payload
            claims = json.loads(payload or b"")
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            continue
        if isinstance(claims, dict):
            return claims
    raise UnknownKey("ID token: signature")


def _fits(key: Mapping[str, Any], header: Mapping[str, Any]) -> bool:
    """Whether this key is for signing by the token's algorithm, and is the one that it names."""
    if not isinstance(key, Mapping) or key.get("kty") != KEYS_OF[header["alg"]]:
        return False
    named = header.get("kid") in (None, key.get("kid"))
    meant = key.get("use", "sig") == "sig" and key.get("alg", header["alg"]) == header["alg"]
    return named and meant and (key["kty"] != "RSA" or _bits(key.get("n")) >= RSA_BITS)


def _bits(number: Any) -> int:
    try:
        return int.from_bytes(base64.urlsafe_b64decode(str(number) + "==")).bit_length()
    except ValueError:
        return 0
