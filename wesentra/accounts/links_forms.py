"""The forms of links: the user chooses a password, the administrator says where links go."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wesentra.web.forms import Form


class ChosenPasswordForm(Form):
    """A password for an account that has none."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Write the new password."))],
        render_kw={"autocomplete": "new-password"},
    )


class MailForm(Form):
    """Where links for the password of a user go."""

    mail = StringField(
        _l("E-mail"),
        [Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
