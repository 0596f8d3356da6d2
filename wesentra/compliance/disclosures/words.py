"""Codes of disclosures in the language of the page."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from wesentra.models import Disclosure
from wesentra.models.disclosure import BASES, CAUSES, WHY_UNTOLD, Cause
from wesentra.sight import CATEGORY_NAMES
from wesentra.texts import mark

TO_TELL: Mapping[str, str] = {
    Cause.ERASURE: mark("to be told of the erasure"),
    Cause.RESTRICTION: mark("to be told of the restriction"),
    Cause.CORRECTION: mark("to be told of a correction"),
}
KNOWS: Mapping[str, str] = {
    Cause.ERASURE: mark("told of the erasure"),
    Cause.RESTRICTION: mark("told of the restriction"),
    Cause.CORRECTION: mark("told of a correction"),
}


class Named:
    """What pages call the codes of a disclosure."""

    def basis(self, code: str) -> str:
        """On what basis data were disclosed."""
        return str(_(BASES[code])) if code in BASES else code

    def categories(self, codes: Iterable[str]) -> str:
        """Which data, in the order of their list."""
        own = set(codes)
        return ", ".join(str(_(name)) for code, name in CATEGORY_NAMES.items() if code in own)

    def to_tell(self, cause: str) -> str:
        """Of what a recipient is to be told."""
        return str(_(TO_TELL[cause]))

    def knows(self, one: Disclosure) -> str:
        """Of what the recipient was told last, or why not; nothing if of nothing."""
        if not one.told_of:
            return ""
        if one.not_told:
            cause, why = str(_(CAUSES[one.told_of])), str(_(WHY_UNTOLD[one.not_told]))
            return str(_("%(cause)s: not told. %(why)s", cause=cause, why=why))
        return str(_(KNOWS[one.told_of]))


named = Named()
