"""One request, one transaction: what a view did is committed together with its trace.

A look ends its read, then its entry is committed, and only then the answer leaves. A change
takes the write lock before it reads what it changes, so that change and entry commit together.
Whatever fails there is a 503 that shows nobody.
"""

import logging
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from wesentra.actor import Acting, acting_as, current
from wesentra.models.base import db, writing
from wesentra.web.templates import Templates

SAFE = ("GET", "HEAD", "OPTIONS")
NOT_SIGNED_IN = "nobody"
log = logging.getLogger(__name__)


class Unfinished(RuntimeError):
    """An answer that would still be made after the commit escapes the log; it is refused."""


class Register(Flask):
    """The Flask application with a unit of work around every request."""

    jinja_environment = Templates
    jinja_options = {"cache_size": -1}  # templates are few; none is ever thrown out

    def full_dispatch_request(self, *args: Any, **options: Any) -> Response:
        """Answer one request inside its acting context and its transaction."""
        g.request_id = str(uuid.uuid4())
        acting = Acting(
            user_id=None,
            role=NOT_SIGNED_IN,
            purpose="sign_in",
            request_id=g.request_id,
            source=request.remote_addr or "",
            endpoint=request.endpoint or "",
        )
        token = writing.set(False)
        try:
            with acting_as(acting):
                response = super().full_dispatch_request(*args, **options)
                try:
                    return self._committed(response)
                except (StaleDataError, DataError, IntegrityError) as error:
                    return self.finalize_request(self.handle_user_exception(error))
                except SQLAlchemyError as error:
                    return self.finalize_request(unavailable(error), from_error_handler=True)
        except BaseException:
            db.session.rollback()
            raise
        finally:
            writing.reset(token)

    def log_exception(self, exc_info: Any) -> None:
        """Say where it broke and what kind of error it was; its words may hold values."""
        log.error("request %s broke: %s", g.get("request_id"), _where(exc_info[1]))

    def _committed(self, response: Response) -> Response:
        if request.routing_exception is not None:
            response.make_sequence()  # the router's own answer, for example the slash that lacks
        built = request.endpoint == "static" or getattr(response, "built_before", False)
        if response.is_streamed and not built:
            raise Unfinished(f"{request.endpoint} streams its answer")
        if response.status_code >= 500:
            db.session.rollback()
            return response
        if request.method in SAFE or (response.status_code >= 400 and not _keeps_changes()):
            # What the page was made of is let go as it is: nothing of it is asked for again.
            db.session.close()
            current().notes.forget_writes()
        if 300 <= response.status_code < 400 or response.status_code == 204:
            current().notes.shown.clear()  # what a HEAD is answered tells of people by its length
        last: list[Callable[[], None]] = g.get("at_commit", [])
        if current().notes or last or request.method not in SAFE:
            writing.set(True)
            for step in last:
                step()
            db.session.commit()
        return response


def begin_change() -> None:
    """Let the next statement of a request that changes something take the write lock.

    Who is asking was found out before: nobody waits for that.
    """
    if request.method not in SAFE:
        db.session.close()
        writing.set(True)


@contextmanager
def reading_first() -> Iterator[None]:
    """Let a request that changes something read at length without the write lock.

    What it has asked before may have taken the lock: that transaction ends here, and what it
    changed is lost. So it comes before every change.
    """
    db.session.close()
    token = writing.set(False)
    try:
        yield
    finally:
        db.session.close()
        writing.reset(token)


def _keeps_changes() -> bool:
    return bool(g.get("keep_changes", False))


def keep_changes() -> None:
    """Commit what was changed although the answer is a refusal (a wrong password is counted)."""
    g.keep_changes = True


def at_commit(step: Callable[[], None]) -> None:
    """Do `step` in the transaction that ends this request, also when it only read."""
    g.setdefault("at_commit", []).append(step)


def _where(error: BaseException | None) -> str:
    """The kinds of an error and of its causes with the places they came from, never their words."""
    told = []
    while error is not None:
        told.append(f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "caused by ".join(told)


def _reason(error: SQLAlchemyError) -> str:
    """The database's own first line: the ones below it, and the statement, may hold values."""
    said = str(getattr(error, "orig", None) or type(error).__name__)
    return said.partition("\n")[0]


def unavailable(error: SQLAlchemyError) -> Response:
    """The answer when a look or a change could not be logged: 503, and nobody in it.

    It asks the database nothing, not even whose language it should speak.
    """
    reason = _reason(error.__cause__ if isinstance(error.__cause__, SQLAlchemyError) else error)
    told = (g.get("request_id"), reason, _where(error))
    log.error("request %s was not let through, the database said: %s\n%s", *told)
    db.session.rollback()
    g.signed_in = None
    response = make_response(render_template("errors/unavailable.html"), 503)
    response.headers["Retry-After"] = "5"
    return response
