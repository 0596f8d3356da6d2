"""What the law asks of a breach: until when we notify, and what has to be written. Pure.

The period is counted in hours from awareness, in UTC: a change of the clocks adds none, and no
weekend moves its end (Art. 33(1) GDPR; Regulation 1182/71, Art. 3).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wesentra.refusal import Refused
from wesentra.texts import mark

NOTIFY_WITHIN = timedelta(hours=72)
"""Art. 33(1) GDPR."""

Values = Mapping[str, Any]
"""What is written of a breach, by the names of its columns."""


def due(aware_at: datetime) -> datetime:
    """Until when the authority is to be notified."""
    return aware_at.astimezone(UTC) + NOTIFY_WITHIN


def is_late(aware_at: datetime, notified_at: datetime) -> bool:
    """Whether a notification came after its time."""
    return notified_at > due(aware_at)


def asks_why_late(aware_at: datetime, notified_at: datetime | None, now: datetime) -> bool:
    """Whether the delay needs its reasons: it was notified late, or can only be by now."""
    return is_late(aware_at, notified_at or now)


def check(values: Values, now: datetime) -> None:
    """Refuse what cannot be, and a late notification without its reason (Art. 33(1) GDPR)."""
    aware_at, notified_at = values["aware_at"], values["notified_at"]
    for name in ("aware_at", "notified_at", "told_at"):
        if values[name] is not None and values[name] > now:
            raise Refused(mark("This time is still to come."), field=name)
    if notified_at is None:
        return
    if notified_at < aware_at:
        raise Refused(mark("Nobody can notify before becoming aware."), field="notified_at")
    if is_late(aware_at, notified_at) and not values["late_reason"]:
        raise Refused(
            mark("This is later than 72 hours. Write the reasons for the delay."),
            field="late_reason",
        )


def check_whole(values: Values) -> None:
    """Refuse to end what is not documented: facts, effects, remedy, and who was told or why not.

    Art. 33(5): every breach; Art. 33(1) and 34: notified, or why not.
    """
    needed = (
        ("facts", mark("Write what happened.")),
        ("effects", mark("Write which effects it has.")),
        ("measures", mark("Write what was done about it.")),
    )
    for name, sentence in needed:
        if not values[name]:
            raise Refused(sentence, field=name)
    if values["notified_at"] is None and not values["not_notified_reason"]:
        raise Refused(
            mark("Write when the authority was notified, or why it was not."),
            field="not_notified_reason",
        )
    if values["told_at"] is None and not values["not_told_reason"]:
        raise Refused(
            mark("Write when the people were told, or why they were not."), field="not_told_reason"
        )
