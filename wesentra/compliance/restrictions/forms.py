"""The forms of a restriction: placing it, opening despite it, lifting it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from wesentra import clock
from wesentra.models.codes import GROUNDS
from wesentra.web.forms import Form, choices

SHORTEST = 5


class PlaceForm(Form):
    """On which ground the processing is restricted."""

    ground = RadioField(
        _l("Ground"),
        [InputRequired(_l("Choose the ground."))],
        choices=choices((key, _l(text)) for key, text in GROUNDS.items()),
    )


class OpenForm(Form):
    """Why somebody restricted is opened."""

    reason = StringField(
        _l("Why do you open this person?"),
        [
            InputRequired(_l("Write the reason.")),
            Length(min=SHORTEST, max=200, message=_l("Write the reason in 5 to 200 characters.")),
        ],
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
