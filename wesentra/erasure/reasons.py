"""Why somebody was erased: codes, since a typed reason would be personal data itself."""

from wesentra.texts import mark

REQUEST, HAND, IMPORT_UNDONE, RESTORE = "request", "hand", "import_undone", "restore"
REASONS: dict[str, str] = {
    REQUEST: mark("request of the person"),
    "objection": mark("objection of the person"),
    "unlawful": mark("unlawful processing"),
    "mistake": mark("recorded by mistake"),
    HAND: mark("not needed any more"),
    "retention": mark("retention rule"),
    IMPORT_UNDONE: mark("import undone"),
    RESTORE: mark("restored backup"),
}
"""Codes of a tombstone with their names as message ids (Art. 17(1) GDPR)."""
SAID_BY_PEOPLE = (REQUEST, "objection", "unlawful", "mistake", HAND)
"""Those that somebody can give; the others are the program's own."""
