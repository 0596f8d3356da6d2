"""The form of a new person."""

from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired

from wesentra.crm.companies import queries as company_queries
from wesentra.crm.companies.forms import (
    SOURCES,
    RecordForm,
    from_the_person,
    group_name,
    groups,
    needless,
    note_text,
    owners,
    region,
    text,
)
from wesentra.crm.contacts.actions import Shared
from wesentra.crm.contacts.fields import FIELDS
from wesentra.refusal import Refused
from wesentra.web import ids
from wesentra.web.forms import choices

__all__ = [
    "LANGUAGES",
    "SOURCES",
    "ContactForm",
    "from_the_person",
    "group_name",
    "groups",
    "needless",
    "owners",
    "region",
]

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class ContactForm(RecordForm):
    """A new person. The company is named; a name that is new becomes a company.

    `company_id` tells which of several companies of that name is meant.
    """

    given_name = text(FIELDS, "given_name")
    family_name = text(FIELDS, "family_name")
    company = StringField(_l("Company"), render_kw={"autocomplete": "off"})
    company_id = HiddenField()
    title = text(FIELDS, "title")
    phone = text(FIELDS, "phone")
    email = text(FIELDS, "email")
    group = SelectField(_l("Group"), [InputRequired()])
    source = text(FIELDS, "source", list="sources")
    language = SelectField(_l("Language"), choices=choices(LANGUAGES), default="fi")
    note = note_text(FIELDS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.address = ""
        self.group.choices = choices(groups())

    @cached_property
    def country(self) -> str:
        """The country of the company that is named; the installation's without one."""
        found = company_queries.meant(self.company.data or "", self.chosen_company())
        return (company_queries.country_of(found[0]) if len(found) == 1 else None) or region()

    def read_in(self) -> str:
        """The country in which a number without one is read."""
        return self.country

    def refuse(self, refusal: Refused) -> None:
        """Put the refusal at its field; remember the address about which it asks."""
        super().refuse(refusal)
        if isinstance(refusal, Shared):
            self.address = refusal.address

    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: self[name].data or "" for name in FIELDS}

    def chosen_company(self) -> int | None:
        """The id of the company from whose page the form was opened, or that was chosen."""
        return ids.chosen(self.company_id.data or "")
