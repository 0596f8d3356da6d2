"""What is decided about fields that nobody uses; nothing is committed here."""

from sqlalchemy import select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.compliance.minimisation import removing, unused
from wesentra.compliance.minimisation.policy import REMOVABLE
from wesentra.compliance.minimisation.removing import Empty
from wesentra.models import FieldRemoval, db
from wesentra.models.codes import Group
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

NEEDED = mark("This field was used meanwhile, or something keeps these data.")


def known_field(field: str) -> str:
    """`field` when it is one that can be removed; raises NotFound."""
    if field not in REMOVABLE:
        raise NotFound(mark("There is no such field."))
    return field


def known_group(group: str) -> str:
    """`group` when there is one like that; raises NotFound."""
    if group not in set(Group):
        raise NotFound(mark("There is no such group."))
    return group


def remove_from_group(group: str, field: str, empty: Empty) -> FieldRemoval:
    """Take a field from everybody of a group for whom it is proposed: from the first few at once,
    from the others by the job. While one such removal goes on, another one is none.

    Raises Refused where the log does not know enough.
    """
    known = unused.measured()
    if not known.enough:
        raise Refused(mark("Too little is known yet of what was used."))
    own = FieldRemoval.group == group, FieldRemoval.field == field
    going_on = select(FieldRemoval).where(*own, FieldRemoval.done_at.is_(None)).with_for_update()
    removal = db.session.scalar(going_on)
    if removal is None:
        removal = FieldRemoval(group=group, field=field, unused_until=known.until, removed=0)
        removal.asked_at, removal.asked_by = clock.now(), current().user_id
        db.session.add(removal)
        db.session.flush()
        current().deed(Operation.RETENTION, "field_removal", [removal.id], ["removal"])
    removing.carry_on(removal.id, empty)
    if not removing.more(removal):
        removal.done_at = clock.now()
    return removal


def remove_from(contact_id: int, field: str, empty: Empty) -> None:
    """Take a field from one contact; one that is empty already is left as it is.

    Raises Refused where it was used meanwhile, or something keeps it.
    """
    until = unused.measured().until
    own = current().user_id
    taken = removing.take([contact_id], field, until, empty, decided_by=own)
    if taken == 0 and unused.has(contact_id, field):
        raise Refused(NEEDED)
