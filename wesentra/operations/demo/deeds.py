"""The deeds of the story, done through the real actions, so that the log of the demo is real."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import actions as accounts
from wesentra.accounts import log_notice
from wesentra.actor import Acting, Showing, acting_as
from wesentra.crm.companies import actions as companies
from wesentra.crm.contacts import actions as contacts
from wesentra.crm.contacts import queries
from wesentra.crm.interactions import actions as interactions
from wesentra.crm.interactions import prompts
from wesentra.crm.interactions import queries as talks
from wesentra.crm.interactions.answers import Answer, value_of
from wesentra.crm.search import queries as search
from wesentra.crm.tasks import actions as tasks
from wesentra.models import Company, Contact, Task, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import Outcome, SkipReason
from wesentra.operations.demo import batch, disclosing, words
from wesentra.operations.demo.invention import Firm, Inventor, Person
from wesentra.operations.demo.places import ENDPOINTS, SHOWS
from wesentra.operations.demo.story import COLLEAGUES, STAFF, Deed

REGION = "FI"
OFFICE = "192.0.2.10"
"""An address that is kept for examples (RFC 5737)."""


@dataclass
class Stage:
    """Where the story is played: who is who, and which ids were given."""

    inventor: Inventor
    firms: list[Firm]
    people: list[Person]
    password_hashes: dict[str, str]
    rng: Random
    users: dict[str, int] = field(default_factory=dict)
    companies: dict[int, int] = field(default_factory=dict)
    contacts: dict[int, int] = field(default_factory=dict)
    batches: dict[int, int] = field(default_factory=dict)
    """The number of people of each batch."""

    def play(self, deeds: list[Deed], tell: Callable[[int], None]) -> None:
        """Do the deeds one by one, each in its own time and transaction; `tell` counts them."""
        for number, deed in enumerate(deeds):
            with self._acting(deed):
                DOES[deed.kind](self, deed)
                db.session.commit()
            db.session.remove()
            tell(number + 1)

    @contextmanager
    def _acting(self, deed: Deed) -> Iterator[None]:
        role = next((one.role for one in COLLEAGUES if one.name == deed.who), "system")
        acting = Acting(
            user_id=self.users.get(deed.who),
            role=role,
            purpose=deed.purpose if deed.who else "maintenance",
            request_id=str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
            channel="web" if deed.who else "cli",
            showing=SHOWS.get(deed.kind, Showing.VIEW),
            source=OFFICE if deed.who else "demo",
            endpoint=ENDPOINTS.get(deed.kind, "wesentra demo"),
        )
        with clock.turned_to(deed.at), acting_as(acting):
            yield


def _open(stage: Stage, _deed: Deed) -> None:
    """The accounts of the company, with their roles from the first day."""
    for one in COLLEAGUES:
        user = accounts.add(one.name, one.full_name, stage.password_hashes[one.name], one.language)
        accounts.grant(user, one.role)
        if one.informed:
            log_notice.acknowledge(user.id, log_notice.of_today())
        stage.users[one.name] = user.id


def _leave(stage: Stage, _deed: Deed) -> None:
    """Whoever leaves loses the account; the contacts go to a colleague."""
    heir = stage.users[STAFF[0]]
    for one in COLLEAGUES:
        if one.leaves:
            owned = select(Contact.id).where(Contact.owner_id == stage.users[one.name])
            ids = db.session.scalars(owned, execution_options=seen_by_program("handing over"))
            for contact_id in ids.all():
                contacts.give_to(queries.to_change(contact_id), heir)
            accounts.disable(accounts.named(one.name))


def _firm(stage: Stage, deed: Deed) -> None:
    made = companies.create(stage.firms[deed.number].typed, stage.users[deed.who])
    stage.companies[deed.number] = made.id


def _ended(stage: Stage, deed: Deed) -> None:
    """The contract with a customer of former times ended on this day."""
    company = db.session.get_one(Company, stage.companies[deed.number])
    company.contract_ended_on = clock.today()


def _person(stage: Stage, deed: Deed) -> None:
    person = stage.people[deed.number]
    company = None
    if person.firm is not None:
        company = db.session.get_one(Company, stage.companies[person.firm])
    made = contacts.create(person.typed, company, stage.users[deed.who], REGION)
    if company is not None and stage.firms[person.firm or 0].owner:
        companies.is_person(company, made.id)
    stage.contacts[deed.number] = made.id


def _talk(stage: Stage, deed: Deed) -> None:
    """Contact time: the prompts that would have been shown, and what came of them."""
    contact = queries.to_change(stage.contacts[deed.number])
    checked = {name: one.at for name, one in queries.last_checks(contact.id).items()}
    values = {name: value_of(contact, name) for name in prompts.ORDER}
    told = talks.was_told(contact.id)
    shown = prompts.decide(values, checked, told, clock.today(), 90)
    talk = interactions.Talk(
        channel=deed.channel,
        direction=deed.direction,
        purpose=deed.purpose,
        summary=deed.summary,
        next_step=deed.step,
        next_on=deed.due_on,
    )
    interactions.record(contact, talk, [_answer(stage, prompt) for prompt in shown], REGION)


def _answer(stage: Stage, prompt: prompts.Prompt) -> Answer:
    """Mostly right; now and then there is no time, a new number, another title."""
    chance = stage.rng.random()
    if chance < 0.12:
        reason = stage.rng.choice((SkipReason.NO_TIME, SkipReason.NOT_SUITABLE))
        return Answer(prompt.field, Outcome.SKIPPED, prompt.value, reason=reason)
    if chance < 0.22 and prompt.field in ("phone", "title"):
        titles = words.TITLES_FI
        new = stage.inventor.phone() if prompt.field == "phone" else stage.rng.choice(titles)
        return Answer(prompt.field, Outcome.CORRECTED, prompt.value, new)
    if chance < 0.5 and prompt.field == "note":
        return Answer(prompt.field, Outcome.REMOVED, prompt.value)
    return Answer(prompt.field, Outcome.CONFIRMED, prompt.value)


def _finish(stage: Stage, deed: Deed) -> None:
    whose = Task.contact_id == stage.contacts[deed.number]
    for task in db.session.scalars(select(Task).where(whose, Task.done_at.is_(None))):
        tasks.finish(task)


def _look(stage: Stage, deed: Deed) -> None:
    queries.get(stage.contacts[deed.number])


def _search(stage: Stage, deed: Deed) -> None:
    search.find(stage.people[deed.number].typed["family_name"])


def _list(stage: Stage, deed: Deed) -> None:
    queries.page(owner_id=stage.users[deed.who])


def _disclose(stage: Stage, deed: Deed) -> None:
    disclosing.note(stage.contacts[deed.number], deed.number)


def _batch(stage: Stage, deed: Deed) -> None:
    owners = [stage.users[name] for name in STAFF[:2]]
    batch.add(stage.inventor, stage.batches[deed.number], owners)


DOES: dict[str, Callable[[Stage, Deed], None]] = {
    "open": _open,
    "leave": _leave,
    "firm": _firm,
    "ended": _ended,
    "person": _person,
    "talk": _talk,
    "finish": _finish,
    "search": _search,
    "look": _look,
    "list": _list,
    "disclose": _disclose,
    "batch": _batch,
}
