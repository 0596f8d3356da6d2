"""What was answered to the prompts, and what it changes: all of it or nothing."""

from dataclasses import dataclass

from wesentra.crm.companies import actions as company_actions
from wesentra.crm.contacts import actions as contact_actions
from wesentra.crm.contacts import hidden
from wesentra.crm.interactions.prompts import NOTICE
from wesentra.crm.values.person_name import PersonName
from wesentra.models import Contact, db
from wesentra.models.codes import Outcome
from wesentra.refusal import Conflict, Refused
from wesentra.texts import mark

UNNAMED = PersonName("", "")


@dataclass(frozen=True)
class Answer:
    """What was answered about one field; `was` is the value that the page showed.

    `text` is the right value as it was typed; of a name, `name` has its two parts. `company_id`
    tells which of several companies of a name is meant, `shared` is the mail address that was
    said to be of several people.
    """

    field: str
    outcome: str
    was: str
    text: str = ""
    reason: str = ""
    name: PersonName = UNNAMED
    company_id: int | None = None
    shared: str = ""


class Refusals(Refused):
    """Several prompts were refused at once; `each` has one refusal a field."""

    def __init__(self, each: dict[str, Refused]) -> None:
        super().__init__(mark("Nothing was saved. Correct the marked places."))
        self.each = each


def value_of(contact: Contact, field: str) -> str:
    """The value that a prompt about `field` shows."""
    if field == "name":
        return contact.name
    if field == "company":
        return contact.company.name if contact.company else ""
    return str(getattr(contact, field))


def carry_out(contact: Contact, answers: list[Answer], region: str) -> None:
    """Make all changes or, when one is refused, none: the page then shows what really stands."""
    refused: dict[str, Refused] = {}
    with db.session.begin_nested():
        for answer in answers:
            try:
                _one(contact, answer, region)
            except Refused as refusal:
                refused[answer.field] = refusal
        if refused:
            raise Refusals(refused)


def _one(contact: Contact, answer: Answer, region: str) -> None:
    """Change what the answer says; a confirmation of something that changed is refused, too."""
    if answer.field == NOTICE or answer.outcome == Outcome.SKIPPED:
        return
    _not_overtaken(contact, answer)
    if answer.outcome == Outcome.CORRECTED:
        _correct(contact, answer, region)
    elif answer.outcome == Outcome.REMOVED:
        _take_away(contact, answer.field)


def overtaken(contact: Contact, answers: list[Answer]) -> dict[str, Refused]:
    """The answers, by field, to a value that is not the one any more that the page showed, or
    that is not to be seen any more."""
    found: dict[str, Refused] = {}
    for answer in answers:
        try:
            _not_overtaken(contact, answer)
        except Refused as refusal:
            found[answer.field] = refusal
    return found


def _not_overtaken(contact: Contact, answer: Answer) -> None:
    if answer.field == NOTICE or answer.outcome == Outcome.SKIPPED:
        return
    hidden.demand_shown(contact, answer.field)
    now = value_of(contact, answer.field)
    others = {Outcome.CORRECTED.value: answer.text, Outcome.REMOVED.value: ""}
    wanted = others.get(answer.outcome, answer.was)
    if now not in (answer.was, wanted):
        raise Conflict(answer.field, now)


def _correct(contact: Contact, answer: Answer, region: str) -> None:
    if not answer.text.strip():
        raise Refused(mark("Write the right value, or choose “Not needed”."), field=answer.field)
    if answer.field == "name":
        contact_actions.rename(contact, answer.name.given, answer.name.family)
    elif answer.field == "company":
        chosen = answer.company_id or contact.company_id
        company = company_actions.named_or_new(
            answer.text, contact.group, contact.source, region, chosen
        )
        contact_actions.move_to(contact, company)
    else:
        contact_actions.change(contact, answer.field, answer.text, None, region, answer.shared)


def _take_away(contact: Contact, field: str) -> None:
    if field == "name":
        raise Refused(mark("A contact has a name. To remove the person, delete the contact."))
    if field == "company":
        contact_actions.move_to(contact, None)
    else:
        contact_actions.empty(contact, field)
