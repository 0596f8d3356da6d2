"""Who may what, as one table. To see, to export and to erase are three different rights."""

from collections.abc import Iterable

NO_ROLE = "none"
"""Of those who are signed in and hold none: a session is enough for one's own account."""

PERMISSIONS: dict[str, tuple[str, ...]] = {
    # permission: the roles that hold it, first that of whom the work is
    "day.read": ("staff", "privacy", "admin", "auditor"),
    "search.read": ("staff", "privacy"),
    "contacts.read": ("staff", "privacy"),
    "contacts.write": ("staff", "privacy"),
    "contacts.delete": ("staff", "privacy"),
    "erasures.delete": ("privacy", "system"),
    "contacts.export": ("privacy",),
    "companies.read": ("staff", "privacy"),
    "companies.write": ("staff", "privacy"),
    "companies.delete": ("staff", "privacy"),
    "interactions.read": ("staff", "privacy"),
    "interactions.write": ("staff", "privacy"),
    "tasks.read": ("staff", "privacy"),
    "tasks.write": ("staff", "privacy"),
    "imports.read": ("staff", "privacy", "system"),
    "imports.write": ("staff", "privacy", "system"),
    "objections.write": ("staff", "privacy"),
    "disclosures.read": ("privacy",),
    "disclosures.write": ("staff", "privacy"),
    "restrictions.read": ("privacy",),
    "restrictions.write": ("privacy",),
    "retention.read": ("privacy", "auditor"),
    "retention.write": ("staff", "privacy"),
    "retention_rules.write": ("privacy",),
    "minimisation.read": ("privacy", "auditor"),
    "minimisation.delete": ("privacy",),
    "retention.run": ("privacy", "system"),
    "subject_requests.export": ("privacy", "staff"),
    "erasures.read": ("privacy", "auditor"),
    "erasures.own": ("staff", "privacy"),
    "dashboard.read": ("privacy", "auditor"),
    "log.read": ("privacy", "auditor", "system"),
    "log.export": ("privacy", "auditor", "system"),
    "log.write": ("privacy",),
    "shell.open": ("privacy",),
    "log.prune": ("privacy", "system"),
    "log.redact": ("privacy", "system"),
    "log.alarm": ("privacy", "admin", "auditor"),
    "log_review.read": ("privacy", "auditor"),
    "log_review.write": ("privacy",),
    "log_review.own": ("staff", "privacy", "admin", "auditor"),
    "breaches.read": ("privacy", "auditor"),
    "breaches.write": ("privacy",),
    "staff_notice.read": ("privacy", "auditor"),
    "staff_notice.write": ("privacy",),
    "purposes.read": ("privacy", "auditor"),
    "purposes.write": ("privacy",),
    "rights.read": ("privacy", "admin", "auditor"),
    "settings.read": ("admin", "system"),
    "settings.write": ("admin", "system"),
    "backups.write": ("admin", "privacy", "system"),
    "roles.read": ("admin", "privacy"),
    "roles.write": ("admin", "privacy"),
    "account.own": ("staff", "privacy", "admin", "auditor", NO_ROLE),
    "purposes.own": ("staff", "privacy"),
}
"""Every permission of the web and the command line. The administrator sees no customer's data.

`system` is a command without `--as`, or a job; it can be granted to nobody, and it may neither
print nor export people.
"""

SEES_PEOPLE = ("contacts.read", "companies.read")
"""Permissions that make somebody one of those with the right to process (*käsittelyoikeus*)."""


def role_for(permission: str, roles: Iterable[str]) -> str | None:
    """In which of `roles` somebody uses `permission`, for the entry; None when none holds it.

    Of several it is the one whose work it is: an answer under Art. 15 is given by the privacy
    contact, also by one who belongs to the staff as well.
    """
    held = {*roles, NO_ROLE}
    return next((role for role in PERMISSIONS[permission] if role in held), None)


def processing_roles() -> frozenset[str]:
    """Roles whose holders have the right to process personal data."""
    return frozenset(role for name in SEES_PEOPLE for role in PERMISSIONS[name])
