"""The codes of the log in the language of the page."""

from flask import Blueprint
from flask_babel import get_locale
from flask_babel import gettext as _

from wesentra.audit import holds, names
from wesentra.models.personal import field_labels
from wesentra.texts import mark

REASONS = {
    "counting": mark("counting records"),
    "country": mark("the country of numbers"),
    "duplicate": mark("finding duplicates"),
    "figure": mark("counting for a figure"),
    "filter": mark("narrowing a list"),
    "handing over": mark("handing over records"),
    "import": mark("an import"),
    "migration": mark("a change of the schema"),
    "log review": mark("reviewing the log"),
    "notice": mark("whether the person was told"),
    "paging": mark("finding the next page"),
    "sent twice": mark("whether a form was sent twice"),
    "subject": mark("gathering a person’s data"),
}
"""What the program looks for when it looks alone (`seen_by_program`)."""

OUTCOMES = {"done": mark("done"), "denied": mark("denied"), "fault": mark("fault found")}


def install(blueprint: Blueprint) -> None:
    """Give every page the filters that name what stands in entries."""
    named = (operation_name, subject_name, reason_name, role_name, outcome_name, field_name)
    blueprint.add_app_template_filter(hold_name, hold_name.__name__)
    for function in named:
        blueprint.add_app_template_filter(function, function.__name__)


def operation_name(key: str) -> str:
    """An operation, or a group of them."""
    label = names.OPERATIONS.get(key) or names.GROUPS.get(key)
    return str(_(label)) if label else key


def subject_name(key: str) -> str:
    """What the numbers of an entry are numbers of."""
    return str(_(names.SUBJECTS[key])) if key in names.SUBJECTS else key


def hold_name(key: str) -> str:
    """Why some days of the log are held."""
    return str(_(holds.REASONS[key])) if key in holds.REASONS else key


def reason_name(key: str) -> str:
    """Why the program looked."""
    return str(_(REASONS[key])) if key in REASONS else key


def role_name(key: str) -> str:
    """A role."""
    return str(_(names.role(key, str(get_locale()))))


def outcome_name(key: str) -> str:
    """What came of it."""
    return str(_(OUTCOMES[key])) if key in OUTCOMES else key


def field_name(key: str) -> str:
    """A field as its form calls it; changes of roles and the like stay as they are."""
    label = field_labels().get(key)
    return str(_(label)) if label else key
