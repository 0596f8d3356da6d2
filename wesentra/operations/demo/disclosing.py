"""To whom the invented company has given data of its customers' people."""

from wesentra import clock
from wesentra.compliance.disclosures import actions, queries
from wesentra.models.disclosure import Basis, Cause
from wesentra.models.personal import Category

RECIPIENTS = (
    ("Keksitty Perintä Oy", Basis.CONTRACT, (Category.IDENTITY, Category.CONTACT_DETAILS)),
    ("Verohallinto", Basis.OBLIGATION, (Category.IDENTITY, Category.BILLING)),
    ("Kuviteltu Messujärjestäjä ry", Basis.CONSENT, (Category.IDENTITY, Category.WORK)),
)
EVERY = 4
"""Data of every fourth person of the story went to somebody."""


def note(contact_id: int, number: int) -> None:
    """One disclosure; of every third its recipient was told of a correction already."""
    recipient, basis, categories = RECIPIENTS[number // EVERY % len(RECIPIENTS)]
    contact = queries.whose(contact_id)
    made = actions.note(contact, recipient, basis, list(categories), clock.today())
    if number % 3 == 0:
        actions.tell(made, Cause.CORRECTION, actions.TOLD, (Cause.CORRECTION,))
