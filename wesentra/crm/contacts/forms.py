"""The forms of a contact: a whole one for a new person, one field for a correction."""

from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field as WTField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from wesentra.crm.contacts import fields
from wesentra.crm.values import note
from wesentra.models.codes import GROUP_NAMES
from wesentra.refusal import Refused
from wesentra.web.forms import Form
from wesentra.web.language import in_languages

SOURCES = (
    _l("from the person"),
    _l("from a colleague"),
    _l("public business register (YTJ)"),
    _l("the company's web pages"),
    _l("recommendation"),
)
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


def region() -> str:
    """The country of telephone numbers that are typed without one."""
    return str(current_app.extensions["wesentra_settings"].region)


def groups() -> list[tuple[str, str]]:
    """The groups in the language of the page."""
    language = str(get_locale())
    return [(code.value, in_languages(own, language)) for code, own in GROUP_NAMES.items()]


def group_name(key: str) -> str:
    """A group's name in the language of the page."""
    return dict(groups()).get(key, key)


class Reads:
    """A validator that asks the register's own reader of a field."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, _form: Form, field: WTField) -> None:
        """Refuse with the reader's sentence."""
        try:
            fields.read(self.name, field.data or "", region())
        except Refused as refusal:
            raise ValidationError(_(refusal.sentence, **refusal.values)) from refusal


def _text(name: str, **options: Any) -> StringField:
    return StringField(_l(fields.FIELDS[name].label), [Reads(name)], **options)


class ContactForm(Form):
    """A new person. The company is named; a name that is new becomes a company."""

    given_name = _text("given_name", render_kw={"autocomplete": "off"})
    family_name = _text("family_name", render_kw={"autocomplete": "off"})
    company = StringField(_l("Company"), [Length(max=160)], render_kw={"autocomplete": "off"})
    title = _text("title")
    phone = _text("phone", render_kw={"type": "tel", "autocomplete": "off"})
    email = _text("email", render_kw={"type": "email", "autocomplete": "off"})
    group = SelectField(_l("Group"), [InputRequired()])
    source = StringField(
        _l("Source of data"),
        [InputRequired(_l("Write where the data come from.")), Reads("source")],
        render_kw={"list": "sources", "autocomplete": "off"},
    )
    language = SelectField(_l("Language"), choices=LANGUAGES, default="fi")
    note = TextAreaField(
        _l("Note"), [Reads("note")], render_kw={"rows": "3", "maxlength": note.NOTE_LIMIT}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.group.choices = groups()

    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: self[name].data or "" for name in fields.FIELDS}


def needless(text: str, sure: str) -> list[str]:
    """Words that smell of a special category (Art. 9 GDPR) and were not yet said to be needed."""
    return [] if sure else note.sensitive_words(text)
