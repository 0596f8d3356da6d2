"""What a person is told of the handling of their data: times, purposes, roles and what was done.

Names of staff are left out (Art. 15(1) GDPR, CJEU C-579/21), and so is everything else that would
lead to somebody: numbers of users, addresses, requests.
"""

import json
from collections.abc import Iterator
from typing import IO

from wesentra import clock, spreadsheet
from wesentra.audit import ledger
from wesentra.compliance.access_log import words
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.language import of_page

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = ("at", "operation", "operation_text", "purpose", "purpose_text", "role", "role_text")


def check(format_: str) -> str:
    """A known format as it is; refuses any other."""
    if format_ not in FORMATS:
        raise Refused(mark("There is no such format. Choose csv or json."), field="format")
    return format_


def write(file: IO[bytes], contact_id: int, format_: str, controller: str) -> None:
    """Write every handling, oldest first, times in Finland; texts are in the page's language."""
    if format_ == "csv":
        spreadsheet.write(file, COLUMNS, (row.values() for row in _rows(contact_id)))
        return
    document = {
        "schema_version": 1,
        "generated_at": clock.now().astimezone(clock.HELSINKI).isoformat(),
        "controller": controller,
        "contact_id": contact_id,
        "language": of_page(),
        "handlings": list(_rows(contact_id)),
    }
    file.write(json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")


def _rows(contact_id: int) -> Iterator[dict[str, str]]:
    purposes = words.purpose_names()
    for one in ledger.handlings(contact_id):
        at = one.at.astimezone(clock.HELSINKI).isoformat(timespec="seconds")
        yield {
            "at": at,
            "operation": one.operation,
            "operation_text": words.operation_name(one.operation),
            "purpose": one.purpose,
            "purpose_text": purposes.get(one.purpose, one.purpose),
            "role": one.role,
            "role_text": words.role_name(one.role),
        }
