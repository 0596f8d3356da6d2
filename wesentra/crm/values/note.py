"""Free text about a person: short, printable, and without what must not be in a register."""

import unicodedata

from wesentra.crm.values import identity_code, line
from wesentra.crm.values.line import bounded, has_control
from wesentra.crm.values.sensitive import sensitive_words
from wesentra.refusal import Refused
from wesentra.texts import mark

__all__ = ["NOTE_LIMIT", "check", "one_line", "sensitive_words"]

NOTE_LIMIT = 500
"""Characters of a note: enough for a fact, too few for a diary."""


def check(text: str) -> str:
    """Return the note with LF line ends, stripped.

    Raises Refused for control characters, for more than `NOTE_LIMIT` characters and for a
    personal identity code, which the sentence does not repeat.
    """
    unix = bounded(text).replace("\r\n", "\n").replace("\r", "\n")
    note = unicodedata.normalize("NFC", unix).strip()
    if has_control(note, allowed="\n\t"):
        raise Refused(mark("The note has a character that cannot be shown. Type it again."))
    if len(note) > NOTE_LIMIT:
        raise Refused(
            mark("The note is too long: %(length)s characters, when %(limit)s is the most."),
            length=len(note),
            limit=NOTE_LIMIT,
        )
    if identity_code.found_in(note):
        raise Refused(
            mark(
                "The note has a personal identity code, which must not be kept here. "
                "Take it out and save again."
            )
        )
    return note


def one_line(text: str) -> str:
    """Return what is promised to a person, a note of one line; refuses like `check`."""
    return line.check(check(text))
