"""The rules in force, and how the company changes them: a new version, never a changed one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.compliance.retention.policy import ASKED_DAYS, Limit, Rule, day_by
from wesentra.models import RetentionDue, RetentionRule, db
from wesentra.models.base import IDS_END
from wesentra.models.retention_rule import Trigger
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

MOST_MONTHS = 240
LAW_MONTHS = 72
"""What kirjanpitolaki 2:10 § asks for; a company may keep no shorter."""


def versions() -> Sequence[RetentionRule]:
    """The version in force of every rule, in the order in which they began."""
    newest = select(func.max(RetentionRule.id)).group_by(
        RetentionRule.kind, RetentionRule.group, RetentionRule.trigger
    )
    query = select(RetentionRule).where(RetentionRule.id.in_(newest))
    order = (RetentionRule.kind, RetentionRule.group, RetentionRule.trigger)
    return db.session.scalars(query.order_by(*order)).all()


def in_force() -> list[Rule]:
    """The same, as the policy takes them."""
    earlier: dict[tuple[str, str, str], Rule] = {}
    for one in db.session.scalars(select(RetentionRule).order_by(RetentionRule.id)):
        key = one.kind, one.group, one.trigger
        earlier[key] = as_policy(one, earlier.get(key))
    return [earlier[key] for key in sorted(earlier)]


def as_kept() -> list[dict[str, Any]]:
    """The same, as a certificate keeps them."""
    names = ("id", "kind", "group", "trigger", "months", "action")
    return [{name: getattr(rule, name) for name in names} for rule in in_force()]


def newest() -> int:
    """The number of the version that was put in force last; 0 where there is no rule."""
    return db.session.scalar(select(func.max(RetentionRule.id))) or 0


def as_policy(one: RetentionRule, before: Rule | None = None) -> Rule:
    """A version as far as it decides; `before` is the one that it follows."""
    first = clock.day_of(one.valid_from) + timedelta(days=ASKED_DAYS) if before else None
    return Rule(one.id, one.kind, one.group, one.trigger, one.months, one.action, first, before)


@dataclass(frozen=True)
class Effect:
    """What a shorter period does to those who go by a rule: how many of them go earlier, and how
    many on the first day on which anybody goes by it."""

    earlier: int
    at_first: int
    first: date


def effect(rule: RetentionRule, months: int) -> Effect:
    """What it would do if a rule were changed to so many months today, by the stored dates."""
    now = next(one for one in in_force() if one.id == rule.id)
    first = clock.today() + timedelta(days=ASKED_DAYS)
    new = replace(now, months=months, first=first, before=now)
    due = RetentionDue.counted_from, RetentionDue.due_on
    query = select(*due, func.count()).where(RetentionDue.rule_id == rule.id).group_by(*due)
    earlier = at_first = 0
    for start, day, number in db.session.execute(query):
        then = day_by(new, start, year_ends())
        earlier += number if then < day else 0
        at_first += number if then < day and then == first else 0
    return Effect(earlier, at_first, first)


def before(rule: RetentionRule) -> Sequence[RetentionRule]:
    """The earlier versions of a rule, the newest first."""
    same = (
        RetentionRule.kind == rule.kind,
        RetentionRule.group == rule.group,
        RetentionRule.trigger == rule.trigger,
        RetentionRule.id < rule.id,
    )
    return db.session.scalars(
        select(RetentionRule).where(*same).order_by(RetentionRule.id.desc())
    ).all()


def get(rule_id: int) -> RetentionRule:
    """A version that is in force; raises NotFound."""
    found = [one for one in versions() if one.id == rule_id] if rule_id < IDS_END else []
    if not found:
        raise NotFound(mark("This rule was changed meanwhile. Look at the rules once more."))
    return found[0]


def change(rule: RetentionRule, months: int, action: str, reason: str) -> None:
    """Put a new version in force; the same again changes nothing.

    Raises Refused for a period that the law makes longer. The dates of everybody follow within
    minutes; who would be due by it at once is asked about first (`policy.day_by`).
    """
    if not 0 <= months <= MOST_MONTHS:
        raise Refused(mark("Write months: 0 to %(most)s."), field="months", most=MOST_MONTHS)
    if rule.trigger == Trigger.LAST_INVOICE and months < LAW_MONTHS:
        raise Refused(
            mark("Bookkeeping asks for at least %(months)s months (kirjanpitolaki 2:10 §)."),
            field="months",
            months=LAW_MONTHS,
        )
    if (months, action, reason) == (rule.months, rule.action, rule.reason):
        return
    new = RetentionRule(kind=rule.kind, group=rule.group, trigger=rule.trigger, months=months)
    new.action, new.reason, new.valid_from = action, reason, clock.now()
    new.decided_by = current().user_id
    db.session.add(new)
    db.session.flush()
    current().deed(Operation.RETENTION, "retention_rule", [new.id], ["rule"])


def year_ends() -> tuple[int, int]:
    """Month and day on which the company's financial year ends, by the settings."""
    month, day = str(current_app.extensions["wesentra_settings"].financial_year_ends).split("-")
    return int(month), int(day)


def limit() -> Limit:
    """How many may go in one run without anybody's word, by the settings."""
    return Limit(current_app.extensions["wesentra_settings"].retention_percent)
