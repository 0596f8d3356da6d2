"""What is done with tasks."""

from datetime import date

from wesentra import clock
from wesentra.models import Contact, Task, db


def add(contact: Contact, text: str, due_on: date, owner_id: int | None) -> Task:
    """Promise something to a contact; `text` and `due_on` are right already."""
    task = Task(
        contact_id=contact.id,
        owner_id=owner_id,
        text=text,
        due_on=due_on,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.flush()
    return task


def finish(task: Task) -> None:
    """Say that it is done; what was done before keeps its time."""
    task.done_at = task.done_at or clock.now()


def reopen(task: Task) -> None:
    """Say that it is not done after all."""
    task.done_at = None
