"""A field of a page: its label, how it is read from what somebody typed, which control it has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wesentra.crm.values import line
from wesentra.models.codes import GROUP_NAMES, by_name
from wesentra.refusal import Refused
from wesentra.texts import mark

SOURCE_LIMIT = 120
"""Characters of the sentence that says where data come from."""


@dataclass(frozen=True)
class Field:
    """One field: its label (message id), its reader, the kind of its control.

    `read` gets the text and a country (ISO 3166 two letters), in which numbers and codes without
    one are read. `asked` fields are prompted for at contact time; a `needed` one cannot be
    emptied.
    """

    name: str
    label: str
    read: Callable[[str, str], str]
    kind: str = "text"
    asked: bool = False
    needed: bool = False


def value(fields: Mapping[str, Field], name: str, text: str, country: str) -> str:
    """The value of a field from what was typed; empty when it may be; refuses at the field."""
    field = fields[name]
    if not text.strip() and not field.needed:
        return ""
    try:
        return field.read(text, country)
    except Refused as refusal:
        raise Refused(refusal.sentence, field=name, **refusal.values) from refusal


def group(text: str, _country: str) -> str:
    """The key of a group of data subjects, by its key or a name of it."""
    found = by_name(GROUP_NAMES, text)
    if found is None:
        raise Refused(mark("Choose the group."))
    return found.value


def source(text: str, _country: str) -> str:
    """Where the data come from (Art. 14(2)(f) GDPR); it has to be said."""
    said = line.check(text, SOURCE_LIMIT)
    if not said:
        raise Refused(mark("Write where the data come from, for example: from the person."))
    return said
