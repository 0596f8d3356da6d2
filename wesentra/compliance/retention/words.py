"""What rules, dates and runs are called on pages, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from wesentra.compliance.retention.holds import KINDS
from wesentra.models import RetentionRule
from wesentra.models.codes import GROUP_NAMES, Group
from wesentra.models.retention_rule import Action, Trigger
from wesentra.models.retention_run import RunState
from wesentra.texts import LANGUAGES, mark

WHOSE = {
    "contact": mark("Contacts"),
    "company": mark("Companies"),
    "interaction": mark("Interactions"),
}
TRIGGERS: dict[str, str] = {
    Trigger.LAST_CONTACT: mark("the last contact"),
    Trigger.LEFT_ROLE: mark("leaving the role"),
    Trigger.CONTRACT_END: mark("the end of the contract"),
    Trigger.LAST_INVOICE: mark("the financial year of the last invoice"),
    Trigger.EVENT: mark("the interaction"),
}
"""What a period is counted from."""
COUNTED: dict[str, str] = {
    Trigger.LAST_CONTACT: mark("%(length)s after the last contact, %(day)s"),
    Trigger.LEFT_ROLE: mark("%(length)s after leaving the role, %(day)s"),
    Trigger.CONTRACT_END: mark("%(length)s after the end of the contract, %(day)s"),
    Trigger.LAST_INVOICE: mark(
        "%(length)s from the end of the calendar year in which the financial year of the "
        "last invoice, %(day)s, ended"
    ),
}
MOVES: dict[str, str] = {
    Trigger.LAST_CONTACT: mark(
        "A new interaction moves the date: they contact us, or one talks with them."
    ),
    Trigger.LEFT_ROLE: mark("If they leave the role, the date comes sooner."),
    Trigger.CONTRACT_END: mark("When the contract ends, the date counts from there."),
    Trigger.LAST_INVOICE: mark("A later invoice moves the date: bookkeeping keeps it longer."),
}
"""What would move somebody's date."""
ACTIONS: dict[str, str] = {
    Action.DELETE: mark("is deleted"),
    Action.ANONYMISE: mark("loses its person"),
    Action.ASK: mark("the owner decides"),
}
STATES: dict[str, str] = {
    RunState.RUNNING: mark("running"),
    RunState.DONE: mark("done"),
    RunState.STOPPED: mark("stopped"),
    RunState.CUT_OFF: mark("cut off; the next run took over"),
}
REASONS: Mapping[tuple[str, str], str] = {
    ("contact", Trigger.LAST_CONTACT): mark(
        "Nobody has been in contact for so long that the data are not needed."
    ),
    ("contact", Trigger.LEFT_ROLE): mark("They no longer work with our matters."),
    ("contact", Trigger.CONTRACT_END): mark("Follow-up of the service after the contract."),
    ("company", Trigger.LAST_CONTACT): mark(
        "Nobody has been in contact for so long that the data are not needed."
    ),
    ("company", Trigger.CONTRACT_END): mark("Follow-up of the service after the contract."),
    ("company", Trigger.LAST_INVOICE): mark("Bookkeeping material (kirjanpitolaki 2:10 §)."),
    ("interaction", Trigger.EVENT): mark("History for support; after that only its number stays."),
}
PROSPECT = mark("No customer relation arose.")


def reason(rule: RetentionRule) -> str:
    """Why a rule keeps so long: the company's own words, else the usual ones."""
    return rule.reason or usual(rule)


def usual(rule: RetentionRule) -> str:
    """Why a rule keeps so long, when the company says nothing of its own."""
    if (rule.group, rule.trigger) == (Group.PROSPECT, Trigger.LAST_CONTACT):
        return str(_(PROSPECT))
    return str(_(REASONS[rule.kind, rule.trigger]))


def length(months: int) -> str:
    """A period in months, in words; whole years from two on as years."""
    if months >= 24 and months % 12 == 0:
        return str(ngettext("%(num)s year", "%(num)s years", months // 12))
    return str(ngettext("%(num)s month", "%(num)s months", months))


def counted(rule: Any, day_text: str) -> str:
    """From what a date is counted; `day_text` is the day as the page writes it."""
    return str(_(COUNTED[rule.trigger], length=length(rule.months), day=day_text))


def begins(rule: Any) -> str:
    """How long a rule keeps, and from what on."""
    return str(
        _("%(length)s after %(what)s", length=length(rule.months), what=_(TRIGGERS[rule.trigger]))
    )


def of_code(code: str) -> str:
    """What a tombstone says of a rule ("contact.prospect.last_contact@23"), in words."""
    key, _at, version = code.partition("@")
    kind, _dot, rest = key.partition(".")
    group, _dot, trigger = rest.rpartition(".")
    if kind not in WHOSE or trigger not in TRIGGERS or group not in GROUP_NAMES:
        return code
    name = GROUP_NAMES[Group(group)][LANGUAGES.index(str(get_locale()))]
    return f"{_(WHOSE[kind])}: {name}, {_(TRIGGERS[trigger])} ({version})"


def action(key: str) -> str:
    """What happens on the day."""
    return str(_(ACTIONS[key]))


def hold(key: str) -> str:
    """A kind of hold."""
    return str(_(KINDS[key])) if key in KINDS else key


def moves(triggers: list[str]) -> list[str]:
    """Sentences about what would move the date."""
    return [str(_(MOVES[trigger])) for trigger in triggers]
