"""Questions about tasks. A list shows the person's name, so the name is logged as shown."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import joinedload, load_only

from wesentra import clock
from wesentra.models import Contact, Task, db
from wesentra.refusal import NotFound
from wesentra.texts import mark

MOST = 100
"""Tasks that a list shows at most; who has more needs another tool."""
DONE_DAYS = 30
ROW = (Task.contact_id, Task.owner_id, Task.text, Task.due_on, Task.done_at)


def _rows() -> Select[Task]:
    return select(Task).options(load_only(*ROW))


def _with_person() -> Select[Task]:
    name = joinedload(Task.contact, innerjoin=True)
    return _rows().options(name.load_only(Contact.given_name, Contact.family_name))


def open_of(owner_id: int | None, limit: int = MOST) -> Sequence[Task]:
    """Open tasks by their day, of one owner or (None) of everybody."""
    query = _with_person().where(Task.done_at.is_(None), *_owned(owner_id))
    return db.session.scalars(query.order_by(Task.due_on, Task.id).limit(limit)).all()


def done_of(owner_id: int | None) -> Sequence[Task]:
    """Tasks done in the last `DONE_DAYS` days, the newest first."""
    since = clock.now() - timedelta(days=DONE_DAYS)
    query = _with_person().where(Task.done_at >= since, *_owned(owner_id))
    return db.session.scalars(query.order_by(Task.done_at.desc(), Task.id).limit(MOST)).all()


def due_of(owner_id: int, limit: int = 10) -> Sequence[Task]:
    """An owner's open tasks whose day has come."""
    query = _with_person().where(
        Task.owner_id == owner_id, Task.done_at.is_(None), Task.due_on <= clock.today()
    )
    return db.session.scalars(query.order_by(Task.due_on, Task.id).limit(limit)).all()


def open_for(contact_id: int) -> Sequence[Task]:
    """A person's open tasks, for a page that shows the person anyway."""
    return db.session.scalars(_open(), {"contact_id": contact_id}).all()


@cache
def _open() -> Select[Task]:
    own = Task.contact_id == bindparam("contact_id")
    return _rows().where(own, Task.done_at.is_(None)).order_by(Task.due_on, Task.id)


def get(task_id: int, named: bool) -> Task:
    """One task as a row shows it, `named` with its person."""
    query = _with_person() if named else _rows()
    return _there(query.where(Task.id == task_id))


def to_change(task_id: int) -> Task:
    """One task, locked against others on PostgreSQL (SQLite has locked already)."""
    return _there(_rows().where(Task.id == task_id).with_for_update())


def _there(query: Select[Task]) -> Task:
    task = db.session.scalar(query)
    if task is None:
        raise NotFound(mark("This task is not there any more."))
    return task


def _owned(owner_id: int | None) -> list[ColumnElement[bool]]:
    return [] if owner_id is None else [Task.owner_id == owner_id]
