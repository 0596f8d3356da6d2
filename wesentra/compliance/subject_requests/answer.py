"""The copy of a person's data as a file (Art. 15(3) GDPR), in a commonly used electronic form."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from wesentra import clock, spreadsheet
from wesentra.actor import current
from wesentra.compliance.subject_requests.gather import Gathered, Section
from wesentra.compliance.subject_requests.words import Wording, in_all, translated
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.texts import LANGUAGES, mark

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
SCHEMA_VERSION = 1
README = "LUEMINUT.txt"
READ_THIS = (
    mark(
        "This is a copy of the personal data about you that %(controller)s holds in its register."
    ),
    mark("It was made on %(day)s and has the number %(request)s."),
    mark("Each file is one table: its first row names the columns."),
    mark("Times are given in Finnish time."),
    mark(
        "An apostrophe before a cell that begins with +, -, = or @ does not belong to the data: "
        "it keeps spreadsheets from calculating."
    ),
    mark(
        "The last table tells when your data were handled, for which purpose and in which role. "
        "The names of our staff are not given."
    ),
    mark(
        "If something is wrong or needless, tell us. You may also complain to the Data Protection "
        "Ombudsman, tietosuoja.fi."
    ),
)


def check(format_: str) -> str:
    """A known format as it is; refuses any other by name."""
    if format_ == "pdf":
        raise Refused(mark("PDF is not made yet. Choose csv, json or zip."), field="format")
    if format_ not in FORMATS:
        raise Refused(mark("There is no such format. Choose csv, json or zip."), field="format")
    return format_


def file_name(gathered: Gathered, format_: str) -> str:
    """A name that says whose by number alone."""
    return f"contact-{gathered.contact_id}-{clock.today()}.{format_}"


def write(file: IO[bytes], gathered: Gathered, format_: str, controller: str) -> None:
    """Write everything in one of FORMATS; `controller` is the company that answers (Art. 4(7))."""
    if check(format_) == "json":
        document = _document(gathered, controller)
        file.write(json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
    elif format_ == "zip":
        _write_zip(file, gathered, controller)
    else:
        _write_csv(file, gathered, controller)


# --- one CSV file ---------------------------------------------------------------------------


def _write_csv(file: IO[bytes], gathered: Gathered, controller: str) -> None:
    language = _language(gathered)
    heading = (mark("Table"), mark("Row"), mark("Field"), mark("Value"))
    rows = _long_rows(gathered, controller, language)
    spreadsheet.write(file, [translated(name, language) for name in heading], rows)


def _long_rows(gathered: Gathered, controller: str, language: str) -> Iterator[list[object]]:
    about = translated(mark("This file"), language)
    yield [about, 1, translated(mark("Controller"), language), controller]
    yield [about, 1, translated(mark("Made"), language), Wording(language).of("at", clock.now())]
    yield [about, 1, translated(mark("Number of this answer"), language), current().request_id]
    wording = Wording(language)
    for section in gathered.sections:
        name = translated(section.label, language)
        if not section.rows:
            yield [name, 0, "", translated(mark("nothing"), language)]
        for number, row in enumerate(section.rows, start=1):
            for field, label in section.fields.items():
                text = wording.in_row(field, row)
                yield [name, number, translated(label, language), text]


# --- one CSV file for each table --------------------------------------------------------------


def _write_zip(file: IO[bytes], gathered: Gathered, controller: str) -> None:
    language = _language(gathered)
    wording = Wording(language)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(_member(README), _read_this(controller, language))
        for section in gathered.sections:
            pack.writestr(_member(f"{section.key}.csv"), _table(section, wording))


def _table(section: Section, wording: Wording) -> bytes:
    table = io.BytesIO()
    heading = [translated(label, wording.language) for label in section.fields.values()]
    rows = ([wording.in_row(field, row) for field in section.fields] for row in section.rows)
    spreadsheet.write(table, heading, rows)
    return table.getvalue()


def _read_this(controller: str, language: str) -> bytes:
    made = f"{clock.today().day}.{clock.today().month}.{clock.today().year}"
    values = {"controller": controller, "day": made, "request": current().request_id}
    lines = [say(sentence, values, language) for sentence in READ_THIS]
    return spreadsheet.BOM + "".join(f"{line}\r\n" for line in lines).encode()


def _member(name: str) -> zipfile.ZipInfo:
    """A file inside the archive, dated by our clock."""
    now = clock.now().astimezone(clock.HELSINKI)
    member = zipfile.ZipInfo(name, now.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


# --- JSON -----------------------------------------------------------------------------------


def _document(gathered: Gathered, controller: str) -> dict[str, Any]:
    """Stable English keys with labels in three languages; codes stay codes, times in ISO 8601."""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": clock.now().astimezone(clock.HELSINKI).isoformat(),
        "request_id": current().request_id,
        "controller": controller,
        "contact_id": gathered.contact_id,
        "language": gathered.language,
        "tables": {section.key: _json_table(section) for section in gathered.sections},
    }


def _json_table(section: Section) -> dict[str, Any]:
    return {
        "labels": in_all(section.label),
        "fields": {field: {"labels": in_all(label)} for field, label in section.fields.items()},
        "rows": [
            {field: _json_value(value) for field, value in row.items()} for row in section.rows
        ],
    }


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(clock.HELSINKI).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _language(gathered: Gathered) -> str:
    return gathered.language if gathered.language in LANGUAGES else "fi"
