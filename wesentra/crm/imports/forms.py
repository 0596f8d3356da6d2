"""The forms of an import, and the words of its pages."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, StringField
from wtforms.validators import Length

from wesentra.crm.companies.forms import SOURCES, groups, region
from wesentra.crm.imports import headings, jobs, mapping
from wesentra.crm.imports.mapping import Columns
from wesentra.crm.imports.rejected import why
from wesentra.crm.imports.states import State
from wesentra.models import ImportJob, ImportRow
from wesentra.texts import mark
from wesentra.web.forms import Form, choices

__all__ = ["SOURCES", "MappingForm", "UploadForm", "chosen_columns", "encoding_name", "fields"]

STATES = {
    State.READING: mark("The file is being read"),
    State.MAPPING: mark("Waits for the columns"),
    State.CHECKING: mark("The rows are being checked"),
    State.CHECKED: mark("Checked, nothing is stored yet"),
    State.APPLYING: mark("Being brought in"),
    State.PUBLISHING: mark("Being brought in"),
    State.DONE: mark("Done"),
    State.UNDOING: mark("Being undone"),
    State.UNDONE: mark("Undone"),
}
ENCODINGS = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "utf-8-sig": "UTF-8",
}
SEPARATORS = {
    ";": mark("semicolon"),
    ",": mark("comma"),
    "\t": mark("tab"),
    "|": mark("vertical bar"),
}


class UploadForm(Form):
    """The file."""

    file = FileField(_l("File"), render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"})


class MappingForm(Form):
    """What holds for rows that do not say it; the columns stand beside it."""

    group = SelectField(_l("Group"))
    source = StringField(
        _l("Source of data"),
        [Length(max=120)],
        render_kw={"list": "sources", "autocomplete": "off"},
    )
    region = StringField(
        _l("Country of numbers and addresses"),
        [Length(max=2)],
        render_kw={"size": 2, "autocomplete": "off"},
    )
    keep_sensitive = BooleanField(_l("Notes on health and the like are really needed"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.group.choices = choices([("", _("as the column says")), *groups()])

    @classmethod
    def of(cls, job: ImportJob) -> "MappingForm":
        """The form as it stands before anybody has chosen, or as it was chosen last."""
        country = job.region if job.group or job.source else region()
        return cls(
            group=job.group,
            source=job.source,
            region=country,
            keep_sensitive=bool(job.mapping.get("keep_sensitive")),
        )


def fields() -> list[tuple[str, str]]:
    """What a column can be brought into, in the language of the page."""
    return [(field.key, _(field.label)) for field in headings.FIELDS.values()]


def chosen_columns(job: ImportJob) -> Columns:
    """The columns as they were sent; raises Refused for what cannot be."""
    names = [column.heading for column in jobs.named_columns_of(job)]
    sent = [request.form.get(f"column-{index}", "") for index in range(len(names))]
    return mapping.chosen(names, sent)


def sent_columns(job: ImportJob) -> Columns:
    """The columns as they were sent, right or wrong, to be shown again."""
    return tuple(
        mapping.Column(column.heading, request.form.get(f"column-{index}", "") or None)
        for index, column in enumerate(jobs.named_columns_of(job))
    )


def state_name(state: str) -> str:
    """How far an import is, in words."""
    return str(_(STATES[State(state)]))


def name_of(job: ImportJob) -> str:
    """What an import of the list is: how far, or that it was a dry run, which stored nothing."""
    return str(_("Dry run")) if job.mapping.get("dry_run") else state_name(job.state)


def encoding_name(job: ImportJob) -> str:
    """What the file was recognised as."""
    if job.mapping.get("kind") != "csv":
        return str(_("spreadsheet"))
    encoding = job.mapping["encoding"]
    separator = _(SEPARATORS[job.mapping["separator"]])
    return f"{ENCODINGS.get(encoding, encoding.upper())}, {separator}"


def reasons(row: ImportRow) -> str:
    """Why a row was rejected, in the language of the page."""
    return why(row, say)


def say(sentence: str, values: Any) -> str:
    """A kept sentence in the language of the page."""
    return str(_(sentence, **values))


def cells(rows: Sequence[ImportRow], column: int) -> list[str]:
    """What the first rows have in a column."""
    found = (row.record.get("cells", []) for row in rows)
    return [own[column] for own in found if column < len(own) and own[column].strip()]
