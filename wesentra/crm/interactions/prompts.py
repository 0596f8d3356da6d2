"""Which fields to ask about while in contact: decided purely, from what is known.

Art. 5(1)(d) GDPR: data are kept accurate by asking when one is in contact anyway.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from wesentra import clock

MOST = 4
"""More would not be answered with a customer on the line."""

NOTICE = "notice"
"""The prompt to tell where the data came from and that one may object (Arts. 14 and 21(4))."""

ORDER = ("phone", "email", "title", "company", "name", "note")
"""What goes out of date soonest stands first among fields that are equally stale."""


NEVER: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True)
class Prompt:
    """One question: a field, the value that is held, and when it was last checked."""

    field: str
    value: str
    checked_at: datetime | None = None


def decide(
    values: Mapping[str, str],
    checked: Mapping[str, datetime],
    was_told: bool,
    today: date,
    prompt_days: int,
    changed: Mapping[str, datetime] = NEVER,
) -> list[Prompt]:
    """The prompts to show, stalest first, four at the most with the notice.

    Empty fields are not asked about: what is not held need not be right. There are none when
    every field was checked or changed by somebody within `prompt_days` and the person was told.
    """
    fresh = {**checked, **{field: max(at, checked.get(field, at)) for field, at in changed.items()}}
    due = [
        Prompt(field, values[field], checked.get(field))
        for field in ORDER
        if values.get(field) and _is_stale(fresh.get(field), today, prompt_days)
    ]
    due.sort(key=lambda prompt: _age(fresh.get(prompt.field)))
    notice = [] if was_told else [Prompt(NOTICE, "")]
    return (notice + due)[:MOST]


def again(
    asked: Iterable[str], values: Mapping[str, str], checked: Mapping[str, datetime]
) -> list[Prompt]:
    """The prompts of a form that was sent, due or not meanwhile: no answer to them is lost."""
    return [Prompt(field, values.get(field, ""), checked.get(field)) for field in asked]


def _is_stale(fresh_at: datetime | None, today: date, prompt_days: int) -> bool:
    if fresh_at is None:
        return True
    return (today - clock.day_of(fresh_at)).days >= prompt_days


def _age(fresh_at: datetime | None) -> float:
    return fresh_at.timestamp() if fresh_at else float("-inf")
