"""The provider of the settings: where it is asked, by which keys it signs, whom it lets in.

What it says of itself (OpenID Connect Discovery 1.0) is kept for an hour in this process.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from requests import Response

from wesentra import clock
from wesentra.accounts.sso import claims as reading
from wesentra.accounts.sso.claims import Identity
from wesentra.accounts.sso.failing import SAID_NO, SILENT, NotSignedOn
from wesentra.accounts.sso.fetching import careful, document, in_time
from wesentra.accounts.sso.flow import Answer, Flow
from wesentra.accounts.sso.id_token import UnknownKey, Wanted, verified
from wesentra.sign_on import SignOn, is_safe

KEPT = timedelta(hours=1)
ANEW_AFTER = timedelta(minutes=1)
"""How soon the keys are fetched again for a token that none of them made."""
SILENT_FOR = timedelta(seconds=15)
"""How long a provider that did not answer is not asked again: nobody waits for it meanwhile."""
TURN_SECONDS = 2.0
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
IN_HEADER, IN_BODY = "client_secret_basic", "client_secret_post"


class Known(NamedTuple):
    """What the provider says of itself, its keys, and when it said so."""

    about: dict[str, Any]
    keys: tuple[Mapping[str, Any], ...]
    at: datetime


class Provider:
    """One provider, for all requests of this process."""

    def __init__(self, settings: SignOn) -> None:
        self._settings = settings
        self._turn = Lock()
        self._known: Known | None = None
        self._silent_until: datetime | None = None

    def address(self, flow: Flow) -> str:
        """Where a browser is sent to sign in. Raises NotSignedOn while the provider is silent."""
        anew = {"prompt": "login", "max_age": "0"} if flow.session_id else {}
        with self._client(flow) as client:
            url, _state = client.create_authorization_url(
                self.known().about["authorization_endpoint"],
                state=flow.state,
                code_verifier=flow.verifier,
                nonce=flow.nonce,
                **anew,
            )
        return str(url)

    def identity(self, flow: Flow, answer: Answer) -> Identity:
        """Who came back with this answer. Raises NotSignedOn for whatever is not as it should be.

        It asks the provider, so that no transaction may wait for it.
        """
        about = self.known().about
        said = answer.issuer or about.get("authorization_response_iss_parameter_supported") is True
        if said and answer.issuer != self._settings.sso_issuer:
            raise NotSignedOn("answer of another issuer")
        if answer.error or not answer.code:
            raise NotSignedOn("the provider let nobody in", SAID_NO)
        tokens = in_time(partial(self._tokens, flow, answer.code))
        claims = self._verified(flow, tokens.get("id_token"))
        if reading.lacking(claims, self._settings) and is_safe(about.get("userinfo_endpoint")):
            claims = in_time(partial(self._more, tokens, claims["sub"])) | claims
        return reading.identity(claims, self._settings)

    def known(self, after: datetime | None = None) -> Known:
        """What the provider says of itself; fetched if it is older than an hour, or than `after`.

        Raises NotSignedOn when it does not answer, or is not who it should be.
        """
        oldest = after or clock.now() - KEPT
        if self._known is not None and self._known.at >= oldest:
            return self._known
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise NotSignedOn("others wait for the provider", SILENT)
        try:
            return self._fetched(oldest)
        finally:
            self._turn.release()

    def _fetched(self, oldest: datetime) -> Known:
        if self._known is not None and self._known.at >= oldest:  # another was quicker
            return self._known
        if self._silent_until is not None and clock.now() < self._silent_until:
            raise NotSignedOn("the provider was silent just now", SILENT)
        try:
            self._known = in_time(self._fetch)
        except NotSignedOn:
            self._silent_until = clock.now() + SILENT_FOR
            raise
        return self._known

    def _fetch(self) -> Known:
        issuer = str(self._settings.sso_issuer)
        with self._client() as client:
            about = _get(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != issuer:
                raise NotSignedOn("the provider is another issuer")
            if not all(is_safe(about.get(name)) for name in ENDPOINTS):
                raise NotSignedOn("the provider names no safe addresses")
            keys = _get(client, about["jwks_uri"]).get("keys")
        if not isinstance(keys, list):
            raise NotSignedOn("the provider has no keys")
        return Known(about, tuple(key for key in keys if isinstance(key, dict)), clock.now())

    def _client(self, flow: Flow | None = None) -> Any:
        """A client of OAuth 2.0 with PKCE (RFC 7636) that asks carefully."""
        own = self._settings
        client = OAuth2Session(
            own.sso_client_id,
            own.sso_client_secret,
            scope=" ".join(own.sso_scopes),
            redirect_uri=flow.back if flow else None,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._secret_goes(),
        )
        return careful(client)

    def _secret_goes(self) -> str:
        """How the secret is shown: in the header, unless the provider takes it in the body only."""
        if self._settings.sso_client_secret is None:
            return "none"
        taken = self._known.about.get("token_endpoint_auth_methods_supported") if self._known else 0
        ways = taken if isinstance(taken, list) else [IN_HEADER]
        return IN_BODY if IN_BODY in ways and IN_HEADER not in ways else IN_HEADER

    def _tokens(self, flow: Flow, code: str) -> Mapping[str, Any]:
        with self._client(flow) as client:
            client.register_compliance_hook("access_token_response", _granted)
            try:
                tokens = client.fetch_token(
                    self.known().about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    allow_redirects=False,
                )
            except (AuthlibBaseError, ValueError, TypeError) as error:
                raise NotSignedOn("the provider took no code") from error
        return dict(tokens)

    def _verified(self, flow: Flow, token: object) -> dict[str, Any]:
        own, now = self._settings, clock.now()
        if not isinstance(token, str):
            raise NotSignedOn("no ID token")
        anew = flow.began if flow.session_id else None
        wanted = Wanted(str(own.sso_issuer), str(own.sso_client_id), flow.nonce, now, anew)
        try:
            return verified(token, self.known().keys, wanted)
        except UnknownKey:
            return verified(token, self.known(after=now - ANEW_AFTER).keys, wanted)

    def _more(self, tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider says of its user when asked (OpenID Connect Core 1.0, section 5.3)."""
        bearer = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        with self._client() as client:
            more = _get(client, self.known().about["userinfo_endpoint"], headers=bearer)
        if more.get("sub") != subject:
            raise NotSignedOn("the provider speaks of another user")
        return more


def _get(client: Any, url: str, **options: Any) -> dict[str, Any]:
    return document(client.get(url, allow_redirects=False, withhold_token=True, **options))


def _granted(response: Response) -> Response:
    if response.status_code != 200:
        raise NotSignedOn("the provider took no code")
    document(response)
    return response
