"""The form of a task."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms import Field as WTField
from wtforms.validators import InputRequired, ValidationError

from wesentra import clock
from wesentra.crm.companies.forms import owners
from wesentra.crm.values import line, note
from wesentra.refusal import Refused
from wesentra.web.forms import Form
from wesentra.web.once import OnceForm

LONGEST = 200
DAYS_AHEAD = 7


def _right_text(_form: Form, field: WTField) -> None:
    """One line, without an identity code, as everything that is written about a person."""
    try:
        field.data = line.check(note.check(field.data or ""), LONGEST)
    except Refused as refusal:
        raise ValidationError(_(refusal.sentence, **refusal.values)) from refusal


class TaskForm(OnceForm):
    """What was promised, by when, and who does it."""

    contact = HiddenField()
    text = StringField(
        _l("What was promised"),
        [InputRequired(_l("Write what is to be done.")), _right_text],
        render_kw={"autocomplete": "off", "maxlength": LONGEST},
    )
    due_on = DateField(_l("Due"), [InputRequired(_l("Choose the day."))])
    owner = SelectField(_l("Who does it"))

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("due_on", clock.today() + timedelta(days=DAYS_AHEAD))
        super().__init__(*args, **options)
        self.owner.choices = owners()

    def owner_id(self) -> int | None:
        """Whose task it is to be; None for nobody's."""
        return int(self.owner.data) if self.owner.data else None
