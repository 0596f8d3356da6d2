"""The fields of a contact: how each is read from what somebody typed, and whether it is asked."""

from wesentra.crm.values import email_address, field, line, note, person_name, phone
from wesentra.crm.values.field import Field
from wesentra.refusal import Refused
from wesentra.texts import LANGUAGES, mark


def _language(text: str, _region: str) -> str:
    if text not in LANGUAGES:
        raise Refused(mark("Choose the language."))
    return text


FIELDS = {
    one.name: one
    for one in (
        Field("given_name", mark("Given name"), lambda text, _r: person_name.part(text)),
        Field("family_name", mark("Family name"), lambda text, _r: person_name.part(text)),
        Field("title", mark("Title"), lambda text, _r: line.check(text, 120), asked=True),
        Field("phone", mark("Phone"), phone.parse, kind="tel", asked=True),
        Field(
            "email",
            mark("E-mail"),
            lambda text, _r: email_address.parse(text),
            kind="email",
            asked=True,
        ),
        Field("group", mark("Group"), field.group, kind="group", needed=True),
        Field("source", mark("Source of data"), field.source, needed=True),
        Field("language", mark("Language"), _language, kind="language", needed=True),
        Field("note", mark("Note"), lambda text, _r: note.check(text), kind="note", asked=True),
    )
}
"""In the order in which they are shown. The name itself is asked as one field, `name`."""

ASKED = ("name", *(one.name for one in FIELDS.values() if one.asked))


def read(name: str, text: str, region: str) -> str:
    """The value of a field from what was typed; empty when it may be; refuses at the field."""
    return field.value(FIELDS, name, text, region)
