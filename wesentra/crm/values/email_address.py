"""E-mail addresses, in lower case: no mail house in use tells letters apart by their size."""

from email_validator import EmailNotValidError, validate_email

from wesentra.crm.values.line import without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

EXAMPLE = "aino.virtanen@example.fi"


def parse(text: str) -> str:
    """Return the address in `text` in lower case, its domain in its readable form.

    Nothing is asked from the network. Raises Refused for none, several or an impossible one;
    names kept for examples and tests (`example.fi`, `.test`) are let through.
    """
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


def _refusal(sentence: str, text: str) -> Refused:
    return Refused(sentence, value=text.strip(), example=EXAMPLE)
