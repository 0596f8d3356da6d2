"""The one way out of the register."""

from collections.abc import Collection

from sqlalchemy import delete

from wesentra.models import Company, Contact, db
from wesentra.models.attribution import bulk_write


def erase(contacts: Collection[int], companies: Collection[int], why: str, rule: str = "") -> None:
    """Erase people and companies in the running transaction, for whoever acts."""
    for class_, kind, ids in ((Contact, "contact", contacts), (Company, "company", companies)):
        if ids:
            about = bulk_write("delete", kind, ids, [])
            db.session.execute(delete(class_).where(class_.id.in_(ids)), execution_options=about)
