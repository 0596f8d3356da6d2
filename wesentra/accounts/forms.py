"""The forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wesentra.accounts.passwords import TYPED
from wesentra.web.forms import Form, choices


class SignInForm(Form):
    """Name and password."""

    username = StringField(
        _l("User name"),
        [InputRequired(_l("Write your user name.")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=TYPED)],
        render_kw={"autocomplete": "current-password"},
    )


class OwnSettingsForm(Form):
    """How the pages look and speak to one user."""

    language = SelectField(
        _l("Language"), choices=choices([("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")])
    )
    theme = SelectField(
        _l("Colours"),
        choices=choices(
            [("auto", _l("As the device")), ("light", _l("Light")), ("dark", _l("Dark"))]
        ),
    )
    keys_on = BooleanField(_l("Single-letter keys are on"))


class PasswordForm(Form):
    """A new password, which needs the present one."""

    current_password = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Write your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Write the new password."))],
        render_kw={"autocomplete": "new-password"},
    )
