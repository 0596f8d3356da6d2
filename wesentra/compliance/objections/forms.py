"""The form of an objection: filled in as it mostly is, so that one click is enough."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from wesentra import clock
from wesentra.models.codes import CHANNELS
from wesentra.web.forms import Form, choices


class ObjectionForm(Form):
    """When and how the person said so."""

    channel = SelectField(
        _l("Channel"), choices=choices((key, _l(text)) for key, text in CHANNELS.items())
    )
    said_on = DateField(_l("Said on"), [InputRequired(_l("Choose the day."))])

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("said_on", clock.today())
        super().__init__(*args, **options)
