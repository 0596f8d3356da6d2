"""The forms of a hold on the log: a new one, and the end of one."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from wesentra.audit import holds
from wesentra.web.forms import Form
from wesentra.web.once import OnceForm

LONGEST = 400


def _trimmed(text: Any) -> Any:
    return text.strip().replace("\r\n", "\n") if isinstance(text, str) else text


class HoldForm(OnceForm):
    """Which days of the log are to stay, and the matter that needs them."""

    reason = SelectField(_l("Why"))
    reference = StringField(
        _l("Number of the matter"),
        [
            InputRequired(_l("Write the number of the matter.")),
            Regexp(rf"{holds.REFERENCE.pattern}\Z", message=_l(holds.ONE_WORD)),
        ],
        filters=[_trimmed],
        render_kw={"autocomplete": "off"},
    )
    first = DateField(_l("First day"), [InputRequired(_l("Choose the day."))])
    last = DateField(_l("Last day"), [Optional()])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.choices = [(key, _(label)) for key, label in holds.REASONS.items()]


class LiftForm(Form):
    """Why a hold is lifted."""

    why = TextAreaField(
        _l("Why it is lifted"),
        [InputRequired(_l("Write why the hold is lifted.")), Length(max=LONGEST)],
        filters=[_trimmed],
        render_kw={"rows": 3},
    )
