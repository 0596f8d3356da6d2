"""What is done with companies."""

from sqlalchemy import select

from wesentra import clock
from wesentra.crm.companies import words
from wesentra.crm.values import fold, line
from wesentra.models import Company, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Refused
from wesentra.texts import mark


def name_of(company_id: int) -> str:
    """A company's name, to be filled into a form."""
    name = db.session.scalar(
        select(Company.name).where(Company.id == company_id),
        execution_options=seen_by_program("form"),
    )
    return name or ""


def named_or_new(name: str, group: str, source: str) -> Company | None:
    """The company of this name; a new one when there is none; None for no name.

    Refuses when several companies have the name.
    """
    name = line.check(name, 160)
    if not name:
        return None
    ids = db.session.scalars(
        select(Company.id).where(
            Company.sort_key == fold.sort_key(name)[:160], Company.pending_import_id.is_(None)
        ),
        execution_options=seen_by_program("duplicate"),
    ).all()
    if len(ids) > 1:
        raise Refused(
            mark("There are several companies named %(name)s. Add the person from its page."),
            field="company",
            name=name,
        )
    return db.session.get(Company, ids[0]) if ids else _new(name, group, source)


def _new(name: str, group: str, source: str) -> Company:
    now = clock.now()
    company = Company(
        name=name,
        sort_key=fold.sort_key(name)[:160],
        group=group,
        source=source,
        created_at=now,
        updated_at=now,
    )
    db.session.add(company)
    db.session.flush()
    words.write(company)
    return company
