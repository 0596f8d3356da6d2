"""The log as a file: one entry a line, as JSON or as a row of a table."""

import json
from collections.abc import Iterator
from typing import IO, Any

from wesentra import spreadsheet
from wesentra.audit import ledger
from wesentra.compliance.access_log import reading, words
from wesentra.refusal import Refused
from wesentra.texts import mark

FORMATS = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
COLUMNS = (
    "id",
    "at",
    "request_id",
    "actor_id",
    "actor",
    "role",
    "purpose",
    "operation",
    "subject_type",
    "subject_ids",
    "count",
    "fields",
    "outcome",
    "channel",
    "source",
    "endpoint",
)
TEXTS = (
    "role_text",
    "purpose_text",
    "operation_text",
    "subject_text",
    "fields_text",
    "outcome_text",
)
"""The codes of a row in words, in the language of who reads."""


def check(format_: str) -> str:
    """A known format as it is; refuses any other."""
    if format_ not in FORMATS:
        raise Refused(mark("There is no such format. Choose csv or jsonl."), field="format")
    return format_


def write(file: IO[bytes], wanted: ledger.Wanted, format_: str) -> bool:
    """Write the wanted entries, oldest first; whether there was one. `format_` is of FORMATS.

    The export is noted as an entry of its own, which is not in the file. Where nothing is left out
    between the first entry and the last, the checkpoints between them follow as lines of their own;
    so do the anchors, where the first is the first that the log still has.
    """
    reading.note("log_export", wanted)
    ledger.at_one_moment()
    if format_ == "csv":
        return _write_table(file, wanted)
    first = last = 0
    for entry in ledger.each(ledger.stretch(wanted) if wanted.only_days else wanted):
        first, last = first or entry.id, entry.id
        file.write(_line(ledger.sealed_record(entry)))
    for checkpoint in ledger.checkpoint_records(first, last) if wanted.only_days else ():
        file.write(_line(checkpoint))
    for anchor in ledger.anchor_records() if wanted.only_days and not wanted.first else ():
        file.write(_line(anchor))
    return bool(last)


def write_own(file: IO[bytes], wanted: ledger.Wanted, format_: str) -> None:
    """Write what a user gets of their own log: the same without seals, which prove nothing here."""
    reading.note("log_export", wanted)
    ledger.at_one_moment()
    if format_ == "csv":
        _write_table(file, wanted)
        return
    for entry in ledger.each(wanted):
        record = ledger.record(entry)
        file.write(_line({name: record[name] for name in COLUMNS}))


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write_table(file: IO[bytes], wanted: ledger.Wanted) -> bool:
    """Whether the table has a row."""
    return spreadsheet.write(file, (*COLUMNS, *TEXTS), _rows(wanted)) > 0


def _rows(wanted: ledger.Wanted) -> Iterator[list[object]]:
    purposes = words.purpose_names()
    for entry in ledger.each(wanted):
        record = ledger.record(entry)
        for name in ("subject_ids", "fields"):
            record[name] = " ".join(str(value) for value in record[name])
        yield [*(record[name] for name in COLUMNS), *_texts(entry, purposes)]


def _texts(entry: ledger.Entry, purposes: dict[str, str]) -> list[str]:
    program = entry.operation == ledger.Operation.PROGRAM
    return [
        words.role_name(entry.role),
        purposes.get(entry.purpose, entry.purpose),
        words.operation_name(entry.operation),
        (words.reason_name if program else words.subject_name)(entry.subject_type),
        ", ".join(dict.fromkeys(words.field_name(name, entry.operation) for name in entry.fields)),
        words.outcome_name(entry.outcome),
    ]
