"""The form of an erasure at once."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from wesentra.erasure.reasons import HAND, REASONS, REQUEST, SAID_BY_PEOPLE
from wesentra.web.forms import Form, choices


class AtOnceForm(Form):
    """Why they go. What is merely not needed any more waits some days, and is not said here."""

    reason = RadioField(
        _l("Reason"),
        default=REQUEST,
        choices=choices((key, _l(REASONS[key])) for key in SAID_BY_PEOPLE if key != HAND),
    )
