"""The fields of a company: how each is read, given the country in which the company is."""

from wesentra.crm.values import business_id, einvoice, field, line, note, phone, postal_code
from wesentra.crm.values.field import Field
from wesentra.refusal import Refused
from wesentra.texts import mark

HOME = "FI"
ID_LIMIT = 12


def _name(text: str, _country: str) -> str:
    name = line.check(text, 160)
    if not any(char.isalnum() for char in name):
        raise Refused(mark("Write the company’s name."))
    return name


def _business_id(text: str, country: str) -> str:
    """A Finnish one is checked; abroad it is as its country writes it."""
    if country == HOME:
        return business_id.parse(text)
    try:
        return business_id.parse(text)
    except Refused:
        return line.check(text, ID_LIMIT)


def _country(text: str, _country: str) -> str:
    code = text.strip().upper()
    if code not in phone.REGIONS:
        raise Refused(mark("Choose the country."))
    return code


FIELDS = {
    one.name: one
    for one in (
        Field("name", mark("Company name"), _name, needed=True),
        Field("business_id", mark("Business ID"), _business_id),
        Field("street", mark("Street address"), lambda t, _c: line.check(t, 160)),
        Field("postal_code", mark("Postal code"), postal_code.parse),
        Field("post_office", mark("Post office"), lambda t, _c: line.check(t, 80)),
        Field("country", mark("Country"), _country, kind="country", needed=True),
        Field("switchboard", mark("Switchboard"), phone.parse, kind="tel"),
        Field(
            "billing_address",
            mark("Billing address"),
            lambda t, _c: line.check(t, 240),
        ),
        Field(
            "einvoice_address",
            mark("E-invoice address"),
            lambda t, _c: einvoice.parse(t),
        ),
        Field(
            "einvoice_operator",
            mark("E-invoice operator"),
            lambda t, _c: einvoice.operator(t),
        ),
        Field("group", mark("Group"), field.group, kind="group", needed=True),
        Field("source", mark("Source of data"), field.source, needed=True),
        Field("note", mark("Note"), lambda t, _c: note.check(t), kind="note"),
    )
}
"""In the order in which they are shown."""

DEPEND_ON_COUNTRY = ("business_id", "postal_code")
"""Fields whose right form the country decides."""


def read(name: str, text: str, country: str) -> str:
    """The value of a field from what was typed; empty when it may be; refuses at the field."""
    return field.value(FIELDS, name, text, country)


def warning(name: str, value: str, own_id: str) -> str:
    """A sentence (message id with `%(value)s`) on a right value that is unusual, else nothing.

    `own_id` is the company's business ID.
    """
    if name == "einvoice_address" and einvoice.is_of_another(value, own_id):
        return mark(
            "The e-invoice address has another business ID: %(value)s. "
            "In a group of companies that is usual; otherwise check it."
        )
    if name == "einvoice_operator" and value and not einvoice.is_operator_code(value):
        return mark("Not an operator’s code, only a name. Invoices may need the code.")
    return ""
