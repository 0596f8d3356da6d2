"""A provider of the test's own, which lies as the test tells it to, and tokens made by hand."""

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from wesentra import clock

CLIENT = "wesentra"
Answer = Callable[["Handler"], None]


def b64(data: bytes | dict[str, Any] | list[Any]) -> str:
    """The way the parts of a token are written (RFC 7515, section 2)."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def key(name: str = "own", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of this name, made once."""
    return rsa.generate_private_key(65537, bits)


def jwk(name: str = "own", bits: int = 2048, **more: Any) -> dict[str, Any]:
    """Its public half as keys are published (RFC 7517)."""
    numbers = key(name, bits).public_key().public_numbers()
    n, e = (b64(one.to_bytes((one.bit_length() + 7) // 8)) for one in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": n, "e": e, **more}


def signed(
    claims: Any, by: str = "own", bits: int = 2048, header: dict[str, Any] | None = None
) -> str:
    """A token with RS256, whatever its header says."""
    said = f"{b64({'alg': 'RS256', 'kid': by, **(header or {})})}.{b64(claims)}"
    signature = key(by, bits).sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{said}.{b64(signature)}"


def hmac_signed(claims: Any, secret: bytes, **header: Any) -> str:
    """A token with HS256 under a secret that the other side may know as well."""
    said = f"{b64({'alg': 'HS256', 'typ': 'JWT', **header})}.{b64(claims)}"
    return f"{said}.{b64(hmac.digest(secret, said.encode(), 'sha256'))}"


class Handler(BaseHTTPRequestHandler):
    """Answers by what the provider holds for the path."""

    provider: "Provider"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.provider.posted = parse_qs(self.rfile.read(length).decode())
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.provider.asked.append(path)
        with suppress(OSError):  # whoever asked has gone away
            self.provider.answers.get(path, answer_with(b"{}", 404))(self)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def answer_with(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer in the usual form."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Provider:
    """What it says where; by itself it is honest, and everybody is aino."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    """What differs in its tokens from honest ones; None leaves a claim out."""
    token: Callable[[dict[str, Any]], object] = signed
    """Makes the ID token of the claims."""
    about: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [jwk()])
    answers: dict[str, Answer] = field(default_factory=dict)
    nonce: str = ""
    asked: list[str] = field(default_factory=list)
    posted: dict[str, list[str]] = field(default_factory=dict)
    sent: int = 0
    """Bytes that it got rid of where it sends without end."""

    def __post_init__(self) -> None:
        self.answers |= {
            "/.well-known/openid-configuration": lambda handler: self._say(self._about(), handler),
            "/keys": lambda handler: self._say({"keys": self.keys}, handler),
            "/token": lambda handler: self._say(self._tokens(), handler),
        }

    def _say(self, said: Any, handler: Handler) -> None:
        answer_with(json.dumps(said).encode(), Content_Type="application/json")(handler)

    def _about(self) -> dict[str, Any]:
        own = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        own |= {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token")}
        return own | self.about

    def _tokens(self) -> dict[str, Any]:
        said = {"access_token": "access", "token_type": "Bearer", "expires_in": 60}
        return {**said, "id_token": self.token(self.said())}

    def said(self) -> dict[str, Any]:
        """The claims of the next token."""
        now = int(clock.now().timestamp())
        honest = {
            "iss": self.url,
            "sub": "subject-of-aino",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "preferred_username": "aino",
        }
        return {name: one for name, one in (honest | self.claims).items() if one is not None}


class Server(ThreadingHTTPServer):
    """One thread a request; who breaks off is no error."""

    def handle_error(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def provider(context: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """One that runs until the block ends, over TLS with a `context`."""
    server = Server(("127.0.0.1", 0), Handler)
    made = Provider(f"http{'s' if context else ''}://127.0.0.1:{server.server_port}")
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.RequestHandlerClass = type("Bound", (Handler,), {"provider": made})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
