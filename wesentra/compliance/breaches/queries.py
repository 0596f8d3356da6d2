"""Questions about breaches."""

from collections.abc import Sequence

from sqlalchemy import select

from wesentra.models import Breach, db
from wesentra.models.breach import BreachStatus
from wesentra.refusal import NotFound
from wesentra.texts import mark


def everything() -> Sequence[Breach]:
    """All breaches, the newest first; they are few."""
    return db.session.scalars(select(Breach).order_by(Breach.id.desc())).all()


def unfinished() -> Sequence[Breach]:
    """Drafts and open ones, the earliest known first: it is due first."""
    query = select(Breach).where(Breach.status != BreachStatus.CLOSED)
    return db.session.scalars(query.order_by(Breach.aware_at, Breach.id)).all()


def get(breach_id: int) -> Breach:
    """One breach."""
    return _there(db.session.get(Breach, breach_id))


def to_change(breach_id: int) -> Breach:
    """One breach, locked against others on PostgreSQL (SQLite has locked already)."""
    query = select(Breach).where(Breach.id == breach_id).with_for_update()
    return _there(db.session.scalar(query))


def _there(breach: Breach | None) -> Breach:
    if breach is None:
        raise NotFound(mark("There is no such breach."))
    return breach
