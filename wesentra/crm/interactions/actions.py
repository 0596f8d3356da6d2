"""One interaction, its checks and the changes they brought: stored together or not at all."""

from dataclasses import dataclass
from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import absence
from wesentra.crm.interactions.answers import Answer, carry_out
from wesentra.crm.interactions.prompts import NOTICE
from wesentra.models import Contact, FieldCheck, Interaction, Notice, Task, db
from wesentra.models.codes import Outcome, SkipReason
from wesentra.refusal import Refused
from wesentra.texts import mark


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


def record(contact: Contact, talk: Talk, answers: list[Answer], region: str) -> Interaction:
    """Store one interaction with its checks and changes; refuses by field, all at once.

    What is refused is refused before anything changes: the page is made of what really stands.
    """
    absence.demand(contact.id, talk.purpose)
    _says_something(talk, answers)
    if talk.next_step and talk.next_on is None:
        raise Refused(mark("Choose the day of the next step."), field="next_on")
    carry_out(contact, answers, region)
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


def _says_something(talk: Talk, answers: list[Answer]) -> None:
    """Refuse an interaction of which nobody could tell later what it was: a key hit by mistake."""
    answered = any(one.outcome != Outcome.SKIPPED or one.reason for one in answers)
    if not (talk.summary.strip() or talk.next_step.strip() or answered):
        raise Refused(
            mark("Nothing was answered or written. Write a few words about it."), field="summary"
        )


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
