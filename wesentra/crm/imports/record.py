"""What a row of a file becomes: a clean record, or the reasons why it is rejected."""

from dataclasses import dataclass, field
from functools import cached_property

from wesentra.crm.imports import known


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it: group key, source, country (ISO two letters)."""

    group: str = ""
    source: str = ""
    region: str = "FI"
    keep_sensitive: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a row was rejected: the sentence, its values, and the column (None: the whole row).

    `values` never hold the cell itself, which is personal; whoever shows the sentence puts the
    cell of `column` in the place of `%(value)s`.
    """

    column: int | None
    sentence: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """A clean row: the company's and the contact's fields, either maybe empty."""

    company: dict[str, str]
    contact: dict[str, str]
    group: str
    source: str
    group_said: bool = False

    def make_keys(self) -> None:
        """Make the keys now, where it holds up nobody; they are kept."""
        _ = self.company_key, self.person_key

    @cached_property
    def company_key(self) -> str:
        """The key of the company's name; empty without one."""
        return known.company_key(self.company.get("company", ""))

    @cached_property
    def person_key(self) -> str:
        """The key of the person's name; empty without one."""
        contact = self.contact
        return known.person_key(contact.get("given_name", ""), contact.get("family_name", ""))


Checked = Record | list[Reason]
