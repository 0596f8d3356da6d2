"""The forms by which an administrator looks after accounts."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from wesentra.models.codes import ROLE_NAMES, Role
from wesentra.web.forms import Form, choices
from wesentra.web.language import in_languages

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


def role_name(key: str) -> str:
    """A role's name in the language of the page."""
    return in_languages(ROLE_NAMES[Role(key)], str(get_locale()))


def role_choices(without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The roles that can be given, but for those held already."""
    return [(role.value, role_name(role)) for role in Role if role not in without]


def _reason() -> StringField:
    """Why a role is given or ended; it stays in the history of roles."""
    return StringField(
        _l("Why"),
        [InputRequired(_l("Write why, in a few words.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )


class NewUserForm(Form):
    """A new account with its first roles."""

    name = StringField(
        _l("User name"),
        [InputRequired(_l("Write the user name.")), Length(max=60)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    full_name = StringField(
        _l("Full name"),
        [InputRequired(_l("Write the full name.")), Length(max=120)],
        render_kw={"autocomplete": "off"},
    )
    mail = StringField(
        _l("E-mail"),
        [Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    language = SelectField(_l("Language"), choices=choices(LANGUAGES), default="fi")
    roles = SelectMultipleField(
        _l("Roles"),
        [InputRequired(_l("Choose at least one role."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = _reason()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.roles.choices = choices(role_choices())


class RoleForm(Form):
    """One more role for somebody, and why."""

    role = SelectField(_l("Role"), [InputRequired()])
    reason = _reason()

    def __init__(self, *args: Any, held: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.role.choices = choices(role_choices(without=held))


class EndRoleForm(Form):
    """One of the roles that somebody holds, and why it ends."""

    role = SelectField(_l("Role"), [InputRequired()])
    reason = _reason()

    def __init__(self, *args: Any, held: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.role.choices = choices((role, role_name(role)) for role in held)
