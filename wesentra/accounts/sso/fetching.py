"""What is fetched from the provider: over TLS, in a limited time, of a limited size, led nowhere.

A provider that hangs or sends without end holds up nobody but who asks for it, and of those a few.
"""

import json
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from threading import BoundedSemaphore, Thread
from typing import Any, TypeVar

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from wesentra.accounts.sso.failing import SILENT, NotSignedOn
from wesentra.sign_on import is_safe

T = TypeVar("T")

CONNECT_SECONDS, READ_SECONDS = 4.0, 5.0
WHOLE_SECONDS = 10.0
"""For one question with its answer, however slowly it drips."""
LARGEST = 512 * 1024
"""Bytes of an answer, as they come: none may be packed, which could unfold to anything."""
CHUNK = 16 * 1024
AT_ONCE = 4
"""So many questions wait for the provider at the same time; the others are refused at once."""

_places = BoundedSemaphore(AT_ONCE)


class Careful(HTTPAdapter):
    """Sends requests to safe addresses only, and reads no more than it should."""

    def init_poolmanager(self, *args: Any, **options: Any) -> Any:
        """Trust what this machine trusts; SSL_CERT_FILE names an authority of one's own."""
        options["ssl_context"] = ssl.create_default_context()
        return super().init_poolmanager(*args, **options)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """The same by the way of a proxy that the environment names."""
        options["ssl_context"] = ssl.create_default_context()
        return super().proxy_manager_for(*args, **options)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """The answer, read to its end. Raises NotSignedOn for one that is none."""
        if not is_safe(request.url):
            raise NotSignedOn("an address of the provider is not safe")
        ends = time.monotonic() + WHOLE_SECONDS
        options |= {"stream": True, "timeout": (CONNECT_SECONDS, READ_SECONDS)}
        response = super().send(request, *args, **options)
        try:
            response._content = _read(response, ends)
        finally:
            response.close()
        response._content_consumed = True
        return response


def _read(response: Response, ends: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotSignedOn("the provider packed its answer")
    got = bytearray()
    while chunk := response.raw.read1(CHUNK):
        got += chunk
        if len(got) > LARGEST:
            raise NotSignedOn("the provider's answer is too large", SILENT)
        if time.monotonic() > ends:
            raise NotSignedOn("the provider is too slow", SILENT)
    return bytes(got)


def careful(session: Session) -> Session:
    """Let a session of requests be careful; it is led nowhere and remembers nothing."""
    session.mount("https://", Careful())
    session.mount("http://", Careful())
    session.headers["Accept-Encoding"] = "identity"
    session.headers["User-Agent"] = "Wesentra"
    session.max_redirects = 0
    session.auth = _as_it_is  # else a name and password out of .netrc would be sent along
    return session


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    return request


def in_time(work: Callable[[], T]) -> T:
    """What `work` fetches. Raises NotSignedOn when it takes too long or too many wait already.

    Time limits of sockets count anew with each byte: so it runs in a thread that is left alone
    when it is too late. Its place is free again when it really ends.
    """
    if not _places.acquire(blocking=False):
        raise NotSignedOn("too many wait for the provider", SILENT)
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - told to who waits
            future.set_exception(error)
        finally:
            _places.release()

    Thread(target=run, daemon=True).start()
    try:
        return future.result(WHOLE_SECONDS + 1)
    except TooLate as error:
        raise NotSignedOn("the provider is too slow", SILENT) from error
    except (OSError, UnicodeError) as error:
        raise NotSignedOn("the provider is not reached", SILENT) from error


def document(response: Response) -> dict[str, Any]:
    """The JSON object that the provider answered. Raises NotSignedOn for anything else."""
    if response.status_code != 200:
        raise NotSignedOn("the provider answered with an error", SILENT)
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise NotSignedOn("the provider's answer is no JSON") from error
    if not isinstance(found, dict):
        raise NotSignedOn("the provider's answer is no object")
    return found
