"""One interaction, its checks and the changes they brought: stored together or not at all."""

from dataclasses import dataclass
from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import actions as company_actions
from wesentra.crm.contacts import actions as contact_actions
from wesentra.crm.interactions.prompts import NOTICE
from wesentra.crm.values import person_name
from wesentra.models import Contact, FieldCheck, Interaction, Notice, Task, db
from wesentra.models.codes import Outcome, SkipReason
from wesentra.refusal import Conflict, Refused
from wesentra.texts import mark


@dataclass(frozen=True)
class Answer:
    """What was answered about one field; `was` is the value that the page showed."""

    field: str
    outcome: str
    was: str
    text: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Talk:
    """The interaction itself, and the next step that was agreed (none: empty text)."""

    channel: str
    direction: str
    purpose: str
    summary: str
    next_step: str = ""
    next_on: date | None = None
    token: str | None = None


class Refusals(Refused):
    """Several prompts were refused at once; `each` has one refusal a field."""

    def __init__(self, each: dict[str, Refused]) -> None:
        super().__init__(mark("Some answers could not be saved."))
        self.each = each


def record(contact: Contact, talk: Talk, answers: list[Answer], region: str) -> Interaction:
    """Store one interaction with its checks and changes; refuses by field, all at once.

    What is refused is refused before anything changes: the page is made of what really stands.
    """
    if talk.next_step and talk.next_on is None:
        raise Refused(mark("Choose the day of the next step."), field="next_on")
    _carry_out_all(contact, answers, region)
    now = clock.now()
    interaction = Interaction(
        contact_id=contact.id,
        user_id=current().user_id,
        at=now,
        channel=talk.channel,
        direction=talk.direction,
        purpose=talk.purpose,
        summary=talk.summary,
        token=talk.token,
    )
    db.session.add(interaction)
    db.session.flush()
    for answer in answers:
        _remember(interaction, answer)
    if any(answer.outcome != Outcome.SKIPPED and answer.field != NOTICE for answer in answers):
        contact.checked_at = now
    if talk.next_step and talk.next_on:
        _promise(interaction, talk.next_step, talk.next_on)
    return interaction


def value_of(contact: Contact, field: str) -> str:
    """The value that a prompt about `field` shows."""
    if field == "name":
        return contact.name
    if field == "company":
        return contact.company.name if contact.company else ""
    return str(getattr(contact, field))


def _carry_out_all(contact: Contact, answers: list[Answer], region: str) -> None:
    """Make all changes or, when one is refused, none: the page then shows what really stands."""
    refused: dict[str, Refused] = {}
    with db.session.begin_nested():
        for answer in answers:
            try:
                _carry_out(contact, answer, region)
            except Refused as refusal:
                refused[answer.field] = refusal
        if refused:
            raise Refusals(refused)


def _carry_out(contact: Contact, answer: Answer, region: str) -> None:
    """Change what the answer says; a confirmation of something that changed is refused, too."""
    if answer.field == NOTICE or answer.outcome == Outcome.SKIPPED:
        return
    now = value_of(contact, answer.field)
    if now != answer.was and now != answer.text:
        raise Conflict(answer.field, now)
    if answer.outcome == Outcome.CORRECTED:
        _correct(contact, answer, region)
    elif answer.outcome == Outcome.REMOVED:
        _take_away(contact, answer.field)


def _correct(contact: Contact, answer: Answer, region: str) -> None:
    if not answer.text.strip():
        raise Refused(mark("Write the right value, or choose “Not needed”."), field=answer.field)
    if answer.field == "name":
        name = person_name.split(answer.text)
        contact_actions.rename(contact, name.given, name.family)
    elif answer.field == "company":
        company = company_actions.named_or_new(answer.text, contact.group, contact.source)
        contact_actions.move_to(contact, company)
    else:
        contact_actions.change(contact, answer.field, answer.text, None, region)


def _take_away(contact: Contact, field: str) -> None:
    if field == "name":
        raise Refused(mark("A contact has a name. To remove the person, delete the contact."))
    if field == "company":
        contact_actions.move_to(contact, None)
    else:
        contact_actions.empty(contact, field)


def _remember(interaction: Interaction, answer: Answer) -> None:
    if answer.field == NOTICE and answer.outcome == Outcome.CONFIRMED:
        db.session.add(
            Notice(
                contact_id=interaction.contact_id,
                interaction_id=interaction.id,
                user_id=interaction.user_id,
                how=interaction.channel,
                at=interaction.at,
            )
        )
        return
    db.session.add(
        FieldCheck(
            contact_id=interaction.contact_id,
            interaction_id=interaction.id,
            user_id=interaction.user_id,
            field=answer.field,
            outcome=answer.outcome,
            reason=_reason(answer),
            at=interaction.at,
        )
    )


def _reason(answer: Answer) -> str:
    if answer.outcome != Outcome.SKIPPED:
        return ""
    known = answer.reason in set(SkipReason)
    return answer.reason if known else SkipReason.NOT_ANSWERED.value


def _promise(interaction: Interaction, text: str, due_on: date) -> None:
    db.session.add(
        Task(
            contact_id=interaction.contact_id,
            interaction_id=interaction.id,
            owner_id=interaction.user_id,
            text=text,
            due_on=due_on,
            created_at=interaction.at,
        )
    )
