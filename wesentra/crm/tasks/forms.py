"""The form of a task."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired

from wesentra import clock
from wesentra.crm.companies.forms import checked, owners
from wesentra.crm.values import note
from wesentra.web.once import OnceForm

DAYS_AHEAD = 7


class TaskForm(OnceForm):
    """What was promised, by when, and who does it."""

    contact = HiddenField()
    text = StringField(
        _l("What was promised"),
        [InputRequired(_l("Write what is to be done.")), checked(note.one_line)],
        render_kw={"autocomplete": "off"},
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
