"""What is left of disclosures of those who were erased: how many there were, of nobody."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class DisclosureYear(Base):
    """The number of disclosures of a year that lost their people, without their recipients.

    `categories` are codes, parted by commas. `outcome` is "told" (of the erasure), a code of
    `Untold`, or nothing: the recipient was not told.
    """

    __tablename__ = "disclosure_year"

    year: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    basis: Mapped[str] = not_personal(String(12), primary_key=True)
    categories: Mapped[str] = not_personal(String(100), primary_key=True)
    outcome: Mapped[str] = not_personal(String(12), primary_key=True)
    number: Mapped[int] = not_personal(Integer)
