"""The forms of a restriction: placing it, opening despite it, lifting it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

from wesentra import clock
from wesentra.models.codes import GROUNDS
from wesentra.web.forms import Form, choices

SHORTEST, LONGEST = 10, 200
FEWEST_LETTERS = 5
"""So many different letters has any reason in words, also one word such as “Soittopyyntö”."""


class PlaceForm(Form):
    """On which ground the processing is restricted."""

    ground = RadioField(
        _l("Ground"),
        [InputRequired(_l("Choose the ground."))],
        choices=choices((key, _l(text)) for key, text in GROUNDS.items()),
    )


def _in_words(_form: Form, control: Field) -> None:
    """A reason says something: dots, one letter over and over or a word cut short do not."""
    letters = [char.casefold() for char in control.data if char.isalpha()]
    long_enough = len(letters) >= SHORTEST and len(control.data) <= LONGEST
    if not long_enough or len(set(letters)) < FEWEST_LETTERS:
        raise ValidationError(
            _("Write the reason in words: at least 10 letters, at most 200 characters.")
        )


class OpenForm(Form):
    """Why somebody restricted is opened."""

    reason = StringField(
        _l("Why do you open this person?"),
        [InputRequired(_l("Write the reason.")), _in_words],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"autocomplete": "off"},
    )


class LiftForm(Form):
    """That the person was told before the restriction ends."""

    told = BooleanField(
        _l("The person was told that the restriction ends"),
        [InputRequired(_l("Tell the person first."))],
    )
    told_on = DateField(_l("The person was told on"), [InputRequired(_l("Choose the day."))])

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("told_on", clock.today())
        super().__init__(*args, **options)
