"""The forms around the second factor."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from wesentra.accounts.passwords import TYPED
from wesentra.accounts.users_forms import role_choices
from wesentra.web.forms import Form, choices

AS_CODE = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "code-input",
}
LONGEST = Length(max=40)


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = StringField(
        _l("Code"), [InputRequired(_l("Write the code.")), LONGEST], render_kw=AS_CODE
    )


class PasskeyForm(CodeForm):
    """A passkey is added for a code, under a name."""

    name = StringField(
        _l("Name of the device"),
        [InputRequired(_l("Write a name.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )


class ConfirmForm(Form):
    """Who one is, once more, by the password."""

    password = PasswordField(
        _l("Password"), [Length(max=TYPED)], render_kw={"autocomplete": "current-password"}
    )


class ConfirmWithCodeForm(ConfirmForm):
    """The same by the password or by a code; one of them is enough."""

    code = StringField(_l("or a code"), [LONGEST], render_kw=AS_CODE)


class RequiredForm(Form):
    """The roles that need a second factor."""

    roles = SelectMultipleField(
        _l("Roles"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.roles.choices = choices(role_choices())
