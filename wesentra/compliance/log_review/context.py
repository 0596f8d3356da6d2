"""What rules need to know beside the entries, looked at by the program alone."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select

from wesentra.audit import ledger, spans
from wesentra.audit.usual import COMPARED
from wesentra.compliance.log_review.records import Context, day_of
from wesentra.limits import ReviewLimits
from wesentra.models import Contact, FieldChange, FieldCheck, Interaction, Purpose, Task, User, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import Group, Outcome

BATCH = 5000


def gathered(begin: datetime, end: datetime, limits: ReviewLimits) -> Context:
    """The context of the entries from `begin` to `end`."""
    surnames, namesakes, people = _names()
    return Context(
        work=_work(begin, end, timedelta(days=limits.review_contact_days)),
        surnames=surnames,
        namesakes=namesakes,
        former=_former(),
        sources=spans.sources(begin, limits.review_source_days),
        leaving=_leaving(begin, end),
        days=_days(begin, end),
        people=people,
        purposes=frozenset(db.session.scalars(select(Purpose.key))),
    )


def confirmed(begin: datetime, end: datetime) -> dict[int, list[tuple[datetime, int]]]:
    """When each user confirmed fields, and of whom, in order."""
    query = (
        select(FieldCheck.user_id, FieldCheck.at, FieldCheck.contact_id)
        .where(FieldCheck.at >= begin, FieldCheck.at < end)
        .where(FieldCheck.outcome == Outcome.CONFIRMED, FieldCheck.user_id.is_not(None))
        .order_by(FieldCheck.at)
    )
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for user, at, contact in _looked(query):
        found[user].append((at, contact))
    return dict(found)


def _looked(query: Any) -> list[Any]:
    return list(db.session.execute(query, execution_options=seen_by_program("log review")).all())


def _work(begin: datetime, end: datetime, near: timedelta) -> dict[tuple[int, int], list[datetime]]:
    """When each user had a contact or a task with each person: made, done, or its contact."""
    found: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    first, last = begin - near, end + near
    talks = select(Interaction.user_id, Interaction.contact_id, Interaction.at)
    for user, contact, at in _looked(talks.where(Interaction.at >= first, Interaction.at < last)):
        found[user or 0, contact].append(at)
    for column in (Task.created_at, Task.done_at):
        tasks = select(Task.owner_id, Task.contact_id, column)
        for user, contact, at in _looked(tasks.where(column >= first, column < last)):
            found[user or 0, contact].append(at)
    return dict(found)


def _names() -> tuple[dict[int, frozenset[int]], dict[int, int], set[int]]:
    """The people who have a user's surname, those who have a user's whole name, and all people."""
    families: dict[str, set[int]] = defaultdict(set)
    whole: dict[str, int] = {}
    for user, full_name in db.session.execute(select(User.id, User.full_name)):
        families[_same(full_name.split()[-1] if full_name.split() else "")].add(user)
        whole[_same(full_name)] = user
    families.pop("", None)
    surnames: dict[int, frozenset[int]] = {}
    namesakes: dict[int, int] = {}
    people: set[int] = set()
    for contact, given, family in _contacts():
        people.add(contact)
        if (users := families.get(_same(family))) is not None:
            surnames[contact] = frozenset(users)
            namesake = whole.get(_same(f"{given} {family}"))
            if namesake is not None:
                namesakes[contact] = namesake
    return surnames, namesakes, people


def _contacts() -> Iterator[Any]:
    last = 0
    query = select(Contact.id, Contact.given_name, Contact.family_name).order_by(Contact.id)
    while rows := _looked(query.where(Contact.id > last).limit(BATCH)):
        yield from rows
        last = rows[-1].id


def _same(name: str) -> str:
    return normalize("NFC", " ".join(name.split())).casefold()


def _former() -> dict[int, datetime]:
    """Since when each former customer is one: the last change to it, or since they were added."""
    former = Group.FORMER_CUSTOMER
    people = select(Contact.id, Contact.created_at).where(Contact.group == former)
    found = dict(_looked(people))
    changes = (
        select(FieldChange.contact_id, func.max(FieldChange.at))
        .where(FieldChange.field == "group", FieldChange.new == former)
        .group_by(FieldChange.contact_id)
    )
    return found | {contact: at for contact, at in _looked(changes) if contact in found}


def _leaving(begin: datetime, end: datetime) -> dict[int, datetime]:
    """Accounts closed in the month: whenever it is drawn, a look is told in one review alone."""
    within = (User.disabled_at >= begin, User.disabled_at < end)
    closed = db.session.execute(select(User.id, User.disabled_at).where(*within))
    return {user: at for user, at in closed if at is not None}


def _days(begin: datetime, end: datetime) -> dict[int, dict[date, int]]:
    """By the daily figures: they stay as they are when entries go or people are erased."""
    wanted = ledger.Wanted(
        about="contact",
        first=day_of(begin) - timedelta(days=COMPARED),
        last=day_of(end) - timedelta(days=1),
    )
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for day in ledger.by_user_and_day(wanted):
        if day.people:
            found[day.user][day.day] = day.people
    return dict(found)
