"""The search index: folded words by prefix, row by row erasable (no FTS, which keeps fragments)."""

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, folded
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class ContactWord(Base):
    """A word by which a contact is found: name, mail address, digits of the phone number.

    `category` is that of the field it stands in, of several the one that is hidden last: a word
    of a field that a purpose does not show finds nobody under it.
    """

    __tablename__ = "contact_word"
    __subject__ = "contact_id"
    __table_args__ = {"sqlite_with_rowid": False}

    word: Mapped[str] = personal(
        folded(80),
        primary_key=True,
        category=Category.IDENTITY,
        keep=Keep.CONTACT,
        label=mark("Search word"),
        exported=False,
    )
    contact_id: Mapped[int] = not_personal(
        Integer, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    category: Mapped[str] = not_personal(String(20))


class CompanyWord(Base):
    """A word by which a company is found: name, business ID, digits of the switchboard.

    `category` as above.
    """

    __tablename__ = "company_word"
    __subject__ = None
    __page__ = ("company", "company_id")
    __table_args__ = {"sqlite_with_rowid": False}

    word: Mapped[str] = personal(
        folded(80),
        primary_key=True,
        category=Category.IDENTITY,
        keep=Keep.BILLING,
        label=mark("Search word"),
        exported=False,
    )
    company_id: Mapped[int] = not_personal(
        Integer, ForeignKey("company.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    category: Mapped[str] = not_personal(String(20))
