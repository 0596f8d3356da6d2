"""The fields of a contact: how each is read from what somebody typed, and whether it is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from wesentra.crm.values import email_address, line, note, person_name, phone
from wesentra.models.codes import GROUP_NAMES, by_name
from wesentra.refusal import Refused
from wesentra.texts import mark

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Field:
    """One field: its label (message id), its reader, the HTML type of its input.

    `asked` fields are prompted for at contact time; a `needed` one cannot be emptied.
    """

    name: str
    label: str
    read: Callable[[str, str], str]
    kind: str = "text"
    asked: bool = False
    needed: bool = False
    longest: int = 120


def _group(text: str, _region: str) -> str:
    group = by_name(GROUP_NAMES, text)
    if group is None:
        raise Refused(mark("Choose the group."))
    return group.value


def _source(text: str, _region: str) -> str:
    source = line.check(text, 120)
    if not source:
        raise Refused(mark("Write where the data come from, for example: from the person."))
    return source


def _language(text: str, _region: str) -> str:
    if text not in LANGUAGES:
        raise Refused(mark("Choose the language."))
    return text


FIELDS = {
    field.name: field
    for field in (
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
            longest=254,
        ),
        Field("group", mark("Group"), _group, kind="group", needed=True),
        Field("source", mark("Source of data"), _source, needed=True),
        Field("language", mark("Language"), _language, kind="language", needed=True),
        Field("note", mark("Note"), lambda text, _r: note.check(text), kind="note", asked=True),
    )
}
"""In the order in which they are shown. The name itself is asked as one field, `name`."""

ASKED = ("name", *(field.name for field in FIELDS.values() if field.asked))


def read(name: str, text: str, region: str) -> str:
    """The value of a field from what was typed; empty when it may be; refuses at the field."""
    field = FIELDS[name]
    if not text.strip() and not field.needed:
        return ""
    try:
        return field.read(text, region)
    except Refused as refusal:
        raise Refused(refusal.sentence, field=name, **refusal.values) from refusal
