"""Who may what, in words: the one table of permissions as people read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from wesentra.models.codes import Role
from wesentra.texts import mark
from wesentra.web.permissions import PERMISSIONS

SYSTEM = "system"
SEE, CHANGE, EXPORT, ERASE = mark("to see"), mark("to change"), mark("to export"), mark("to erase")
"""The kinds of rights; none of them includes another."""
KINDS: Mapping[str, str] = {
    "read": SEE,
    "open": SEE,
    "alarm": SEE,
    "own": CHANGE,
    "write": CHANGE,
    "export": EXPORT,
    "delete": ERASE,
    "erase": ERASE,
    "prune": ERASE,
    "redact": ERASE,
    "run": ERASE,
}
"""By the verb of a permission."""
COLUMNS = (*(role.value for role in Role), SYSTEM)
PEOPLE: Mapping[str, str] = {
    "search.read": mark("Look for people and companies, take calls by number"),
    "contacts.read": mark("Contacts"),
    "contacts.write": mark("Add and change contacts"),
    "contacts.export": mark("Lists of contacts as a file"),
    "contacts.delete": mark("Delete contacts"),
    "erasures.delete": mark("Erase people and companies at once"),
    "companies.read": mark("Companies"),
    "companies.write": mark("Add and change companies"),
    "companies.delete": mark("Delete companies"),
    "interactions.read": mark("Interactions"),
    "interactions.write": mark("Record interactions and checks"),
    "tasks.read": mark("Tasks"),
    "tasks.write": mark("Make and finish tasks"),
    "imports.read": mark("Imports"),
    "imports.write": mark("Import people, and undo an import"),
    "shell.open": mark("A shell on the register, in which nothing can be changed"),
}
SUBJECTS: Mapping[str, str] = {
    "subject_requests.export": mark("A copy of everything about a person, for that person"),
    "objections.write": mark("Note an objection to marketing"),
    "disclosures.read": mark("Disclosures, and the recipients to be told"),
    "disclosures.write": mark("Note a disclosure, and that its recipient was told"),
    "restrictions.read": mark("Whose processing is restricted"),
    "retention.read": mark("When whose data go, holds and runs, as numbers"),
    "retention.write": mark("Say what a date of deletion counts from, and place holds"),
    "retention_rules.write": mark("Change retention rules, and let a run go on that stopped"),
    "minimisation.read": mark("Which fields nobody uses, as numbers"),
    "minimisation.delete": mark("Remove fields that nobody uses"),
    "retention.run": mark("Let those go whose day has come"),
    "restrictions.write": mark("Restrict processing, and lift the restriction"),
    "erasures.read": mark("Who was erased, by number"),
    "erasures.own": mark("Bring back what was deleted by mistake"),
}
WATCH: Mapping[str, str] = {
    "dashboard.read": mark("The dashboard"),
    "log.read": mark("The access log"),
    "log.export": mark("The access log as a file"),
    "log.write": mark("Place holds on entries of the log, and lift them"),
    "log.prune": mark("Remove entries of the log that are old enough"),
    "log.redact": mark("Take out of an entry whom it concerned"),
    "log.alarm": mark("The warning that something is wrong with the log"),
    "log_review.read": mark("Log reviews"),
    "log_review.write": mark("Judge what a log review has found"),
    "breaches.read": mark("Breaches"),
    "breaches.write": mark("Record breaches"),
    "staff_notice.read": mark("Who has read the notice about logging"),
    "staff_notice.write": mark("Note when the staff was heard"),
}
HOUSE: Mapping[str, str] = {
    "settings.read": mark("Accounts and their roles"),
    "settings.write": mark("Open and close accounts, give and end roles"),
    "backups.write": mark("Back the register up, and test backups"),
    "roles.read": mark("Roles that wait for a second person"),
    "roles.write": mark("Say yes or no to a role as the second person"),
    "purposes.read": mark("What each purpose shows"),
    "purposes.write": mark("Say what each purpose shows"),
    "rights.read": mark("This page"),
}
OWN: Mapping[str, str] = {
    "day.read": mark("My day"),
    "account.own": mark("One’s own account, and what the log says about oneself"),
    "purposes.own": mark("Choose the purpose of one’s work"),
    "log_review.own": mark("Explain one’s own looks when a log review asks"),
}
AREAS: Mapping[str, Mapping[str, str]] = {
    mark("People and companies"): PEOPLE,
    mark("The rights of people"): SUBJECTS,
    mark("Monitoring"): WATCH,
    mark("Settings"): HOUSE,
    mark("One’s own"): OWN,
}


@dataclass(frozen=True)
class Right:
    """One permission: what it is, of which kind, and who holds it; all in message ids or codes."""

    what: str
    kind: str
    holders: tuple[str, ...]


def areas() -> dict[str, list[Right]]:
    """Every permission in words, area by area, in the order in which they are read."""
    return {
        area: [_right(name, what) for name, what in rights.items()]
        for area, rights in AREAS.items()
    }


def _right(name: str, what: str) -> Right:
    holders = tuple(role for role in COLUMNS if role in PERMISSIONS[name])
    return Right(what, KINDS[name.rpartition(".")[2]], holders)
