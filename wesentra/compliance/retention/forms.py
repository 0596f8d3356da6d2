"""The forms of retention: what a date counts from, a hold, a rule."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from wesentra import clock
from wesentra.compliance.retention import holds
from wesentra.compliance.retention.rules import MOST_MONTHS
from wesentra.compliance.retention.words import ACTIONS
from wesentra.deadlines import months_after
from wesentra.models.retention_hold import HoldKind
from wesentra.models.retention_rule import Action
from wesentra.web.forms import Form, WholeNumber, choices

EARLIEST = date(1990, 1, 1)
REVIEW_MONTHS = 6
REASON = 200


def _sensible(_form: Form, control: Field) -> None:
    """A day that somebody means: in the time of such registers, and not years ahead."""
    latest = clock.today() + timedelta(days=366)
    if control.data is not None and not EARLIEST <= control.data <= latest:
        raise ValidationError(_("Choose a day between 1990 and a year from now."))


def _day(label: Any) -> DateField:
    return DateField(label, [Optional(), _sensible])


class ContactForm(Form):
    """What the date of a contact counts from, besides interactions."""

    left_on = _day(_l("Left the role on"))


class CompanyForm(Form):
    """What the date of a company counts from, besides interactions."""

    contract_ended_on = _day(_l("Contract ended on"))
    invoiced_on = _day(_l("Last invoice on"))


FACTS: dict[str, type[Form]] = {"contact": ContactForm, "company": CompanyForm}


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class HoldForm(Form):
    """Why somebody is kept despite the rule, and until when one looks at it again."""

    kind = RadioField(
        _l("Why"),
        [InputRequired(_l("Choose why."))],
        choices=choices((kind, _l(holds.KINDS[kind])) for kind in holds.TYPED),
        default=HoldKind.KEEP.value,
    )
    reason = StringField(
        _l("Reason in words"),
        [InputRequired(_l("Write the reason.")), Length(min=5, max=REASON)],
        filters=[_one_line],
        render_kw={"autocomplete": "off"},
    )
    review_on = DateField(_l("Look at it again on"), [InputRequired(_l("Choose the day."))])

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("review_on", months_after(clock.today(), REVIEW_MONTHS))
        super().__init__(*args, **options)


class RuleForm(Form):
    """How long, what then, and why; `seen` are the months whose effect the page has shown."""

    months = WholeNumber(
        _l("Months"),
        [InputRequired(_l("Write the months.")), NumberRange(0, MOST_MONTHS)],
        render_kw={"inputmode": "numeric"},
    )
    action = SelectField(
        _l("On the day"),
        choices=choices((key, _l(ACTIONS[key])) for key in (Action.DELETE, Action.ASK)),
    )
    reason = StringField(_l("Reason to print"), [Length(max=300)], filters=[_one_line])
    seen = HiddenField()
