"""The form of a hold on the log."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wesentra.audit import holds
from wesentra.web.once import OnceForm


class HoldForm(OnceForm):
    """Which days of the log are to stay, and the matter that needs them."""

    reason = SelectField(_l("Why"))
    reference = StringField(
        _l("Number of the matter"),
        [InputRequired(_l("Write the number of the matter.")), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )
    first = DateField(_l("First day"), [InputRequired(_l("Choose the day."))])
    last = DateField(_l("Last day"), [Optional()])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.choices = [(key, _(label)) for key, label in holds.REASONS.items()]
