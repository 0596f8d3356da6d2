"""The filter of the log, as it stands in the address."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms import Field as WTField
from wtforms.validators import Optional, Regexp, ValidationError

from wesentra.audit import ledger, names
from wesentra.compliance.access_log.words import operation_name, subject_name
from wesentra.models import Purpose, db
from wesentra.models.base import IDS_END
from wesentra.web.forms import Form


def _is_number(_form: Form, field: WTField) -> None:
    if field.data is not None and not 0 < field.data < IDS_END:
        raise ValidationError(_("There is no such number."))


class FilterForm(Form):
    """Which entries to show; all parts may be left out."""

    contact = IntegerField(_l("Contact number"), [Optional(), _is_number])
    user = SelectField(_l("User"), default="")
    operation = SelectField(_l("What was done"), default="")
    about = SelectField(_l("Whom"), default="")
    purpose = SelectField(_l("Purpose"), default="")
    outcome = SelectField(_l("Outcome"), default="")
    first = DateField(_l("From"), [Optional()], name="from")
    last = DateField(_l("To"), [Optional()], name="to")
    request = HiddenField(validators=[Optional(), Regexp(r"[\w.-]{1,36}\Z")])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = [("", _l("all"))]
        users = [(str(id_), name) for id_, name in ledger.user_names().items()]
        self.user.choices = [*everything, ("0", _l("nobody signed in")), *users]
        self.operation.choices = everything + [
            (key, operation_name(key)) for key in (*names.GROUPS, *ledger.Operation)
        ]
        self.about.choices = everything + [(key, subject_name(key)) for key in names.SUBJECTS]
        self.purpose.choices = everything + _purposes()
        self.outcome.choices = [*everything, ("done", _l("done")), ("not_done", _l("not done"))]

    def wanted(self) -> ledger.Wanted:
        """The filter as the ledger takes it."""
        user = self.user.data or ""
        return ledger.Wanted(
            contact=self.contact.data,
            user=int(user) if user.isdigit() else None,
            operation=self.operation.data or "",
            about=self.about.data or "",
            purpose=self.purpose.data or "",
            request=self.request.data or "",
            outcome=self.outcome.data or "",
            first=self.first.data,
            last=self.last.data,
        )


def _purposes() -> list[tuple[str, Any]]:
    language = str(get_locale())
    rows = db.session.scalars(select(Purpose).order_by(Purpose.position))
    return [(purpose.key, purpose.name(language)) for purpose in rows]
