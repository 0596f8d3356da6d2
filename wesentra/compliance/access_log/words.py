"""The codes of the log in the language of the page."""

import re

from flask import Blueprint, current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from wesentra.audit import holds, ledger, names
from wesentra.compliance.access_log import deeds
from wesentra.models import Purpose, db
from wesentra.models.codes import GROUP_NAMES
from wesentra.models.personal import field_labels
from wesentra.sight import CATEGORY_NAMES
from wesentra.texts import LANGUAGES, mark

REASONS = {
    "absence": mark("why somebody is not shown"),
    "counting": mark("counting records"),
    "country": mark("the country of numbers"),
    "duplicate": mark("finding duplicates"),
    "erasure": mark("whether somebody may be erased"),
    "figure": mark("counting for a figure"),
    "filter": mark("narrowing a list"),
    "handing over": mark("handing over records"),
    "import": mark("an import"),
    "migration": mark("a change of the schema"),
    "log review": mark("reviewing the log"),
    "minimisation": mark("which fields nobody uses"),
    "notice": mark("whether the person was told"),
    "opening": mark("whom one has opened"),
    "paging": mark("finding the next page"),
    "sent twice": mark("whether a form was sent twice"),
    "recipients": mark("who is to be told of a change"),
    "retention": mark("dates of deletion"),
    "search words": mark("the words by which one is found"),
    "subject": mark("gathering a person’s data"),
}
"""What the program looks for when it looks alone (`seen_by_program`)."""

OUTCOMES = {"done": mark("done"), "denied": mark("denied"), "fault": mark("fault found")}

FIELDS = {
    "departed": mark("Can be brought back for some days"),
    "returned": mark("Brought back"),
    "field_check.deleted": mark("Check deleted"),
    "interaction.deleted": mark("Interaction deleted"),
    "notice.deleted": mark("Notice deleted"),
    "task.deleted": mark("Next step deleted"),
}
"""What went with a person; columns are called as in forms, and deeds as in `deeds`."""
OF_ROLES = {
    "asked": mark("Role asked for: %(role)s"),
    "granted": mark("Role given: %(role)s"),
    "not_granted": mark("Role not given: %(role)s"),
    "revoked": mark("Role ended: %(role)s"),
    "required": mark("Second factor required: %(role)s"),
    "not_required": mark("Second factor no longer required: %(role)s"),
}
OF_NOTICE = mark("Read in version %(version)s")
OF_MONTHS = mark("Log kept for %(months)s months")
KINDS = {
    "opened": mark("Opened"),
    "listed": mark("Seen in lists"),
    "changed": mark("Changed"),
    "exported": mark("Exported"),
    "log": mark("Access log read"),
    "other": mark("Other"),
}


def install(blueprint: Blueprint) -> None:
    """Give every page the filters that name what stands in entries."""
    named = (operation_name, subject_name, reason_name, role_name, outcome_name, field_name)
    blueprint.add_app_template_filter(hold_name, hold_name.__name__)
    for function in (*named, kind_name, place_name):
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


def field_name(key: str, operation: str = "") -> str:
    """A field as its form calls it, or what it says under an operation of the log's own."""
    own = deeds.NAMES.get(operation, {})
    label = own.get(key) or FIELDS.get(key) or field_labels().get(key)
    return str(_(label)) if label else _with_value(key, operation)


def _with_value(key: str, operation: str) -> str:
    """A field that says a role, a version or what a purpose shows now; the key if none of them."""
    if operation == ledger.Operation.SIGHT:
        purpose, _dot, code = key.partition(".")
        return f"{purpose_names().get(purpose, purpose)}: {_shown(code)}"
    what, _colon, of = key.partition(":")
    if what in OF_ROLES:
        return str(_(OF_ROLES[what], role=role_name(of)))
    if what == "months":
        return str(_(OF_MONTHS, months=of))
    return str(_(OF_NOTICE, version=of)) if what == "notice" else key


def _shown(code: str) -> str:
    """A group of people or a category of data."""
    if code in CATEGORY_NAMES:
        return str(_(CATEGORY_NAMES[code]))
    own = (names_ for group, names_ in GROUP_NAMES.items() if group.value == code)
    return next(own, (code,) * len(LANGUAGES))[LANGUAGES.index(str(get_locale()))]


def kind_name(key: str) -> str:
    """What pages count together."""
    return str(_(KINDS[key])) if key in KINDS else key


def place_name(endpoint: str) -> str:
    """The address of a view, with an ellipsis for what changes in it; commands stay as they are."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint == endpoint]
    return re.sub(r"<[^>]*>", "…", rules[0].rule) if rules else endpoint


def purpose_names() -> dict[str, str]:
    """All purposes by key, in their order, and the word for looks without a known one."""
    language = str(get_locale())
    rows = db.session.scalars(select(Purpose).order_by(Purpose.position))
    own = {purpose.key: purpose.name(language) for purpose in rows}
    return {**own, ledger.UNSTATED: _("not stated")}
