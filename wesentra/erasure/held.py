"""Whom a named hold keeps: no way out takes them before it is lifted (Art. 17(3)(e) GDPR)."""

from collections.abc import Collection

from sqlalchemy import select

from wesentra.erasure.reasons import REQUEST
from wesentra.models import RetentionHold, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.retention_hold import HoldKind
from wesentra.refusal import Kept

KEEPS = (HoldKind.CLAIM, HoldKind.REQUEST, HoldKind.BREACH)
"""Holds that keep from every way out; the others only keep from the retention rule."""
DESPITE_REQUEST = (HoldKind.CLAIM,)
"""Of these the one that keeps even when the person asks to be erased: a legal claim."""


def among(kind: str, numbers: Collection[int], why: str = "") -> set[int]:
    """Those of these contacts or companies whom a hold keeps from an erasure for this reason."""
    own = RetentionHold.contact_id if kind == "contact" else RetentionHold.company_id
    kinds = DESPITE_REQUEST if why == REQUEST else KEEPS
    standing = own.in_(numbers), RetentionHold.lifted_at.is_(None), RetentionHold.kind.in_(kinds)
    query = select(own).where(*standing)
    return set(db.session.scalars(query, execution_options=seen_by_program("erasure")))


def demand_none(contacts: Collection[int], companies: Collection[int], why: str = "") -> None:
    """Refuse to erase any of these while a hold keeps one of them; raises Kept."""
    for kind, numbers in (("contact", contacts), ("company", companies)):
        if kept := among(kind, numbers, why):
            raise Kept(kind, min(kept))
