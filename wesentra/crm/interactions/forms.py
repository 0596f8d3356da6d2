"""The form of an interaction, and the answers to its prompts."""

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from wesentra import clock
from wesentra.crm.companies.forms import checked
from wesentra.crm.interactions.actions import Talk
from wesentra.crm.interactions.answers import Answer
from wesentra.crm.interactions.prompts import NOTICE, ORDER
from wesentra.crm.values import note
from wesentra.crm.values.person_name import PersonName
from wesentra.models import codes
from wesentra.models.codes import Outcome, SkipReason
from wesentra.web import ids
from wesentra.web.forms import Form, choices

CHANNELS, DIRECTIONS, SKIP_REASONS = (
    [(key, _l(text)) for key, text in names.items() if key != SkipReason.NOT_ANSWERED]
    for names in (codes.CHANNELS, codes.DIRECTIONS, codes.SKIP_REASONS)
)
"""What can be chosen; that nobody answered is no choice of the one who asks."""

OUTCOMES = set(Outcome)


class InteractionForm(Form):
    """How we were in contact, what was said, what comes next."""

    channel = RadioField(_l("Channel"), choices=choices(CHANNELS), default="call")
    direction = RadioField(_l("Direction"), choices=choices(DIRECTIONS), default="in")
    purpose = SelectField(_l("Purpose"))
    summary = TextAreaField(
        _l("Summary"), [checked(note.check)], render_kw={"rows": "3", "data-summary": ""}
    )
    next_step = StringField(
        _l("Next step"), [checked(note.one_line)], render_kw={"autocomplete": "off"}
    )
    next_on = DateField(_l("Due"), [Optional()])
    token = HiddenField(validators=[Length(max=40)])

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.purpose.choices = choices(purposes)
        if not args and self.next_on.data is None:
            self.next_on.data = clock.today() + timedelta(days=7)

    def talk(self) -> Talk:
        """What was typed about the interaction itself."""
        return Talk(
            channel=self.channel.data,
            direction=self.direction.data,
            purpose=self.purpose.data,
            summary=self.summary.data or "",
            next_step=self.next_step.data or "",
            next_on=self.next_on.data,
            token=self.token.data or None,
        )


def answers() -> list[Answer]:
    """The answers that were sent, in the order of the page.

    A prompt that was shown and left alone counts as skipped.
    """
    shown = (name.removeprefix("was-") for name in request.form if name.startswith("was-"))
    return [_answer(field) for field in shown if field in (NOTICE, *ORDER)]


def _answer(field: str) -> Answer:
    sent = request.form
    name = PersonName(sent.get("fix-given_name", ""), sent.get("fix-family_name", ""))
    return Answer(
        field=field,
        outcome=_outcome(sent.get(f"check-{field}", "")),
        was=_lines(sent[f"was-{field}"]),
        text=" ".join(name).strip() if field == "name" else _lines(sent.get(f"fix-{field}", "")),
        reason=sent.get(f"skip-{field}", "") if f"check-{field}" in sent else "",
        name=name,
        company_id=ids.chosen(sent.get("company_id", "")),
        shared=sent.get("shared", ""),
    )


def _lines(text: str) -> str:
    """A text with the ends of lines that the register keeps; forms send others."""
    return text.replace("\r\n", "\n")


def _outcome(text: str) -> str:
    return text if text in OUTCOMES else Outcome.SKIPPED.value


def channel_name(key: str) -> str:
    """A channel in the language of the page."""
    return str(dict(CHANNELS).get(key, key))


def direction_name(key: str) -> str:
    """Who began, in the language of the page."""
    return str(dict(DIRECTIONS).get(key, key))
