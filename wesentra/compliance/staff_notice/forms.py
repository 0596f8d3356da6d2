"""The form of a hearing of the staff."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from wesentra.texts import mark
from wesentra.web.forms import choices
from wesentra.web.once import OnceForm

WAYS: dict[str, str] = {
    "meeting": mark("In a meeting"),
    "one_by_one": mark("One by one"),
    "written": mark("In writing"),
}
"""How the staff was heard, as message ids."""


class HearingForm(OnceForm):
    """When and how the staff could say what they think."""

    held_on = DateField(_l("Day"), [InputRequired(_l("Choose the day."))])
    how = SelectField(_l("How"), choices=choices((key, _l(name)) for key, name in WAYS.items()))
