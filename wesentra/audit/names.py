"""What the codes of the log are called: message ids, translated at the edge."""

from wesentra.audit.entry import Operation
from wesentra.models.codes import ROLE_NAMES
from wesentra.texts import LANGUAGES, mark

OPERATIONS: dict[str, str] = {
    Operation.VIEW: mark("Opened"),
    Operation.LIST: mark("Seen in a list"),
    Operation.SEARCH: mark("Seen in search results"),
    Operation.EXPORT: mark("Exported"),
    Operation.CREATE: mark("Added"),
    Operation.UPDATE: mark("Changed"),
    Operation.DELETE: mark("Deleted"),
    Operation.PROGRAM: mark("Seen by the program alone"),
    Operation.LOG_READ: mark("Access log read"),
    Operation.LOG_EXPORT: mark("Access log exported"),
    Operation.LOG_PRUNE: mark("Old log entries removed"),
    Operation.LOG_HOLD: mark("Log hold changed"),
    Operation.LOG_REDACT: mark("Log entry redacted"),
    Operation.SIGN_IN: mark("Signed in"),
    Operation.SIGN_IN_FAILED: mark("Sign-in failed"),
    Operation.SIGN_OUT: mark("Signed out"),
    Operation.DENIED: mark("Denied"),
    Operation.PURPOSE: mark("Purpose changed"),
    Operation.SHELL: mark("Opened a shell"),
    Operation.SIGHT: mark("What a purpose may see changed"),
    Operation.ACCOUNT: mark("Account changed"),
    Operation.REVIEW: mark("Log reviewed"),
    Operation.BREACH: mark("Breach recorded"),
    Operation.RETENTION: mark("Retention"),
    Operation.NOTICE: mark("Notice about logging"),
    Operation.BACKUP: mark("Backed up"),
    Operation.RESTORE: mark("Restored from a backup"),
    Operation.RESTORE_TEST: mark("Restore tested"),
}

GROUPS: dict[str, str] = {
    "looks": mark("Any look"),
    "lists": mark("Any list or search results"),
    "changes": mark("Any change"),
    "handling": mark("Any look or change"),
}

SUBJECTS: dict[str, str] = {
    "contact": mark("contact"),
    "company": mark("company"),
    "import": mark("import"),
    "user": mark("user"),
    "log": mark("access log"),
    "entry": mark("log entry"),
    "hold": mark("log hold"),
    "log_review": mark("log review"),
    "log_review_item": mark("item of a log review"),
    "breach": mark("breach"),
    "purpose": mark("purpose"),
    "field_removal": mark("removal of a field"),
    "retention_rule": mark("retention rule"),
    "retention_run": mark("retention run"),
    "register": mark("register"),
    "restoration": mark("restore"),
}

ROLES: dict[str, str] = {
    "system": mark("system"),
    "nobody": mark("not signed in"),
    "none": mark("no role"),
}
"""Those that no user has; those of users are in three languages in `models.codes`."""


def role(key: str, language: str) -> str:
    """A role's name as far as it is not for the catalogues: (fi, sv, en) stand in the codes."""
    for code, names in ROLE_NAMES.items():
        if code.value == key:
            return names[LANGUAGES.index(language)]
    return ROLES.get(key, key)
