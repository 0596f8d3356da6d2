"""The form of a company, and what the forms of companies and contacts have in common."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms import Field as WTField
from wtforms.validators import InputRequired, ValidationError

from wesentra.crm.companies import fields, queries
from wesentra.crm.values import field, fold, note, person_name, phone
from wesentra.models.codes import GROUP_NAMES
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.texts import LANGUAGES
from wesentra.web.forms import Form, choices
from wesentra.web.language import in_languages, of_page
from wesentra.web.once import OnceForm

SOURCES = (
    _l("from the person"),
    _l("from a colleague"),
    _l("public business register (YTJ)"),
    _l("the company's web pages"),
    _l("recommendation"),
)
NEAR = ("FI", "SE", "EE", "NO", "DK", "DE")
"""Countries that stand first in the list."""


@cache
def from_the_person(source: str) -> bool:
    """Whether a source says, in any of the languages, that the person gave the data."""
    known = (say("from the person", {}, language) for language in LANGUAGES)
    return fold.fold(source) in {fold.fold(text) for text in known}


def region() -> str:
    """The country of what is typed without one."""
    return str(current_app.extensions["wesentra_settings"].region)


def groups() -> list[tuple[str, str]]:
    """The groups in the language of the page."""
    return list(_groups(of_page()).items())


def group_name(key: str) -> str:
    """A group's name in the language of the page."""
    return _groups(of_page()).get(key, key)


@cache
def _groups(language: str) -> dict[str, str]:
    return {code.value: in_languages(own, language) for code, own in GROUP_NAMES.items()}


def countries() -> list[tuple[str, str]]:
    """The countries in the language of the page, the near ones first."""
    return list(_countries(of_page()))


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language).territories
    known = [(code, names.get(code, code)) for code in phone.REGIONS]
    near = [(code, names.get(code, code)) for code in NEAR]
    return (*near, *sorted(set(known) - set(near), key=lambda pair: fold.sort_key(pair[1])))


def country_name(code: str) -> str:
    """A country's name in the language of the page."""
    return dict(countries()).get(code, code)


def owners() -> list[tuple[str, str]]:
    """Who can own a company or a contact, for a select; nobody comes first."""
    users = ((str(user.id), user.full_name) for user in queries.owners())
    return [("", _("nobody")), *users]


def needless(text: str, sure: str) -> list[str]:
    """Words that smell of a special category (Art. 9 GDPR) and were not yet said to be needed."""
    return [] if sure else note.sensitive_words(text)


class RecordForm(OnceForm):
    """A form whose fields are read as the register reads them, in one country."""

    def read_in(self) -> str:
        """The country (two letters) in which numbers and codes without one are read."""
        return region()


class Reads:
    """A validator that asks the register's own reader of a field."""

    def __init__(self, known: Mapping[str, field.Field], name: str) -> None:
        self.known = known
        self.name = name

    def __call__(self, form: RecordForm, control: WTField) -> None:
        """Refuse with the reader's sentence."""
        try:
            field.value(self.known, self.name, control.data or "", form.read_in())
        except Refused as refusal:
            raise ValidationError(_(refusal.sentence, **refusal.values)) from refusal


def checked(check: Callable[[str], str]) -> Callable[[Form, WTField], None]:
    """A validator that puts what `check` makes of a text in its place, or refuses as it does."""

    def validate(_form: Form, control: WTField) -> None:
        try:
            control.data = check(control.data or "")
        except Refused as refusal:
            raise ValidationError(_(refusal.sentence, **refusal.values)) from refusal

    return validate


def text(known: Mapping[str, field.Field], name: str, **attributes: Any) -> StringField:
    """A line of text that the register's reader of the field checks."""
    needed = [InputRequired()] if known[name].needed else []
    attributes = {"type": known[name].kind, "autocomplete": "off", **attributes}
    return StringField(_l(known[name].label), [*needed, Reads(known, name)], render_kw=attributes)


def note_text(known: Mapping[str, field.Field]) -> TextAreaField:
    """The note. No control cuts a text off: what is too long is told, and nothing is lost."""
    return TextAreaField(_l(known["note"].label), [Reads(known, "note")], render_kw={"rows": "3"})


def _part_of_name(form: "CompanyForm", control: WTField) -> None:
    """A sole trader has a name; nobody is asked for it where there is no person."""
    if form.is_person.data:
        checked(person_name.part)(form, control)


class CompanyForm(RecordForm):
    """A new company; a sole trader is a person as well."""

    name = text(fields.FIELDS, "name")
    business_id = text(fields.FIELDS, "business_id")
    is_person = BooleanField(_l("This company is a person (sole trader)"))
    given_name = StringField(_l("Given name"), [_part_of_name], render_kw={"autocomplete": "off"})
    family_name = StringField(_l("Family name"), [_part_of_name], render_kw={"autocomplete": "off"})
    street = text(fields.FIELDS, "street")
    postal_code = text(fields.FIELDS, "postal_code")
    post_office = text(fields.FIELDS, "post_office")
    country = SelectField(_l("Country"), [InputRequired()])
    switchboard = text(fields.FIELDS, "switchboard")
    billing_address = text(fields.FIELDS, "billing_address")
    einvoice_address = text(fields.FIELDS, "einvoice_address")
    einvoice_operator = text(fields.FIELDS, "einvoice_operator")
    group = SelectField(_l("Group"), [InputRequired()])
    source = text(fields.FIELDS, "source", list="sources")
    note = note_text(fields.FIELDS)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("country", region())
        super().__init__(*args, **options)
        self.group.choices = choices(groups())
        self.country.choices = choices(countries())

    def read_in(self) -> str:
        """The company's own country; while that is wrong, the installation's."""
        return self.country.data if self.country.data in phone.REGIONS else region()

    def typed(self) -> dict[str, str]:
        """What was typed, by field of the company."""
        return {name: self[name].data or "" for name in fields.FIELDS}

    def person(self) -> person_name.PersonName | None:
        """The sole trader's own name; None where the company is no person."""
        if not self.is_person.data:
            return None
        return person_name.PersonName(self.given_name.data or "", self.family_name.data or "")
