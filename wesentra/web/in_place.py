"""A field corrected in its place: the same answers, whatever record it belongs to."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from wesentra.refusal import Conflict, Refused
from wesentra.web.htmx import done, wants_partial


def was() -> str | None:
    """The value that the editor started from, as the form sent it back; None when it did not."""
    sent = request.form.get("was")
    return None if sent is None else sent.replace("\r\n", "\n")


def not_overtaken(field: str, now: str, wanted: str) -> None:
    """Raise Conflict when somebody else has put another value since the editor started."""
    started = was()
    if started is not None and started != now and wanted != now:
        raise Conflict(field, now)


def correct(
    home: str,
    change: Callable[[], Any],
    again: Callable[..., Response],
    row: Callable[[], Response],
) -> Response:
    """Do `change`; then the field as it stands, or the record's page at `home`.

    When it is refused, `again` gives the form with what was typed: it gets `refusal`, or, when
    somebody else was quicker, `theirs`.
    """
    try:
        change()
    except Conflict as conflict:
        return again(theirs=conflict.theirs)
    except Refused as refusal:
        return again(refusal=refusal)
    return row() if wants_partial() else done(home, notice="saved")
