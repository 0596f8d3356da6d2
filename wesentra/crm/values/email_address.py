"""E-mail addresses, in lower case: no mail house in use tells letters apart by their size."""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from wesentra.crm.values.line import without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

_PLAIN = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,10}", re.ASCII
)
_PLAIN_LENGTH = 64
_SPECIAL = tuple(SPECIAL_USE_DOMAIN_NAMES)

EXAMPLE = "aino.virtanen@example.fi"


def parse(text: str) -> str:
    """Return the address in `text` in lower case, its domain in its readable form.

    Nothing is asked from the network. Raises Refused for none, several or an impossible one;
    names kept for examples and tests (`example.fi`, `.test`) are let through.
    """
    plain = text.strip().lower()
    if _is_plain(plain):
        return plain
    typed = without_invisible(text).strip()
    if typed[:7].lower() == "mailto:":
        typed = typed[7:]
    if "@" not in typed:
        raise _refusal(
            mark("The e-mail address %(value)s has no @ sign. A right one looks like %(example)s."),
            text,
        )
    if typed.count("@") > 1 and any(sign in typed for sign in ",; /"):
        raise _refusal(
            mark("Give one e-mail address, not several: %(value)s. For example %(example)s."),
            text,
        )
    try:
        found = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as no:
        raise _refusal(
            mark(
                "This e-mail address is not right: %(value)s. A right one looks like %(example)s."
            ),
            text,
        ) from no
    return found.normalized.lower()


def _is_plain(address: str) -> bool:
    """Tell whether an address is so usual that nothing can be wrong with it. That spares an
    import much time; a test holds this against the long way."""
    return (
        len(address) <= _PLAIN_LENGTH
        and not address.endswith(_SPECIAL)
        and _PLAIN.fullmatch(address) is not None
    )


def _refusal(sentence: str, text: str) -> Refused:
    return Refused(sentence, value=text.strip(), example=EXAMPLE)
