"""Disclosures: which data of a contact somebody outside got, and whether they were told since."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Basis(StrEnum):
    """On what basis data were disclosed: the points of Art. 6(1) GDPR that a company meets."""

    CONTRACT = "contract"
    OBLIGATION = "obligation"
    CONSENT = "consent"
    INTEREST = "interest"
    REQUEST = "request"


BASES: dict[str, str] = {
    Basis.CONTRACT: mark("Contract"),
    Basis.OBLIGATION: mark("Legal obligation"),
    Basis.CONSENT: mark("Consent"),
    Basis.INTEREST: mark("Legitimate interest"),
    Basis.REQUEST: mark("The person asked for it"),
}
"""What the codes are called, as message ids; so also below."""


class Cause(StrEnum):
    """Of what a recipient is told (Art. 19 GDPR)."""

    ERASURE = "erasure"
    CORRECTION = "correction"
    RESTRICTION = "restriction"


CAUSES: dict[str, str] = {
    Cause.ERASURE: mark("Erasure"),
    Cause.CORRECTION: mark("Correction"),
    Cause.RESTRICTION: mark("Restriction of processing"),
}


class Untold(StrEnum):
    """Why a recipient need not be told: the two exceptions of Art. 19."""

    IMPOSSIBLE = "impossible"
    EFFORT = "effort"


WHY_UNTOLD: dict[str, str] = {
    Untold.IMPOSSIBLE: mark("Impossible"),
    Untold.EFFORT: mark("Disproportionate effort"),
}


class Disclosure(Base):
    """Data of one contact that went to one recipient, which is another controller or an authority.

    A recipient is an organisation as a rule. `categories` are codes of `Category`. `told_of` is the
    last thing that the recipient was told of, or `not_told` why not; who was told of the erasure
    has nothing left of which they could be told. It protects the person, so that no purpose hides
    it.
    """

    __tablename__ = "disclosure"
    __subject__ = "contact_id"
    __protects__ = True
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = personal(
        String(120), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Recipient")
    )
    basis: Mapped[str] = personal(
        String(12), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Basis")
    )
    categories: Mapped[list[str]] = personal(
        JSON, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Which data")
    )
    disclosed_on: Mapped[date] = personal(
        Date, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Disclosed on"), index=True
    )
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    created_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    told_of: Mapped[str] = personal(
        String(12), default="", category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Told of")
    )
    not_told: Mapped[str] = personal(
        String(12),
        default="",
        category=Category.HISTORY,
        keep=Keep.CONTACT,
        label=mark("Not told because"),
    )
    told_at: Mapped[datetime | None] = personal(
        UtcDateTime,
        category=Category.HISTORY,
        keep=Keep.CONTACT,
        label=mark("The recipient was told"),
    )
    told_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
