"""The columns of a file that go into no field, named, so that nothing is lost without a word."""

from flask_babel import gettext as _

from wesentra.crm.imports.mapping import Columns
from wesentra.crm.values import identity_code


def named(columns: Columns) -> str:
    """Name the columns that are left out; empty when there is none.

    One without a heading, or whose heading is no longer kept, is named by its place. In a file
    without headings the first person's values stand there, hence no identity codes.
    """
    names = [
        identity_code.masked(column.heading) or _("column %(number)s", number=number)
        for number, column in enumerate(columns, start=1)
        if column.field is None
    ]
    return _("Columns left out: %(columns)s", columns=", ".join(names)) if names else ""
