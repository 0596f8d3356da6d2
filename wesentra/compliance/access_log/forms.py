"""The filter of the log, as it stands in the address."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms import Field as WTField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp, ValidationError

from wesentra import clock
from wesentra.audit import ledger, names
from wesentra.audit.day import EARLIEST
from wesentra.compliance.access_log.words import operation_name, purpose_names, subject_name
from wesentra.models.base import IDS_END
from wesentra.web.forms import Form, WholeNumber

DAYS = 30
"""How many days of a user are shown where none are asked for; a whole year would be long."""


def _is_number(_form: Form, field: WTField) -> None:
    if field.data is not None and not 0 < field.data < IDS_END:
        raise ValidationError(_("There is no such number."))


class RestoreForm(Form):
    """That somebody has seen what a restore has lost, and why it was made."""

    number = WholeNumber()
    reason = StringField(
        _l("Why the backup was restored"),
        [InputRequired(_l("Write why the backup was restored.")), Length(max=300)],
        filters=[lambda text: (text or "").strip()],
    )


class FilterForm(Form):
    """Which entries to show; all parts may be left out."""

    contact = WholeNumber(_l("Contact number"), [Optional(), _is_number])
    user = SelectField(_l("User"), default="")
    operation = SelectField(_l("What was done"), default="")
    about = SelectField(_l("Whom"), default="")
    purpose = SelectField(_l("Purpose"), default="")
    outcome = SelectField(_l("Outcome"), default="")
    first = DateField(_l("From"), [Optional()], name="from")
    last = DateField(_l("To"), [Optional()], name="to")
    program = HiddenField(validators=[Optional(), AnyOf(["shown"])])
    """Whether also that is shown which only the program looked for."""
    request = HiddenField(validators=[Optional(), Regexp(r"[\w.-]{1,36}\Z")])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fixed: dict[str, int] = {}
        everything = [("", _l("all"))]
        users = [(str(id_), name) for id_, name in ledger.user_names().items()]
        self.user.choices = [*everything, ("0", _l("nobody signed in")), *users]
        self.operation.choices = everything + [
            (key, operation_name(key)) for key in (*names.GROUPS, *ledger.Operation)
        ]
        self.about.choices = everything + [(key, subject_name(key)) for key in names.SUBJECTS]
        self.purpose.choices = everything + list(purpose_names().items())
        self.outcome.choices = [*everything, ("done", _l("done")), ("not_done", _l("not done"))]

    @classmethod
    def narrowed(
        cls, args: Mapping[str, str], contact: int | None = None, user: int | None = None
    ) -> Self:
        """The filter of a page about one contact or one user: whatever else the address names."""
        form = cls(args)
        if contact is not None:
            form.fixed["contact"] = contact
            del form.contact
        if user is not None:
            form.fixed["user"] = user
            del form.user
            form._draw_near()
        return form

    def _draw_near(self) -> None:
        """Without a first day, the days up to the last one."""
        if not any(self.first.raw_data or ()):
            last = max(self.last.data or clock.today(), EARLIEST + timedelta(days=DAYS))
            self.first.data, self.first.raw_data = last - timedelta(days=DAYS - 1), None

    def wanted(self) -> ledger.Wanted:
        """The filter as the ledger takes it."""
        given = self.data
        user = given.get("user") or ""
        asked = {
            "contact": given.get("contact"),
            "user": int(user) if user.isdigit() else None,
            **{
                name: given[name] or ""
                for name in ("operation", "about", "purpose", "request", "outcome")
            },
            "first": given["first"],
            "last": given["last"],
        }
        return ledger.Wanted(**{**asked, **self.fixed})
