"""Reading the log is itself an entry, and who is read about finds it."""

from wesentra.actor import current
from wesentra.audit import ledger


def note(operation: str, wanted: ledger.Wanted, *more: str) -> None:
    """Note that entries were read (`log_read`) or taken out (`log_export`); `more` names how.

    A number that the log never met is nobody's yet: whoever gets it later was not read about.
    """
    fields = sorted({*wanted.given(), *more})
    if wanted.contact is not None and is_known(wanted.contact):
        current().event(operation, "contact", [wanted.contact], fields)
    elif wanted.user and wanted.contact is None:
        current().event(operation, "user", [wanted.user], fields)
    else:
        current().event(operation, "log", fields=fields)


def is_known(contact: int) -> bool:
    """Whether the log has ever met this contact; the register may have forgotten them since."""
    return bool(ledger.page(ledger.Wanted(contact=contact), size=1).entries)
