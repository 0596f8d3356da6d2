"""The rules in force, and how the company changes them: a new version, never a changed one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.compliance.retention.policy import Limit, Rule, asked_first, day_by
from wesentra.models import RetentionDue, RetentionRule, db
from wesentra.models.base import IDS_END
from wesentra.models.retention_due import soon
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
    return [as_policy(one) for one in versions()]


def as_kept() -> list[dict[str, Any]]:
    """The same, as a certificate keeps them."""
    return [vars(rule) for rule in in_force()]


def newest() -> int:
    """The number of the version that was put in force last; 0 where there is no rule."""
    return db.session.scalar(select(func.max(RetentionRule.id))) or 0


def as_policy(one: RetentionRule) -> Rule:
    """A version as far as it decides."""
    return Rule(one.id, one.kind, one.group, one.trigger, one.months, one.action)


@dataclass(frozen=True)
class Effect:
    """What a shorter period does to those who go by a rule: how many of them go earlier, and of
    how many it is the day on which the days for an answer of the owner end, `asked_until`."""

    earlier: int
    asked: int
    asked_until: date


def effect(rule: RetentionRule, months: int) -> Effect:
    """What it would do if a rule were changed to so many months today, by the stored dates."""
    new, today = replace(as_policy(rule), months=months), clock.today()
    due = RetentionDue.counted_from, RetentionDue.due_on
    query = select(*due, func.count()).where(RetentionDue.rule_id == rule.id).group_by(*due)
    until, days = soon(today), Counter[bool]()
    for start, known, number in db.session.execute(query):
        then = asked_first(day_by(new, start, year_ends()), known, today)
        if then < known:
            days[then == until] += number
    return Effect(days.total(), days[True], until)


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
    minutes; who would be due by it at once is asked about first (`policy.asked_first`).
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
