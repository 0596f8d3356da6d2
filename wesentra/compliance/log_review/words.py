"""What the rules are called, and the sentence that explains a hit to who is reviewed."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint
from flask_babel import format_date
from flask_babel import gettext as _

from wesentra.compliance.log_review.records import day_of
from wesentra.models import LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.texts import mark

TITLES: dict[str, str] = {
    "R14": mark("Entries of the log are missing"),
    "R8": mark("Restricted or former"),
    "R3": mark("Oneself or a colleague"),
    "R2": mark("Same surname"),
    "R7": mark("One number after another"),
    "R5": mark("Unusually many people"),
    "R10": mark("Before leaving"),
    "R6": mark("Taken out as a file"),
    "R11": mark("Denied many times"),
    "R12": mark("Only searched"),
    "R13": mark("Without a purpose"),
    "R9": mark("New network address"),
    "R4": mark("At an unusual time"),
    "R15": mark("Confirmed in bulk"),
    "R1": mark("No contact and no task"),
    "log": mark("Access log read"),
    "sample": mark("Random sample"),
}
"""In the order of the page: what weighs most comes first."""

SENTENCES: dict[str, str] = {
    "R1": mark(
        "You opened this person’s data, and you had no contact or task with them within "
        "%(days)s days before or after."
    ),
    "R1 people": mark(
        "You opened the data of %(people)s people on one page, and you had no contact or task with "
        "any of them within %(days)s days before or after."
    ),
    "R1 erased": mark(
        "Not measured: you opened the data of somebody who has been erased since. Whether you had "
        "a contact or a task with them can no longer be seen."
    ),
    "R2": mark("You handled the data of somebody who has the same surname as you."),
    "R3": mark("You handled the data of somebody who has the same name as a colleague."),
    "R3 own": mark("You handled the data of somebody who has the same name as you."),
    "R4": mark(
        "You handled people’s data at the weekend, on a holiday or outside the hours from "
        "%(begin)s to %(end)s."
    ),
    "R5": mark(
        "You opened the data of %(people)s people on one day. More than %(most)s is unusual."
    ),
    "R6": mark("You took people’s data out as a file."),
    "R7": mark("You opened %(people)s people one after another by their numbers."),
    "R8": mark(
        "You handled the data of somebody who has been a former customer for more than "
        "%(months)s months."
    ),
    "R8 restricted": mark("You opened the data of somebody whose data are restricted."),
    "R9": mark(
        "You used the register from a network address that you had not used in the %(days)s days "
        "before the month."
    ),
    "R10": mark(
        "You handled people’s data in the last %(days)s days before your account was closed."
    ),
    "R11": mark("Something was denied to you, or failed, many times on one day."),
    "R12": mark("You searched %(searches)s times on one day and opened nobody’s data."),
    "R13": mark("You handled people’s data for a purpose that is missing or unknown."),
    "R14": mark("%(entries)s entries are missing from the log right before this one."),
    "R14 fault": mark("A check of the access log found a fault."),
    "R15": mark("You marked %(checks)s fields as confirmed within %(minutes)s minutes."),
    "R15 people": mark(
        "You marked data of %(people)s people as confirmed within %(minutes)s minutes."
    ),
    "log": mark("You read the access log."),
    "sample": mark("This was drawn at random."),
}
"""Where a rule has several sentences, the name of a fact tells which; "R15" alone is what reviews
say that were drawn when it counted fields."""
LIMITS: dict[str, str] = {
    "review_sample": mark("Entries drawn at random, in all"),
    "review_sample_each": mark("of these of each user, at least"),
    "review_contact_days": mark(
        "Days before and after a look in which work with the person explains it"
    ),
    "review_hour_from": mark("Work begins at the hour"),
    "review_hour_to": mark("Work ends at the hour"),
    "review_day_people": mark("People opened on one day: more are unusual"),
    "review_day_times": mark("and this many times the people of the user’s other days"),
    "review_sequence": mark("Pages one after another by people’s numbers: from so many on"),
    "review_former_months": mark("Months after which a former customer is one of long ago"),
    "review_source_days": mark("Days after which an unused network address is new"),
    "review_leaving_days": mark("Last days of an account that are looked at"),
    "review_denied": mark("Denials on one day: from so many on"),
    "review_searches": mark("Searches on one day that open nobody: from so many on"),
    "review_confirmed": mark("People confirmed in a short time: more are a hit"),
    "review_confirmed_minutes": mark("The short time, in minutes"),
}
"""What the thresholds of a review mean, by the names of their settings."""
FLAGS = ("own", "restricted", "fault", "erased", "people")
VERDICTS: dict[str, str] = {
    Verdict.OPEN: mark("not judged yet"),
    Verdict.JUSTIFIED: mark("justified"),
    Verdict.ASKED: mark("explanation asked"),
    Verdict.UNJUSTIFIED: mark("unjustified"),
}
KINDS: dict[str, str] = {
    Verdict.OPEN: "neutral",
    Verdict.JUSTIFIED: "good",
    Verdict.ASKED: "warn",
    Verdict.UNJUSTIFIED: "bad",
}
"""In which colour a verdict is written."""


def install(blueprint: Blueprint) -> None:
    """Give every page the filters that name rules and verdicts."""
    for function in (
        *(rule_title, rule_sentence, verdict_name, verdict_kind),
        *(limit_name, month_name, iso_day, groupby_user),
    ):
        blueprint.add_app_template_filter(function, function.__name__)


def rule_title(rule: str) -> str:
    """What a rule is called."""
    return str(_(TITLES[rule])) if rule in TITLES else rule


def rule_sentence(item: LogReviewItem) -> str:
    """Why an item is there, said to who is reviewed."""
    facts: dict[str, Any] = json.loads(item.facts)
    flag = next((name for name in FLAGS if facts.get(name)), "")
    sentence = SENTENCES.get(f"{item.rule} {flag}") or SENTENCES.get(item.rule, "")
    return str(_(sentence)) % defaultdict(lambda: "–", facts) if sentence else ""


def limit_name(setting: str) -> str:
    """What a threshold means; a setting that is none any more keeps its name."""
    return str(_(LIMITS[setting])) if setting in LIMITS else setting


def month_name(month: date) -> str:
    """A month with its year."""
    return str(format_date(month, "LLLL y"))


def iso_day(at: datetime) -> str:
    """The day of a moment in Finland, as addresses have it."""
    return day_of(at).isoformat()


def groupby_user(
    items: Sequence[LogReviewItem],
) -> list[tuple[int | None, list[LogReviewItem]]]:
    """Items that follow each other, user by user."""
    groups = groupby(items, key=lambda item: item.actor_id)
    return [(actor, list(group)) for actor, group in groups]


def verdict_name(verdict: str) -> str:
    """What a verdict is called."""
    return str(_(VERDICTS[verdict])) if verdict in VERDICTS else verdict


def verdict_kind(verdict: str) -> str:
    """The colour of a verdict."""
    return KINDS.get(verdict, "neutral")
