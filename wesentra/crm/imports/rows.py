"""One raw row becomes a clean record, or the list of what is wrong with it. Pure."""

from collections.abc import Callable, Mapping

from wesentra.crm.imports import named
from wesentra.crm.imports.mapping import Columns
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.imports.record import Checked, Defaults, Reason, Record
from wesentra.crm.imports.suspicious import as_typed, is_formula, is_nothing
from wesentra.crm.values import (
    business_id,
    einvoice,
    email_address,
    line,
    note,
    person_name,
    phone,
    postal_code,
)
from wesentra.refusal import Refused
from wesentra.texts import mark

LIMITS = {
    "company": 160,
    "street": 160,
    "post_office": 80,
    "billing_address": 240,
    "title": 120,
    "source": 120,
}
"""Characters of the one-line fields, as their columns are wide."""

COMPANY = (
    *("company", "business_id", "street", "postal_code", "post_office", "country"),
    *("billing_address", "einvoice_address", "einvoice_operator", "switchboard"),
)
CONTACT = ("given_name", "family_name", "title", "phone", "email", "language", "note")
_DIALLED = ("phone", "switchboard")


Read = dict[tuple[str, str, str], str]
"""Cells of companies that were read and right, by field, cell and country: a company stands in
as many rows as it has people. Belongs to one batch."""


def check(row: RawRow, columns: Columns, defaults: Defaults, known: Read | None = None) -> Checked:
    """Return the clean record of `row`, or every reason why it is rejected."""
    if row.fault:
        return [Reason(None, row.fault)]
    cells = {
        column.field: (index, as_typed(cell))
        for index, (column, cell) in enumerate(zip(columns, row.cells, strict=True))
        if column.field and not is_nothing(cell)
    }
    reader = _Reader(cells, defaults, {} if known is None else known)
    record = reader.record()
    return reader.reasons or record


class _Reader:
    """Reads the cells of one row, gathering what is wrong instead of stopping at the first."""

    def __init__(
        self, cells: Mapping[str, tuple[int, str]], defaults: Defaults, known: Read
    ) -> None:
        self.cells = cells
        self.known = known
        self.defaults = defaults
        self.reasons: list[Reason] = []
        self.country = self._one("country", named.country) or defaults.region

    def record(self) -> Record:
        """Return the record as far as it could be read."""
        company = {key: value for key in COMPANY if (value := self._company_value(key))}
        contact = {key: value for key in CONTACT if (value := self._value(key))}
        contact |= self._name(contact)
        said = self._one("group", named.group)
        group = said or self.defaults.group
        source = self._value("source") or self.defaults.source
        self._whole(company, contact, group, source)
        if company:
            company["country"] = self.country
        return Record(company, contact, group, source, bool(said))

    def _company_value(self, key: str) -> str:
        if key not in self.cells:
            return ""
        mark = (key, self.cells[key][1], self.country)
        value = self.known.get(mark)
        if value is None:
            value = self._value(key)
            if value:
                self.known[mark] = value
        return value

    def _value(self, key: str) -> str:
        if key in _DIALLED:
            return self._one(key, lambda text: phone.parse(text, self.country))
        if key == "postal_code":
            return self._one(key, self._postal)
        if key == "note":
            return self._one(key, self._note)
        if key in LIMITS:
            return self._one(key, lambda text: line.check(text, LIMITS[key]))
        return self._one(key, _PARSERS[key]) if key in _PARSERS else ""

    def _one(self, key: str, parse: Callable[[str], str]) -> str:
        """Return the parsed cell of a field, empty when there is none or it is wrong."""
        if key not in self.cells:
            return ""
        index, cell = self.cells[key]
        try:
            if is_formula(cell):
                raise Refused(mark("The cell holds a formula. Put its result there instead."))
            if "\ufffd" in cell:
                raise Refused(mark("The cell has a letter that could not be read."))
            return parse(cell)
        except Refused as no:
            values = {name: value for name, value in no.values.items() if name != "value"}
            self.reasons.append(Reason(index, no.sentence, values))
            return ""

    def _name(self, contact: Mapping[str, str]) -> dict[str, str]:
        if "name" not in self.cells:
            return {}
        found: dict[str, str] = {}

        def split(text: str) -> str:
            name = person_name.split(text)
            found.update(given_name=name.given, family_name=name.family)
            return text

        self._one("name", split)
        return {key: value for key, value in found.items() if value and not contact.get(key)}

    def _postal(self, text: str) -> str:
        """Read a postal code; a spreadsheet that took 00100 for a number left 100 of it."""
        bare = text.strip()
        if self.country == "FI" and bare.isdecimal() and len(bare) in (3, 4):
            bare = bare.zfill(5)
        return postal_code.parse(bare, self.country)

    def _note(self, text: str) -> str:
        found = note.check(text)
        words = [] if self.defaults.keep_sensitive else note.sensitive_words(found)
        if words:
            raise Refused(
                mark(
                    "The note has a word of a special category of data, such as health. Take it "
                    "out, or say in the import that such notes are really needed."
                )
            )
        return found

    def _whole(
        self, company: Mapping[str, str], contact: Mapping[str, str], group: str, source: str
    ) -> None:
        """Note what the row as a whole lacks, when its cells were right so far."""
        if self.reasons:
            return
        named = contact.get("given_name") or contact.get("family_name")
        if contact and not named:
            self._lacks(mark("The name of the contact is missing."))
        if company and "company" not in company:
            self._lacks(mark("The name of the company is missing."))
        if not contact and not company:
            self._lacks(mark("The row names nobody."))
        if not group:
            self._lacks(mark("The group is missing."))
        if not source:
            self._lacks(mark("The source of the data is missing."))

    def _lacks(self, sentence: str) -> None:
        self.reasons.append(Reason(None, sentence))


_PARSERS: dict[str, Callable[[str], str]] = {
    "business_id": business_id.parse,
    "einvoice_address": einvoice.parse,
    "einvoice_operator": einvoice.operator,
    "given_name": person_name.part,
    "family_name": person_name.part,
    "email": email_address.parse,
    "language": named.language,
}
