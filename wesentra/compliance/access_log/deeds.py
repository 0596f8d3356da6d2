"""What the fields of an entry are called, by the operation that they stand under.

Several operations use one code: an account is `created` and a breach is. What stands under no
operation here is called the same everywhere (`words.FIELDS`, `models.personal.field_labels`).
"""

from collections.abc import Mapping

from wesentra.audit import holds, redacting
from wesentra.audit.entry import Operation
from wesentra.texts import mark

_READ: Mapping[str, str] = {
    "about": mark("Filter: whom"),
    "answer": mark("For the person’s answer"),
    "checkpoint": mark("Checkpoint signed"),
    "contact": mark("Filter: contact number"),
    "copied": mark("Checkpoints copied elsewhere"),
    "dashboard": mark("Dashboard"),
    "first": mark("Filter: from"),
    "holds": mark("Holds"),
    "last": mark("Filter: to"),
    "numbers": mark("Filter: entry numbers"),
    "operation": mark("Filter: what was done"),
    "outcome": mark("Filter: outcome"),
    "people": mark("People whose data were opened"),
    "purpose": mark("Filter: purpose"),
    "request": mark("One request"),
    "review": mark("Log reviews"),
    "user": mark("Filter: user"),
    "verified": mark("Log verified"),
}
_BREACH: Mapping[str, str] = {
    "created": mark("New breach"),
    "closed": mark("Breach closed"),
    "aware_at": mark("Became aware"),
    "detected_by": mark("Noticed by"),
    "nature": mark("What kind"),
    "facts": mark("What happened"),
    "effects": mark("Effects"),
    "measures": mark("What was done about it"),
    "people": mark("People concerned, about"),
    "records": mark("Records concerned, about"),
    "notified_at": mark("Authority notified"),
    "late_reason": mark("If later than 72 hours: why"),
    "not_notified_reason": mark("If not notified: why"),
    "told_at": mark("People told"),
    "not_told_reason": mark("If people were not told: why"),
}
_SIGN_IN: Mapping[str, str] = {
    "code": mark("Code of the app"),
    "confirmed": mark("Password asked for once more"),
    "passkey": mark("Passkey"),
    "recovery_code": mark("Recovery code"),
    "sso": mark("Single sign-on"),
    "sso_factor": mark("Second factor of the sign-in service"),
}
NAMES: Mapping[str, Mapping[str, str]] = {
    Operation.ACCOUNT: {
        "created": mark("Account opened"),
        "disabled": mark("Account closed"),
        "new_secret": mark("New secret, signed out everywhere"),
        "link": mark("Link for a password"),
        "mail": mark("E-mail"),
        "password": mark("Password"),
        "confirmed": mark("Showed anew who they are"),
        "passkey": mark("Passkey added"),
        "passkey_removed": mark("Passkey removed"),
        "recovery_codes": mark("New recovery codes"),
        "second_factor": mark("Second factor set up"),
        "second_factor_removed": mark("Second factor removed"),
        "sso": mark("Known by single sign-on"),
        "sso_removed": mark("No longer known by single sign-on"),
    },
    Operation.BACKUP: {"new_key": mark("New key for backups")},
    Operation.BREACH: _BREACH,
    Operation.LOG_EXPORT: _READ,
    Operation.LOG_HOLD: {
        "placed": mark("Hold placed"),
        "lifted": mark("Hold lifted"),
        "reason_given": mark("Reason written"),
        "breach_closed": mark("Breach closed"),
        **holds.REASONS,
    },
    Operation.LOG_READ: _READ,
    Operation.LOG_REDACT: redacting.REASONS,
    Operation.NOTICE: {"hearing": mark("Hearing of the staff")},
    Operation.RESTORE: {
        "acknowledged": mark("Lost entries acknowledged"),
        "restored": mark("Register put back as it was"),
    },
    Operation.SIGN_IN: _SIGN_IN,
    Operation.SIGN_IN_FAILED: _SIGN_IN,
    Operation.RETENTION: {
        "approved": mark("A run that stopped was let go on"),
        "begun": mark("Run begun"),
        "done": mark("Run done"),
        "stopped": mark("Run stopped: too many would go"),
        "removal": mark("Removal of an unused field decided"),
        "rule": mark("Rule changed"),
    },
    Operation.REVIEW: {
        "answer": mark("Explanation given"),
        "asked": mark("explanation asked"),
        "closed": mark("Review closed"),
        "drawn": mark("Review drawn"),
        "justified": mark("justified"),
        "unjustified": mark("unjustified"),
    },
    Operation.SIGN_OUT: {
        "elsewhere": mark("In another browser"),
        "everywhere_else": mark("In every other browser"),
    },
}
"""Message ids by operation and field."""
