"""The one form of a breach."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wesentra import clock
from wesentra.compliance.breaches import policy, words
from wesentra.compliance.breaches.actions import COLUMNS
from wesentra.compliance.breaches.policy import Values
from wesentra.models import Breach
from wesentra.models.base import IDS_END
from wesentra.web.forms import WholeNumber, choices
from wesentra.web.once import OnceForm

TEXT = 4000
MOMENTS = ("aware_at", "notified_at", "told_at")
A_NUMBER = [Optional(), NumberRange(0, IDS_END - 1)]


def _trimmed(text: Any) -> Any:
    return text.strip().replace("\r\n", "\n") if isinstance(text, str) else text


def _text(label: Any) -> TextAreaField:
    return TextAreaField(label, [Length(max=TEXT)], filters=[_trimmed], default="")


class BreachForm(OnceForm):
    """What is known of a breach; times are those in Finland, and nobody is named."""

    version = HiddenField()
    aware_at = DateTimeLocalField(
        _l("Became aware"), [InputRequired(_l("Write when we became aware of it."))]
    )
    detected_by = SelectField(_l("Noticed by"))
    nature = SelectField(_l("What kind"))
    facts = _text(_l("What happened"))
    effects = _text(_l("Effects"))
    measures = _text(_l("What was done about it"))
    people = WholeNumber(_l("People concerned, about"), A_NUMBER)
    records = WholeNumber(_l("Records concerned, about"), A_NUMBER)
    notified_at = DateTimeLocalField(_l("Authority notified"), [Optional()])
    late_reason = _text(_l("If later than 72 hours: why"))
    not_notified_reason = _text(_l("If not notified: why"))
    told_at = DateTimeLocalField(_l("People told"), [Optional()])
    not_told_reason = _text(_l("If people were not told: why"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.detected_by.choices = choices((k, _(t)) for k, t in words.DETECTED_BY.items())
        known = ((k, _(t)) for k, t in words.NATURES.items())
        self.nature.choices = choices([("", _("not known yet")), *known])

    @classmethod
    def of(cls, breach: Breach) -> "BreachForm":
        """The form as it stands of a breach."""
        values = {name: getattr(breach, name) for name in (*COLUMNS, "version")}
        return cls(data=values | {name: _local(values[name]) for name in MOMENTS})

    def values(self, breach: Breach | None = None) -> Values:
        """What was typed, by the names of the columns; a moment of `breach` that was left alone
        stays as it is."""
        typed = {name: self.data[name] for name in COLUMNS}
        stored = {name: getattr(breach, name, None) for name in MOMENTS}
        return typed | {name: _moment(typed[name], stored[name]) for name in MOMENTS}

    def asks_why_late(self) -> bool:
        """Whether the reasons for a delay have a place here: where it is late, or some are said."""
        aware, notified = _moment(self.aware_at.data, None), _moment(self.notified_at.data, None)
        late = aware is not None and policy.asks_why_late(aware, notified, clock.now())
        return late or bool(self.late_reason.data or self.late_reason.errors)

    def seen(self) -> int | None:
        """The version that the form started from."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < len(str(IDS_END)) else None


def _local(at: datetime | None) -> datetime | None:
    """A moment as the form has it: in Finland, to the minute, without saying which of two hours."""
    if at is None:
        return None
    return at.astimezone(clock.HELSINKI).replace(tzinfo=None, second=0, microsecond=0)


def _moment(typed: datetime | None, stored: datetime | None) -> datetime | None:
    """The moment that was typed. Of an hour that the clocks show twice it is the later one that is
    not still to come, and the `stored` one where its text was not changed."""
    if typed is None or typed == _local(stored):
        return stored if typed else None
    both = [typed.replace(tzinfo=clock.HELSINKI, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max((at for at in both if at <= clock.now()), default=min(both))
